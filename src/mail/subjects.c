/* SPDX-License-Identifier: ISC */
#include "mail/subjects.h"

#include <string.h>

/* Words that people use as a subject too; a machine puts the subject that it answers behind them. */
static const char *const plain_words[] = {"abwesend",    "abwesenheit", "ausente",  "ausencia",  "assente",
                                          "absence",     "urlaub",      "frånvaro", "fravær",    "poissa",
                                          "nieobecność", "不在",        "ooo",      "fuori sede"};

static gboolean
is_followed_by_colon(const char *rest)
{
  return *rest == ':' || g_str_has_prefix(rest, "\357\274\232");
}

/* Subjects that the common servers give to absence notes: "Automatic reply: the subject". French sets a blank before
 * the colon. A subject that only speaks of such notes, or answers one, has other words around. */
gboolean
sl_subject_is_absence(const char *subject)
{
  static const char *const beginnings[] = {
      "automatic reply",
      "auto reply",
      "auto-reply",
      "autoreply",
      "automatic response",
      "auto response",
      "auto-response",
      "autoresponse",
      "out of office",
      "out of the office",
      "out-of-office",
      "abwesenheitsnotiz",
      "automatische antwort",
      "réponse automatique",
      "absence du bureau",
      "respuesta automática",
      "fuera de la oficina",
      "risposta automatica",
      "autosvar",
      "automatisk svar",
      "automatisch antwoord",
      "afwezigheidsmelding",
      "resposta automática",
      "automaattinen vastaus",
      "automatyczna odpowiedź",
      "automatická odpověď",
      "автоответ",
      "自動応答",
      "自动答复",
      "自動回覆",
      "automatiskt svar",
      "out of office autoreply",
      "out of office auto-reply",
      "automatic out of office",
      "ausente da empresa",
      "assenza dall'ufficio",
      "absent du bureau",
      "abwesenheitsnachricht",
      "automatische abwesenheitsnotiz",
      "frånvaromeddelande",
      "fraværsmelding",
      "poissaoloviesti",
      "nieobecność w biurze",
      "automatikus válasz",
      "házon kívül",
      "răspuns automat",
      "автоматический ответ",
      "автоматична відповідь",
      "автоматичен отговор",
      "otomatik yanıt",
      "ofis dışında",
      "不在通知",
      "自動返信",
      "자동 회신",
      "부재 중",
      "trả lời tự động",
      "balasan otomatis",
      "αυτόματη απάντηση",
      "מענה אוטומטי",
      "תשובה אוטומטית",
      "رد تلقائي",
      "samodejni odgovor",
      "automatski odgovor",
      "automatická odpoveď",
      "automaatvastus",
      "automātiska atbilde",
      "automatinis atsakymas",
      "resposta automàtica",
      "fuera de oficina",
      "fora do escritório",
      "out of office reply",
      "out of office notification",
      "vacation reply",
      "vacation response",
      "away notice",
      "i am out of the office",
      "[auto-reply]",
      "[autoreply]",
      "[auto reply]",
      "(auto reply)",
  };
  g_autofree char *lower = g_utf8_strdown(subject, -1);
  g_autofree char *whole = g_utf8_normalize(lower, -1, G_NORMALIZE_NFC);
  for (guint i = 0; whole && i < G_N_ELEMENTS(beginnings) + G_N_ELEMENTS(plain_words); i++) {
    gboolean plain = i >= G_N_ELEMENTS(beginnings);
    const char *word = plain ? plain_words[i - G_N_ELEMENTS(beginnings)] : beginnings[i];
    if (!g_str_has_prefix(whole, word))
      continue;
    const char *rest = whole + strlen(word);
    rest += g_str_has_prefix(rest, "\302\240") ? 2 : *rest == ' ';
    if (is_followed_by_colon(rest) || (!plain && *rest == '\0') || *word == '[' || *word == '(')
      return TRUE;
  }
  return FALSE;
}

/* How bounces that are written as prose begin their subject. It never decides alone. */
gboolean
sl_subject_is_bounce(const char *subject)
{
  static const char *const beginnings[] = {
      "message could not",
      "message not delivered",
      "your message could not",
      "there was an error sending",

      "email delivery failure",
      "bounced mail",
      "[bounce]",
      "permanent delivery failure",
      "message undelivered",
      "mail undelivered",
      "warning: delayed",
      "delayed mail",
      "notice: mail delivery",
      "mail not delivered",
      "delivery has been delayed",
      "email could not be delivered",
      "rejected:",
      "unzustellbare",
      "nachricht nicht zustellbar",
      "zustellung fehlgeschlagen",
      "message non remis",
      "non remis",
      "échec de remise",
      "non distribuable",
      "mensaje no entregado",
      "no se pudo entregar",
      "no entregado",
      "entrega fallida",
      "mancato recapito",
      "recapito non riuscito",
      "não entregue",
      "falha na entrega",
      "niet-bezorgbaar",
      "onbestelbaar",
      "kan inte levereras",
      "ikke levert",
      "niedoręczon",
      "недоставлен",
      "не доставлен",
      "配信不能",
      "メール配信に失敗",
      "メッセージを配信できません",
      "送信できませんでした",
      "配送エラー",
      "投递失败",
      "退信",
      "無法傳遞",
      "系统退信",
      "undeliver",
      "undelivered mail",
      "delivery status",
      "delivery failure",
      "delivery notification",
      "mail delivery",
      "mail system error",
      "mail failure",
      "returned mail",
      "failure notice",
      "non delivery",
      "non-deliver",
      "message delivery",
      "delivery report",
      "unzustellbar",
      "nondeliverable",
      "warning: message",
      "warning: could not",
      "nicht zustellbar",
      "message undeliver",
      "failed delivery",
      "delivery has failed",
      "no se puede entregar",
      "mail could not",
      "unable to deliver",
  };
  for (guint i = 0; i < G_N_ELEMENTS(beginnings); i++)
    if (g_ascii_strncasecmp(subject, beginnings[i], strlen(beginnings[i])) == 0)
      return TRUE;
  return FALSE;
}
