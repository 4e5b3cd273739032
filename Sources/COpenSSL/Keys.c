#include "COpenSSL.h"
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <limits.h>
#include <string.h>

const char *pki_next_reason(void) {
  unsigned long code = ERR_get_error();
  if (!code) return NULL;
  const char *reason = ERR_reason_error_string(code);
  return reason ? reason : "unknown reason";
}

void pki_forget_reasons(void) { ERR_clear_error(); }

void pki_wipe(void *bytes, size_t count) { OPENSSL_cleanse(bytes, count); }

EVP_PKEY *pki_key_generate(int kind) {
  switch (kind) {
    case PKI_P256: return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    case PKI_P384: return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");
    case PKI_ED25519: return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    default: return NULL;
  }
}

// Without a callback of ours OpenSSL would ask at the terminal.
static int refuse_passphrase(char *buffer, int size, int writing, void *context) {
  (void)buffer, (void)size, (void)writing, (void)context;
  return -1;
}

EVP_PKEY *pki_key_read(const uint8_t *pem, size_t count) {
  if (count > INT_MAX) return NULL;
  BIO *input = BIO_new_mem_buf(pem, (int)count);
  if (!input) return NULL;
  EVP_PKEY *key = PEM_read_bio_PrivateKey(input, NULL, refuse_passphrase, NULL);
  BIO_free(input);
  return key;
}

size_t pki_key_write(const EVP_PKEY *key, uint8_t *pem, size_t capacity) {
  // Secure memory is wiped when it is freed.
  BIO *output = BIO_new(BIO_s_secmem());
  if (!output) return 0;
  size_t count = 0;
  if (PEM_write_bio_PKCS8PrivateKey(output, key, NULL, NULL, 0, NULL, NULL) == 1) {
    char *bytes = NULL;
    long length = BIO_get_mem_data(output, &bytes);
    if (length > 0 && (size_t)length <= capacity) {
      memcpy(pem, bytes, (size_t)length);
      count = (size_t)length;
    }
    if (length > 0) OPENSSL_cleanse(bytes, (size_t)length);
  }
  BIO_free(output);
  return count;
}

int pki_key_kind(const EVP_PKEY *key) {
  if (EVP_PKEY_is_a(key, "ED25519")) return PKI_ED25519;
  char group[32];
  size_t length = 0;
  if (!EVP_PKEY_is_a(key, "EC") || !EVP_PKEY_get_group_name(key, group, sizeof group, &length))
    return PKI_OTHER_KEY;
  if (!strcmp(group, "prime256v1")) return PKI_P256;
  if (!strcmp(group, "secp384r1")) return PKI_P384;
  return PKI_OTHER_KEY;
}

int pki_key_is_consistent(EVP_PKEY *key) {
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
  if (!context) return 0;
  int result = EVP_PKEY_pairwise_check(context);
  EVP_PKEY_CTX_free(context);
  return result == 1;
}

int pki_key_raw_public(const EVP_PKEY *key, uint8_t *bytes) {
  size_t count = 32;
  return EVP_PKEY_is_a(key, "ED25519") && EVP_PKEY_get_raw_public_key(key, bytes, &count) == 1
    && count == 32;
}

int pki_key_raw_private(const EVP_PKEY *key, uint8_t *bytes) {
  size_t count = 32;
  return EVP_PKEY_is_a(key, "ED25519") && EVP_PKEY_get_raw_private_key(key, bytes, &count) == 1
    && count == 32;
}

void pki_key_release(EVP_PKEY *key) { EVP_PKEY_free(key); }

int pki_key_sign(EVP_PKEY *key, const uint8_t *message, size_t count, uint8_t *signature) {
  if (!EVP_PKEY_is_a(key, "ED25519")) return 0;
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (!context) return 0;
  // RFC 8032: one shot, and no digest of the message before.
  size_t length = 64;
  int done = EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
             EVP_DigestSign(context, signature, &length, message, count) == 1 && length == 64;
  EVP_MD_CTX_free(context);
  return done;
}
