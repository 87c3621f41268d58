/* SPDX-License-Identifier: ISC */
#include "sla/moves.h"

const char *
sl_move_text(SlMoveKind kind)
{
  static const char *const texts[] = {
#define X(name, text) [SL_MOVE_##name] = text,
      SL_MOVES(X)
#undef X
  };
  return texts[kind];
}
