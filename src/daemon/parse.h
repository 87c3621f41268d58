/* SPDX-License-Identifier: ISC */
/* `slate parse`: what Slate reads in a mail, one JSON line a message. Needs no configuration and touches no store. */
#pragma once

/* PATHs are files, Maildirs or folders of .eml; NULL: standard input. Exit code. */
int sl_parse_files(char **paths);
