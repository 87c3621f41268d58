/* SPDX-License-Identifier: ISC */
#include "config/scan.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "config/config.h"
#include "config/table.h"

#define MOST_BYTES   (4 * 1024 * 1024)
#define MOST_INCLUDE 8

/* ---- faults ---- */

static void
add_fault(GPtrArray *faults, const char *file, int line, gboolean warning, const char *format, va_list args)
{
  SlConfigFault *fault = g_new0(SlConfigFault, 1);
  fault->error_from = SL_TIME_NONE;
  fault->file = g_strdup(file);
  fault->line = line;
  fault->what = g_strdup_vprintf(format, args);
  fault->warning = warning;
  g_ptr_array_add(faults, fault);
}

void
sl_fault(GPtrArray *faults, const char *file, int line, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  add_fault(faults, file, line, FALSE, format, args);
  va_end(args);
}

void
sl_warning(GPtrArray *faults, const char *file, int line, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  add_fault(faults, file, line, TRUE, format, args);
  va_end(args);
}

void
sl_config_fault_free(SlConfigFault *fault)
{
  if (!fault)
    return;
  g_free(fault->file);
  g_free(fault->what);
  g_free(fault);
}

char *
sl_config_fault_text(const SlConfigFault *fault)
{
  if (fault->line == 0)
    return g_strdup_printf("%s: %s", fault->file, fault->what);
  return g_strdup_printf("%s:%d: %s", fault->file, fault->line, fault->what);
}

/* ---- tokens ---- */

typedef enum { TOKEN_END, TOKEN_WORD, TOKEN_STRING, TOKEN_SIGN } TokenKind;

typedef struct {
  TokenKind kind;
  char sign;        /* = + { } , ( ) */
  char *text;       /* WORD, STRING; owned */
  gboolean double_quoted;
  int line;
  const char *start; /* in the file's text */
} Token;

typedef struct {
  SlScan *scan;
  GPtrArray *faults;
  char *file;
  const char *text, *at;
  int line, depth;
  Token token;       /* the one looked at */
  const char *copied; /* how far the text went into scan->text */
} Reader;

static void
skip_block_comment(Reader *r)
{
  int line = r->line;
  const char *end = strstr(r->at + 2, "*/");
  for (const char *p = r->at; p < (end ? end : r->at + strlen(r->at)); p++)
    r->line += *p == '\n';
  if (!end)
    sl_fault(r->faults, r->file, line, "a comment is opened by /* and never closed");
  r->at = end ? end + 2 : r->at + strlen(r->at);
}

static void
skip_space(Reader *r)
{
  for (;;) {
    if (*r->at == '\n')
      r->line++;
    if (*r->at && g_ascii_isspace(*r->at))
      r->at++;
    else if (*r->at == '#' || (*r->at == '/' && r->at[1] == '/'))
      r->at += strcspn(r->at, "\n");
    else if (*r->at == '/' && r->at[1] == '*')
      skip_block_comment(r);
    else
      return;
  }
}

/* ${VAR} and ${VAR:-default} in double quotes are libconfuse's; one that is not set would silently be empty. */
static void
check_variables(Reader *r, const char *text, int line)
{
  for (const char *p = strstr(text, "${"); p; p = strstr(p + 2, "${")) {
    const char *end = strchr(p, '}');
    if (!end)
      continue;
    g_autofree char *name = g_strndup(p + 2, strcspn(p + 2, "}:"));
    if (p[2 + strlen(name)] != ':' && !g_getenv(name))
      sl_fault(r->faults, r->file, line, "the variable ${%s} is not set (write ${%s:-default}, or use 'single quotes')", name, name);
  }
}

static void
read_string(Reader *r)
{
  char quote = *r->at;
  int line = r->line;
  g_autoptr(GString) text = g_string_new(NULL);
  for (r->at++; *r->at && *r->at != quote; r->at++) {
    r->line += *r->at == '\n';
    if (quote == '"' && *r->at == '\\' && r->at[1])
      r->at++;
    g_string_append_c(text, *r->at);
  }
  if (!*r->at)
    sl_fault(r->faults, r->file, line, "a string opened here is never closed");
  else
    r->at++;
  if (quote == '"')
    check_variables(r, text->str, line);
  r->token.kind = TOKEN_STRING;
  r->token.double_quoted = quote == '"';
  r->token.text = g_string_free(g_steal_pointer(&text), FALSE);
}

static void
next(Reader *r)
{
  g_clear_pointer(&r->token.text, g_free);
  skip_space(r);
  r->token = (Token){.line = r->line, .start = r->at};
  if (!*r->at)
    return;
  if (*r->at == '"' || *r->at == '\'') {
    read_string(r);
    return;
  }
  if (strchr("={},()", *r->at) || (*r->at == '+' && r->at[1] == '=')) {
    r->token.kind = TOKEN_SIGN;
    r->token.sign = *r->at;
    r->at += *r->at == '+' ? 2 : 1;
    return;
  }
  gsize n = strcspn(r->at, " \t\r\n={},()\"'#");
  if (n == 0)
    n = 1;
  r->token.kind = TOKEN_WORD;
  r->token.text = g_strndup(r->at, n);
  r->at += n;
}

static gboolean
is_sign(const Reader *r, char sign)
{
  return r->token.kind == TOKEN_SIGN && r->token.sign == sign;
}

/* ---- the tree ---- */

static void
node_free(SlScanNode *node)
{
  g_free(node->name);
  g_free(node->title);
  g_clear_pointer(&node->children, g_ptr_array_unref);
  g_clear_pointer(&node->values, g_ptr_array_unref);
  g_free(node);
}

static SlScanNode *
node_new(const Reader *r, const char *name, int line)
{
  SlScanNode *node = g_new0(SlScanNode, 1);
  node->name = g_strdup(name);
  node->file = r->file;
  node->line = line;
  node->children = g_ptr_array_new_with_free_func((GDestroyNotify)node_free);
  node->values = g_ptr_array_new_with_free_func(g_free);
  return node;
}

static void
take_value(Reader *r, SlScanNode *node)
{
  g_ptr_array_add(node->values, g_strdup(r->token.text));
  node->double_quoted |= r->token.double_quoted;
  if (r->token.kind == TOKEN_WORD) { /* libconfuse would end the word at a + */
    g_string_append_len(r->scan->text, r->copied, r->token.start - r->copied);
    g_string_append_printf(r->scan->text, "'%s'", r->token.text);
    r->copied = r->at;
  }
  if (r->token.kind == TOKEN_WORD && !*r->at) /* half a word may mean something else than the whole */
    sl_fault(r->faults, r->file, r->token.line, "the file ends in the middle of a line: was it cut off?");
  next(r);
}

static void
read_list(Reader *r, SlScanNode *node)
{
  int line = r->token.line;
  next(r);
  while (!is_sign(r, '}')) {
    if (r->token.kind == TOKEN_WORD || r->token.kind == TOKEN_STRING) {
      take_value(r, node);
    } else if (is_sign(r, ',')) {
      next(r);
    } else {
      sl_fault(r->faults, r->file, line, "the list of '%s' opened here is never closed", node->name);
      return;
    }
  }
  next(r);
}

static void
read_assignment(Reader *r, SlScanNode *node)
{
  node->appended = is_sign(r, '+');
  next(r);
  node->is_list = is_sign(r, '{');
  if (node->is_list)
    read_list(r, node);
  else if (r->token.kind == TOKEN_WORD || r->token.kind == TOKEN_STRING)
    take_value(r, node);
  else
    sl_fault(r->faults, r->file, node->line, "'%s' has no value", node->name);
}

static void read_items(Reader *r, SlScanNode *parent);

static void
read_section(Reader *r, SlScanNode *node)
{
  node->is_section = TRUE;
  next(r);
  read_items(r, node);
  if (is_sign(r, '}'))
    next(r);
  else
    sl_fault(r->faults, r->file, node->line, "section '%s%s%s' opened at line %d is never closed", node->name, node->title ? " " : "",
             node->title ? node->title : "", node->line);
}

static void read_file(SlScan *scan, const char *path, const char *from, int line, SlScanNode *into, int depth, GPtrArray *faults);

static void
read_include(Reader *r, SlScanNode *parent, const char *start)
{
  int line = r->token.line;
  next(r);
  g_autofree char *name = r->token.kind == TOKEN_STRING ? g_strdup(r->token.text) : NULL;
  next(r);
  if (!name || !is_sign(r, ')')) {
    sl_fault(r->faults, r->file, line, "include(\"FILE\") is wanted");
    if (is_sign(r, ')'))
      next(r);
    return;
  }
  g_autofree char *folder = g_path_get_dirname(r->file);
  g_autofree char *path = g_path_is_absolute(name) ? g_strdup(name) : g_build_filename(folder, name, NULL);
  g_string_append_len(r->scan->text, r->copied, start - r->copied);
  r->copied = r->at;
  read_file(r->scan, path, r->file, line, parent, r->depth + 1, r->faults);
  next(r);
}

static void
read_item(Reader *r, SlScanNode *parent)
{
  const char *start = r->token.start;
  g_autofree char *name = g_strdup(r->token.text);
  int line = r->token.line;
  next(r);
  if (strcmp(name, "include") == 0 && is_sign(r, '(')) {
    read_include(r, parent, start);
    return;
  }
  SlScanNode *node = node_new(r, name, line);
  g_ptr_array_add(parent->children, node);
  if (r->token.kind == TOKEN_STRING || r->token.kind == TOKEN_WORD) {
    node->title = g_strdup(r->token.text);
    next(r);
  }
  if (is_sign(r, '{')) {
    read_section(r, node);
  } else if ((is_sign(r, '=') || is_sign(r, '+')) && !node->title) {
    read_assignment(r, node);
  } else {
    sl_fault(r->faults, r->file, line, "after '%s' either = VALUE or { … } is wanted", name);
    if (r->token.kind == TOKEN_SIGN && !is_sign(r, '}'))
      next(r);
  }
}

static void
read_items(Reader *r, SlScanNode *parent)
{
  while (r->token.kind != TOKEN_END && !is_sign(r, '}')) {
    if (r->token.kind == TOKEN_WORD) {
      read_item(r, parent);
    } else {
      sl_fault(r->faults, r->file, r->token.line, "the name of an option is wanted here");
      next(r);
    }
  }
}

static void
check_bytes(Reader *r)
{
  int line = 1;
  for (const char *p = r->text; *p; p++) {
    line += *p == '\n';
    if ((guchar)*p < 0x20 && !strchr("\t\r\n", *p))
      sl_fault(r->faults, r->file, line, "there is a control byte (0x%02x) here", (guchar)*p);
  }
}

static char *
load_text(const char *path, const char *from, int line, GPtrArray *faults)
{
  struct stat st;
  g_autofree char *text = NULL;
  gsize length = 0;
  g_autoptr(GError) error = NULL;
  const char *why = stat(path, &st) != 0 ? g_strerror(errno) : !S_ISREG(st.st_mode) ? "it is no regular file" : NULL;
  if (!why && st.st_size > MOST_BYTES)
    why = "it is larger than 4 MiB";
  if (!why && !g_file_get_contents(path, &text, &length, &error))
    why = error->message;
  if (why) {
    sl_fault(faults, from, line, "%s%s%s", line ? path : "", line ? ": " : "", why);
    return NULL;
  }
  if (strlen(text) != length || !g_utf8_validate(text, -1, NULL)) {
    sl_fault(faults, path, 0, "it is no UTF-8 text");
    return NULL;
  }
  return g_steal_pointer(&text);
}

static void
read_file(SlScan *scan, const char *path, const char *from, int line, SlScanNode *into, int depth, GPtrArray *faults)
{
  if (depth > MOST_INCLUDE) {
    sl_fault(faults, from, line, "includes are nested too deeply (does %s include itself?)", path);
    return;
  }
  g_autofree char *text = load_text(path, from, line, faults);
  if (!text)
    return;
  char *file = g_strdup(path);
  g_ptr_array_add(scan->files, file);
  Reader r = {.scan = scan, .faults = faults, .file = file, .text = text, .at = text, .line = 1, .depth = depth, .copied = text};
  check_bytes(&r);
  next(&r);
  read_items(&r, into);
  if (is_sign(&r, '}'))
    sl_fault(faults, file, r.token.line, "a } without its {");
  g_string_append(scan->text, r.copied);
  g_string_append_c(scan->text, '\n');
  g_free(r.token.text);
}

SlScan *
sl_scan_file(const char *path, GPtrArray *faults)
{
  SlScan *scan = g_new0(SlScan, 1);
  const Reader nobody = {.file = NULL};
  scan->files = g_ptr_array_new_with_free_func(g_free);
  scan->text = g_string_new(NULL);
  scan->root = node_new(&nobody, "", 0);
  scan->root->is_section = TRUE;
  read_file(scan, path, path, 0, scan->root, 0, faults);
  return scan;
}

void
sl_scan_free(SlScan *scan)
{
  if (!scan)
    return;
  node_free(scan->root);
  g_string_free(scan->text, TRUE);
  g_ptr_array_unref(scan->files);
  g_free(scan);
}

const SlScanNode *
sl_scan_child(const SlScanNode *node, const char *name, guint n)
{
  for (guint i = 0; node && i < node->children->len; i++) {
    const SlScanNode *child = node->children->pdata[i];
    if (strcmp(child->name, name) == 0 && n-- == 0)
      return child;
  }
  return NULL;
}

/* ---- names ---- */

static guint
distance(const char *a, const char *b)
{
  gsize n = strlen(a), m = strlen(b);
  if (n > 40 || m > 40)
    return 99;
  guint row[48];
  for (guint j = 0; j <= m; j++)
    row[j] = j;
  for (guint i = 1; i <= n; i++) {
    guint diagonal = row[0];
    row[0] = i;
    for (guint j = 1; j <= m; j++) {
      guint above = row[j];
      row[j] = MIN(MIN(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] != b[j - 1]));
      diagonal = above;
    }
  }
  return row[m];
}

const char *
sl_suggest(const char *word, const char *const *names)
{
  const char *best = NULL;
  guint nearest = 3;
  for (guint i = 0; names[i]; i++) {
    guint d = distance(word, names[i]);
    if (d < nearest) {
      nearest = d;
      best = names[i];
    }
  }
  return best;
}

static const SlOption *
find_option(const char *section, const char *name)
{
  for (const SlOption *o = sl_option_table(); o->name; o++) {
    if (strcmp(o->section, section) == 0 && strcmp(o->name, name) == 0)
      return o;
  }
  return NULL;
}

static void
unknown(const SlScanNode *node, const char *section, GPtrArray *faults)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (const SlOption *o = sl_option_table(); o->name; o++) {
    if (strcmp(o->section, section) == 0)
      g_ptr_array_add(names, (gpointer)o->name);
  }
  g_ptr_array_add(names, NULL);
  const char *near = sl_suggest(node->name, (const char *const *)names->pdata);
  if (near)
    sl_fault(faults, node->file, node->line, "no such option '%s': did you mean '%s'?", node->name, near);
  else
    sl_fault(faults, node->file, node->line, "no such option '%s'%s%s", node->name, *section ? " in " : "", section);
}

static gboolean
takes_list(const SlOption *option)
{
  return option->type == SL_OPTION_LIST || option->type == SL_OPTION_REGEXES;
}

static void
check_doubled(const SlScanNode *parent, guint i, const SlOption *option, GPtrArray *faults)
{
  const SlScanNode *node = parent->children->pdata[i];
  for (guint j = 0; j < i; j++) {
    const SlScanNode *other = parent->children->pdata[j];
    if (strcmp(other->name, node->name) != 0 || g_strcmp0(other->title, node->title) != 0)
      continue;
    if (takes_list(option) && node->appended)
      continue;
    gboolean elsewhere = strcmp(other->file, node->file) != 0;
    sl_fault(faults, node->file, node->line, "'%s%s%s' stands here for the second time (first at %s%sline %d)", node->name,
             node->title ? " " : "", node->title ? node->title : "", elsewhere ? other->file : "", elsewhere ? ", " : "", other->line);
    return;
  }
}

static void
check_form(const SlScanNode *node, const SlOption *option, GPtrArray *faults)
{
  if (takes_list(option))
    return;
  if (node->appended)
    sl_fault(faults, node->file, node->line, "'%s' is no list: write %s = VALUE", node->name, node->name);
  else if (node->is_list)
    sl_fault(faults, node->file, node->line, "'%s' takes one value, not a list", node->name);
}

static void
check_section(const SlScanNode *parent, const char *section, GPtrArray *faults)
{
  for (guint i = 0; i < parent->children->len; i++) {
    const SlScanNode *node = parent->children->pdata[i];
    const SlOption *option = find_option(section, node->name);
    if (!option) {
      unknown(node, section, faults);
      continue;
    }
    check_doubled(parent, i, option, faults);
    if ((option->type == SL_OPTION_SECTION) != node->is_section) {
      sl_fault(faults, node->file, node->line, node->is_section ? "'%s' is an option: write %s = VALUE" : "'%s' is a section: write %s { … }",
               node->name, node->name);
      continue;
    }
    if (!node->is_section) {
      check_form(node, option, faults);
      continue;
    }
    if (option->titled && !node->title)
      sl_fault(faults, node->file, node->line, "section '%s' wants a name: %s \"NAME\" { … }", node->name, node->name);
    if (!option->titled && node->title)
      sl_fault(faults, node->file, node->line, "section '%s' takes no name", node->name);
    g_autofree char *inner = *section ? g_strdup_printf("%s.%s", section, node->name) : g_strdup(node->name);
    check_section(node, inner, faults);
  }
}

void
sl_scan_check(const SlScan *scan, GPtrArray *faults)
{
  check_section(scan->root, "", faults);
}
