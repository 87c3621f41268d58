#!/bin/bash
# SPDX-License-Identifier: ISC
# The structure holds, and its checker finds a planted breach of each kind.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
slate_folder
out=$("$SL_SRCDIR/tests/check-layers" "$SL_SRCDIR/src")
is "$out" "" "src/ keeps the include matrix, one library one folder, one clock"

plant() { # plant FILE LINE PATTERN DESCRIPTION
  rm -rf "$work/src"
  mkdir -p "$work/src/$(dirname "$1")" "$work/src/base"
  printf '/* SPDX */\n%s\n' "$2" >"$work/src/$1"
  out=$("$SL_SRCDIR/tests/check-layers" "$work/src")
  is $? 1 "$4 is a breach"
  like "$out" "$3" "and is named"
}
plant sla/x.c '#include "store/db.h"' 'sla/ may not include' "sla/ including store/"
plant desk/x.c '#include "mail/parse.h"' 'desk/ may not include' "desk/ including the parser"
plant mail/x.c '#include "wire/source.h"' 'mail/ may not include' "the parser including the network"
plant store/x.c '#include "work/step.h"' 'store/ may not include' "an arrow upwards"
plant desk/x.c '#include <jansson.h>' 'jansson is not for' "JSON outside base/json"
plant work/x.c '#include <sqlite3.h>' 'SQL is not for' "SQL outside store/db-*"
plant cli/x.c '#include <curl/curl.h>' 'libcurl is not for' "curl outside wire/"
plant desk/x.c 'gint64 t = g_get_real_time();' 'reads a clock' "a clock outside base/wall"
plant store/x.c 'sl_log(SL_LOG_INFO, "x", NULL);' 'log' "a library that logs"
plant desk/x.c '#include "policy.h"' 'with its folder' "an include without its folder"
plant attic/x.c 'int x;' 'no folder attic' "a folder that is not in the design"
done_testing
