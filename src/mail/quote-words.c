/* SPDX-License-Identifier: ISC */
#include "mail/quote-words.h"

#include <string.h>

#define SHORT_LINE 200

/* A header over quoted text that needs no other proof: how it begins, and its word for "wrote". */
static const struct {
  const char *opens, *says;
} headers[] = {
    {"on ", "wrote"},
    {"on ", "writes"},
    {"on ", "sent:"},
    {"am ", "schrieb"},
    {"le ", "écrit"},
    {"el ", "escribió"},
    {"a ", "escribió"},
    {"il ", "scritto"},
    {"il giorno ", "scritto"},
    {"em ", "escreveu"},
    {"op ", "schreef"},
    {"op ", "geschreven"},
    {"op ", "geskryf"},
    {"den ", "skrev"},
    {"på ", "skrev"},
    {"kl. ", "skrev"},
    {"w dniu ", "napisa"},
    {"w dniu ", "pisze"},
    {"dnia ", "napisa"},
    {"dne ", "napsal"},
    {"dňa ", "napísal"},
    {"vào ", "đã viết"},
    {"la ", "a scris"},
    {"în ", "a scris"},
    {"în data ", "a scris"},
    {"в ", "пишет"},
    {"в ", "написа"},
    {"на ", "написа"},
    {"у ", "пише"},
    {"el ", "va escriure"},
    {"στις ", "έγραψε"},
    {"pada ", "menulis"},
    {"dana ", "napisa"},
    {"v ", "napisal"},
    {"ti ", "kirjoitti"},
    {"在", "写道"},
    {"於", "寫道"},
    {"þann ", "skrifaði"},
    {"ב-", "כתב"},
    {"في ", "كتب"},
    {"kuupäeval ", "kirjutas"},
    {"tir. ", "skrev"},
    {"man. ", "skrev"},
    {"ons. ", "skrev"},
    {"tor. ", "skrev"},
    {"fre. ", "skrev"},
    {"lør. ", "skrev"},
    {"søn. ", "skrev"},
};

/* The word for "wrote", as it stands in such headers. */
static const char *const verbs[] = {
    "wrote",     "writes",   "schrieb",  "écrit",        "escribió",   "escribio",  "ha escrito", "va escriure",
    "escribiu",  "scritto",  "escreveu", "schreef",      "geschreven", "geskryf",   "skrev",      "skrifaði",
    "napisa",    "pisze",    "napsal",   "napísal",      "написа",     "пишет",     "пише",       "a scris",
    "kirjoitti", "kirjutas", "írta",     "yazdı",        "đã viết",    "menulis",   "έγραψε",     "כתב",
    "كتب",       "写道",     "寫道",     "のメッセージ", "書きました", "님이 작성", "님이 쓴 글", "rakstīja",
    "rašė",      "idatzi",   "เขียน",     "posted in",    "posted by",
};

/* Between dashes: what follows is the old mail. */
static const char *const dividers[] = {
    "please type your reply above this line",
    "please reply above this line",
    "type your reply above",
    "bitte antworten sie oberhalb dieser",
    "veuillez répondre au-dessus de cette",
    "por favor, escriba su respuesta por encima",
    "original message",
    "original-nachricht",
    "ursprüngliche nachricht",
    "originalnachricht",
    "weitergeleitete nachricht",
    "message d'origine",
    "message original",
    "message initial",
    "mensaje original",
    "messaggio originale",
    "oorspronkelijk bericht",
    "mensagem original",
    "ursprungligt meddelande",
    "oprindelig meddelelse",
    "original meddelelse",
    "opprinnelig melding",
    "forwarded message",
    "message transféré",
    "mensaje reenviado",
    "original email",
    "исходное сообщение",
    "пересылаемое сообщение",
    "reply above this line",
    "messaggio inoltrato",
    "reply message",
    "oprindelig besked",
    "original mail",
    "alkuperäinen viesti",
};

/* Names of the fields in Outlook's block, by what they tell. */
static const char *const from_words[] = {"from",   "von",    "de",        "da",       "från",      "fra",
                                         "van",    "od",     "от",        "mittente", "lähettäjä", "差出人",
                                         "发件人", "寄件者", "보낸 사람", "від",      "feladó",    "gönderen"};
static const char *const date_words[] = {"date",       "sent",      "datum",   "gesendet",   "envoyé",
                                         "envoyé le",  "fecha",     "enviado", "enviado el", "data",
                                         "inviato",    "verzonden", "skickat", "sendt",      "wysłano",
                                         "отправлено", "lähetetty", "дата",    "sent at"};
static const char *const other_words[] = {
    "sent",    "date",       "to",         "subject",       "cc",         "gesendet",   "datum",
    "an",      "betreff",    "kopie",      "envoyé",        "à",          "objet",      "date",
    "enviado", "enviado el", "enviada em", "fecha",         "para",       "asunto",     "assunto",
    "inviato", "a",          "oggetto",    "verzonden",     "aan",        "onderwerp",  "skickat",
    "till",    "ämne",       "sendt",      "til",           "emne",       "wysłano",    "do",
    "temat",   "reply-to",   "importance", "inviato il",    "data",       "отправлено", "кому",
    "тема",    "envoyé le",  "sent at",    "lähetetty",     "aihe",       "送信日時",   "宛先",
    "件名",    "发送时间",   "收件人",     "主题",          "日期",       "寄件日期",   "收件者",
    "主旨",    "보낸 날짜",  "받는 사람",  "제목",          "надіслано",  "тема",       "gönderilme tarihi",
    "kime",    "konu",       "lähetetty",  "vastaanottaja", "enviado em", "抄送",
};

/* What telephones and programs put under a mail, at the beginning of the line or at its end. */
static const char *const phone_marks[] = {
    "sent from my ",
    "sent from mail for ",
    "sent from outlook",
    "sent from yahoo",
    "sent from the ",
    "sent from samsung",
    "sent from a ",
    "sent via ",
    "sent with ",
    "sent using ",
    "sent by my ",
    "sent on my ",
    "get outlook for ",
    "von meinem ",
    "von meiner ",
    "gesendet von ",
    "gesendet mit ",
    "gesendet über ",
    "diese nachricht wurde von ",
    "envoyé de mon ",
    "envoyé depuis ",
    "envoyé à partir ",
    "téléchargez outlook",
    "enviado desde ",
    "enviado de mi ",
    "enviado do meu ",
    "enviado a partir ",
    "enviat des de",
    "obtener outlook",
    "obtenha o outlook",
    "inviato da",
    "scarica outlook",
    "outlook für ",
    "sendt fra ",
    "skickat från ",
    "verzonden vanaf ",
    "verzonden met ",
    "verstuurd vanaf ",
    "lähetetty ",
    "wysłane z ",
    "wysłano z ",
    "odesláno z ",
    "odoslané z ",
    "poslano z ",
    "poslano s ",
    "trimis de pe ",
    "отправлено с ",
    "отправлено из ",
    "надіслано з ",
    "изпратено от ",
    "στάλθηκε από ",
    "発信元",
    "发自我的",
    "从我的",
    "從我的",
    "傳送自",
    "나의 iphone에서",
    "được gửi từ ",
    "dikirim dari ",
    "sent from mailbox",
};
static const char *const phone_endings[] = {"から送信", "から送信されました", "에서 보냄", "gönderildi", " nosūtīts"};

/* How the paragraph begins that lawyers put under a mail; and what it then speaks of. */
static const char *const disclaimers[] = {
    "this e-mail",
    "this email",
    "this message",
    "this communication",
    "the information contained in",
    "the information in this",
    "the contents of this",
    "confidentiality",
    "confidential",
    "disclaimer",
    "notice:",
    "important notice",
    "legal notice",
    "diese e-mail",
    "diese mail",
    "diese nachricht",
    "der inhalt dieser",
    "este mensaje",
    "este correo",
    "la información contenida",
    "aviso legal",
    "aviso de confid",
    "ce message",
    "ce courriel",
    "cet e-mail",
    "ce mail",
    "questa e-mail",
    "questo messaggio",
    "le informazioni contenute",
    "dit bericht",
    "deze e-mail",
    "esta mensagem",
    "avis de confid",
    "please consider the environment",
    "think before you print",
    "bitte denken sie an die umwelt",
    "pensez à l'environnement",
    "antes de imprimir",
};
static const char *const disclaimed[] = {
    "confidential", "intended", "recipient",     "privileged",    "vertraulich", "adressat", "empfänger", "confiden",
    "destinat",     "riservat", "geadresseerde", "vertrouwelijk", "print",       "druck",    "imprim",    "virus",
};

#define ANY(text, list, test) any(text, list, G_N_ELEMENTS(list), test)

static gboolean
any(const char *text, const char *const *words, guint n, gboolean (*test)(const char *, const char *))
{
  for (guint i = 0; i < n; i++)
    if (test(text, words[i]))
      return TRUE;
  return FALSE;
}

static gboolean
has(const char *text, const char *word)
{
  return strstr(text, word) != NULL;
}

static gboolean
begins(const char *text, const char *word)
{
  return g_str_has_prefix(text, word);
}

static gboolean
ends(const char *text, const char *word)
{
  return g_str_has_suffix(text, word);
}

static gboolean
equals(const char *text, const char *word)
{
  return strcmp(text, word) == 0;
}

gboolean
sl_quote_ends_header(const char *lower)
{
  return g_str_has_suffix(lower, ":") || g_str_has_suffix(lower, "：") || g_str_has_suffix(lower, "----");
}

gboolean
sl_quote_opens_header(const char *lower)
{
  lower += strspn(lower, "-– ");
  if (sl_quote_has_date(lower))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(headers); i++)
    if (g_str_has_prefix(lower, headers[i].opens))
      return TRUE;
  return FALSE;
}

static gboolean
is_usual(const char *lower)
{
  for (guint i = 0; i < G_N_ELEMENTS(headers); i++)
    if (g_str_has_prefix(lower, headers[i].opens) && strstr(lower, headers[i].says))
      return TRUE;
  return FALSE;
}

gboolean
sl_quote_says_header(const char *lower, gboolean over_quote)
{
  lower += strspn(lower, "-– ");
  if (!sl_quote_ends_header(lower) || !strpbrk(lower, "0123456789"))
    return FALSE;
  return is_usual(lower) || ((over_quote || strchr(lower, '@')) && ANY(lower, verbs, has));
}

gboolean
sl_quote_is_dated(const char *lower)
{
  gboolean ended = g_str_has_suffix(lower, ">:") || g_str_has_suffix(lower, "):") || g_str_has_suffix(lower, ">：");
  return g_ascii_isdigit(*lower) && strchr(lower, '@') && ended && sl_quote_has_date(lower);
}

gboolean
sl_quote_is_named(const char *lower)
{
  gsize length = strlen(lower);
  const char *tail = lower + length - MIN(length, 40);
  while (((guchar)*tail & 0xc0) == 0x80)
    tail++;
  return length < SHORT_LINE && sl_quote_ends_header(lower) && ANY(tail, verbs, has);
}

gboolean
sl_quote_has_date(const char *lower)
{
  for (; *lower; lower++) {
    gsize n = strspn(lower, "0123456789");
    if (n == 0)
      continue;
    if (n == 4 || (n <= 2 && (lower[n] == ':' || lower[n] == '.') && g_ascii_isdigit(lower[n + 1])))
      return TRUE;
    lower += n - 1;
  }
  return FALSE;
}

gboolean
sl_quote_is_divider(const char *lower)
{
  if (g_str_has_prefix(lower, "begin forwarded message"))
    return TRUE;
  gsize marks = strspn(lower, "-_=# ");
  return marks >= 2 && ANY(lower + marks, dividers, begins);
}

SlQuoteField
sl_quote_field(const char *label)
{
  if (ANY(label, date_words, equals))
    return SL_QUOTE_DATE;
  return ANY(label, from_words, equals)    ? SL_QUOTE_FROM
         : ANY(label, other_words, equals) ? SL_QUOTE_OTHER
                                           : SL_QUOTE_NONE;
}

gboolean
sl_quote_is_phone_mark(const char *lower)
{
  gboolean sentence = g_str_has_suffix(lower, ".") && (strstr(lower, " is ") || strstr(lower, ", "));
  return (ANY(lower, phone_marks, begins) && !sentence) || ANY(lower, phone_endings, ends);
}

gboolean
sl_quote_is_disclaimer(const char *lower)
{
  lower += strspn(lower, "*_ ");
  return ANY(lower, disclaimers, begins) && ANY(lower, disclaimed, has);
}
