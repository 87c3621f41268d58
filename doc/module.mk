# SPDX-License-Identifier: ISC
dist_man_MANS += doc/slate.1 doc/slate.conf.5 doc/slated.8
EXTRA_DIST += doc/ARCHITECTURE.md doc/HACKING.md doc/INVARIANTS.md doc/MAIL.md
