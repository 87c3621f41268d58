#!/bin/bash
# SPDX-License-Identifier: ISC
# Threads by the graph of Message-IDs, in any order of arrival: random reply trees with parents that come late, twice or never, named in
# full, by In-Reply-To alone, or with the middle left out. Whatever hangs together is one ticket in the end, and nothing else is.
. "$SL_SRCDIR/tests/lib/tap.sh"
. "$SL_SRCDIR/tests/lib/slate.sh"
slate_folder
slate_conf <<<"smtp \"main\" { url = \"maildir://$work/out\" }"

cat >"$work/threads.pl" <<'PERL'
use strict; use warnings; use JSON::PP;
my ($slate, $seed, $trees) = @ARGV;
srand $seed;
my (%ticket, %up, @mails);
sub root { my $id = shift; $id = $up{$id} while exists $up{$id} && $up{$id} ne $id; return $id }
sub tie_ids { my ($x, $y) = (root($_[0]), root($_[1])); $up{$x} = $y if $x ne $y }
for my $tree (1 .. $trees) {
  my (@path, @nodes);
  for my $n (0 .. 2 + int rand 6) {
    my $id = "t$tree.n$n.$seed\@acme-pools.example";
    my $parent = @nodes ? $nodes[rand @nodes] : undef;
    my @refs = $parent ? (@{ $parent->{refs} }, $parent->{id}) : ();
    my $form = int rand 3; # all; In-Reply-To alone; the first and the last
    my @named = !@refs ? () : $form == 0 ? @refs : $form == 1 ? ($refs[-1]) : @refs > 2 ? @refs[0, -1] : @refs;
    push @nodes, { id => $id, refs => \@refs, named => \@named, form => $form, tree => $tree, missing => $n < 3 && rand() < 0.25 };
  }
  for my $node (@nodes) {
    next if $node->{missing};
    tie_ids($node->{id}, $_) for @{ $node->{named} };
    push @mails, $node;
    push @mails, $node if rand() < 0.1; # the same mail comes again
  }
}
for (my $i = @mails; --$i > 0;) { my $j = int rand($i + 1); @mails[$i, $j] = @mails[$j, $i] }
for my $mail (@mails) {
  my $from = rand() < 0.5 ? "maria" : "juan";
  $mail->{text} //= "From: $from\@acme-pools.example\nTo: support\@poologics.example\nSubject: matter $mail->{tree}\nMessage-ID: <$mail->{id}>\n"
    . (@{ $mail->{named} } && $mail->{form} != 1 ? "References: " . join(" ", map { "<$_>" } @{ $mail->{named} }) . "\n" : "")
    . (@{ $mail->{named} } ? "In-Reply-To: <$mail->{named}[-1]>\n" : "") . "\nbody of $mail->{id}\n";
  open my $in, ">", "mail" or die; print $in $mail->{text}; close $in;
  my $said = decode_json(qx($slate ingest --json --now 2026-11-20T15:00:00Z <mail));
  my $result = $said->{results} ? $said->{results}[0] : $said;
  $ticket{ $mail->{id} } //= $result->{ticket} or die "no ticket: " . encode_json($said);
}
my (%into, %of, %thread);
for my $id (keys %ticket) {
  my $t = $ticket{$id};
  for (my $hops = 0; $hops < 20; $hops++) {
    $into{$t} //= decode_json(qx($slate log $t --json))->{events};
    my ($merged) = grep { $_->{kind} eq "merged" } @{ $into{$t} };
    last unless $merged;
    $t = $merged->{detail}{into};
  }
  $of{ root($id) }{$t} = 1;
  $thread{$t}{ root($id) } = 1;
}
my $torn = grep { keys %{ $of{$_} } > 1 } keys %of;
my $mixed = grep { keys %{ $thread{$_} } > 1 } keys %thread;
printf "%d threads, %d tickets, %d torn, %d mixed\n", scalar keys %of, scalar keys %thread, $torn, $mixed;
PERL

for seed in 1 2 3 4 5 6 7 8 9; do
  said=$(cd "$work" && perl threads.pl "$slate_bin/slate -c $work/slate.conf" $seed 12)
  like "$said" '^([0-9]+) threads, \1 tickets, 0 torn, 0 mixed$' "random trees, seed $seed: each thread is one ticket"
done

# What Message-IDs that nobody here has seen do not do.
reply() { mail "$1" support@poologics.example "Re: Circular" "$2" "In-Reply-To: <circular@poologics.example>" <<<"About your circular."; }
reply "Maria <maria@acme-pools.example>" circ1@acme-pools.example | slate ingest --quiet --now 2026-11-20T15:00:00Z
like "$(reply "Lena <lena@blauwasser.example>" circ2@blauwasser.example | slate ingest --now 2026-11-20T15:00:00Z)" "new ticket" \
  "two clients who answer the same circular have a ticket each"
slate audit verify >/dev/null
ok $? "the record's chain holds"
slate db check --quiet
ok $? "and the caches are what the events say"
done_testing
