/* SPDX-License-Identifier: ISC */
#include "config/values.h"

#include <confuse.h>
#include <math.h>
#include <string.h>

#include "base/address.h"
#include "base/secret.h"

#define MOST_SIZE_BYTES (G_GUINT64_CONSTANT(1) << 50)

struct SlValues {
  SlScan *scan;
  GPtrArray *faults;
  cfg_t *cfg;
  GPtrArray *tables; /* cfg_opt_t arrays */
};

/* Everything is text to libconfuse: what a value means is the table's word, and so is what is said of a bad one. */
static cfg_opt_t *
make_options(SlValues *values, const char *section)
{
  GArray *options = g_array_new(TRUE, TRUE, sizeof(cfg_opt_t));
  for (const SlOption *o = sl_option_table(); o->name; o++) {
    if (strcmp(o->section, section) != 0)
      continue;
    if (o->type == SL_OPTION_SECTION) {
      g_autofree char *inner = *section ? g_strdup_printf("%s.%s", section, o->name) : g_strdup(o->name);
      cfg_flag_t flags = o->titled ? CFGF_MULTI | CFGF_TITLE | CFGF_NODEFAULT : CFGF_NODEFAULT;
      cfg_opt_t option = CFG_SEC(o->name, make_options(values, inner), flags);
      g_array_append_val(options, option);
    } else if (o->type == SL_OPTION_LIST || o->type == SL_OPTION_REGEXES) {
      cfg_opt_t option = CFG_STR_LIST(o->name, 0, CFGF_NODEFAULT);
      g_array_append_val(options, option);
    } else {
      cfg_opt_t option = CFG_STR(o->name, 0, CFGF_NODEFAULT);
      g_array_append_val(options, option);
    }
  }
  cfg_opt_t end = CFG_END();
  g_array_append_val(options, end);
  cfg_opt_t *table = (cfg_opt_t *)(gpointer)g_array_free(options, FALSE);
  g_ptr_array_add(values->tables, table);
  return table;
}

/* Our scan has said already, with the right line, whatever libconfuse could find: it does not speak itself. */
static void
be_quiet(cfg_t *cfg, const char *format, va_list args)
{
  (void)cfg;
  (void)format;
  (void)args;
}

SlValues *
sl_values_new(SlScan *scan, GPtrArray *faults)
{
  SlValues *values = g_new0(SlValues, 1);
  values->scan = scan;
  values->faults = faults;
  values->tables = g_ptr_array_new_with_free_func(g_free);
  /* an unknown option must not hide the faults behind it: our scan has named it */
  values->cfg = cfg_init(make_options(values, ""), CFGF_IGNORE_UNKNOWN);
  cfg_set_error_function(values->cfg, be_quiet);
  if (cfg_parse_buf(values->cfg, scan->text->str) == CFG_SUCCESS)
    return values;
  sl_values_free(values);
  return NULL;
}

void
sl_values_free(SlValues *values)
{
  if (!values)
    return;
  cfg_free(values->cfg);
  g_ptr_array_unref(values->tables);
  g_free(values);
}

SlSection
sl_values_root(SlValues *values)
{
  return (SlSection){values, "", values->cfg, values->scan->root};
}

guint
sl_section_count(const SlSection *section, const char *name)
{
  guint n = 0;
  while (sl_scan_child(section->node, name, n))
    n++;
  return n;
}

SlSection
sl_section_nth(const SlSection *section, const char *name, guint n, const char *path)
{
  const SlScanNode *node = sl_scan_child(section->node, name, n);
  cfg_t *cfg = node->title ? cfg_gettsec((cfg_t *)section->cfg, name, node->title) : NULL; /* a title that stands twice is one to libconfuse */
  return (SlSection){section->values, path, cfg ? cfg : cfg_getnsec((cfg_t *)section->cfg, name, n), node};
}

const char *
sl_section_title(const SlSection *section)
{
  return section->node->title ? section->node->title : "";
}

gboolean
sl_section_has(const SlSection *section, const char *name)
{
  return sl_scan_child(section->node, name, 0) != NULL;
}

static const SlOption *
option_of(const SlSection *section, const char *name)
{
  for (const SlOption *o = sl_option_table(); o->name; o++) {
    if (strcmp(o->section, section->path) == 0 && strcmp(o->name, name) == 0)
      return o;
  }
  g_assert_not_reached();
}

static void
note(const SlSection *section, const char *name, gboolean warning, const char *format, va_list args)
{
  const SlScanNode *node = name ? sl_scan_child(section->node, name, 0) : NULL;
  g_autofree char *text = g_strdup_vprintf(format, args);
  if (!node)
    node = section->node;
  const char *file = node->file ? node->file : section->values->scan->files->pdata[0];
  if (warning)
    sl_warning(section->values->faults, file, node->line, "%s", text);
  else
    sl_fault(section->values->faults, file, node->line, "%s", text);
}

void
sl_section_fault(const SlSection *section, const char *name, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  note(section, name, FALSE, format, args);
  va_end(args);
}

void
sl_section_warning(const SlSection *section, const char *name, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  note(section, name, TRUE, format, args);
  va_end(args);
}

void
sl_section_deadline(const SlSection *section, const char *name, SlTime from, const char *format, ...)
{
  va_list args;
  GPtrArray *faults = section->values->faults;
  va_start(args, format);
  note(section, name, TRUE, format, args);
  va_end(args);
  ((SlConfigFault *)faults->pdata[faults->len - 1])->error_from = from;
}

static gboolean
among(const char *words, const char *word)
{
  g_auto(GStrv) list = g_strsplit(words, "|", -1);
  return g_strv_contains((const char *const *)list, word);
}

const char *
sl_section_string(const SlSection *section, const char *name)
{
  const SlOption *option = option_of(section, name);
  const char *text = sl_section_has(section, name) ? cfg_getstr((cfg_t *)section->cfg, name) : NULL;
  if (!text)
    return option->fallback;
  if (option->type == SL_OPTION_WORD && !among(option->words, text)) {
    g_auto(GStrv) words = g_strsplit(option->words, "|", -1);
    g_autofree char *list = g_strjoinv(", ", words);
    sl_section_fault(section, name, "%s = \"%s\": one of %s is wanted", name, text, list);
    return option->fallback;
  }
  return text;
}

gint64
sl_section_int(const SlSection *section, const char *name, gint64 fallback)
{
  const char *text = sl_section_string(section, name);
  gint64 value = fallback;
  if (text && !g_ascii_string_to_signed(text, 10, 0, 1000000000, &value, NULL))
    sl_section_fault(section, name, "%s = \"%s\": a whole number is wanted", name, text);
  return value;
}

double
sl_section_float(const SlSection *section, const char *name, double fallback)
{
  const char *text = sl_section_string(section, name);
  char *end = NULL;
  if (!text)
    return fallback;
  double value = g_ascii_strtod(text, &end);
  if (end != text && !*end && isfinite(value) && value >= 0)
    return value;
  sl_section_fault(section, name, "%s = \"%s\": a number is wanted", name, text);
  return fallback;
}

gboolean
sl_section_bool(const SlSection *section, const char *name, gboolean fallback)
{
  const char *text = sl_section_string(section, name);
  if (!text)
    return fallback;
  if (strcmp(text, "true") == 0 || strcmp(text, "yes") == 0 || strcmp(text, "on") == 0)
    return TRUE;
  if (strcmp(text, "false") != 0 && strcmp(text, "no") != 0 && strcmp(text, "off") != 0)
    sl_section_fault(section, name, "%s = \"%s\": true or false is wanted", name, text);
  return FALSE;
}

gint64
sl_section_duration(const SlSection *section, const char *name, gint64 fallback_sec)
{
  const char *text = sl_section_string(section, name);
  gint64 sec = fallback_sec;
  if (text && !sl_duration_parse(text, &sec))
    sl_section_fault(section, name, "%s = \"%s\": a time such as \"20m\" or \"2h\" is wanted", name, text);
  return sec;
}

gint64
sl_section_size(const SlSection *section, const char *name, gint64 fallback_bytes)
{
  const char *text = sl_section_string(section, name);
  if (!text)
    return fallback_bytes;
  char *end = NULL;
  guint64 n = g_ascii_isdigit(*text) ? g_ascii_strtoull(text, &end, 10) : 0;
  int shift = !end ? -1 : *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : !*end ? 0 : -1;
  if (shift >= 0 && n > 0 && n <= (MOST_SIZE_BYTES >> shift) && (!*end || !end[1]))
    return (gint64)(n << shift);
  sl_section_fault(section, name, "%s = \"%s\": a size such as \"35M\" is wanted", name, text);
  return fallback_bytes;
}

gboolean
sl_section_list(const SlSection *section, const char *name, GPtrArray *out)
{
  if (!sl_section_has(section, name))
    return FALSE;
  unsigned n = cfg_size((cfg_t *)section->cfg, name);
  for (unsigned i = 0; i < n; i++)
    g_ptr_array_add(out, g_strdup(cfg_getnstr((cfg_t *)section->cfg, name, i)));
  return TRUE;
}

/* ---- what holds for all ---- */

static void
check_regexes(const SlSection *section, const char *name)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  sl_section_list(section, name, texts);
  for (guint i = 0; i < texts->len; i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GRegex) regex = g_regex_new(texts->pdata[i], 0, 0, &error);
    if (!regex)
      sl_section_fault(section, name, "%s: '%s': %s", name, (const char *)texts->pdata[i], error->message);
  }
}

static void
check_value(const SlSection *section, const SlOption *option)
{
  const char *why = NULL;
  switch (option->type) {
  case SL_OPTION_INT:
    (void)sl_section_int(section, option->name, 0);
    break;
  case SL_OPTION_FLOAT:
    (void)sl_section_float(section, option->name, 0);
    break;
  case SL_OPTION_BOOL:
    (void)sl_section_bool(section, option->name, FALSE);
    break;
  case SL_OPTION_DURATION:
    (void)sl_section_duration(section, option->name, 0);
    break;
  case SL_OPTION_SIZE:
    (void)sl_section_size(section, option->name, 0);
    break;
  case SL_OPTION_WORD:
    (void)sl_section_string(section, option->name);
    break;
  case SL_OPTION_REGEXES:
    check_regexes(section, option->name);
    break;
  case SL_OPTION_SECRET:
    if (!sl_secret_spec_ok(sl_section_string(section, option->name), &why))
      sl_section_fault(section, option->name, "%s: %s", option->name, why);
    break;
  case SL_OPTION_STRING:
  case SL_OPTION_LIST:
  case SL_OPTION_SECTION:
    break;
  }
}

static void
check_sections(const SlSection *section, const SlOption *option)
{
  g_autofree char *path = *section->path ? g_strdup_printf("%s.%s", section->path, option->name) : g_strdup(option->name);
  guint n = sl_section_count(section, option->name);
  for (guint i = 0; i < n; i++) {
    SlSection inner = sl_section_nth(section, option->name, i, path);
    sl_section_check_types(&inner);
  }
}

void
sl_section_check_types(const SlSection *section)
{
  for (const SlOption *o = sl_option_table(); o->name; o++) {
    if (strcmp(o->section, section->path) != 0 || !sl_section_has(section, o->name))
      continue;
    if (o->type == SL_OPTION_SECTION)
      check_sections(section, o);
    else
      check_value(section, o);
  }
}

void
sl_section_no_such(const SlSection *section, const char *name, const char *value, const char *kind, const char *what, const char *besides)
{
  const SlScanNode *root = section->values->scan->root, *node;
  g_autoptr(GPtrArray) titles = g_ptr_array_new();
  for (guint i = 0; (node = sl_scan_child(root, kind, i)); i++) {
    if (node->title)
      g_ptr_array_add(titles, node->title);
  }
  if (besides)
    g_ptr_array_add(titles, (gpointer)besides);
  g_ptr_array_add(titles, NULL);
  const char *near = sl_suggest(value, (const char *const *)titles->pdata);
  sl_section_fault(section, name, "%s = \"%s\": there is no such %s%s%s%s", name, value, what, near ? ": did you mean \"" : "",
                   near ? near : "", near ? "\"?" : "");
}

void
sl_section_check_addresses(const SlSection *section, const char *name, const GPtrArray *addresses)
{
  for (guint i = 0; i < addresses->len; i++) {
    const char *address = addresses->pdata[i];
    if (!sl_address_is_sendable(address))
      sl_section_fault(section, name, "%s: \"%s\" is no address that a letter can go to", name, address);
  }
}
