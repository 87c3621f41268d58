/* SPDX-License-Identifier: ISC */
/* Our own look at the file before libconfuse sees it: it finds what libconfuse accepts in silence (a truncated file, a key given
 * twice, an unset ${VAR}, control bytes), names unknown keys, and knows the line of every key. Needs only GLib. */
#pragma once
#include <glib.h>

typedef struct SlScanNode SlScanNode;
struct SlScanNode {
  char *name, *title;   /* title NULL when none */
  char *file;           /* borrowed from the root's list */
  int line;
  gboolean is_section;
  gboolean double_quoted; /* some value stood in "double quotes" */
  gboolean is_list;       /* { … } stood behind the sign */
  gboolean appended;      /* += */
  GPtrArray *children;  /* SlScanNode*: sections only */
  GPtrArray *values;    /* char*: as written, without quotes */
};

typedef struct {
  SlScanNode *root;
  GString *text;        /* everything, includes expanded: what libconfuse parses */
  GPtrArray *files;     /* char* */
} SlScan;

/* Reads the file and its includes (relative to the including file, eight deep). Faults (SlConfigFault*) are appended. Owned. */
SlScan *sl_scan_file(const char *path, GPtrArray *faults);
void sl_scan_free(SlScan *scan);

/* Unknown and doubled names, held against the table of options. */
void sl_scan_check(const SlScan *scan, GPtrArray *faults);

/* The n-th child of that name; NULL. Borrowed. */
const SlScanNode *sl_scan_child(const SlScanNode *node, const char *name, guint n);

void sl_fault(GPtrArray *faults, const char *file, int line, const char *format, ...) G_GNUC_PRINTF(4, 5);
void sl_warning(GPtrArray *faults, const char *file, int line, const char *format, ...) G_GNUC_PRINTF(4, 5);

/* The nearest of `names` (NULL-terminated) within two typing errors; NULL. */
const char *sl_suggest(const char *word, const char *const *names);
