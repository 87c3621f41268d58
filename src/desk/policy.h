/* SPDX-License-Identifier: ISC */
/* Who is who and what is agreed: agents, clients, rules, limits. The desk's options; config/ fills them, nothing changes them
 * afterwards. All strings owned by the policy. */
#pragma once
#include "sla/agreement.h"
#include "sla/window.h"

typedef struct {
  char *name;           /* "ana": in the record and in commands */
  char *title;          /* "Ana": in letters */
  GPtrArray *mail;      /* char*: at least one; the first is where letters go */
  GPtrArray *roles;     /* char*: "agent", "senior", "supervisor", "oncall" … */
  GPtrArray *languages; /* char* */
  char *calendar;       /* NULL */
  char *digest;         /* "08:15" or NULL */
} SlAgent;

typedef struct {
  char *name;            /* "acme"; "default" is everybody else's */
  char *title;           /* "Acme Pools Inc." */
  GPtrArray *domains;    /* char*, lower case */
  GPtrArray *contacts;   /* char*: addresses */
  char *phone;           /* NULL */
  char *timezone;        /* how times are printed for them; NULL: the desk's */
  GTimeZone *zone;       /* of timezone, held so that GLib reads its file once; NULL */
  char *language;        /* NULL: the desk's */
  GPtrArray *versions;    /* SlAgreement*: of the client's sla, with the client's calendar compiled in */
  SlAgreement *agreement; /* the one of them that is in force; see sl_policy_in_force() */
} SlClient;

typedef struct {
  char *name;
  GPtrArray *subject, *body, *from; /* GRegex* */
  GPtrArray *header;                /* GRegex* over "Name: value" */
  GPtrArray *mailbox, *plus;        /* char* */
  char *language;                   /* NULL */
  gboolean any;                     /* match = any: one of the conditions; else all */
  gboolean unless_client;           /* not for mail of a known client */
  /* set { … }: NULL/-1 where the rule says nothing */
  int priority;                     /* SlPriority or -1 */
  GPtrArray *tags;                  /* char* */
  char *requester;                  /* "reply-to" */
  char *client;
  char *action;                     /* "ignore", "file" */
  int ack;                          /* -1, 0, 1 */
} SlRule;

typedef enum { SL_ASSIGN_LEAST_OPEN, SL_ASSIGN_ROUND_ROBIN, SL_ASSIGN_MANUAL } SlAssign;

typedef struct {
  char *company;
  char *from_address;      /* ours: mail from it is self */
  char *reply_to;          /* "support+{token}@…" */
  char *domain;
  char *postmaster;
  char *timezone;          /* the desk's, for printing */
  char *language;
  char *subject_tag;       /* "[PL#{id}]"; NULL */
  GPtrArray *agents;       /* SlAgent* */
  GPtrArray *clients;      /* SlClient*; never contains "default" */
  SlClient *everybody;     /* the client "default" */
  GHashTable *replies;     /* name → text: saved replies for /use; never NULL */
  GHashTable *mailbox_clients; /* mailbox → name of the client whose its mail is where nothing else says; never NULL */
  GHashTable *mailbox_languages; /* mailbox → language of its mail; never NULL */
  GPtrArray *windows;      /* SlWindow*: the maintenance that stands in the configuration */
  GPtrArray *rules;        /* SlRule*, first match wins per field; the default critical rules stand last */
  SlAssign assign;
  gboolean require_dkim;   /* require = token+dkim */
  int acks_per_sender;             /* 5 */
  gint64 acks_per_sender_window_sec; /* 1 h */
  int acks_to_strangers;           /* 60 an hour, all together */
  int strangers_raise;             /* 3 an hour */
  gint64 bundle_window_sec;        /* alarms to one person: ten minutes */
  gint64 undo_sec;                 /* five minutes */
} SlPolicy;

/* Under which version a mail that comes at `at` makes its ticket (S12): sets each client's `agreement`. */
void sl_policy_in_force(SlPolicy *policy, SlTime at);

SlPolicy *sl_policy_new(void); /* the defaults: no agents, `everybody` under the default agreement, default critical rules */
void sl_policy_free(SlPolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SlPolicy, sl_policy_free)

SlAgent *sl_agent_new(const char *name);
void sl_agent_free(SlAgent *agent);
SlClient *sl_client_new(const char *name);
void sl_client_free(SlClient *client);
SlRule *sl_rule_new(const char *name);
void sl_rule_free(SlRule *rule);

/* By any of their addresses; by name. Borrowed, NULL when there is none. */
const SlAgent *sl_policy_agent_by_mail(const SlPolicy *policy, const char *address);
const SlAgent *sl_policy_agent(const SlPolicy *policy, const char *name);

/* Contacts beat domains; a subdomain of a client's domain is theirs too; `everybody` when nobody's. Never NULL. Borrowed. */
const SlClient *sl_policy_client_of(const SlPolicy *policy, const char *address);
/* The same for a mail that came by a mailbox (NULL: none): contacts beat domains beat mailboxes. */
const SlClient *sl_policy_client_by(const SlPolicy *policy, const char *address, const char *mailbox);
const SlClient *sl_policy_client(const SlPolicy *policy, const char *name);
gboolean sl_policy_is_stranger(const SlPolicy *policy, const char *address); /* of no client and no agent */

/* The addresses behind "role:senior", "agent:chen" or an address; those of `but_not` (an agent's name or NULL) and of who is in
 * `absent` (a set of names, or NULL) are left out. char*, borrowed elements; owned array. */
GPtrArray *sl_policy_resolve(const SlPolicy *policy, const char *who, const char *but_not, GHashTable *absent);

/* The address that our letters come from: mail from it is self. */
gboolean sl_policy_is_ours(const SlPolicy *policy, const char *address);

/* Neither an agent nor one of our own addresses. */
gboolean sl_policy_is_outsider(const SlPolicy *policy, const char *address);

gboolean sl_agent_has_role(const SlAgent *agent, const char *role);
/* How letters call the agent of that name; the name itself where there is none. Borrowed; NULL for NULL. */
const char *sl_policy_title(const SlPolicy *policy, const char *name);
const char *sl_agent_mail(const SlAgent *agent); /* where letters go; borrowed */
