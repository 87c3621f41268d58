/* SPDX-License-Identifier: ISC */
#include "mail/smime.h"

#include <dlfcn.h>
#include <gnutls/gnutls.h>
#include <gnutls/pkcs7.h>
#include <string.h>

/* DER of the content types' identifiers (RFC 5652): signed-data, enveloped-data, authenticated enveloped-data. */
static const guint8 signed_data[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02};
static const guint8 enveloped[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03};
static const guint8 auth_enveloped[] = {0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17};

/* The identifier stands behind the outermost length, so within the first bytes. */
static gboolean
begins_as(const char *bytes, gsize length, const guint8 *oid, gsize oid_length)
{
  for (gsize at = 2; at <= 8 && at + oid_length <= length; at++)
    if (memcmp(bytes + at, oid, oid_length) == 0)
      return TRUE;
  return FALSE;
}

/* GnuTLS is loaded when the first such mail comes: with all that it brings along it would cost each delivery from a pipe a sixth of its
 * time. */
typedef struct {
  __typeof__(gnutls_pkcs7_init) *init;
  __typeof__(gnutls_pkcs7_import) *import;
  __typeof__(gnutls_pkcs7_get_embedded_data) *get_embedded_data;
  __typeof__(gnutls_pkcs7_deinit) *deinit;
  gnutls_free_function *free;
} Pkcs7;

#define GNUTLS_SONAME "libgnutls.so.30"

static const Pkcs7 *
load_pkcs7(void)
{
  static Pkcs7 pkcs7;
  static gboolean tried;
  if (!tried) {
    void *library = dlopen(GNUTLS_SONAME, RTLD_NOW | RTLD_LOCAL);
    tried = TRUE;
    if (library) {
      pkcs7.init = (__typeof__(pkcs7.init))dlsym(library, "gnutls_pkcs7_init");
      pkcs7.import = (__typeof__(pkcs7.import))dlsym(library, "gnutls_pkcs7_import");
      pkcs7.get_embedded_data = (__typeof__(pkcs7.get_embedded_data))dlsym(library, "gnutls_pkcs7_get_embedded_data");
      pkcs7.deinit = (__typeof__(pkcs7.deinit))dlsym(library, "gnutls_pkcs7_deinit");
      pkcs7.free = dlsym(library, "gnutls_free");
    }
  }
  return pkcs7.init && pkcs7.import && pkcs7.get_embedded_data && pkcs7.deinit && pkcs7.free ? &pkcs7 : NULL;
}

/* What was signed, from a parsed structure. NULL where it lies outside, or the structure is broken. */
static GBytes *
embedded(const char *bytes, gsize length)
{
  const Pkcs7 *library = load_pkcs7();
  gnutls_pkcs7_t pkcs7;
  gnutls_datum_t in = {.data = (unsigned char *)(gintptr)bytes, .size = (unsigned)MIN(length, G_MAXINT32)};
  gnutls_datum_t out = {0};
  if (!library || library->init(&pkcs7) < 0)
    return NULL;
  gboolean found = library->import(pkcs7, &in, GNUTLS_X509_FMT_DER) >= 0 && library->get_embedded_data(pkcs7, 0, &out) >= 0 && out.data;
  GBytes *entity = found ? g_bytes_new(out.data, out.size) : NULL;
  if (out.data)
    (*library->free)(out.data);
  library->deinit(pkcs7);
  return entity;
}

SlSmime
sl_smime_open(const char *bytes, gsize length, GBytes **out_entity)
{
  if (begins_as(bytes, length, enveloped, sizeof enveloped) ||
      begins_as(bytes, length, auth_enveloped, sizeof auth_enveloped))
    return SL_SMIME_ENCRYPTED;
  GBytes *entity = begins_as(bytes, length, signed_data, sizeof signed_data) ? embedded(bytes, length) : NULL;
  if (!entity)
    return SL_SMIME_OTHER;
  *out_entity = entity;
  return SL_SMIME_SIGNED;
}
