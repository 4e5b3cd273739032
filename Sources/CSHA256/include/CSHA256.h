#pragma once
#include <stddef.h>
#include <openssl/sha.h>

// libcrypto's low-level SHA-256. It is marked deprecated since OpenSSL 3.0, is not going to be
// removed, and is the one way to the SHA instructions that does not pull in the provider machinery.
typedef struct { SHA256_CTX inner; } sha256_context;

void sha256_start(sha256_context *_Nonnull context);
void sha256_feed(sha256_context *_Nonnull context, const void *_Nullable bytes, size_t count);
void sha256_end(sha256_context *_Nonnull context, unsigned char *_Nullable digest);
