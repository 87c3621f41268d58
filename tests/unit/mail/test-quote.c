/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "mail/quote.h"

static const struct {
  const char *name, *text, *want;
} rows[] = {
    {"plain", "Only text.", "Only text."},
    {"empty", "", ""},
    {"english", "New.\n\nOn Tue, Nov 24, 2026 at 9:58 AM Ann <a@b.c> wrote:\n\n> Old.\n", "New."},
    {"broken-header", "New.\n\nOn Tue, Nov 24, 2026 at 9:58 AM Ann Lee <\na@b.c> wrote:\n> Old.\n", "New."},
    {"unmarked", "New.\n\nOn Tue, Nov 24, 2026 at 9:58 AM, Ann <a@b.c> wrote:\n\nOld.\nOlder.", "New."},
    {"german", "Neu.\n\nAm 24.11.2026 um 09:58 schrieb Ann <a@b.c>:\n> Alt.", "Neu."},
    {"spanish", "Nuevo.\n\nEl mar, 24 nov 2026 a las 9:58, Ann (<a@b.c>) escribió:\n> Viejo.", "Nuevo."},
    {"french", "Nouveau.\n\nLe mar. 24 nov. 2026 à 09:58, Ann <a@b.c> a écrit :\n> Vieux.", "Nouveau."},
    {"a-command-with-a-number", "/progress 1001 words\n\nOn Tue, 17 Nov 2026 at 10:00, Support wrote:\n> Old.", "/progress 1001 words"},
    {"begins-with-on", "on we go\n\nOn Tue, 17 Nov 2026 at 10:00, Support wrote:\n> Old.", "on we go"},
    {"outlook",
     "New.\n\n________________________________\nFrom: Ann <a@b.c>\nSent: Tuesday\nTo: Bob\nSubject: x\n\nOld.", "New."},
    {"outlook-german", "Neu.\n\nVon: Ann <a@b.c>\nGesendet: Dienstag\nAn: Bob\nBetreff: x\n\nAlt.", "Neu."},
    {"original-message", "New.\n\n-----Original Message-----\nFrom: Ann\nOld.", "New."},
    {"bottom-post", "On Tue, Nov 24, 2026, Ann <a@b.c> wrote:\n> Old.\n> Older.\n\nNew.", "New."},
    {"gmail-any-language", "New.\n\n2026-11-24 9:58 GMT+03:00 Ann <\na@b.c>:\n\n> Old.", "New."},
    {"norwegian", "Nytt.\ntir. 24. nov. 2026 kl. 09:58 skrev Ann <a@b.c\n>:\n\n> Gammelt.", "Nytt."},
    {"digits-at-the-end", "a@b.c 20\n2:\n> Old.\nx", "a@b.c 20\n2:\n> Old.\nx"},
    {"words-above-stay", "Call at 10:30.\n24.11.2026 9:58 Ann <a@b.c>:\n> Old.", "Call at 10:30."},
    {"shared-line", "New On Tue, Nov 24, 2026 at 3:59 PM, a@b.c wrote:\n> Old.", "New"},
    {"chinese", "新\n\n发件人: Ann <a@b.c>\n发送时间: 2026年\n收件人: Bob\n主题: x\n\n旧", "新"},
    {"dutch", "Nieuw.\n\nOp 24-11-2026 3:18 schreef Ann <a@b.c>:\n\nOud.", "Nieuw."},
    {"portuguese", "Novo.\n\nEm ter., 24 de nov. de 2026 às 09:58, Ann <a@b.c> escreveu:\n> Velho.", "Novo."},
    {"italian", "Nuovo.\n\nIl giorno mar 24 nov 2026 alle ore 09:58 Ann <a@b.c> ha scritto:\n> Vecchio.", "Nuovo."},
    {"danish", "Nyt.\n\nDen tirs. 24. nov. 2026 kl. 09.58 skrev Ann <a@b.c>:\n> Gammelt.", "Nyt."},
    {"polish", "Nowe.\n\nwt., 24 lis 2026 o 09:58 Ann <a@b.c> napisał(a):\n\n> Stare.", "Nowe."},
    {"czech", "Nové.\n\nút 24. 11. 2026 v 9:58 odesílatel Ann <a@b.c> napsal:\n\n> Staré.", "Nové."},
    {"slovak", "Nové.\n\nut 24. 11. 2026 o 9:58 Ann <a@b.c> napísal(a):\n\n> Staré.", "Nové."},
    {"hungarian", "Új.\n\nAnn <a@b.c> ezt írta (időpont: 2026. nov. 24., K, 9:58):\n\n> Régi.", "Új."},
    {"romanian", "Nou.\n\nÎn mar., 24 nov. 2026 la 09:58, Ann <a@b.c> a scris:\n\n> Vechi.", "Nou."},
    {"bulgarian", "Ново.\n\nНа вт, 24.11.2026 г. в 9:58 Ann <a@b.c> написа:\n\n> Старо.", "Ново."},
    {"russian", "Новое.\n\nвт, 24 нояб. 2026 г. в 09:58, Ann <a@b.c>:\n\n> Старое.", "Новое."},
    {"ukrainian", "Нове.\n\nвт, 24 лист. 2026 р. о 09:58 Ann <a@b.c> пише:\n\n> Старе.", "Нове."},
    {"greek", "Νέο.\n\nΣτις Τρί 24 Νοε 2026 στις 9:58 π.μ., ο χρήστης Ann <a@b.c> έγραψε:\n\n> Παλιό.", "Νέο."},
    {"turkish", "Yeni.\n\nAnn <a@b.c>, 24 Kas 2026 Sal, 09:58 tarihinde şunu yazdı:\n\n> Eski.", "Yeni."},
    {"finnish", "Uusi.\n\nti 24. marrask. 2026 klo 9.58 Ann (a@b.c) kirjoitti:\n\n> Vanha.", "Uusi."},
    {"swedish", "Nytt.\n\nDen tis 24 nov. 2026 kl 09:58 skrev Ann <a@b.c>:\n\n> Gammalt.", "Nytt."},
    {"chinese-wrote", "新\n\nAnn <a@b.c> 于2026年11月24日周二 09:58写道：\n\n> 旧", "新"},
    {"japanese", "新\n\n2026年11月24日(火) 9:58 Ann <a@b.c>:\n\n> 古", "新"},
    {"korean", "새\n\n2026년 11월 24일 (화) 오전 9:58, Ann <a@b.c>님이 작성:\n\n> 옛", "새"},
    {"vietnamese", "Mới.\n\nVào Th 3, 24 thg 11, 2026 vào lúc 09:58 Ann <a@b.c> đã viết:\n\n> Cũ.", "Mới."},
    {"indonesian", "Baru.\n\nPada tanggal Sel, 24 Nov 2026 pukul 09.58 Ann <a@b.c> menulis:\n\n> Lama.", "Baru."},
    {"hebrew", "חדש\n\nב-יום ג׳, 24 בנוב׳ 2026 ב-9:58 מאת Ann <a@b.c>‏:\n\n> ישן", "חדש"},
    {"catalan", "Nou.\n\nMissatge de Ann <a@b.c> del dia dt., 24 de nov. 2026 a les 9:58:\n\n> Vell.", "Nou."},
    {"croatian", "Novo.\n\nuto, 24. stu 2026. u 09:58 Ann <a@b.c> napisao je:\n\n> Staro.", "Novo."},
    {"reply-line", "New.\n\n##- Please type your reply above this line -##\n\nOld.", "New."},
    {"block-begins-with-date", "New.\n\nDate: Wed, 16 May 2026 00:15:02 -0600\nTo: a@b.c\n\nOld.", "New."},
    {"wrapped-link", "New.\n\nOn 24/11/2026 at 3:46 PM, bob wrote:\n\n> View (http://b.c/action\n_nonce=3dd518)\n>\n",
     "New."},
    {"disclaimer",
     "New.\n\nAnn\n\nThis e-mail and its attachments are confidential and intended for the\naddressee only.",
     "New.\n\nAnn"},
    {"disclaimer-in-prose", "This message is for the intended recipient only.",
     "This message is for the intended recipient only."},
    {"phone-in-prose", "New.\n\nSent from my desk, it is easier.", "New.\n\nSent from my desk, it is easier."},
    {"people-wrote", "3 people wrote:\nit is wet.", "3 people wrote:\nit is wet."},
    {"he-wrote", "On the 3rd of May 10:30 we met. Ann said:\nall is wet.",
     "On the 3rd of May 10:30 we met. Ann said:\nall is wet."},
    {"signature", "New.\n\n-- \nAnn Lee\nAcme", "New."},
    {"phone", "New.\n\nSent from my iPhone", "New."},
    {"rule-is-text", "Above.\n\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16",
     "Above.\n\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16"},
    {"from-in-prose", "From: the roof to the floor\nall is wet.\nTo be fixed.",
     "From: the roof to the floor\nall is wet.\nTo be fixed."},
    {"on-in-prose", "On Monday we looked at it.\nIt is broken: see below.",
     "On Monday we looked at it.\nIt is broken: see below."},
    {"quote-without-header", "> Old.\n\nNew.", "> Old.\n\nNew."},
    {"trailing-quote", "New.\n\n> Old.\n> Older.", "New."},
    {"forward-only", "---------- Forwarded message ----------\nFrom: Ann\n\nText.",
     "---------- Forwarded message ----------\nFrom: Ann\n\nText."},
    {"indent-stays", "List:\n  one\n  two", "List:\n  one\n  two"},
};

static void
test_row(gconstpointer data)
{
  guint i = GPOINTER_TO_UINT(data);
  gboolean nothing_new = FALSE;
  g_autofree char *reply = sl_quote_reply(rows[i].text, &nothing_new);
  g_assert_cmpstr(reply, ==, rows[i].want);
  g_assert_false(nothing_new && strcmp(reply, rows[i].text) != 0);
}

/* Each of these was, or could be, quadratic in a trimmer that looks ahead. */
static void
test_linear(void)
{
  static const char *const pieces[] = {"On 1 a\n", "> a\n", "On 1 wrote:\n\n", "From: a\n", "x wrote:\n\n",
                                       "--\n",     "\n"};
  for (guint i = 0; i < G_N_ELEMENTS(pieces); i++) {
    g_autoptr(GString) text = g_string_new("Words.\n");
    while (text->len < 500000)
      g_string_append(text, pieces[i]);
    g_autofree char *reply = sl_quote_reply(text->str, NULL);
    g_assert_true(g_str_has_prefix(reply, "Words."));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *path = g_strconcat("/mail/quote/", rows[i].name, NULL);
    g_test_add_data_func(path, GUINT_TO_POINTER(i), test_row);
  }
  g_test_add_func("/mail/quote/linear", test_linear);
  return g_test_run();
}
