/* SPDX-License-Identifier: ISC */
/* What every stage works with: the configuration, the store, the reply key, the templates and the time. */
#pragma once
#include "config/config.h"
#include "letter/compose.h"
#include "store/db.h"

typedef struct {
  const SlConfig *config; /* borrowed */
  SlDb *db;
  SlReplyKey *key;        /* NULL until sl_work_open_letters */
  SlTemplates *templates; /* NULL until sl_work_open_letters */
  GHashTable *agreements; /* hash → SlAgreement*: those of the tickets that were looked at; a hash never changes its text */
  GHashTable *edits;      /* hash → that of the same text with the configuration's dates; "": they are the same */
  GHashTable *hashes;     /* const SlAgreement* of the configuration → its hash */
  char *digest;           /* of what house/settle compares the configuration by; NULL until asked */
  gboolean settled;       /* the store has seen this configuration */
  SlTime fixed_now;       /* --now; NONE: the wall clock, read once a transaction */
} SlWork;

/* Opens the store (never migrating an older one). `now`: --now or SL_TIME_NONE. Owned. */
SlWork *sl_work_open(const SlConfig *config, SlTime now, gboolean read_only, GError **error) SL_WARN_UNUSED;

/* What is needed to write letters. */
gboolean sl_work_open_letters(SlWork *work, GError **error) SL_WARN_UNUSED;
void sl_work_free(SlWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlWork, sl_work_free)

/* The time of a decision, a whole second. */
SlTime sl_work_now(const SlWork *work);
