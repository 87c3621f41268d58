/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "mail/clean.h"
#include "mail/head.h"
#include "mail/text.h"
#include "mail/trust.h"

static void
test_html(void)
{
  static const struct {
    const char *html, *want;
  } rows[] = {
      {"a<br>b", "a\nb"},
      {"<p>a</p><p>b</p>", "a\n\nb"},
      {"<div>a</div><div>b</div>", "a\nb"},
      {"a  \n b", "a b"},
      {"<b>a</b><i>b</i> c", "ab c"},
      {"<ul><li>a<li>b</ul>", "- a\n- b"},
      {"<ol><li>a<li>b</ol>", "1. a\n2. b"},
      {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a | b\nc"},
      {"<a href='https://x.example/y'>word</a>", "word <https://x.example/y>"},
      {"<a href='https://x.example/'>x.example</a>", "x.example"},
      {"<a href='javascript:alert(1)'>word</a>", "word"},
      {"a<script>if (1<2) alert('</p>')</script>b", "ab"},
      {"a<style>p > b { }</style>b", "ab"},
      {"a<!-- c > d -->b", "ab"},
      {"1 < 2 & 3 > 2", "1 < 2 & 3 > 2"},
      {"&lt;b&gt; &eacute;&#8364;&nbsp;x", "<b> é€\302\240x"},
      {"<pre>a\n  b</pre>", "a\n  b"},
      {"<img alt='logo' src=x>", "logo"},
      {"<p style='Color:red;display:none'>x</p>y", "y"},
      {"<div style='MAX-HEIGHT: 0px; overflow:hidden'>x</div>y", "y"},
      {"<div style='opacity:0.5;max-height:0.5em'>x</div>y", "x\ny"},
      {"<span style='visibility:hidden'>x</span>y<span style='mso-hide:all'>z</span>", "y"},
      {"<td style='font-size:0'><div style='font-size:13px'>x</div></td>", "x"},
      {"Grüße<meta charset=iso-8859-1>ß", "Grüßeß"},
      {"<a title=\"a > b\">c</a>", "c"},
      {"<blockquote>a</blockquote>b", "> a\n\nb"},
      {"a<blockquote>b<blockquote>c</blockquote></blockquote>d", "a\n\n> b\n>\n> > c\n\nd"},
      {"", ""},
      {"<", "<"},
      {"<a", ""},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    gboolean whole;
    g_autofree char *text = sl_text_from_html(rows[i].html, &whole);
    g_autofree char *tidy = sl_text_tidy(text);
    g_assert_true(whole);
    g_assert_cmpstr(tidy, ==, rows[i].want);
  }
}

static void
test_unflow(void)
{
  static const struct {
    const char *text;
    gboolean delsp;
    const char *want;
  } rows[] = {
      {"one \ntwo\nthree", FALSE, "one two\nthree"},
      {"one \ntwo", TRUE, "onetwo"},
      {"> one \n> two\nthree", FALSE, "> one two\nthree"},
      {"> one \nthree", FALSE, "> one \nthree"},
      {"text \n-- \nAnn", FALSE, "text \n-- \nAnn"},
      {" >stuffed", FALSE, ">stuffed"},
      {"", FALSE, ""},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *text = sl_text_unflow(rows[i].text, rows[i].delsp);
    g_assert_cmpstr(text, ==, rows[i].want);
  }
}

static void
test_decode(void)
{
  static const struct {
    const char *bytes, *charset, *want;
  } rows[] = {
      {"abc", NULL, "abc"},
      {"caf\xe9", NULL, "café"},
      {"caf\xe9", "utf-8", "café"},
      {"caf\xc3\xa9", "windows-1252", "café"},
      {"\x80", "iso-8859-1", "€"},
      {"\x1b$B4A\x1b(B", "iso-2022-jp", "漢"},
      {"\x8a\xbf", "shift_jis", "漢"},
      {"abc", "../../etc/passwd", "abc"},
      {"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3", "utf-8", "äöüäö\357\277\275"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *text = sl_text_decode(rows[i].bytes, strlen(rows[i].bytes), rows[i].charset, NULL);
    g_assert_cmpstr(text, ==, rows[i].want);
  }
}

static void
test_ids(void)
{
  g_autoptr(GString) many = g_string_new("");
  for (guint i = 0; i < 500; i++)
    g_string_append_printf(many, "<%u@x>", i);
  g_autoptr(GPtrArray) ids = sl_head_ids(many->str);
  g_assert_cmpuint(ids->len, ==, 100);
  g_assert_cmpstr(ids->pdata[0], ==, "0@x");
  g_assert_cmpstr(ids->pdata[1], ==, "401@x");
  g_assert_cmpstr(ids->pdata[99], ==, "499@x");
  g_autoptr(GPtrArray) bare = sl_head_ids("a@b");
  g_assert_cmpuint(bare->len, ==, 1);
  g_autoptr(GPtrArray) none = sl_head_ids("< <a b> <");
  g_assert_cmpuint(none->len, ==, 0);
}

static void
test_trust(void)
{
  static const struct {
    const char *value, *want;
  } rows[] = {
      {"mx.pool.example; dmarc=pass header.from=acme.example", "pass"},
      {"mx.pool.example; dmarc=pass header.from=evil.example", "none"},
      {"mx.pool.example; dkim=pass header.d=acme.example", "pass"},
      {"mx.pool.example 1; dkim=pass header.i=@mail.acme.example", "pass"},
      {"mx.pool.example; dkim=pass header.d=example", "none"},
      {"mx.pool.example; dkim=pass header.d=evil-acme.example", "none"},
      {"mx.pool.example; dkim=fail (dkim=pass header.d=acme.example)", "fail"},
      {"mx.pool.example; dkim=fail reason=\"x; dkim=pass header.d=acme.example\"", "fail"},
      {"mx.pool.example; spf=pass smtp.mailfrom=acme.example", "none"},
      {"mx.pool.example; none", "none"},
      {"mx.evil.example; dkim=pass header.d=acme.example", "none"},
      {"", "none"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GPtrArray) headers = g_ptr_array_new_with_free_func((GDestroyNotify)sl_header_free);
    g_ptr_array_add(headers, sl_header_new("Authentication-Results", g_strdup(rows[i].value)));
    g_assert_cmpstr(sl_trust_of(headers, "mx.pool.example", "acme.example"), ==, rows[i].want);
    g_assert_cmpstr(sl_trust_of(headers, NULL, "acme.example"), ==, "none");
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mail/text/html", test_html);
  g_test_add_func("/mail/text/unflow", test_unflow);
  g_test_add_func("/mail/clean/decode", test_decode);
  g_test_add_func("/mail/head/ids", test_ids);
  g_test_add_func("/mail/trust/results", test_trust);
  return g_test_run();
}
