# SPDX-License-Identifier: ISC
systemdunitdir = $(unitdir)
dist_systemdunit_DATA = contrib/systemd/slated.service contrib/systemd/slate-status.service contrib/systemd/slate-status.timer
EXTRA_DIST += contrib/systemd/slate.sysusers contrib/systemd/slate.tmpfiles \
	contrib/recipes/maildroprc contrib/recipes/postfix-master.cf contrib/recipes/procmailrc contrib/recipes/support.sieve
