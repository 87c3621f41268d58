# SPDX-License-Identifier: ISC
# The tests that are scripts: structure, system, agreement, crash.
