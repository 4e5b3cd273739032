#define OPENSSL_SUPPRESS_DEPRECATED
#include "CSHA256.h"

void sha256_start(sha256_context *context) { SHA256_Init(&context->inner); }

void sha256_feed(sha256_context *context, const void *bytes, size_t count) {
  if (count > 0) SHA256_Update(&context->inner, bytes, count);
}

void sha256_end(sha256_context *context, unsigned char *digest) {
  if (digest) SHA256_Final(digest, &context->inner);
}
