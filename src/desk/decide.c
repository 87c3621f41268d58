/* SPDX-License-Identifier: ISC */
#include "desk/decide.h"

#include "desk/alarm.h"
#include "desk/arrive.h"
#include "desk/bundle.h"
#include "desk/command.h"
#include "desk/delivery.h"
#include "desk/house.h"
#include "desk/outside.h"
#include "desk/receive.h"

static void
duplicate(const SlRoute *route, SlDecision *decision)
{
  decision->outcome = SL_OUTCOME_DUPLICATE;
  decision->ticket = route->ticket;
  decision->reason = g_strdup(route->reason);
}

/* Mail from before Slate (promise 10) stands in the record, and nobody hears of it. */
static void
hush(SlDecision *decision)
{
  g_ptr_array_set_size(decision->letters, 0);
  g_ptr_array_set_size(decision->notices, 0);
}

SlDecision *
sl_desk_decide(const SlFacts *facts, const SlRoute *route, const SlStimulus *stimulus)
{
  SlDecision *decision = sl_decision_new();
  switch (route->kind) {
  case SL_ROUTE_NEW:
  case SL_ROUTE_BULK:
  case SL_ROUTE_FOLLOW_UP:
    sl_desk_new(facts, route, stimulus, decision);
    break;
  case SL_ROUTE_JOIN:
    sl_desk_join(facts, route, stimulus, decision);
    break;
  case SL_ROUTE_AGENT:
    sl_desk_agent(facts, route, stimulus, decision);
    break;
  case SL_ROUTE_OUTSIDE:
    sl_desk_outside(facts, route, stimulus, decision);
    break;
  case SL_ROUTE_INITIATED:
  case SL_ROUTE_FORWARD:
  case SL_ROUTE_CALL:
    sl_desk_by_agent(facts, route, stimulus, decision);
    break;
  case SL_ROUTE_FORWARD_JOIN:
    sl_desk_join(facts, route, stimulus, decision);
    break;
  case SL_ROUTE_CONFIRM:
    sl_desk_confirm(facts, route, stimulus, decision);
    break;
  case SL_ROUTE_AGENT_HELD:
  case SL_ROUTE_STRANGER_HELD:
    sl_desk_hold(facts, route, stimulus, decision);
    break;
  case SL_ROUTE_SELF:
    decision->outcome = SL_OUTCOME_SELF;
    decision->reason = g_strdup(route->reason);
    break;
  case SL_ROUTE_AUTO_REPLY:
  case SL_ROUTE_NO_TICKET:
    sl_desk_machine(facts, route, stimulus, decision);
    break;
  case SL_ROUTE_BOUNCE:
    sl_desk_bounce(facts, route, stimulus, decision);
    break;
  case SL_ROUTE_DUPLICATE:
    duplicate(route, decision);
    break;
  case SL_ROUTE_ALARM:
    if (route->ticket)
      sl_desk_alarm(facts, route, decision);
    else
      sl_desk_house(facts, decision);
    break;
  case SL_ROUTE_DELIVERY:
    sl_desk_delivery(facts, route, stimulus, decision);
    break;
  case SL_ROUTE_BUNDLE:
    sl_desk_bundle(facts, route, decision);
    break;
  case SL_ROUTE_REFUSED:
    sl_decision_refuse(decision, SL_ERROR_NOT_FOUND, "%s", route->reason);
    break;
  }
  if (stimulus->kind == SL_STIMULUS_MAIL && stimulus->mail.old)
    hush(decision);
  return decision;
}
