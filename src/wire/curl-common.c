/* SPDX-License-Identifier: ISC */
#include "wire/curl-common.h"

#include <glib.h>

static void
init_once(void)
{
  static gsize once = 0;
  if (g_once_init_enter(&once)) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    g_once_init_leave(&once, 1);
  }
}

CURL *
sl_curl_new(const char *protocols)
{
  init_once();
  CURL *easy = curl_easy_init();
  if (!easy)
    g_error("libcurl gives no handle"); /* out of memory, as g_malloc would say */
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* none of the environment's either */
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  return easy;
}

void
sl_curl_trust(CURL *easy, const char *ca_file)
{
  if (!ca_file)
    return;
  curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
  curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
}
