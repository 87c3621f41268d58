/* SPDX-License-Identifier: ISC */
#include "desk/orders.h"

#include <string.h>

#define MOST_NAMED 100

static void
order_free(SlOrder *order)
{
  g_free(order->argument);
  g_free(order->text);
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
  g_free(orders->doubtful);
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

/* A verb that the word may well have meant; NULL: none is near. */
static const char *
nearest_verb(const char *word)
{
  const char *best = NULL;
  guint nearest = (strlen(word) > 4 ? 2 : 1) + 1;
  for (guint i = 0; i < SL_N_VERBS; i++) {
    const char *verb = sl_verb_word((SlVerb)i);
    guint d = distance(word, verb);
    if (sl_verb_by_mail((SlVerb)i) && d < nearest) {
      best = verb;
      nearest = d;
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

/* Nothing but slash words, either one that we know among them or all of them bare: a mail of /foobar alone was meant for us, and so
 * was what stands between commands; "/tmp is full" was not. */
static gboolean
all_slash(char **lines, guint from, guint to)
{
  gboolean known = FALSE, bare = TRUE;
  guint n = 0;
  for (guint i = from; i < to; i++) {
    const char *rest = "";
    SlVerb verb;
    g_autofree char *word = slash_word(lines[i], &rest);
    if (!*lines[i])
      continue;
    if (!word)
      return FALSE;
    known |= sl_verb_parse(word, &verb);
    bare &= rest[strspn(rest, " \t")] == '\0';
    n++;
  }
  return n > 0 && (known || bare);
}

static Line
read_line(const SlPolicy *policy, const char *line, gboolean among_commands)
{
  Line found = {0};
  g_autofree char *word = slash_word(line, &found.rest);
  if (!word || sl_policy_agent(policy, word)) /* an agent's own name is a signature: "/Chen" */
    return found;
  if (sl_verb_parse(word, &found.verb) && sl_verb_by_mail(found.verb)) {
    found.is_order = TRUE;
    return found;
  }
  found.is_unknown = among_commands || (strlen(word) > 2 && nearest_verb(word)); /* "/tmp is full" is a path */
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
  if (orders->unknown)
    return;
  const char *near = nearest_verb(line->word);
  orders->unknown = g_strconcat("/", line->word, NULL);
  orders->suggestion = near ? g_strconcat("/", near, NULL) : NULL;
}

gint64
sl_orders_number(const char **text)
{
  const char *p = *text + strspn(*text, " \t");
  char *end = NULL;
  p += *p == '#';
  if (!g_ascii_isdigit(*p))
    return 0;
  gint64 number = g_ascii_strtoll(p, &end, 10);
  if (*end && !g_ascii_isspace(*end) && !strchr(":,.;", *end))
    return 0; /* "16:00", "2h" */
  if (*end == ':' && g_ascii_isdigit(end[1]))
    return 0;
  *text = end + strspn(end, " \t:,.;");
  return number;
}

static SlOrder *
add_order(SlOrders *orders, const Line *line, gboolean named)
{
  SlOrder *order = g_new0(SlOrder, 1);
  const char *rest = line->rest;
  order->verb = line->verb;
  order->ticket = named ? sl_orders_number(&rest) : 0;
  order->argument = g_strstrip(g_strdup(rest));
  order->text = g_strdup("");
  g_ptr_array_add(orders->orders, order);
  return order;
}

static void
note_doubtful(SlOrders *orders, const Line *line)
{
  if (!orders->doubtful)
    orders->doubtful = g_strconcat("/", sl_verb_word(line->verb), NULL);
}

static void
note_line(SlOrders *orders, const Line *line, gboolean may, GString *text, const char *raw)
{
  if (line->is_order && may)
    add_order(orders, line, FALSE);
  else if (line->is_unknown && may)
    note_unknown(orders, line);
  else
    g_string_append_printf(text, "%s\n", raw);
  if (line->is_order && !may)
    note_doubtful(orders, line);
}

static SlOrders *
orders_new(void)
{
  SlOrders *orders = g_new0(SlOrders, 1);
  orders->orders = g_ptr_array_new_with_free_func((GDestroyNotify)order_free);
  return orders;
}

static SlOrders *
read_orders(const SlPolicy *policy, const char *reply, gboolean anywhere)
{
  SlOrders *orders = orders_new();
  g_autoptr(GString) text = g_string_new(NULL);
  g_auto(GStrv) lines = g_strsplit(reply, "\n", -1);
  g_auto(GStrv) trimmed = g_strdupv(lines);
  guint n = text_end(lines);
  for (guint i = 0; i < n; i++)
    g_strchomp(trimmed[i]);
  guint head = first_block_end(trimmed, n), tail = last_block_start(trimmed, n);
  gboolean head_only = all_slash(trimmed, 0, head), tail_only = all_slash(trimmed, tail, n);
  for (guint i = 0; lines[i]; i++) {
    gboolean among = (i < head && head_only) || (i >= tail && tail_only);
    Line line = i < n ? read_line(policy, lines[i], among) : (Line){0};
    gboolean may = i < head || i >= tail || (anywhere && line.is_order);
    note_line(orders, &line, may, text, lines[i]);
    g_free(line.word);
  }
  orders->text = g_strstrip(g_string_free(g_steal_pointer(&text), FALSE));
  return orders;
}

SlOrders *
sl_orders_read(const SlPolicy *policy, const char *reply)
{
  return read_orders(policy, reply, FALSE);
}

SlOrders *
sl_orders_read_anywhere(const SlPolicy *policy, const char *reply)
{
  return read_orders(policy, reply, TRUE);
}

static void
append_line(char **text, const char *line)
{
  char *longer = g_strconcat(*text, **text ? "\n" : "", line, NULL);
  g_free(*text);
  *text = longer;
}

SlOrders *
sl_orders_read_named(const SlPolicy *policy, const char *reply)
{
  SlOrders *orders = orders_new();
  SlOrder *last = NULL;
  g_auto(GStrv) lines = g_strsplit(reply, "\n", -1);
  guint n = text_end(lines);
  gboolean among = all_slash(lines, 0, n);
  orders->text = g_strdup("");
  for (guint i = 0; i < n; i++) {
    Line line = read_line(policy, lines[i], among);
    if (line.is_order)
      last = add_order(orders, &line, TRUE);
    else if (line.is_unknown)
      note_unknown(orders, &line);
    else
      append_line(last ? &last->text : &orders->text, lines[i]);
    g_free(line.word);
  }
  g_strstrip(orders->text);
  for (guint i = 0; i < orders->orders->len; i++)
    g_strstrip(((SlOrder *)orders->orders->pdata[i])->text);
  return orders;
}

static void
add_number(GArray *tickets, gint64 number)
{
  for (guint i = 0; i < tickets->len; i++) {
    if (g_array_index(tickets, gint64, i) == number)
      return;
  }
  if (number > 0 && tickets->len < MOST_NAMED)
    g_array_append_val(tickets, number);
}

GArray *
sl_orders_tickets(const SlOrders *orders)
{
  GArray *tickets = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < orders->orders->len; i++) {
    const SlOrder *order = orders->orders->pdata[i];
    const char *argument = order->argument;
    add_number(tickets, order->ticket);
    if (order->verb == SL_VERB_MERGE || order->verb == SL_VERB_LINK)
      add_number(tickets, sl_orders_number(&argument));
  }
  return tickets;
}
