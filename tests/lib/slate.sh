# SPDX-License-Identifier: ISC
# A private Slate in a temporary folder: configuration, programs of the build tree, helpers to read JSON and letters.
: "${SL_SRCDIR:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
: "${SL_BUILDDIR:=$SL_SRCDIR/build}"
export LC_ALL=C.UTF-8 TZ=UTC

slate_bin=$SL_BUILDDIR/src

slate_folder() { # makes $work, removed at the end unless SL_KEEP is set
  work=$(mktemp -d "${TMPDIR:-/tmp}/slate-test.XXXXXX")
  chmod 755 "$work"
  export SLATE_CONFIG=$work/slate.conf
  trap 'slate_cleanup' EXIT
  trap 'exit 1' INT TERM PIPE
}

slate_cleanup() {
  if declare -F servers_down >/dev/null; then servers_down; fi
  local left
  left=$(jobs -p)
  [ -z "$left" ] || kill $left 2>/dev/null # a test that was cut short stops what it began
  if [ -n "${SL_KEEP:-}" ]; then echo "# kept: $work"; else rm -rf "$work"; fi
}

slate_conf() { # the default agreement, five people, letters into a Maildir; more is read from standard input
  cat >"$work/slate.conf" <<EOF
company  = "Poologics"
from     = "Poologics Support <support@poologics.example>"
database = "$work/slate.db"
spool    = "$work/spool"
client "acme" { name = "Acme Pools Inc."  domains = { "acme-pools.example" } }
client "blauwasser" { name = "Blauwasser GmbH"  domains = { "blauwasser.example" }  timezone = "Europe/Berlin" }
agent "ana"  { mail = { "ana@poologics.example" }   roles = { agent } }
agent "chen" { mail = { "chen@poologics.example" }  roles = { senior } }
agent "dana" { mail = { "dana@poologics.example" }  roles = { supervisor } }
agent "pia"  { mail = { "pia@poologics.example" }   roles = { product } }
$(cat)
EOF
}

slate() { "$slate_bin/slate" "$@"; }

# json FILE-OR-- KEY…: prints a value of a JSON document by its path; objects as JSON, null as "null". Perl's core modules.
json() {
  perl -MJSON::PP -e '
    my $f = shift; local $/; my $t = $f eq "-" ? <STDIN> : do { open my $h, "<", $f or die; <$h> };
    my $v = eval { JSON::PP->new->utf8->decode($t) }; exit 1 if $@;
    for my $k (@ARGV) { $v = ref $v eq "ARRAY" ? $v->[$k] : ref $v eq "HASH" ? $v->{$k} : undef; last unless defined $v }
    binmode STDOUT, ":utf8";
    print !defined $v ? "null" : JSON::PP::is_bool($v) ? ($v ? "true" : "false") : ref $v ? JSON::PP->new->canonical->encode($v) : $v;
    print "\n"' -- "$@"
}

# letters DIR: one line a letter in a Maildir, oldest first: "TO | SUBJECT"
letters() {
  for f in $(LC_ALL=C ls "$1"/new 2>/dev/null); do
    perl -ne 'chomp; s/\r$//; last if $_ eq ""; if (/^\s/) { $l .= $_; next } push @h, $l if defined $l; $l = $_;
      END { push @h, $l; my ($to) = map { /^Delivered-To: (.*)/ } @h; my ($s) = map { /^Subject: (.*)/ } @h; print "$to | $s\n" }' "$1/new/$f"
  done
}

# letter_to DIR ADDRESS [N]: path of the N-th newest letter to that address (names are in order of time; mtimes tie)
letter_to() {
  LC_ALL=C ls -r "$1"/new | while read -r f; do grep -qiE "^Delivered-To: $2"$'\r*$' "$1/new/$f" && echo "$1/new/$f"; done | sed -n "${3:-1}p"
}

# reply_address FILE: the signed address in Reply-To
reply_address() { grep -i '^Reply-To:' "$1" | grep -oE '[a-z]+\+[a-z2-7]{16}@[a-z.-]+' | head -1; }

# mail FROM TO SUBJECT MESSAGE-ID [EXTRA HEADER LINES]: a message, its text on standard input
mail() {
  printf 'From: %s\nTo: %s\nSubject: %s\nMessage-ID: <%s>\nDate: Fri, 20 Nov 2026 12:00:00 +0000\n' "$1" "$2" "$3" "$4"
  [ -z "${5:-}" ] || printf '%s\n' "$5"
  printf '\n'
  cat
}
