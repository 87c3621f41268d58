/* SPDX-License-Identifier: ISC */
#include "daemon/import.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/wall.h"
#include "daemon/outcome.h"
#include "work/import.h"

#define SHOW_EVERY_USEC (100 * 1000)
#define BAR_WIDTH       12

typedef struct {
  const SlWorker *worker;
  gint64 total, done; /* total -1: not counted */
  guint n[SL_OUTCOME_NONE + 1];
  gint64 started_usec, shown_usec;
  int tenths;         /* shown so far, where there is no terminal */
  gboolean tty, bar;  /* standard error is a terminal; a bar stands on its last line */
  int code;           /* the exit code of the first thing that was wrong */
  char *no_mail;      /* the first file of a folder that is no mail */
  guint n_no_mail;
} Import;

/* ---- progress ---- */

static double
rate(const Import *import, gint64 now_usec)
{
  return (double)import->done * G_USEC_PER_SEC / (double)MAX(1, now_usec - import->started_usec);
}

static void
show_bar(Import *import, gint64 now_usec)
{
  char bar[BAR_WIDTH + 1] = "";
  double a_sec = rate(import, now_usec);
  gint64 left_sec = a_sec > 0 ? (gint64)((double)(import->total - import->done) / a_sec) : 0;
  gint64 filled = import->total ? import->done * BAR_WIDTH / import->total : BAR_WIDTH;
  memset(bar, '-', BAR_WIDTH);
  memset(bar, '#', (size_t)CLAMP(filled, 0, BAR_WIDTH));
  fprintf(stderr, "\rimport  [%s]  %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "  %.0f/s  ETA %" G_GINT64_FORMAT ":%02d\033[K", bar, import->done,
          import->total, a_sec, left_sec / 60, (int)(left_sec % 60));
  import->bar = TRUE;
  import->shown_usec = now_usec;
}

static void
show_tenth(Import *import, gint64 now_usec)
{
  int tenths = (int)(import->done * 10 / import->total);
  if (tenths <= import->tenths)
    return;
  import->tenths = tenths;
  fprintf(stderr, "import  %d %%  %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "  %.0f/s\n", tenths * 10, import->done, import->total,
          rate(import, now_usec));
}

static void
show(Import *import)
{
  gint64 now_usec = sl_wall_boot_usec();
  if (import->total <= 0)
    return;
  if (!import->tty)
    show_tenth(import, now_usec);
  else if (now_usec - import->shown_usec > SHOW_EVERY_USEC)
    show_bar(import, now_usec);
}

static void
end_bar(Import *import)
{
  if (import->bar)
    fputs("\r\033[K", stderr);
  import->bar = FALSE;
}

/* ---- what comes of it ---- */

/* The document is printed as it grows: a hundred thousand results need no memory. */
static void
on_outcome(const char *source, const SlStepResult *result, gpointer user)
{
  Import *import = user;
  if (import->worker->json) {
    g_autoptr(SlJson) json = sl_outcome_json(source, result);
    g_autofree char *text = sl_json_print(json, FALSE);
    printf("%s%s", import->done ? "," : "", text);
  }
  if (import->worker->verbose)
    sl_log(SL_LOG_DEBUG, "imported", "source", source, "outcome", sl_outcome_word(result->outcome), "reason", result->reason, NULL);
  import->done++;
  import->n[result->outcome]++;
  show(import);
}

static void
on_passed_over(const char *path, int code, const char *why, gpointer user)
{
  Import *import = user;
  const GError as_error = {.domain = SL_ERROR, .code = code};
  if (code < 0) { /* one line for all of them, at the end */
    import->n_no_mail++;
    import->no_mail = import->no_mail ? import->no_mail : g_strdup(path);
    return;
  }
  end_bar(import);
  fprintf(stderr, "slate: %s: %s\n", path, why);
  if (code && !import->code)
    import->code = sl_error_exit_code(&as_error);
}

static gboolean
on_beat(gpointer user)
{
  const Import *import = user;
  return !sl_worker_stopping(import->worker);
}

static void
print_summary(const Import *import)
{
  const char *comma = ": ";
  if (import->n_no_mail)
    fprintf(stderr, "slate: %u files are no mail and were passed over, the first: %s\n", import->n_no_mail, import->no_mail);
  if (import->worker->json || import->worker->quiet)
    return;
  printf("%" G_GINT64_FORMAT " mails", import->done);
  for (guint i = 0; i < SL_OUTCOME_NONE; i++) {
    if (!import->n[i])
      continue;
    printf("%s%u %s", comma, import->n[i], sl_outcome_word((SlOutcome)i));
    comma = ", ";
  }
  puts("");
}

/* The rest of the document; an error stands in it, too. */
static int
finish(Import *import, GError *error)
{
  end_bar(import);
  print_summary(import);
  int code = error ? sl_error_exit_code(error) : import->code;
  if (error)
    fprintf(stderr, "slate: %s\n", error->message);
  if (!import->worker->json)
    return code;
  fputs("]", stdout);
  if (error) {
    g_autoptr(SlJson) inner = sl_json_object();
    sl_json_set_string(inner, "code", sl_error_word(error));
    sl_json_set_string(inner, "message", error->message);
    g_autofree char *text = sl_json_print(inner, FALSE);
    printf(",\"error\":%s", text);
  }
  puts("}");
  return code;
}

int
sl_import_run(SlWorker *worker, SlSpool *spool, const char *mailbox, gboolean no_letters)
{
  Import import = {.worker = worker, .total = -1, .started_usec = sl_wall_boot_usec(), .tty = isatty(STDERR_FILENO)};
  const SlImportOptions options = {.mailbox = mailbox, .no_letters = no_letters, .outcome = on_outcome, .passed_over = on_passed_over,
                                   .beat = on_beat, .user = &import};
  g_autoptr(GError) error = NULL;
  if (!worker->arguments || !worker->arguments[0]) {
    g_set_error_literal(&error, SL_ERROR, SL_ERROR_USAGE, "usage: slate import [--mailbox M] [--no-letters] PATH…");
    return sl_worker_fail(worker, g_steal_pointer(&error));
  }
  if (worker->json)
    fputs("{\"results\":[", stdout);
  gboolean ok = worker->quiet || sl_import_count(worker->arguments, on_beat, &import, &import.total, &error);
  ok = ok && sl_import_pass(worker->work, spool, worker->arguments, &options, &error);
  int code = finish(&import, ok ? NULL : error);
  g_free(import.no_mail);
  return code;
}
