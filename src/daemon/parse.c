/* SPDX-License-Identifier: ISC */
#include "daemon/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/json.h"
#include "mail/parse.h"

static SlJson *
mailbox_json(const SlMailbox *mailbox)
{
  SlJson *json = sl_json_object();
  sl_json_set_string(json, "name", mailbox->name);
  sl_json_set_string(json, "address", mailbox->address);
  return json;
}

static SlJson *
mailboxes_json(const GPtrArray *mailboxes)
{
  SlJson *array = sl_json_array();
  for (guint i = 0; i < mailboxes->len; i++)
    sl_json_add_take(array, mailbox_json(mailboxes->pdata[i]));
  return array;
}

static SlJson *
attachments_json(const GPtrArray *attachments)
{
  SlJson *array = sl_json_array();
  for (guint i = 0; i < attachments->len; i++) {
    const SlAttachment *a = attachments->pdata[i];
    SlJson *json = sl_json_object();
    sl_json_set_string(json, "name", a->name);
    sl_json_set_string(json, "type", a->type);
    sl_json_set_int(json, "size", a->size_bytes);
    sl_json_set_string(json, "sha256", a->sha256);
    sl_json_set_bool(json, "inline", a->is_inline);
    sl_json_set_bool(json, "executable", a->executable);
    sl_json_add_take(array, json);
  }
  return array;
}

static SlJson *
dsn_json(const GPtrArray *dsn)
{
  SlJson *array = sl_json_array();
  for (guint i = 0; i < dsn->len; i++) {
    const SlDsn *d = dsn->pdata[i];
    SlJson *json = sl_json_object();
    sl_json_set_string(json, "recipient", d->recipient);
    sl_json_set_string(json, "action", d->action);
    sl_json_set_string(json, "status", d->status);
    sl_json_set_string(json, "diagnostic", d->diagnostic);
    sl_json_set_string(json, "kind", d->kind);
    sl_json_add_take(array, json);
  }
  return array;
}

static SlJson *
forwarded_json(const SlForwarded *forwarded)
{
  SlJson *json = sl_json_object();
  sl_json_set_take(json, "from", mailbox_json(forwarded->from));
  sl_json_set_time(json, "date", forwarded->date);
  sl_json_set_string(json, "subject", forwarded->subject);
  sl_json_set_string(json, "text", forwarded->text);
  return json;
}

static void
print_mail(const char *source, const SlMail *mail)
{
  g_autoptr(SlJson) json = sl_json_object();
  sl_json_set_string(json, "source", source);
  sl_json_set_string(json, "subject", mail->subject);
  if (mail->from)
    sl_json_set_take(json, "from", mailbox_json(mail->from));
  else
    sl_json_set_null(json, "from");
  sl_json_set_take(json, "reply_to", mailboxes_json(mail->reply_to));
  sl_json_set_take(json, "to", mailboxes_json(mail->to));
  sl_json_set_take(json, "cc", mailboxes_json(mail->cc));
  sl_json_set_time(json, "date", mail->date);
  sl_json_set_string(json, "message_id", mail->message_id);
  sl_json_set_take(json, "in_reply_to", sl_json_strings(mail->in_reply_to));
  sl_json_set_take(json, "references", sl_json_strings(mail->references));
  sl_json_set_string(json, "text", mail->text);
  sl_json_set_string(json, "reply", mail->reply);
  sl_json_set_bool(json, "html", mail->html);
  sl_json_set_take(json, "attachments", attachments_json(mail->attachments));
  sl_json_set_string(json, "origin", sl_origin_word(mail->origin));
  sl_json_set_string(json, "origin_reason", mail->origin_reason);
  sl_json_set_take(json, "dsn", dsn_json(mail->dsn));
  sl_json_set_string(json, "dsn_message_id", mail->dsn_message_id);
  if (mail->forwarded)
    sl_json_set_take(json, "forwarded", forwarded_json(mail->forwarded));
  else
    sl_json_set_null(json, "forwarded");
  sl_json_set_take(json, "faults", sl_json_strings(mail->faults));
  g_autofree char *text = sl_json_print(json, FALSE);
  puts(text);
}

static int
parse_fd(const char *source, int fd)
{
  const SlMailOptions options = {.max_message_bytes = 35 * 1024 * 1024, .max_text_bytes = 1024 * 1024};
  g_autoptr(GError) error = NULL;
  g_autoptr(SlMail) mail = sl_mail_parse_fd(fd, 0, &options, &error);
  if (mail) {
    print_mail(source, mail);
    return 0;
  }
  fprintf(stderr, "slate: %s: %s\n", source, error->message);
  return sl_error_exit_code(error);
}

static gint
by_name(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int parse_path(const char *path);

static int
parse_folder(const char *path)
{
  int code = 0;
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  const char *name;
  while (dir && (name = g_dir_read_name(dir)))
    g_ptr_array_add(names, g_build_filename(path, name, NULL));
  g_ptr_array_sort(names, by_name);
  for (guint i = 0; i < names->len; i++) {
    int one = parse_path(names->pdata[i]);
    code = code ? code : one;
  }
  return code;
}

static int
parse_path(const char *path)
{
  struct stat st;
  if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
    return parse_folder(path);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    fprintf(stderr, "slate: %s: %s\n", path, g_strerror(errno));
    return 66;
  }
  int code = parse_fd(path, fd);
  close(fd);
  return code;
}

/* A pipe cannot be read twice: it goes into a nameless file first. */
static int
parse_stdin(void)
{
  char buffer[65536];
  ssize_t n;
  FILE *copy = tmpfile();
  while (copy && (n = read(STDIN_FILENO, buffer, sizeof buffer)) > 0) {
    if (fwrite(buffer, 1, (size_t)n, copy) != (size_t)n)
      break;
  }
  if (!copy || fflush(copy) != 0) {
    fprintf(stderr, "slate: standard input: %s\n", g_strerror(errno));
    return 74;
  }
  int code = parse_fd("-", fileno(copy));
  fclose(copy);
  return code;
}

int
sl_parse_files(char **paths)
{
  int code = 0;
  if (!paths)
    return parse_stdin();
  for (guint i = 0; paths[i]; i++) {
    int one = strcmp(paths[i], "-") == 0 ? parse_stdin() : parse_path(paths[i]);
    code = code ? code : one;
  }
  return code;
}
