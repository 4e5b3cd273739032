#pragma once
#include <stddef.h>
#include <stdint.h>

// The little of libcrypto that minting and checking certificates needs, as plain functions: no macro,
// no variadic call and no type of OpenSSL's crosses this header. Unless said otherwise a function
// returns 1 when it worked and 0 when it did not; the reason is then on OpenSSL's error stack.
#pragma clang assume_nonnull begin

typedef struct evp_pkey_st pki_key;
typedef struct x509_st pki_certificate;
typedef struct stack_st_GENERAL_NAME pki_names;

enum { PKI_P256 = 0, PKI_P384 = 1, PKI_ED25519 = 2, PKI_OTHER_KEY = 3 };
enum { PKI_SERVER = 1, PKI_CLIENT = 2 };
enum { PKI_OTHER_NAME = 0, PKI_DNS_NAME = 1, PKI_ADDRESS = 2 };

/// Takes the oldest reason off the error stack; NULL when it is empty. Reasons are constant texts.
const char *_Nullable pki_next_reason(void);
/// Forgets the error stack.
void pki_forget_reasons(void);
/// Overwrites memory in a way that the compiler may not drop.
void pki_wipe(void *bytes, size_t count);

pki_key *_Nullable pki_key_generate(int kind);
/// Reads a PEM private key. An encrypted one is refused: nobody is asked for a passphrase.
pki_key *_Nullable pki_key_read(const uint8_t *pem, size_t count);
/// Writes PKCS#8 PEM; returns the number of bytes, 0 when it failed or `capacity` is too small.
size_t pki_key_write(const pki_key *key, uint8_t *pem, size_t capacity);
int pki_key_kind(const pki_key *key);
/// Whether the private half belongs to the public half that is stored with it.
int pki_key_is_consistent(pki_key *key);
/// The 32 bytes of an Ed25519 key (RFC 8032), the public ones or the seed.
int pki_key_raw_public(const pki_key *key, uint8_t *bytes);
int pki_key_raw_private(const pki_key *key, uint8_t *bytes);
void pki_key_release(pki_key *key);

pki_names *_Nullable pki_names_new(void);
int pki_names_add_dns(pki_names *names, const uint8_t *text, size_t count);
/// Adds 4 or 16 bytes in network order.
int pki_names_add_address(pki_names *names, const uint8_t *bytes, size_t count);
int pki_names_count(const pki_names *names);
/// What the name at `index` is; `bytes` stay the list's.
int pki_names_item(
  const pki_names *names, int index, const uint8_t *_Nullable *_Nonnull bytes, size_t *count);
void pki_names_release(pki_names *names);

/// Starts an X.509 v3 certificate for the public half of `key`; times are seconds since 1970.
pki_certificate *_Nullable pki_certificate_new(
  pki_key *key, const uint8_t *serial, size_t count, int64_t not_before, int64_t not_after);
/// Adds a part of the subject, `CN` or `O`, as UTF-8.
int pki_certificate_add_subject(
  pki_certificate *certificate, const char *field, const uint8_t *text, size_t count);
/// Takes the issuer's subject and key identifier; the issuer may be the certificate itself.
int pki_certificate_set_issuer(pki_certificate *certificate, const pki_certificate *issuer);
int pki_certificate_add_constraints(pki_certificate *certificate, int is_authority);
/// `usages` is a sum of PKI_SERVER and PKI_CLIENT.
int pki_certificate_add_usages(pki_certificate *certificate, int usages);
int pki_certificate_add_names(pki_certificate *certificate, pki_names *names);
int pki_certificate_add_key_identifier(pki_certificate *certificate);
/// Signs a message with an Ed25519 key; `signature` takes 64 bytes. 1 when it is done.
int pki_key_sign(pki_key *key, const uint8_t *message, size_t count, uint8_t *signature);
int pki_certificate_sign(pki_certificate *certificate, pki_key *key);

pki_certificate *_Nullable pki_certificate_read(const uint8_t *pem, size_t count);
/// The length of the PEM or DER text, 0 when it failed; nothing is written when it exceeds `capacity`.
size_t pki_certificate_write_pem(const pki_certificate *certificate, uint8_t *pem, size_t capacity);
size_t pki_certificate_write_der(const pki_certificate *certificate, uint8_t *der, size_t capacity);
int pki_certificate_times(const pki_certificate *certificate, int64_t *not_before, int64_t *not_after);
int pki_certificate_is_authority(pki_certificate *certificate);
/// A sum of PKI_SERVER and PKI_CLIENT; -1 when the certificate does not say.
int pki_certificate_usages(pki_certificate *certificate);
/// The subject alternative names; NULL when there are none. To be released.
pki_names *_Nullable pki_certificate_names(const pki_certificate *certificate);
/// Copies the subject's or the issuer's key identifier; returns its length, 0 when there is none.
size_t pki_certificate_key_identifier(
  pki_certificate *certificate, int of_issuer, uint8_t *bytes, size_t capacity);
int pki_certificate_has_key(const pki_certificate *certificate, const pki_key *key);
/// Verifies a chain of two at `time`, for one usage (0: any) and one host name or address. Returns
/// OpenSSL's X509_V_ code, 0 when all is well, -1 when the check itself failed.
int pki_certificate_verify(
  pki_certificate *certificate, pki_certificate *root, int64_t time, int strict, int usage,
  const char *_Nullable host, const uint8_t *_Nullable address, size_t address_count);
/// The constant text of a code of `pki_certificate_verify`.
const char *pki_verify_reason(int code);
void pki_certificate_release(pki_certificate *certificate);

#pragma clang assume_nonnull end
