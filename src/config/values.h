/* SPDX-License-Identifier: ISC */
/* Values by libconfuse, lines by our scan, types by the table of options: how the loaders read a section. A fault is noted with its
 * line and the fallback given, so that all faults are found in one go. */
#pragma once
#include "config/config.h"
#include "config/scan.h"
#include "config/table.h"

typedef struct SlValues SlValues; /* the whole file */

typedef struct {
  SlValues *values;
  const char *path;        /* "sla.target" */
  const void *cfg;         /* libconfuse's section */
  const SlScanNode *node;
} SlSection;

/* NULL when the file cannot be parsed at all. */
SlValues *sl_values_new(SlScan *scan, GPtrArray *faults);
void sl_values_free(SlValues *values);
SlSection sl_values_root(SlValues *values);

guint sl_section_count(const SlSection *section, const char *name);
SlSection sl_section_nth(const SlSection *section, const char *name, guint n, const char *path);
const char *sl_section_title(const SlSection *section);

gboolean sl_section_has(const SlSection *section, const char *name);
/* NULL (or the table's fallback) when absent. Borrowed. */
const char *sl_section_string(const SlSection *section, const char *name);
gint64 sl_section_int(const SlSection *section, const char *name, gint64 fallback);
double sl_section_float(const SlSection *section, const char *name, double fallback);
gboolean sl_section_bool(const SlSection *section, const char *name, gboolean fallback);
gint64 sl_section_duration(const SlSection *section, const char *name, gint64 fallback_sec);
gint64 sl_section_size(const SlSection *section, const char *name, gint64 fallback_bytes);
/* Copies are appended to `out`. FALSE when absent. */
gboolean sl_section_list(const SlSection *section, const char *name, GPtrArray *out);

/* Notes what is wrong with values that no loader asks for, too: each by the type that the table gives it. */
void sl_section_check_types(const SlSection *section);

/* "there is no such WHAT", with the nearest of the titled sections `kind` of the file's top (and `besides`, NULL: none). */
void sl_section_no_such(const SlSection *section, const char *name, const char *value, const char *kind, const char *what,
                        const char *besides);

/* Is each of them an address that a letter can go to? */
void sl_section_check_addresses(const SlSection *section, const char *name, const GPtrArray *addresses);

void sl_section_fault(const SlSection *section, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* A warning that `check` takes for an error from `from` on: what must be done by then. */
void sl_section_deadline(const SlSection *section, const char *name, SlTime from, const char *format, ...) G_GNUC_PRINTF(4, 5);
void sl_section_warning(const SlSection *section, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);
