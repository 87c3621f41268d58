#!/bin/sh
# Makes ./configure from configure.ac. Needed in a git checkout only; a release tarball has it already.
set -e
cd "$(dirname "$0")"
mkdir -p build-aux
exec autoreconf --install --force
