# SPDX-License-Identifier: ISC
confdir = $(sysconfdir)/slate
EXTRA_DIST += etc/slate.conf
install-data-local:
	$(MKDIR_P) '$(DESTDIR)$(confdir)'
	$(INSTALL_DATA) '$(srcdir)/etc/slate.conf' '$(DESTDIR)$(confdir)/slate.conf.example'
uninstall-local:
	rm -f '$(DESTDIR)$(confdir)/slate.conf.example'
