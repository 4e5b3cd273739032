#include "COpenSSL.h"
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

static int configure(
  X509_VERIFY_PARAM *parameters, int64_t time, int strict, int usage, const char *host,
  const uint8_t *address, size_t address_count) {
  X509_VERIFY_PARAM_set_time(parameters, (time_t)time);
  if (strict && !X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT)) return 0;
  int purpose = usage == PKI_SERVER   ? X509_PURPOSE_SSL_SERVER
                : usage == PKI_CLIENT ? X509_PURPOSE_SSL_CLIENT
                                      : X509_PURPOSE_ANY;
  if (!X509_VERIFY_PARAM_set_purpose(parameters, purpose)) return 0;
  // The common name is no identity: only subject alternative names count (RFC 6125).
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (host && !X509_VERIFY_PARAM_set1_host(parameters, host, 0)) return 0;
  // set1_host would compare an address with DNS names and find nothing.
  return !address || X509_VERIFY_PARAM_set1_ip(parameters, address, address_count);
}

int pki_certificate_verify(
  X509 *certificate, X509 *root, int64_t time, int strict, int usage, const char *host,
  const uint8_t *address, size_t address_count) {
  X509_STORE *store = X509_STORE_new();
  X509_STORE_CTX *context = X509_STORE_CTX_new();
  int code = -1;
  if (store && context && X509_STORE_add_cert(store, root)
      && X509_STORE_CTX_init(context, store, certificate, NULL)
      && configure(
        X509_STORE_CTX_get0_param(context), time, strict, usage, host, address, address_count)) {
    // Only 1 means valid; the code alone could be 0 after an internal failure.
    int result = X509_verify_cert(context);
    code = result == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context);
    if (result != 1 && code == X509_V_OK) code = -1;
  }
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  return code;
}

const char *pki_verify_reason(int code) {
  return code < 0 ? "the check itself failed" : X509_verify_cert_error_string(code);
}
