/* SPDX-License-Identifier: ISC */
/* g_autoptr for the types of GMime 3.2, which declares none. */
#pragma once
#include <gmime/gmime.h>

#define SL_GMIME_AUTO(type) G_DEFINE_AUTOPTR_CLEANUP_FUNC(type, g_object_unref)
SL_GMIME_AUTO(GMimeStream)
SL_GMIME_AUTO(GMimeFilter)
SL_GMIME_AUTO(GMimeParser)
SL_GMIME_AUTO(GMimeMessage)
SL_GMIME_AUTO(InternetAddressList)
#undef SL_GMIME_AUTO
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParserOptions, g_mime_parser_options_free)
