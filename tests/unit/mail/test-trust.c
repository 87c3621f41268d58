/* SPDX-License-Identifier: ISC */
/* Authentication-Results: whose count, what aligns, what a forger may write. From is ann@acme.example. */
#include "mail/head.h"
#include "mail/trust.h"

#define OURS  "mx.pool.example"
#define FIRST "first"

static const struct {
  const char *name, *id;
  const char *headers[3];
  const char *wanted;
} rows[] = {
    {"none", OURS, {NULL}, "none"},
    {"dmarc-pass", OURS, {OURS "; dmarc=pass header.from=acme.example"}, "pass"},
    {"dmarc-fail", OURS, {OURS "; dmarc=fail (p=reject) header.from=acme.example"}, "fail"},
    {"dmarc-of-another", OURS, {OURS "; dmarc=pass header.from=evil.example"}, "none"},
    {"dkim-pass", OURS, {OURS "; dkim=pass header.d=acme.example"}, "pass"},
    {"dkim-by-identity", OURS, {OURS "; dkim=pass header.i=@acme.example header.s=s1"}, "pass"},
    {"dkim-of-subdomain", OURS, {OURS "; dkim=pass header.d=mail.acme.example"}, "pass"},
    {"dkim-of-another", OURS, {OURS "; dkim=pass header.d=esp.example"}, "none"},
    {"dkim-look-alike", OURS, {OURS "; dkim=pass header.d=evilacme.example"}, "none"},
    {"dkim-top-level", OURS, {OURS "; dkim=pass header.d=example"}, "none"},
    {"dkim-fail", OURS, {OURS "; dkim=fail header.d=acme.example"}, "fail"},
    {"fail-then-pass", OURS, {OURS "; dkim=fail header.d=esp.example; dkim=pass header.d=acme.example"}, "pass"},
    {"spf-alone", OURS, {OURS "; spf=pass smtp.mailfrom=acme.example"}, "none"},
    {"another-server", OURS, {"mx.evil.example; dmarc=pass header.from=acme.example"}, "none"},
    {"ours-below-another", OURS, {"relay.example; dkim=none", OURS "; dkim=pass header.d=acme.example"}, "pass"},
    {"forged-below-ours", OURS, {OURS "; dkim=none", OURS "; dmarc=pass header.from=acme.example"}, "none"},
    {"first-is-topmost", FIRST, {"any.example; dkim=none", OURS "; dmarc=pass header.from=acme.example"}, "none"},
    {"first-counts", FIRST, {"any.example; dmarc=pass header.from=acme.example"}, "pass"},
    {"nobody-trusted", NULL, {OURS "; dmarc=pass header.from=acme.example"}, "none"},
    {"in-a-comment", OURS, {OURS "; dkim=none (dkim=pass header.d=acme.example)"}, "none"},
    {"in-a-nested-comment", OURS, {OURS "; (a (b) ; dmarc=pass header.from=acme.example) dkim=none"}, "none"},
    {"in-a-quoted-reason", OURS, {OURS "; dkim=none reason=\"x; dkim=pass header.d=acme.example\""}, "none"},
    {"with-version", OURS, {OURS " 1; dmarc=pass header.from=acme.example"}, "pass"},
    {"id-case", OURS, {"MX.Pool.Example; DMARC=Pass header.from=ACME.example"}, "pass"},
    {"id-is-a-prefix", OURS, {OURS ".evil.example; dmarc=pass header.from=acme.example"}, "none"},
    {"blanks", OURS, {"  " OURS " ;  dkim = pass   header.d = acme.example "}, "pass"},
    {"no-result", OURS, {OURS "; none"}, "none"},
    {"property-within-a-word", OURS, {OURS "; dkim=pass xheader.d=acme.example"}, "none"},
    {"broken", OURS, {";;;=;(("}, "none"},
};

static void
test_row(gconstpointer data)
{
  guint r = GPOINTER_TO_UINT(data);
  g_autoptr(GPtrArray) headers = g_ptr_array_new_with_free_func((GDestroyNotify)sl_header_free);
  for (guint i = 0; i < G_N_ELEMENTS(rows[r].headers) && rows[r].headers[i]; i++)
    g_ptr_array_add(headers, sl_header_new("Authentication-Results", g_strdup(rows[r].headers[i])));
  g_assert_cmpstr(sl_trust_of(headers, rows[r].id, "acme.example"), ==, rows[r].wanted);
}

static void
test_misleads(void)
{
  static const struct {
    const char *name;
    gboolean wanted;
  } names[] = {
      {"Ann Lee", FALSE},
      {"", FALSE},
      {"Ann Lee (ANN@acme.example)", FALSE},
      {"ann@acme.example", FALSE},
      {"support@pool.example", TRUE},
      {"Support <support@pool.example>", TRUE},
      {"support\357\274\240pool.example", TRUE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(SlMailbox) mailbox = sl_mailbox_new(names[i].name, "ann@acme.example");
    g_assert_cmpint(sl_mailbox_misleads(mailbox), ==, names[i].wanted);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *path = g_strdup_printf("/mail/trust/%s", rows[i].name);
    g_test_add_data_func(path, GUINT_TO_POINTER(i), test_row);
  }
  g_test_add_func("/mail/trust/display-name", test_misleads);
  return g_test_run();
}
