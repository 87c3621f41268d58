/* SPDX-License-Identifier: ISC */
#include "base/json.h"

#include <jansson.h>
#include <string.h>

#include "base/error.h"

SlJson *
sl_json_object(void)
{
  return json_object();
}

SlJson *
sl_json_array(void)
{
  return json_array();
}

SlJson *
sl_json_ref(SlJson *json)
{
  return json_incref(json);
}

void
sl_json_free(SlJson *json)
{
  json_decref(json);
}

static json_t *
new_string(const char *value)
{
  if (!value)
    return json_null();
  json_t *json = json_string(value);
  if (json)
    return json;
  g_autofree char *valid = g_utf8_make_valid(value, -1);
  return json_string(valid);
}

void
sl_json_set_take(SlJson *object, const char *key, SlJson *child)
{
  int rc = json_object_set_new(object, key, child);
  g_assert(rc == 0);
}

void
sl_json_set_string(SlJson *object, const char *key, const char *value)
{
  sl_json_set_take(object, key, new_string(value));
}

void
sl_json_set_int(SlJson *object, const char *key, gint64 value)
{
  sl_json_set_take(object, key, json_integer(value));
}

void
sl_json_set_double(SlJson *object, const char *key, double value)
{
  sl_json_set_take(object, key, json_real(value));
}

void
sl_json_set_bool(SlJson *object, const char *key, gboolean value)
{
  sl_json_set_take(object, key, json_boolean(value));
}

void
sl_json_set_time(SlJson *object, const char *key, SlTime value)
{
  g_autofree char *text = sl_time_format(value);
  sl_json_set_string(object, key, text);
}

void
sl_json_set_null(SlJson *object, const char *key)
{
  sl_json_set_take(object, key, json_null());
}

void
sl_json_add_take(SlJson *array, SlJson *child)
{
  int rc = json_array_append_new(array, child);
  g_assert(rc == 0);
}

void
sl_json_add_string(SlJson *array, const char *value)
{
  sl_json_add_take(array, new_string(value));
}

SlJson *
sl_json_strings(const GPtrArray *strings)
{
  SlJson *array = sl_json_array();
  for (guint i = 0; strings && i < strings->len; i++)
    sl_json_add_string(array, strings->pdata[i]);
  return array;
}

void
sl_json_add_int(SlJson *array, gint64 value)
{
  sl_json_add_take(array, json_integer(value));
}

const SlJson *
sl_json_get(const SlJson *object, const char *key)
{
  const json_t *value = json_object_get(object, key);
  return value && !json_is_null(value) ? value : NULL;
}

gboolean
sl_json_has(const SlJson *object, const char *key)
{
  return sl_json_get(object, key) != NULL;
}

const char *
sl_json_string(const SlJson *value)
{
  return json_string_value(value);
}

gint64
sl_json_int(const SlJson *value, gint64 fallback)
{
  return json_is_integer(value) ? json_integer_value(value) : fallback;
}

const char *
sl_json_get_string(const SlJson *object, const char *key)
{
  return json_string_value(json_object_get(object, key));
}

gint64
sl_json_get_int(const SlJson *object, const char *key, gint64 fallback)
{
  return sl_json_int(json_object_get(object, key), fallback);
}

double
sl_json_get_double(const SlJson *object, const char *key, double fallback)
{
  const json_t *value = json_object_get(object, key);
  return json_is_number(value) ? json_number_value(value) : fallback;
}

gboolean
sl_json_get_bool(const SlJson *object, const char *key)
{
  return json_is_true(json_object_get(object, key));
}

SlTime
sl_json_get_time(const SlJson *object, const char *key)
{
  SlTime t = SL_TIME_NONE;
  const char *text = sl_json_get_string(object, key);
  return text && sl_time_parse(text, &t) ? t : SL_TIME_NONE;
}

guint
sl_json_length(const SlJson *array)
{
  return (guint)json_array_size(array);
}

const SlJson *
sl_json_at(const SlJson *array, guint i)
{
  return json_array_get(array, i);
}

static char *
dump(const SlJson *json, size_t flags)
{
  char *text = json_dumps(json, flags | JSON_ENCODE_ANY);
  g_assert(text != NULL);
  char *copy = g_strdup(text); /* jansson has an allocator of its own; ours is freed by g_free */
  free(text);
  return copy;
}

char *
sl_json_canonical(const SlJson *json)
{
  return dump(json, JSON_COMPACT | JSON_SORT_KEYS);
}

char *
sl_json_print(const SlJson *json, gboolean pretty)
{
  return dump(json, (pretty ? JSON_INDENT(2) : JSON_COMPACT) | JSON_REAL_PRECISION(15)); /* 1.1, not 1.1000000000000001 */
}

/* jansson's parser recurses; depth is bounded before it sees the text (braces inside strings count too: no matter). */
static gboolean
too_deep(const char *text, gsize length)
{
  gsize depth = 0;
  for (gsize i = 0; i < length; i++) {
    if (text[i] == '{' || text[i] == '[')
      depth++;
    else if ((text[i] == '}' || text[i] == ']') && depth > 0)
      depth--;
    if (depth > 64)
      return TRUE;
  }
  return FALSE;
}

SlJson *
sl_json_parse(const char *text, gssize length, GError **error)
{
  json_error_t why;
  gsize size = length < 0 ? strlen(text) : (gsize)length;
  if (too_deep(text, size)) {
    g_set_error(error, SL_ERROR, SL_ERROR_MAIL, "JSON is nested too deeply");
    return NULL;
  }
  json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES, &why);
  if (!json)
    g_set_error(error, SL_ERROR, SL_ERROR_MAIL, "JSON, line %d: %s", why.line, why.text);
  return json;
}
