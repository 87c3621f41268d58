/* SPDX-License-Identifier: ISC */
/* Where a program of ours is: beside the running one (a build tree, a private folder), else where it was installed. Owned. */
#pragma once

char *sl_locate(const char *program);
