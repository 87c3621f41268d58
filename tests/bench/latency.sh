#!/bin/bash
# SPDX-License-Identifier: ISC
# From a customer's SMTP to the acknowledgement in their mailbox, each hop to IDLE's EXISTS, beside the same two hops of the bare servers in the
# same run. A figure, no verdict (goal: 1.5 times at the median). BENCH_N mails each.
. "${SL_SRCDIR:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh" || exit 99
. "$SL_SRCDIR/tests/lib/slate.sh"
. "$SL_SRCDIR/tests/lib/mail-servers.sh"
why=$(servers_possible) || skip_all "$why"
n=${BENCH_N:-6}
slate_folder
servers_up || { ok 1 "the private servers start"; done_testing; exit 1; }
slate_servers_conf <<<'limits { acks_per_sender = 1000 }'
slated_up
mail 'W <warm@acme-pools.example>' support@poologics.example warm w@x <<<warm | smtp_send warm@acme-pools.example support@poologics.example
wait_for_mail warm@acme-pools.example warm >/dev/null
ok $? "slated is warm"
cat >"$work/hop.pl" <<'P'
use strict; use warnings; use IO::Socket::INET; use Time::HiRes 'time';
my ($imap, $mx, $n, $mode) = @ARGV;
sub idle { my $user = shift; my $s = IO::Socket::INET->new("127.0.0.1:$imap") or die; <$s>;
  my $say = sub { print $s "a $_[0]\r\n"; while (my $l = <$s>) { last if $l =~ /^a / } }; $say->("LOGIN $user secret"); $say->("SELECT INBOX"); print $s "a IDLE\r\n"; <$s>; $s }
sub wait_exists { my $s = shift; while (my $l = <$s>) { return time if $l =~ /EXISTS/ } die "closed" }
sub deliver { my ($from, $to, $id) = @_; my $s = IO::Socket::INET->new("127.0.0.1:$mx") or die; my $r = sub { while (my $l = <$s>) { last if $l =~ /^\d{3} / } }; $r->();
  for ("EHLO x", "MAIL FROM:<$from>", "RCPT TO:<$to>", "DATA") { print $s "$_\r\n"; $r->() }
  print $s "From: <$from>\r\nTo: <$to>\r\nSubject: latency $id\r\nMessage-ID: <l$id.$$\@test>\r\n\r\nHello\r\n.\r\n"; $r->(); print $s "QUIT\r\n" }
my @t;
for my $i (1 .. $n) {
  my $start;
  if ($mode eq 'slate') { my $c = idle("lat$i\@acme-pools.example"); $start = time; deliver("lat$i\@acme-pools.example", 'support@poologics.example', "s$i"); push @t, wait_exists($c) - $start }
  else { my $a = idle("hop$i\@customers.example"); my $b = idle("back$i\@customers.example"); $start = time; deliver("a\@customers.example", "hop$i\@customers.example", "a$i");
    wait_exists($a); deliver("b\@customers.example", "back$i\@customers.example", "b$i"); push @t, wait_exists($b) - $start }
}
@t = sort { $a <=> $b } @t; printf "%.0f\n", 1000 * $t[$#t / 2];
P
bare=$(perl "$work/hop.pl" "$IMAP_PORT" "$MX_PORT" "$n" bare)
through=$(perl "$work/hop.pl" "$IMAP_PORT" "$MX_PORT" "$n" slate)
note "two hops of the bare servers $bare ms, a mail and its acknowledgement through slated $through ms, ratio $(awk -v a="$through" -v b="$bare" 'BEGIN { printf "%.2f", a / b }') (medians of $n)"
is "$([ -n "$through" ] && [ "$through" -gt 0 ] && echo measured)" measured "the acknowledgement came each time"
slated_down
done_testing
