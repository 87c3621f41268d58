/* SPDX-License-Identifier: ISC */
/* JSON values: the details of events, the canonical text of agreements, and what `--json` prints. The only user of jansson.
 *
 * Setters copy their arguments (a `take` setter owns the child). A NULL string and SL_TIME_NONE become null. Strings that
 * are not UTF-8 are made valid first. Getters never fail: what is absent or of another type gives the fallback. */
#pragma once
#include "base/time.h"

typedef struct json_t SlJson;

SlJson *sl_json_object(void);
SlJson *sl_json_array(void);
SlJson *sl_json_strings(const GPtrArray *strings); /* an array of them; empty for NULL */
SlJson *sl_json_ref(SlJson *json);
void sl_json_free(SlJson *json); /* drops one reference; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlJson, sl_json_free)

void sl_json_set_string(SlJson *object, const char *key, const char *value);
void sl_json_set_int(SlJson *object, const char *key, gint64 value);
void sl_json_set_double(SlJson *object, const char *key, double value);
void sl_json_set_bool(SlJson *object, const char *key, gboolean value);
void sl_json_set_time(SlJson *object, const char *key, SlTime value); /* RFC 3339 text */
void sl_json_set_null(SlJson *object, const char *key);
void sl_json_set_take(SlJson *object, const char *key, SlJson *child);
void sl_json_add_string(SlJson *array, const char *value);
void sl_json_add_int(SlJson *array, gint64 value);
void sl_json_add_take(SlJson *array, SlJson *child);

gboolean sl_json_has(const SlJson *object, const char *key); /* present and not null */
const char *sl_json_get_string(const SlJson *object, const char *key); /* borrowed; NULL when absent */
gint64 sl_json_get_int(const SlJson *object, const char *key, gint64 fallback);
double sl_json_get_double(const SlJson *object, const char *key, double fallback);
gboolean sl_json_get_bool(const SlJson *object, const char *key);
SlTime sl_json_get_time(const SlJson *object, const char *key); /* SL_TIME_NONE when absent or no time */
const SlJson *sl_json_get(const SlJson *object, const char *key); /* borrowed; NULL when absent or null */
guint sl_json_length(const SlJson *array);                       /* 0 for anything but an array */
const SlJson *sl_json_at(const SlJson *array, guint i);          /* borrowed */
const char *sl_json_string(const SlJson *value);                 /* borrowed; NULL when no string */
gint64 sl_json_int(const SlJson *value, gint64 fallback);

/* Compact, keys sorted: equal values give equal bytes, so the text can be hashed. Owned. */
char *sl_json_canonical(const SlJson *json);

/* For people and pipes: keys in the order they were set; `pretty` indents by 2. No newline at the end. Owned. */
char *sl_json_print(const SlJson *json, gboolean pretty);

/* One document, depth at most 64. NULL with SL_ERROR_MAIL on anything else. */
SlJson *sl_json_parse(const char *text, gssize length, GError **error) SL_WARN_UNUSED;
