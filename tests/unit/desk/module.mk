# SPDX-License-Identifier: ISC
DESK_LIBS = src/libsl-desk.a src/libsl-letter.a src/libsl-mail.a src/libsl-sla.a src/libsl-base.a $(JANSSON_LIBS) $(GLIB_LIBS)
