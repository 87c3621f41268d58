/* SPDX-License-Identifier: ISC */
#include "base/wall.h"

#include <time.h>

SlTime
sl_wall_now(void)
{
  return g_get_real_time();
}

gint64
sl_wall_boot_usec(void)
{
  struct timespec ts;
  int rc = clock_gettime(CLOCK_BOOTTIME, &ts);
  g_assert(rc == 0);
  return (gint64)ts.tv_sec * SL_SECOND + ts.tv_nsec / 1000;
}

const char *
sl_wall_boot_id(void)
{
  static gsize once = 0;
  static char *id = NULL;
  if (g_once_init_enter(&once)) {
    if (!g_file_get_contents("/proc/sys/kernel/random/boot_id", &id, NULL, NULL))
      id = g_strdup("");
    g_strstrip(id);
    g_once_init_leave(&once, 1);
  }
  return id;
}
