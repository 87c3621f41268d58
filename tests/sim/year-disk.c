/* SPDX-License-Identifier: ISC */
/* The disk of this year never loses power. So nothing waits for it: fsync() does nothing, and what the program commits is a savepoint in
 * one of few long transactions (the linker sends the calls of other files here: module.mk). What it rolls back is rolled back. */
#include <unistd.h>

#include "tests/sim/year.h"

#define COMMITS_EACH 2000 /* of the program's in one of ours */

static guint commits;
static gboolean is_open, is_long;

gboolean __real_sl_db_begin(SlDb *db, GError **error);
gboolean __real_sl_db_commit(SlDb *db, GError **error);
void __real_sl_db_rollback(SlDb *db);
gboolean __wrap_sl_db_begin(SlDb *db, GError **error);
gboolean __wrap_sl_db_commit(SlDb *db, GError **error);
void __wrap_sl_db_rollback(SlDb *db);

int
fsync(int fd)
{
  (void)fd;
  return 0;
}

void
disk_is_patient(void)
{
  is_long = TRUE;
}

gboolean
__wrap_sl_db_begin(SlDb *db, GError **error)
{
  if (!is_open && !__real_sl_db_begin(db, error))
    return FALSE;
  is_open = is_long;
  return !is_long || sl_db_savepoint(db, error);
}

gboolean
__wrap_sl_db_commit(SlDb *db, GError **error)
{
  if (!is_long)
    return __real_sl_db_commit(db, error);
  if (!sl_db_release(db, error))
    return FALSE;
  if (++commits % COMMITS_EACH != 0)
    return TRUE;
  is_open = FALSE;
  return __real_sl_db_commit(db, error);
}

void
__wrap_sl_db_rollback(SlDb *db)
{
  if (is_long)
    sl_db_rollback_to(db);
  else
    __real_sl_db_rollback(db);
}
