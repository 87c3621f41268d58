/* SPDX-License-Identifier: ISC */
/* gmime PATH…: what the library alone costs: parses each file (folders recursively) and decodes the content of each
 * part, as reading its text and summing its attachments needs. Prints how many it read. */
#include <fcntl.h>
#include <gmime/gmime.h>
#include <stdio.h>

static void
decode(GMimeObject *parent, GMimeObject *part, gpointer null)
{
  (void)parent;
  if (GMIME_IS_PART(part) && g_mime_part_get_content(GMIME_PART(part)))
    g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(part)), null);
}

static guint
parse_file(const char *path)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return 0;
  GMimeStream *stream = g_mime_stream_fs_new(fd), *null = g_mime_stream_null_new();
  GMimeParser *parser = g_mime_parser_new_with_stream(stream);
  g_mime_parser_set_persist_stream(parser, TRUE);
  GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
  if (message) {
    g_mime_message_foreach(message, decode, null);
    g_object_unref(message);
  }
  g_object_unref(parser);
  g_object_unref(null);
  g_object_unref(stream);
  return 1;
}

static guint
parse_path(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  guint n = dir ? 0 : parse_file(path);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    n += parse_path(child);
  }
  return n;
}

int
main(int argc, char **argv)
{
  g_mime_init();
  guint n = 0;
  for (int i = 1; i < argc; i++)
    n += parse_path(argv[i]);
  printf("%u\n", n);
  return 0;
}
