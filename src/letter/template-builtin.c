/* SPDX-License-Identifier: ISC */
/* The built-in letters, in English. What a customer reads is short, says one time, and never guesses. */
#include "letter/template-private.h"

#define COMMON "id company desk_line subject assignee agent "
#define STAFF  COMMON "client requester priority critical owner text what due_at target left late note "

static const SlBuiltin builtin[] = {
    {"ack", COMMON "name by taken closed opens holiday stranger",
     "Subject: Re: {{subject}}\n\n"
     "Hello{{#name}} {{name}}{{/name}},\n"
     "\n"
     "we have your message{{#subject}} \"{{subject}}\"{{/subject}}; its number is {{id}}.{{#assignee}} {{assignee}} has it.{{/assignee}}\n"
     "{{#closed}}\n"
     "We open {{opens}}{{#holiday}} (today: {{holiday}}){{/holiday}}{{#by}}; a person writes by {{by}}{{/by}}.\n"
     "{{/closed}}\n"
     "{{^closed}}\n"
     "{{#by}}\n"
     "A person writes to you by {{by}}.\n"
     "{{/by}}\n"
     "{{/closed}}\n"
     "\n"
     "Something to add? Just reply. Cannot work at all? Reply URGENT. Solved? Reply SOLVED.\n"
     "\n"
     "-- \n{{desk_line}}\n"},
    {"ack-combined", COMMON "numbers by",
     "Subject: Your messages\n\n"
     "Hello,\n"
     "\n"
     "we have your messages; their numbers are:\n"
     "\n"
     "{{#numbers}}\n"
     "  {{id}}  {{subject}}\n"
     "{{/numbers}}\n"
     "\n"
     "{{#by}}\n"
     "A person writes to you about each of them, the last by {{by}}.\n"
     "\n"
     "{{/by}}\n"
     "-- \n{{desk_line}}\n"},
    {"assignment", STAFF "unassigned how due fault",
     "Subject: #{{id}} {{client}}{{#critical}} critical{{/critical}}: {{subject}}\n\n"
     "{{#unassigned}}\n"
     "NOBODY HAS THIS TICKET YET. Take it with /take.\n"
     "{{/unassigned}}\n"
     "{{^unassigned}}\n"
     "This ticket is yours{{#how}}: {{how}}{{/how}}.\n"
     "{{/unassigned}}\n"
     "Your reply to this mail goes to the customer.\n"
     "\n"
     "  from      {{requester}} ({{client}})\n"
     "  priority  {{priority}}\n"
     "{{#due}}\n"
     "  {{target}} by {{at}}\n"
     "{{/due}}\n"
     "{{#fault}}\n"
     "\n"
     "{{fault}}\n"
     "{{/fault}}\n"
     "\n"
     "{{{text}}}\n"
     "\n"
     "-- \n"
     "Commands, alone or above your words: /take  /eta Fri 16:00  /wait  /resolve  /note  /prio critical\n"},
    {"message", STAFF "",
     "Subject: #{{id}} {{client}}: {{subject}}\n\n"
     "{{#note}}\n"
     "A note from {{requester}} (inside only):\n"
     "{{/note}}\n"
     "{{^note}}\n"
     "{{requester}} wrote{{#due_at}}; an answer is due {{due_at}}{{/due_at}}. Your reply goes to the customer.\n"
     "{{/note}}\n"
     "\n"
     "{{{text}}}\n"},
    {"answer", COMMON "body", "Subject: Re: {{subject}}\n\n{{{body}}}\n"},
    {"question", COMMON "body", "Subject: Re: {{subject}}\n\n{{{body}}}\n"},
    {"eta", COMMON "until previous body",
     "Subject: Re: {{subject}}\n\n"
     "{{#body}}\n"
     "{{{body}}}\n"
     "\n"
     "{{/body}}\n"
     "{{#previous}}\n"
     "We will not make {{previous}}. New estimate for {{id}}: {{until}}.\n"
     "{{/previous}}\n"
     "{{^previous}}\n"
     "Estimate for {{id}}: {{until}}.\n"
     "{{/previous}}\n"
     "\n"
     "-- \n{{desk_line}}\n"},
    {"progress", COMMON "last_news last_news_at next_at body",
     "Subject: Re: {{subject}}\n\n"
     "{{#body}}\n"
     "{{{body}}}\n"
     "{{/body}}\n"
     "{{^body}}\n"
     "Your request {{id}}: no fix yet, sorry.{{#assignee}} {{assignee}} is still on it.{{/assignee}}"
     "{{#last_news}} Last news ({{last_news_at}}): {{last_news}}{{/last_news}}\n"
     "{{/body}}\n"
     "{{#next_at}}\n"
     "Next word by {{next_at}}, sooner if solved. Reply STOP to end these.\n"
     "{{/next_at}}\n"
     "\n"
     "-- \n{{desk_line}}\n"},
    {"update-request", STAFF "at rows etas last_news",
     "Subject: {{#rows}}#{{id}} {{/rows}}progress letters go out at {{at}}\n\n"
     "These updates go to your customers at {{at}}. To replace one, write to that customer yourself before then:\n"
     "answer any mail of the ticket, or reply to it with /progress and your words.\n"
     "\n"
     "{{#rows}}\n"
     "  #{{id}}  {{client}}  {{priority}}  {{subject}}{{#last_news}}\n"
     "         last news: {{last_news}}{{/last_news}}\n"
     "{{/rows}}\n"},
    {"warning", STAFF "tickets",
     "Subject: [warning] #{{id}} {{client}}: {{target}} due {{due_at}} - {{subject}}\n\n"
     "{{what}}\n"
     "\n"
     "  #{{id}}  {{client}}  {{priority}}\n"
     "  {{target}} due {{due_at}}{{#left}} ({{left}} left){{/left}}{{#late}} ({{late}} late){{/late}}\n"
     "{{#tickets}}\n"
     "  #{{id}}  {{client}}  {{target}} due {{due_at}}{{#late}} ({{late}} late){{/late}}  {{subject}}\n"
     "{{/tickets}}\n"
     "\n"
     "{{{text}}}\n"},
    {"escalation", STAFF "level level_name last_action told ledger tickets why by",
     "Subject: [{{level}}] #{{id}} {{client}}{{#critical}} critical{{/critical}}: {{target}} "
     "{{#late}}{{late}} late{{/late}}{{#left}}due in {{left}}{{/left}} - {{subject}}\n\n"
     "{{what}}\n"
     "{{#why}}\n"
     "{{by}}: {{{why}}}\n"
     "{{/why}}\n"
     "\n"
     "  client       {{client}} ({{requester}})\n"
     "  promise      {{target}}{{#due_at}} by {{due_at}}{{/due_at}}{{#left}}, {{left}} left{{/left}}{{#late}}, {{late}} late{{/late}}\n"
     "  owner        {{#owner}}{{owner}}{{/owner}}{{^owner}}nobody{{/owner}}\n"
     "  last action  {{last_action}}\n"
     "{{#told}}\n"
     "  told before  {{level}} {{who}}\n"
     "{{/told}}\n"
     "{{#tickets}}\n"
     "  #{{id}}  {{client}}  {{target}} due {{due_at}}{{#late}} ({{late}} late){{/late}}  {{subject}}\n"
     "{{/tickets}}\n"
     "\n"
     "Your reply to this mail stays inside; /take makes the ticket yours.\n"
     "{{#text}}\n"
     "\n"
     "The customer's last words:\n"
     "\n"
     "{{{text}}}\n"
     "{{/text}}\n"
     "\n"
     "How the clock went:\n"
     "{{#ledger}}\n"
     "  {{at}}  {{what}}  +{{counted}}  = {{total}}\n"
     "{{/ledger}}\n"},
    {"breach", STAFF "ledger",
     "Subject: [late] #{{id}} {{client}}: {{target}} promised {{due_at}} - {{subject}}\n\n"
     "{{what}}\n"
     "\n"
     "  client   {{client}} ({{requester}})\n"
     "  promise  {{target}} by {{due_at}}{{#late}}, {{late}} late{{/late}}\n"
     "\n"
     "How the clock went:\n"
     "{{#ledger}}\n"
     "  {{at}}  {{what}}  +{{counted}}  = {{total}}\n"
     "{{/ledger}}\n"},
    {"all-clear", STAFF "",
     "Subject: [over] #{{id}} {{client}}: {{what}} - {{subject}}\n\n"
     "{{what}}. Nothing is left for you to do.\n"},
    {"resolution", COMMON "body",
     "Subject: Re: {{subject}}\n\n"
     "{{{body}}}\n"
     "\n"
     "We take {{id}} as solved. Not so? Just reply, and it is open again.\n"
     "\n"
     "-- \n{{desk_line}}\n"},
    {"closure", COMMON "waited",
     "Subject: Re: {{subject}}\n\n"
     "{{#waited}}\n"
     "We have not heard from you, so we close {{id}} for now.\n"
     "{{/waited}}\n"
     "{{^waited}}\n"
     "We have closed {{id}}.\n"
     "{{/waited}}\n"
     "A reply within 14 days opens it again.\n"
     "\n"
     "-- \n{{desk_line}}\n"},
    {"reminder", COMMON "since body",
     "Subject: Re: {{subject}}\n\n"
     "Since {{since}} we wait for a word from you about {{id}}.{{#body}} We wrote: {{{body}}}{{/body}}\n"
     "Solved meanwhile? Reply SOLVED.\n"
     "\n"
     "-- \n{{desk_line}}\n"},
    {"receipt", STAFF "did undo",
     "Subject: #{{id}}: done\n\n"
     "#{{id}}:\n"
     "{{#did}}\n"
     "  {{.}}\n"
     "{{/did}}\n"},
    {"refusal", STAFF "why line suggestion body",
     "Subject: #{{id}}: nothing was done - {{why}}\n\n"
     "{{why}}.\n"
     "{{#line}}\n"
     "The line was: {{line}}{{#suggestion}} (did you mean {{suggestion}}?){{/suggestion}}\n"
     "{{/line}}\n"
     "Nothing was applied, and nothing went to the customer. Your words:\n"
     "\n"
     "{{{body}}}\n"},
    {"hold", STAFF "why from mail",
     "Subject: [held] {{#id}}#{{id}} {{/id}}a mail from {{from}} - {{subject}}\n\n"
     "A mail waits for your word: {{why}}.\n"
     "It is kept, and nothing was done with it: slate held show {{mail}}\n"
     "\n"
     "  from     {{from}}\n"
     "  subject  {{subject}}\n"
     "\n"
     "{{{text}}}\n"},
    {"bounce", STAFF "recipient diagnostic kind",
     "Subject: [undelivered] #{{id}} {{client}}: {{recipient}} - {{subject}}\n\n"
     "The letter ({{kind}}) to {{recipient}} could not be delivered:\n"
     "\n"
     "  {{diagnostic}}\n"
     "\n"
     "What it was to say has not been said. Reach them in another way, or mend the address.\n"},
    {"alert", COMMON "what why what_to_do source",
     "Subject: [slate] {{what}}\n\n"
     "{{what}}\n"
     "\n"
     "  why         {{why}}\n"
     "  what to do  {{what_to_do}}\n"
     "  source      {{source}}\n"},
    {NULL, NULL, NULL},
};

const SlBuiltin *
sl_template_builtin(void)
{
  return builtin;
}
