/* SPDX-License-Identifier: ISC */
/* What every use of libcurl here shares: no signals, no proxy, TLS 1.2 or newer, verified. Private to wire/. */
#pragma once
#include <curl/curl.h>

/* A handle that speaks `protocols` ("smtp,smtps") and no other. Never NULL. Freed by curl_easy_cleanup. */
CURL *sl_curl_new(const char *protocols);

/* Trusts the CAs of this PEM file and no others; NULL: the system's. */
void sl_curl_trust(CURL *easy, const char *ca_file);
