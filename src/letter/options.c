/* SPDX-License-Identifier: ISC */
/* Apart from letter.c, so that programs which only read the configuration do not link JSON. */
#include "letter/letter.h"

void
sl_letter_options_clear(SlLetterOptions *options)
{
  char **const strings[] = {&options->company, &options->from_name,  &options->from_address, &options->reply_to, &options->domain,
                            &options->postmaster, &options->template_dir, &options->language, &options->timezone};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_clear_pointer(strings[i], g_free);
}
