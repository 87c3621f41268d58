/* SPDX-License-Identifier: ISC */
/* The loaders, a file a group of sections; each notes its faults with their lines. */
#pragma once
#include "config/values.h"

void sl_load_promises(SlConfig *config, const SlSection *root); /* calendars, agreements, ladders, maintenance */
void sl_load_calendars(SlConfig *config, const SlSection *root); /* the part of it that is about time */
void sl_load_people(SlConfig *config, const SlSection *root);   /* clients, agents, rules, limits */
void sl_load_clients(SlConfig *config, const SlSection *root);  /* the part of it that is about agreements */
void sl_load_mail(SlConfig *config, const SlSection *root);     /* mailboxes, smtp, templates */
void sl_load_probes(SlConfig *config, const SlSection *root);   /* probes; after the clients */
void sl_load_checks(SlConfig *config, const SlSection *root);   /* what several sections say together */
void sl_load_checks_of_agreements(const SlSection *root); /* the part of it that asks for no people */

/* The agreement of that name, its first version; NULL. Borrowed. config->agreements holds all versions, for
 * sl_agreement_in_force(). */
const SlAgreement *sl_config_agreement(const SlConfig *config, const char *name);

/* A copy counted in another calendar. Owned. */
