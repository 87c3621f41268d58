/* SPDX-License-Identifier: ISC */
#include "desk/orders.h"

#include <string.h>

static void
order_free(SlOrder *order)
{
  g_free(order->argument);
  g_free(order);
}

void
sl_orders_free(SlOrders *orders)
{
  if (!orders)
    return;
  g_ptr_array_unref(orders->orders);
  g_free(orders->text);
  g_free(orders->unknown);
  g_free(orders->suggestion);
  g_free(orders);
}

/* Edit distance of short words, for "did you mean"; more than 9 letters are no verb. */
static guint
distance(const char *a, const char *b)
{
  guint row[32];
  gsize n = strlen(a), m = strlen(b);
  if (n > 12 || m > 30)
    return 99;
  for (guint j = 0; j <= m; j++)
    row[j] = j;
  for (guint i = 1; i <= n; i++) {
    guint diagonal = row[0];
    row[0] = i;
    for (guint j = 1; j <= m; j++) {
      guint above = row[j];
      guint cost = g_ascii_tolower(a[i - 1]) != b[j - 1];
      row[j] = MIN(MIN(row[j] + 1, row[j - 1] + 1), diagonal + cost);
      diagonal = above;
    }
  }
  return row[m];
}

static gboolean
by_mail(SlVerb verb)
{
  return verb != SL_VERB_REPLY && verb != SL_VERB_NEW;
}

static const char *
nearest_verb(const char *word, guint *out_distance)
{
  const char *best = NULL;
  *out_distance = 99;
  for (guint i = 0; i < SL_N_VERBS; i++) {
    const char *verb = sl_verb_word((SlVerb)i);
    guint d = distance(word, verb);
    if (by_mail((SlVerb)i) && d < *out_distance) {
      best = verb;
      *out_distance = d;
    }
  }
  return best;
}

/* The word after a slash in column 0; NULL when the line has none. Owned. *out_rest: what follows it. */
static char *
slash_word(const char *line, const char **out_rest)
{
  gsize n = 0;
  if (*line != '/')
    return NULL;
  while (g_ascii_isalpha(line[1 + n]))
    n++;
  gboolean ends = !line[1 + n] || g_ascii_isspace(line[1 + n]) || line[1 + n] == ':';
  if (n == 0 || !ends)
    return NULL; /* a path such as /etc/hosts, or "/ 2" */
  *out_rest = line + 1 + n + (line[1 + n] == ':');
  return g_strndup(line + 1, n);
}

typedef struct {
  gboolean is_order, is_unknown;
  SlVerb verb;
  const char *rest;
  char *word;
} Line;

static Line
read_line(const SlPolicy *policy, const char *line)
{
  Line found = {0};
  g_autofree char *word = slash_word(line, &found.rest);
  guint far;
  if (!word || sl_policy_agent(policy, word)) /* an agent's own name is a signature: "/Chen" */
    return found;
  if (sl_verb_parse(word, &found.verb) && by_mail(found.verb)) {
    found.is_order = TRUE;
    return found;
  }
  nearest_verb(word, &far);
  found.is_unknown = strlen(word) > 2 && far <= (strlen(word) > 4 ? 2 : 1); /* "/tmp is full" is a path */
  found.word = found.is_unknown ? g_steal_pointer(&word) : NULL;
  return found;
}

/* Blocks are parted by empty lines; commands stand in the first or the last one that is not a signature. */
static guint
first_block_end(char **lines, guint n)
{
  guint i = 0;
  while (i < n && !*g_strstrip(lines[i]))
    i++;
  while (i < n && *lines[i])
    i++;
  return i;
}

static guint
last_block_start(char **lines, guint n)
{
  guint i = n;
  while (i > 0 && !*lines[i - 1])
    i--;
  while (i > 0 && *lines[i - 1])
    i--;
  return i;
}

static guint
text_end(char **lines)
{
  guint n = 0;
  while (lines[n] && strcmp(lines[n], "-- ") != 0 && strcmp(lines[n], "--") != 0)
    n++;
  return n;
}

static void
note_unknown(SlOrders *orders, const Line *line)
{
  guint far;
  if (orders->unknown)
    return;
  orders->unknown = g_strconcat("/", line->word, NULL);
  orders->suggestion = g_strconcat("/", nearest_verb(line->word, &far), NULL);
}

static void
add_order(SlOrders *orders, const Line *line)
{
  SlOrder *order = g_new0(SlOrder, 1);
  order->verb = line->verb;
  order->argument = g_strstrip(g_strdup(line->rest));
  g_ptr_array_add(orders->orders, order);
}

SlOrders *
sl_orders_read(const SlPolicy *policy, const char *reply)
{
  SlOrders *orders = g_new0(SlOrders, 1);
  g_autoptr(GString) text = g_string_new(NULL);
  g_auto(GStrv) lines = g_strsplit(reply, "\n", -1);
  g_auto(GStrv) trimmed = g_strdupv(lines);
  guint n = text_end(lines);
  for (guint i = 0; i < n; i++)
    g_strchomp(trimmed[i]);
  guint head = first_block_end(trimmed, n), tail = last_block_start(trimmed, n);
  orders->orders = g_ptr_array_new_with_free_func((GDestroyNotify)order_free);
  for (guint i = 0; lines[i]; i++) {
    gboolean may = i < n && (i < head || i >= tail);
    Line line = may ? read_line(policy, lines[i]) : (Line){0};
    if (line.is_order)
      add_order(orders, &line);
    else if (line.is_unknown)
      note_unknown(orders, &line);
    else
      g_string_append_printf(text, "%s\n", lines[i]);
    g_free(line.word);
  }
  orders->text = g_strstrip(g_string_free(g_steal_pointer(&text), FALSE));
  return orders;
}
