#include "COpenSSL.h"
#include <openssl/asn1.h>
#include <openssl/x509v3.h>
#include <limits.h>

GENERAL_NAMES *pki_names_new(void) { return sk_GENERAL_NAME_new_null(); }

// A name is made of an object with a type and bytes, never of OpenSSL's configuration text: there
// "DNS:a,DNS:evil" would be two names.
static int add(GENERAL_NAMES *names, int type, ASN1_STRING *value) {
  GENERAL_NAME *name = GENERAL_NAME_new();
  if (!name || !value) {
    GENERAL_NAME_free(name);
    ASN1_STRING_free(value);
    return 0;
  }
  GENERAL_NAME_set0_value(name, type, value);
  if (sk_GENERAL_NAME_push(names, name) > 0) return 1;
  GENERAL_NAME_free(name);
  return 0;
}

static ASN1_STRING *string(int type, const uint8_t *bytes, size_t count) {
  if (count == 0 || count > INT_MAX) return NULL;
  ASN1_STRING *value = ASN1_STRING_type_new(type);
  if (value && ASN1_STRING_set(value, bytes, (int)count) == 1) return value;
  ASN1_STRING_free(value);
  return NULL;
}

int pki_names_add_dns(GENERAL_NAMES *names, const uint8_t *text, size_t count) {
  return add(names, GEN_DNS, string(V_ASN1_IA5STRING, text, count));
}

int pki_names_add_address(GENERAL_NAMES *names, const uint8_t *bytes, size_t count) {
  if (count != 4 && count != 16) return 0;
  return add(names, GEN_IPADD, string(V_ASN1_OCTET_STRING, bytes, count));
}

int pki_names_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

int pki_names_item(const GENERAL_NAMES *names, int index, const uint8_t **bytes, size_t *count) {
  *bytes = NULL;
  *count = 0;
  const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
  if (!name || (name->type != GEN_DNS && name->type != GEN_IPADD)) return PKI_OTHER_NAME;
  const ASN1_STRING *value = name->type == GEN_DNS ? name->d.dNSName : name->d.iPAddress;
  *bytes = ASN1_STRING_get0_data(value);
  *count = (size_t)ASN1_STRING_length(value);
  return name->type == GEN_DNS ? PKI_DNS_NAME : PKI_ADDRESS;
}

void pki_names_release(GENERAL_NAMES *names) { GENERAL_NAMES_free(names); }
