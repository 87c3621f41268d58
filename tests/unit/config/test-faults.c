/* SPDX-License-Identifier: ISC */
/* What is said of a configuration that is wrong: FILE:LINE: WHAT, all of it at once. */
#include "try.h"

typedef struct {
  const char *name;
  const char *text;   /* behind NEEDED, whose three lines stand first */
  const char *wanted; /* all faults; "…" at the end of a line: whatever follows */
} Row;

static gboolean
line_matches(const char *got, const char *wanted)
{
  gsize n = strlen(wanted);
  return g_str_has_suffix(wanted, "…") ? strncmp(got, wanted, n - strlen("…")) == 0 : strcmp(got, wanted) == 0;
}

static void
expect(const char *name, const char *got, const char *wanted)
{
  g_auto(GStrv) a = g_strsplit(got, "\n", -1);
  g_auto(GStrv) b = g_strsplit(wanted, "\n", -1);
  gboolean same = g_strv_length(a) == g_strv_length(b);
  for (guint i = 0; same && a[i]; i++)
    same = line_matches(a[i], b[i]);
  if (!same) {
    g_test_message("%s: got\n%swanted\n%s", name, got, wanted);
    g_test_fail();
  }
}

static void
run(const Row *rows, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_autofree char *text = g_strconcat(NEEDED, rows[i].text, NULL);
    g_autofree char *got = try_text(text, NULL);
    expect(rows[i].name, got, rows[i].wanted);
  }
}

static void
test_names(void)
{
  static const Row rows[] = {
      {"nothing more", "", ""},
      {"unknown, near", "compnay = \"x\"\n", "slate.conf:4: no such option 'compnay': did you mean 'company'?\n"},
      {"unknown, far", "xyzzyplugh = 1\n", "slate.conf:4: no such option 'xyzzyplugh'\n"},
      {"unknown inside", "client \"a\" {\n  domain = { \"a.example\" }\n}\n", "slate.conf:5: no such option 'domain': did you mean 'domains'?\n"},
      {"unknown section", "mailboxx \"a\" { }\n", "slate.conf:4: no such option 'mailboxx': did you mean 'mailbox'?\n"},
      {"unknown inside, far", "limits { xyzzyplugh = 1 }\n", "slate.conf:4: no such option 'xyzzyplugh' in limits\n"},
      {"twice", "company = \"D\"\n", "slate.conf:4: 'company' stands here for the second time (first at line 1)\n"},
      {"twice inside", "limits {\n strangers_raise = 1\n strangers_raise = 2\n}\n",
       "slate.conf:6: 'strangers_raise' stands here for the second time (first at line 5)\n"},
      {"section twice", "client \"a\" { }\nclient \"a\" { }\n", "slate.conf:5: 'client a' stands here for the second time (first at line 4)\n"},
      {"untitled section twice", "limits { }\nlimits { }\n", "slate.conf:5: 'limits' stands here for the second time (first at line 4)\n"},
      {"list twice", "client \"a\" {\n domains = { \"a.example\" }\n domains = { \"b.example\" }\n}\n",
       "slate.conf:6: 'domains' stands here for the second time (first at line 5)\n"},
      {"list added to", "client \"a\" {\n domains = { \"a.example\" }\n domains += { \"b.example\" }\n}\n", ""},
      {"patterns added to", "rule \"r\" {\n subject = { 'a' }\n subject += { 'b' }\n set { priority = low }\n}\n", ""},
      {"scalar added to", "mode += live\n", "slate.conf:4: 'mode' is no list: write mode = VALUE\n"},
      {"option as section", "mode { }\n", "slate.conf:4: 'mode' is an option: write mode = VALUE\n"},
      {"section as option", "limits = 4\n", "slate.conf:4: 'limits' is a section: write limits { … }\n"},
      {"no title", "client { }\n", "slate.conf:4: section 'client' wants a name: client \"NAME\" { … }\n"},
      {"title too many", "limits \"x\" { }\n", "slate.conf:4: section 'limits' takes no name\n"},
      {"list for a scalar", "mode = { live }\n", "slate.conf:4: 'mode' takes one value, not a list\n"},
      {"scalar for a list", "client \"a\" { domains = \"a.example\" }\n", ""},
  };
  run(rows, G_N_ELEMENTS(rows));
}

static void
test_references(void)
{
  static const Row rows[] = {
      {"zone", "timezone = \"America/New_Yrok\"\n", "slate.conf:4: timezone: there is no time zone \"America/New_Yrok\"…\n"},
      {"client's zone", "client \"a\" {\n timezone = \"Europe/Berln\" }\n", "slate.conf:5: timezone: there is no time zone \"Europe/Berln\"\n"},
      {"calendar's zone", "calendar \"x\" {\n timezone = \"Mars/Base\"\n hours = { \"mon-fri 08:00-18:00\" } }\n", "slate.conf:5: timezone…\n"},
      {"maintenance zone", "maintenance \"m\" {\n from = \"2026-11-28 22:00\" to = \"2026-11-28 23:00\"\n timezone = \"No/Where\" }\n",
       "slate.conf:6: timezone: there is no time zone \"No/Where\"\n"},
      {"calendar", "client \"a\" {\n calendar = \"defualt\" }\n", "slate.conf:5: calendar = \"defualt\": there is no such calendar: did you mean \"default\"?\n"},
      {"sla's calendar", "sla \"standard\" {\n calendar = \"nowhere\" }\n", "slate.conf:5: calendar = \"nowhere\": there is no such calendar\n"},
      {"agent's calendar", "agent \"a\" { mail = { \"a@c.example\" }\n calendar = \"nowhere\" }\n", "slate.conf:5: calendar = \"nowhere\": there is no such calendar\n"},
      {"agreement", "sla \"gold\" { }\nclient \"a\" {\n sla = \"glod\" }\n", "slate.conf:6: sla = \"glod\": there is no such agreement: did you mean \"gold\"?\n"},
      {"ladder", "ladder \"steep\" { level \"L1\" { to = { \"x@c.example\" } } }\nsla \"standard\" {\n ladder = \"step\" }\n",
       "slate.conf:6: ladder = \"step\": there is no such ladder: did you mean \"steep\"?\n"},
      {"agent in a ladder", "agent \"chen\" { mail = { \"c@c.example\" } }\nladder \"default\" { level \"L1\" {\n to = { \"agent:chn\" } } }\n",
       "slate.conf:6: to: there is no agent \"chn\": did you mean \"chen\"?\n"},
      {"role in a ladder", "ladder \"default\" { level \"L1\" {\n to = { \"role:senoir\" } } }\n", "slate.conf:5: to: nobody has the role \"senoir\": did you mean \"senior\"?\n"},
      {"address in a ladder", "ladder \"default\" { level \"L1\" {\n to = { \"boss@\" } } }\n", "slate.conf:5: to: \"boss@\" is no address that a letter can go to\n"},
      {"mailbox of a rule", "rule \"r\" {\n mailbox = { \"suport\" } set { priority = low } }\n", "slate.conf:5: mailbox \"suport\": there is no such mailbox\n"},
      {"client of a rule", "rule \"r\" { set {\n client = \"amce\" } }\n", "slate.conf:5: client = \"amce\": there is no such client\n"},
      {"oauth2", "mailbox \"m\" { url = \"imaps://h.example\" user = \"u\"\n oauth2 = \"ms\" }\n", "slate.conf:5: oauth2 = \"ms\": there is no such section\n"},
      {"oauth2 wanted", "mailbox \"m\" { url = \"imaps://h.example\" user = \"u\"\n auth = oauth2 }\n", "slate.conf:5: auth = oauth2 needs oauth2 = \"SECTION\"\n"},
      {"domain of two clients", "client \"a\" { domains = { \"x.example\" } }\nclient \"b\" {\n domains = { \"X.example\" } }\n",
       "slate.conf:6: x.example belongs to client \"a\" already\n"},
      {"address of two agents", "agent \"a\" { mail = { \"x@c.example\" } }\nagent \"b\" {\n mail = { \"X@c.example\" } }\n",
       "slate.conf:6: X@c.example is the address of agent \"a\" already\n"},
      {"levels out of order", "ladder \"default\" {\n level \"L2\" { to = { \"x@c.example\" } } }\n", "slate.conf:5: level \"L2\" stands where L1 is wanted: levels stand in order\n"},
      {"dkim without whom to believe", "agents {\n require = \"token+dkim\" }\n", "slate.conf:5: token+dkim needs authserv_id…\n"},
  };
  run(rows, G_N_ELEMENTS(rows));
}

static void
test_addresses(void)
{
  static const Row rows[] = {
      {"agent", "agent \"a\" {\n mail = { \"ana\" } }\n", "slate.conf:5: mail: \"ana\" is no address that a letter can go to\n"},
      {"agent with a blank", "agent \"a\" {\n mail = { \"ana @c.example\" } }\n", "slate.conf:5: mail: \"ana @c.example\" is no address that a letter can go to\n"},
      {"agent in brackets", "agent \"a\" {\n mail = { \"Ana <ana@c.example>\" } }\n", "slate.conf:5: mail: \"Ana <ana@c.example>\" is no address…\n"},
      {"no mail", "agent \"a\" { }\n", "slate.conf:4: agent \"a\" has no mail = { \"address\" }\n"},
      {"postmaster", "postmaster = \"root\"\n", "slate.conf:4: postmaster = \"root\": an address is wanted\n"},
      {"contact", "client \"a\" {\n contacts = { \"nobody\" } }\n", "slate.conf:5: contacts: \"nobody\" is no address that a letter can go to\n"},
      {"reply_to", "reply_to = \"support@c.example\"\n", "slate.conf:4: reply_to = 'support@c.example': an address with {token}…\n"},
      {"reply_to with a blank", "reply_to = 'sup port+{token}@c.example'\n", "slate.conf:4: reply_to = 'sup port+{token}@c.example': an address with {token}…\n"},
  };
  run(rows, G_N_ELEMENTS(rows));
}

static void
test_wire(void)
{
  static const Row rows[] = {
      {"secret inline", "mailbox \"m\" { url = \"imaps://h.example\" user = \"u\"\n password = \"hunter2\" }\n", "slate.conf:5: password: a secret is never written here…\n"},
      {"secret inline, smtp", "smtp \"b\" { url = \"smtp://h.example\" user = \"u\"\n password = \"hunter2\" }\n", "slate.conf:5: password: a secret is never written here…\n"},
      {"webhook inline", "webhook \"w\" {\n url = \"https://hooks.example/T0K3N\" }\n", "slate.conf:5: url: a secret is never written here…\n"},
      {"client_secret inline", "oauth2 \"o\" {\n client_secret = \"abc\" }\n", "slate.conf:5: client_secret: a secret is never written here…\n"},
      {"scheme", "mailbox \"m\" { user = \"u\"\n url = \"pop3://h.example\" }\n", "slate.conf:5: url = \"pop3://h.example\": imaps://host, imap://host or maildir:///path is wanted\n"},
      {"no url", "mailbox \"m\" { user = \"u\" }\n", "slate.conf:4: url is needed\n"},
      {"no user", "mailbox \"m\" { url = \"imaps://h.example\" }\n", "slate.conf:4: mailbox \"m\" has no user\n"},
      {"relative Maildir", "mailbox \"m\" {\n url = \"maildir://tmp/x\" }\n", "slate.conf:5: url = \"maildir://tmp/x\": an absolute path is wanted: maildir:///path\n"},
      {"no TLS over a network", "mailbox \"m\" { url = \"imap://h.example\" user = \"u\"\n tls = none }\n", "slate.conf:5: tls = none is for this machine only…\n"},
      {"no TLS to 127.example", "smtp \"b\" { url = \"smtp://127.0.0.1.evil.example\"\n tls = none }\n", "slate.conf:5: tls = none is for this machine only…\n"},
      {"no TLS to localhost.example", "smtp \"b\" { url = \"smtp://localhost.evil.example:25\"\n tls = none }\n", "slate.conf:5: tls = none is for this machine only…\n"},
      {"no TLS behind a login", "smtp \"b\" { tls = none\n url = \"smtp://localhost@evil.example:25\" }\n",
       "slate.conf:4: tls = none is for this machine only…\nslate.conf:5: url = \"smtp://localhost@evil.example:25\": the user name stands in user = \"…\"\n"},
      {"no TLS on loopback", "smtp \"b\" { url = \"smtp://[::1]:25\" tls = none }\nsmtp \"c\" { url = \"smtp://127.8.9.10\" tls = none }\n", ""},
      {"white space", "smtp \"b\" {\n url = \"smtp://h.example:25 \" }\n", "slate.conf:5: url holds white space\n"},
      {"since", "mailbox \"m\" { url = \"maildir:///tmp/m\"\n since = \"last week\" }\n", "slate.conf:5: since = \"last week\": a day such as 2026-11-24 is wanted\n"},
      {"retry", "smtp \"b\" { url = \"smtp://h.example\"\n retry = { \"1m\", \"soon\" } }\n", "slate.conf:5: retry: \"soon\": a time such as \"5m\" is wanted\n"},
      {"line end in a user", "mailbox \"m\" { url = \"imaps://h.example\"\n user = 'a\nb' }\n", "slate.conf:5: user holds a line end\n"},
      {"timeout", "smtp \"b\" { url = \"smtp://h.example\"\n timeout = 11m }\n", "slate.conf:5: timeout: a second at least and 10 minutes at most are wanted\n"},
      {"no timeout", "smtp \"b\" { url = \"smtp://h.example\"\n timeout = 0s }\n", "slate.conf:5: timeout: a second at least and 10 minutes at most are wanted\n"},
      {"port", "mailbox \"m\" { user = \"u\"\n url = \"imaps://h.example:99999\" }\n", "slate.conf:5: url = \"imaps://h.example:99999\": there is no such port\n"},
  };
  run(rows, G_N_ELEMENTS(rows));
}

static void
test_probes(void)
{
  static const Row rows[] = {
      {"good", "client \"acme\" { }\nprobe \"p\" { url = \"https://h.example:8443/up?x=1\" clients = { \"acme\", \"default\" } }\n", ""},
      {"an address", "probe \"p\" { url = \"http://[::1]:8080\" every = 10s timeout = 9s fail_after = 1 }\n", ""},
      {"no url", "probe \"p\" { }\n", "slate.conf:4: probe \"p\": url is needed: what is asked\n"},
      {"scheme", "probe \"p\" {\n url = \"ftp://h.example/\" }\n", "slate.conf:5: url = \"ftp://h.example/\": https://host/path or http://host/path is wanted\n"},
      {"no scheme", "probe \"p\" {\n url = \"h.example/up\" }\n", "slate.conf:5: url = \"h.example/up\": …\n"},
      {"no host", "probe \"p\" {\n url = \"http:///up\" }\n", "slate.conf:5: url = \"http:///up\": …\n"},
      {"port", "probe \"p\" {\n url = \"http://h.example:99999/\" }\n", "slate.conf:5: url = \"http://h.example:99999/\": …\n"},
      {"white space", "probe \"p\" {\n url = \"http://h.example/a b\" }\n", "slate.conf:5: url = \"http://h.example/a b\": it holds white space\n"},
      {"password", "probe \"p\" {\n url = \"https://u:hunter2@h.example/\" }\n", "slate.conf:5: url: a user name or password cannot stand in it…\n"},
      {"too often", "probe \"p\" { url = \"http://h.example/\" timeout = 1s\n every = 9s }\n", "slate.conf:5: every: 10 seconds at least are wanted\n"},
      {"timeout", "probe \"p\" { url = \"http://h.example/\" every = 30s\n timeout = 30s }\n",
       "slate.conf:5: timeout: a second at least, and less than every (30s), is wanted\n"},
      {"timeout by default", "probe \"p\" { url = \"http://h.example/\"\n every = 10s }\n", "slate.conf:4: timeout: a second at least, and less than every (10s)…\n"},
      {"no timeout", "probe \"p\" { url = \"http://h.example/\"\n timeout = 0s }\n", "slate.conf:5: timeout: a second at least…\n"},
      {"fail_after", "probe \"p\" { url = \"http://h.example/\"\n fail_after = 0 }\n", "slate.conf:5: fail_after: one failure at least is wanted\n"},
      {"client", "client \"acme\" { }\nprobe \"p\" { url = \"http://h.example/\"\n clients = { \"acme\", \"amce\" } }\n",
       "slate.conf:6: clients = \"amce\": there is no such client: did you mean \"acme\"?\n"},
      {"twice", "probe \"p\" { url = \"http://h.example/\" }\nprobe \"p\" { url = \"http://i.example/\" }\n",
       "slate.conf:5: 'probe p' stands here for the second time (first at line 4)\n"},
  };
  run(rows, G_N_ELEMENTS(rows));
}

static void
test_text(void)
{
  static const Row rows[] = {
      {"brace", "client \"a\" {\n name = \"x\"\n", "slate.conf:4: section 'client a' opened at line 4 is never closed\n"},
      {"brace too many", "client \"a\" { }\n}\n", "slate.conf:5: a } without its {\n"},
      {"string", "language = \"en\n", "slate.conf:4: a string opened here is never closed\n"},
      {"comment", "/* never closed\n", "slate.conf:4: a comment is opened by /* and never closed\n"},
      {"list", "client \"a\" { domains = { \"x.example\"\n", "slate.conf:4: section 'client a'…\nslate.conf:4: the list of 'domains'…\n"},
      {"no value", "language =\n", "slate.conf:4: 'language' has no value\n"},
      {"cut in a word", "mode = live", "slate.conf:4: the file ends in the middle of a line: was it cut off?\n"},
      {"control byte", "language = \"e\x01n\"\n", "slate.conf:4: there is a control byte (0x01) here\n"},
      {"escape", "company2 = 1\nlanguage = \"\x1b[2J\"\n", "slate.conf:4: no such option…\nslate.conf:5: there is a control byte (0x1b) here\n"},
      {"unset variable", "language = \"${SL_TEST_UNSET}\"\n", "slate.conf:4: the variable ${SL_TEST_UNSET} is not set…\n"},
      {"unset variable, default", "language = \"${SL_TEST_UNSET:-en}\"\n", ""},
      {"unset variable, single quotes", "subject_tag = '${SL_TEST_UNSET}'\n", ""},
      {"bare plus", "agents { assign = a+b }\n", "slate.conf:4: assign = \"a+b\": one of round-robin, least-open, manual is wanted\n"},
      {"bare dollar", "language = ${SL_TEST_SET}\n", "slate.conf:4: …\n"},
      {"sign alone", "= 4\n", "slate.conf:4: the name of an option is wanted here\n…\n"},
  };
  g_unsetenv("SL_TEST_UNSET");
  for (guint i = 0; i < G_N_ELEMENTS(rows) - 2; i++)
    run(&rows[i], 1);
  for (guint i = G_N_ELEMENTS(rows) - 2; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *text = g_strconcat(NEEDED, rows[i].text, NULL);
    g_autofree char *got = try_text(text, NULL);
    g_assert_true(g_str_has_prefix(got, "slate.conf:4: "));
  }
}

static void
test_all_at_once(void)
{
  g_autofree char *got = try_text("# a comment\n\ncompnay = \"x\"\nmode = lve\n# another\nmailbox \"m\" {\n  url = \"pop3://x\"\n  poll = 60\n}\nagent \"a\" { }\n", NULL);
  expect("all at once", got,
         "slate.conf: …\nslate.conf: …\nslate.conf: …\n"
         "slate.conf:3: no such option 'compnay': did you mean 'company'?\n"
         "slate.conf:4: mode = \"lve\": one of live, shadow is wanted\n"
         "slate.conf:6: mailbox \"m\" has no user\n"
         "slate.conf:7: url = \"pop3://x\": imaps://host…\n"
         "slate.conf:8: poll = \"60\": a time such as \"20m\" or \"2h\" is wanted\n"
         "slate.conf:10: agent \"a\" has no mail = { \"address\" }\n");
}

static void
test_files(void)
{
  g_autofree char *folder = try_path("conf.d");
  g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
  try_put("conf.d/local.conf", "\nlanguage = \"de\"\nlangauge = \"de\"\n", -1);
  try_put("conf.d/deep.conf", "include(\"local.conf\")\n", -1); /* beside the including file, wherever we stand */
  try_put("conf.d/self.conf", "include(\"self.conf\")\n", -1);
  try_put("conf.d/half.conf", "client \"a\" {\n", -1);
  try_put("conf.d/good.conf", "language = \"es\"\n", -1);
  static const Row rows[] = {
      {"fault inside", "include(\"conf.d/local.conf\")\n", "conf.d/local.conf:3: no such option 'langauge': did you mean 'language'?\n"},
      {"deeper", "include(\"conf.d/deep.conf\")\n", "conf.d/local.conf:3: no such option 'langauge': did you mean 'language'?\n"},
      {"absent", "\ninclude(\"conf.d/absent.conf\")\n", "slate.conf:5: conf.d/absent.conf: No such file or directory\n"},
      {"folder", "include(\"conf.d\")\n", "slate.conf:4: conf.d: it is no regular file\n"},
      {"itself", "include(\"conf.d/self.conf\")\n", "conf.d/self.conf:1: includes are nested too deeply (does conf.d/self.conf include itself?)\n"},
      {"half of it", "include(\"conf.d/half.conf\")\nname = \"x\"\n}\n", "conf.d/half.conf:1: section 'client a' opened at line 1 is never closed\nslate.conf:5: no such option 'name'…\nslate.conf:6: a } without its {\n"},
      {"twice over two files", "language = \"en\"\ninclude(\"conf.d/good.conf\")\n",
       "conf.d/good.conf:1: 'language' stands here for the second time (first at slate.conf, line 4)\n"},
      {"no name", "include(4)\n", "slate.conf:4: include(\"FILE\") is wanted\n"},
  };
  run(rows, G_N_ELEMENTS(rows));
  g_autoptr(SlConfig) config = NULL;
  g_autofree char *none = try_text(NEEDED "include(\"conf.d/good.conf\")\n", &config);
  g_assert_cmpstr(none, ==, "");
  g_assert_cmpstr(config->letter.language, ==, "es");
}

static void
test_no_file(void)
{
  g_autofree char *absent = try_file("absent.conf", FALSE, NULL);
  g_assert_cmpstr(absent, ==, "absent.conf: No such file or directory\n");
  g_autofree char *folder = try_file(".", FALSE, NULL);
  g_assert_cmpstr(folder, ==, ".: it is no regular file\n");
  try_put("nul.conf", "company = \"a\0b\"\n", 16);
  g_autofree char *nul = try_file("nul.conf", FALSE, NULL);
  g_assert_cmpstr(nul, ==, "nul.conf: it is no UTF-8 text\n");
  try_put("latin1.conf", "company = \"J\xfcrgen\"\n", -1);
  g_autofree char *latin1 = try_file("latin1.conf", FALSE, NULL);
  g_assert_cmpstr(latin1, ==, "latin1.conf: it is no UTF-8 text\n");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  try_begin();
  g_test_add_func("/config/faults/names", test_names);
  g_test_add_func("/config/faults/references", test_references);
  g_test_add_func("/config/faults/addresses", test_addresses);
  g_test_add_func("/config/faults/wire", test_wire);
  g_test_add_func("/config/faults/probes", test_probes);
  g_test_add_func("/config/faults/text", test_text);
  g_test_add_func("/config/faults/all-at-once", test_all_at_once);
  g_test_add_func("/config/faults/includes", test_files);
  g_test_add_func("/config/faults/no-file", test_no_file);
  int rc = g_test_run();
  try_end();
  return rc;
}
