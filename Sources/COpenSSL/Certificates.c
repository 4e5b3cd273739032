#define _GNU_SOURCE // timegm
#include "COpenSSL.h"
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <limits.h>
#include <string.h>
#include <time.h>

static int set_serial(X509 *certificate, const uint8_t *serial, size_t count) {
  BIGNUM *number = count <= 20 ? BN_bin2bn(serial, (int)count, NULL) : NULL;
  int done = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
  BN_free(number);
  return done;
}

X509 *pki_certificate_new(
  EVP_PKEY *key, const uint8_t *serial, size_t count, int64_t not_before, int64_t not_after) {
  X509 *certificate = X509_new();
  if (!certificate) return NULL;
  // ASN1_TIME_set picks UTCTime before 2050 and GeneralizedTime after, as RFC 5280 4.1.2.5 asks.
  if (X509_set_version(certificate, X509_VERSION_3) && set_serial(certificate, serial, count)
      && ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)not_before)
      && ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)not_after)
      && X509_set_pubkey(certificate, key))
    return certificate;
  X509_free(certificate);
  return NULL;
}

int pki_certificate_add_subject(X509 *certificate, const char *field, const uint8_t *text, size_t count) {
  if (count > INT_MAX) return 0;
  return X509_NAME_add_entry_by_txt(
    X509_get_subject_name(certificate), field, MBSTRING_UTF8, text, (int)count, -1, 0);
}

int pki_certificate_set_issuer(X509 *certificate, const X509 *issuer) {
  // Read from the extension, not from the cache that X509_get0_subject_key_id fills: an authority is
  // its own issuer, and half a certificate must not be cached.
  ASN1_OCTET_STRING *identifier = X509_get_ext_d2i(issuer, NID_subject_key_identifier, NULL, NULL);
  if (!X509_set_issuer_name(certificate, X509_get_subject_name(issuer))) {
    ASN1_OCTET_STRING_free(identifier);
    return 0;
  }
  // An authority made elsewhere may have none; then there is none to name.
  if (!identifier) return 1;
  AUTHORITY_KEYID *authority = AUTHORITY_KEYID_new();
  if (!authority) {
    ASN1_OCTET_STRING_free(identifier);
    return 0;
  }
  authority->keyid = identifier;
  int done =
    X509_add1_ext_i2d(certificate, NID_authority_key_identifier, authority, 0, X509V3_ADD_DEFAULT) == 1;
  AUTHORITY_KEYID_free(authority);
  return done;
}

static int add_basic_constraints(X509 *certificate, int is_authority) {
  BASIC_CONSTRAINTS *constraints = BASIC_CONSTRAINTS_new();
  if (!constraints) return 0;
  constraints->ca = is_authority ? 0xff : 0;
  // An authority of ours signs nodes, never other authorities: path length zero.
  if (is_authority) constraints->pathlen = ASN1_INTEGER_new();
  int done = (!is_authority || (constraints->pathlen && ASN1_INTEGER_set(constraints->pathlen, 0)))
    && X509_add1_ext_i2d(certificate, NID_basic_constraints, constraints, 1, X509V3_ADD_DEFAULT) == 1;
  BASIC_CONSTRAINTS_free(constraints);
  return done;
}

int pki_certificate_add_constraints(X509 *certificate, int is_authority) {
  if (!add_basic_constraints(certificate, is_authority)) return 0;
  ASN1_BIT_STRING *bits = ASN1_BIT_STRING_new();
  // Bits of RFC 5280 4.2.1.3: 0 digitalSignature, 5 keyCertSign, 6 cRLSign.
  int done = bits
    && (is_authority ? ASN1_BIT_STRING_set_bit(bits, 5, 1) && ASN1_BIT_STRING_set_bit(bits, 6, 1)
                     : ASN1_BIT_STRING_set_bit(bits, 0, 1))
    && X509_add1_ext_i2d(certificate, NID_key_usage, bits, 1, X509V3_ADD_DEFAULT) == 1;
  ASN1_BIT_STRING_free(bits);
  return done;
}

int pki_certificate_add_usages(X509 *certificate, int usages) {
  EXTENDED_KEY_USAGE *list = EXTENDED_KEY_USAGE_new();
  if (!list) return 0;
  // Objects of OBJ_nid2obj are constants: the list's free leaves them alone.
  int done = (!(usages & PKI_SERVER) || sk_ASN1_OBJECT_push(list, OBJ_nid2obj(NID_server_auth)) > 0)
    && (!(usages & PKI_CLIENT) || sk_ASN1_OBJECT_push(list, OBJ_nid2obj(NID_client_auth)) > 0)
    && X509_add1_ext_i2d(certificate, NID_ext_key_usage, list, 0, X509V3_ADD_DEFAULT) == 1;
  EXTENDED_KEY_USAGE_free(list);
  return done;
}

int pki_certificate_add_names(X509 *certificate, GENERAL_NAMES *names) {
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1;
}

int pki_certificate_add_key_identifier(X509 *certificate) {
  // RFC 7093 2: the leftmost 160 bits of the SHA-256 of the public key.
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int count = 0;
  if (!X509_pubkey_digest(certificate, EVP_sha256(), digest, &count) || count < 20) return 0;
  ASN1_OCTET_STRING *identifier = ASN1_OCTET_STRING_new();
  int done = identifier && ASN1_OCTET_STRING_set(identifier, digest, 20)
    && X509_add1_ext_i2d(certificate, NID_subject_key_identifier, identifier, 0, X509V3_ADD_DEFAULT) == 1;
  ASN1_OCTET_STRING_free(identifier);
  return done;
}

int pki_certificate_sign(X509 *certificate, EVP_PKEY *key) {
  // Ed25519 hashes by itself and takes no digest (RFC 8410).
  const EVP_MD *digest = EVP_sha256();
  if (EVP_PKEY_is_a(key, "ED25519")) digest = NULL;
  if (pki_key_kind(key) == PKI_P384) digest = EVP_sha384();
  return X509_sign(certificate, key, digest) > 0;
}

X509 *pki_certificate_read(const uint8_t *pem, size_t count) {
  if (count > INT_MAX) return NULL;
  BIO *input = BIO_new_mem_buf(pem, (int)count);
  if (!input) return NULL;
  X509 *certificate = PEM_read_bio_X509(input, NULL, NULL, NULL);
  BIO_free(input);
  return certificate;
}

size_t pki_certificate_write_pem(const X509 *certificate, uint8_t *pem, size_t capacity) {
  BIO *output = BIO_new(BIO_s_mem());
  if (!output) return 0;
  size_t count = 0;
  if (PEM_write_bio_X509(output, (X509 *)certificate) == 1) {
    char *bytes = NULL;
    long length = BIO_get_mem_data(output, &bytes);
    if (length > 0) count = (size_t)length;
    if (count <= capacity) memcpy(pem, bytes, count);
  }
  BIO_free(output);
  return count;
}

size_t pki_certificate_write_der(const X509 *certificate, uint8_t *der, size_t capacity) {
  int length = i2d_X509(certificate, NULL);
  if (length <= 0) return 0;
  if ((size_t)length <= capacity) i2d_X509(certificate, &der);
  return (size_t)length;
}

static int seconds(const ASN1_TIME *time, int64_t *result) {
  struct tm parts;
  memset(&parts, 0, sizeof parts);
  if (!ASN1_TIME_to_tm(time, &parts)) return 0;
  *result = (int64_t)timegm(&parts);
  return 1;
}

int pki_certificate_times(const X509 *certificate, int64_t *not_before, int64_t *not_after) {
  return seconds(X509_get0_notBefore(certificate), not_before)
    && seconds(X509_get0_notAfter(certificate), not_after);
}

int pki_certificate_is_authority(X509 *certificate) { return X509_check_ca(certificate) == 1; }

int pki_certificate_usages(X509 *certificate) {
  uint32_t flags = X509_get_extended_key_usage(certificate);
  if (flags == UINT32_MAX) return -1;
  return (flags & XKU_SSL_SERVER ? PKI_SERVER : 0) + (flags & XKU_SSL_CLIENT ? PKI_CLIENT : 0);
}

GENERAL_NAMES *pki_certificate_names(const X509 *certificate) {
  return X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}

size_t pki_certificate_key_identifier(X509 *certificate, int of_issuer, uint8_t *bytes, size_t capacity) {
  const ASN1_OCTET_STRING *identifier =
    of_issuer ? X509_get0_authority_key_id(certificate) : X509_get0_subject_key_id(certificate);
  if (!identifier || ASN1_STRING_length(identifier) <= 0) return 0;
  size_t count = (size_t)ASN1_STRING_length(identifier);
  if (count > capacity) return 0;
  memcpy(bytes, ASN1_STRING_get0_data(identifier), count);
  return count;
}

int pki_certificate_has_key(const X509 *certificate, const EVP_PKEY *key) {
  const EVP_PKEY *own = X509_get0_pubkey(certificate);
  return own && EVP_PKEY_eq(own, key) == 1;
}

void pki_certificate_release(X509 *certificate) { X509_free(certificate); }
