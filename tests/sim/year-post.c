/* SPDX-License-Identifier: ISC */
/* What leaves, and what lies in the Maildir: each letter is read there, compared with the store's bytes, and taken out. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/columns.h"
#include "tests/sim/year.h"

/* What the store knows of a letter that has arrived. */
typedef struct {
  gint64 id, ticket;
  char *kind, *sha256;
  GArray *tickets; /* gint64 */
} Row;

static void
row_clear(Row *row)
{
  g_free(row->kind);
  g_free(row->sha256);
  g_array_unref(row->tickets);
}

/* ---- a letter's bytes ---- */

/* The value of a header, unfolded; NULL. Owned. */
static char *
header(const char *bytes, const char *name)
{
  const char *end = strstr(bytes, "\r\n\r\n");
  g_autofree char *begin = g_strdup_printf("\n%s: ", name);
  const char *at = strstr(bytes, begin);
  if (!at || (end && at > end))
    return NULL;
  GString *value = g_string_new(NULL);
  for (at += strlen(begin); *at && !(*at == '\n' && at[1] != ' ' && at[1] != '\t'); at++) {
    if (*at != '\r' && *at != '\n')
      g_string_append_c(value, *at);
  }
  return g_string_free(value, FALSE);
}

/* What stands in the angle brackets. Owned. */
static char *
bracketed(const char *bytes, const char *name)
{
  g_autofree char *value = header(bytes, name);
  const char *from = value ? strrchr(value, '<') : NULL;
  const char *to = from ? strchr(from, '>') : NULL;
  return to ? g_strndup(from + 1, (gsize)(to - from - 1)) : g_strdup(value);
}

static void
lookup(World *w, const char *message_id, Row *out)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SlQuery) query = sl_db_query(w->work->db, "SELECT id, ticket, kind, sha256 FROM letter WHERE message_id = :m", &error);
  gboolean found = FALSE;
  if (query)
    sl_bind_text(query, "m", message_id);
  if (!query || !sl_query_next(query, &found, &error) || !found)
    fail(w, "a letter that nobody wrote: %s", error ? error->message : message_id);
  *out = (Row){.id = sl_column_int(query, 0), .ticket = sl_column_int(query, 1), .kind = g_strdup(sl_column_text(query, 2)),
               .sha256 = g_strdup(sl_column_text(query, 3))};
  g_autoptr(SlQuery) others = sl_db_query(w->work->db, "SELECT ticket FROM letter_ticket WHERE letter = :l ORDER BY ticket", &error);
  if (others)
    sl_bind_int(others, "l", out->id);
  out->tickets = others ? sl_query_ints(others, &error) : NULL;
  if (!out->tickets)
    fail(w, "%s", error->message);
  if (out->tickets->len == 0 && out->ticket)
    g_array_append_val(out->tickets, out->ticket);
}

/* ---- who has it now ---- */

static gboolean
is_staff(const World *w, const char *address)
{
  return sl_policy_agent_by_mail(w->config->policy, address) != NULL;
}

/* Staff answer the letters that brought them the customer's words. */
static gboolean
is_answered(const World *w, const Row *row, const char *to)
{
  return !is_staff(w, to) || strcmp(row->kind, "assignment") == 0 || strcmp(row->kind, "message") == 0;
}

static void
keep(World *w, const Row *row, const char *to, const char *bytes)
{
  for (guint i = 0; i < row->tickets->len; i++) {
    Talk *talk = g_hash_table_lookup(w->by_ticket, &g_array_index(row->tickets, gint64, i));
    if (!talk)
      continue;
    if (is_answered(w, row, to)) {
      Letter letter = {bracketed(bytes, "Reply-To"), bracketed(bytes, "Message-ID"), header(bytes, "Subject")};
      g_hash_table_insert(talk->held, g_strdup(to), g_memdup2(&letter, sizeof letter));
    }
    if (strcmp(row->kind, "ack") == 0 || strcmp(row->kind, "answer") == 0) {
      Letter letter = {bracketed(bytes, "Return-Path"), bracketed(bytes, "Message-ID"), NULL};
      g_hash_table_insert(talk->returns, g_strdup(row->kind), g_memdup2(&letter, sizeof letter));
    }
  }
}

/* ---- the Maildir ---- */

static int
by_name(gconstpointer a, gconstpointer b)
{
  return g_strcmp0(*(char *const *)a, *(char *const *)b);
}

static GString *
names_of(World *w, const Row *row)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; i < row->tickets->len; i++)
    g_ptr_array_add(names, g_hash_table_lookup(w->labels, &g_array_index(row->tickets, gint64, i)));
  g_ptr_array_sort(names, by_name);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf(text, "%s%s", i ? "," : "", names->pdata[i] ? (char *)names->pdata[i] : "?");
  return text;
}

/* "[L2] #1042 …" → "L2" */
static void
print_level(const World *w, const char *bytes)
{
  g_autofree char *subject = header(bytes, "Subject");
  if (subject && subject[0] == '[' && subject[1] == 'L')
    fprintf(w->out, "%.2s", subject + 1);
}

static void
print(World *w, const Row *row, const char *to, const char *bytes)
{
  g_autofree char *at = sl_time_format(world_now(w));
  GString *names = names_of(w, row);
  fprintf(w->out, "%s\t%s\t%s\t%s\t", at, row->kind, to, names->str);
  if (strcmp(row->kind, "escalation") == 0)
    print_level(w, bytes);
  fputc('\n', w->out);
  g_string_free(names, TRUE);
}

/* The two lines of delivery come first; what follows is what the store has. */
static void
check_bytes(const World *w, const Row *row, const char *bytes, gsize length)
{
  const char *body = strchr(strchr(bytes, '\n') + 1, '\n') + 1;
  g_autofree char *sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)body, length - (gsize)(body - bytes));
  if (strcmp(sha256, row->sha256) != 0)
    fail(w, "letter %" G_GINT64_FORMAT " arrived with other bytes than the store has", row->id);
}

static void
arrive(World *w, const char *path)
{
  g_autofree char *text = NULL;
  gsize length = 0;
  Row row;
  if (!g_file_get_contents(path, &text, &length, NULL))
    fail(w, "%s cannot be read", path);
  g_autofree char *bytes = g_strconcat("\n", text, NULL); /* the first line is found as every other */
  g_autofree char *id = bracketed(bytes, "Message-ID"), *to = header(bytes, "Delivered-To");
  if (!id || !to)
    fail(w, "%s has no Message-ID or is for nobody", path);
  if (!g_hash_table_add(w->arrived, g_strconcat(id, " ", to, NULL)))
    fail(w, "a letter arrived twice: %s to %s", id, to);
  lookup(w, id, &row);
  check_bytes(w, &row, text, length);
  keep(w, &row, to, bytes);
  print(w, &row, to, bytes);
  row_clear(&row);
  unlink(path);
}

static int
is_letter(const struct dirent *entry)
{
  return entry->d_name[0] != '.';
}

void
post_goes(World *w)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) sent = g_ptr_array_new_with_free_func((GDestroyNotify)sl_send_row_free);
  struct dirent **names = NULL;
  if (w->queued == 0)
    return;
  w->queued = 0;
  if (!sl_send_pass(w->sender, NULL, NULL, sent, &error))
    fail(w, "%s", error->message);
  if (sent->len == 0)
    return;
  int n = scandir(w->maildir, &names, is_letter, alphasort); /* names are in order of time */
  if (n < 0)
    fail(w, "there is no Maildir: %s", w->maildir);
  for (int i = 0; i < n; i++) {
    g_autofree char *path = g_build_filename(w->maildir, names[i]->d_name, NULL);
    arrive(w, path);
    free(names[i]);
  }
  free(names);
}

void
post_check(World *w)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SlQuery) query = sl_db_query(w->work->db, "SELECT count(*), coalesce(sum(state <> 'withdrawn' AND state <> 'sent'), 0),"
                                                      " coalesce(sum(state = 'sent'), 0) FROM delivery", &error);
  gboolean row = FALSE;
  if (!query || !sl_query_next(query, &row, &error) || !row)
    fail(w, "%s", error->message);
  if (sl_column_int(query, 1) != 0)
    fail(w, "%" G_GINT64_FORMAT " letters are neither sent nor withdrawn", sl_column_int(query, 1));
  if (sl_column_int(query, 2) != g_hash_table_size(w->arrived))
    fail(w, "the store has sent %" G_GINT64_FORMAT " letters, and %u arrived", sl_column_int(query, 2), g_hash_table_size(w->arrived));
}
