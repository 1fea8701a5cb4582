#!/usr/bin/env bash
# Checks what a machine can see of the house style; prints each place, exits 1 when there is one.
#
# Usage: Scripts/lint.sh PATH...   (files and folders whose Swift format is checked)
set -uo pipefail
cd "$(dirname "$0")/.." || exit

readonly longest_file=450
failed=0

fail_on() { # TITLE, the places on standard input
  local places
  places=$(cat)
  [ -n "$places" ] || return 0
  printf 'lint: %s\n%s\n' "$1" "$places" >&2
  failed=1
}

swift format lint --strict --recursive --parallel "$@" || failed=1

# Each of these ends the program, and with it the case that it was writing.
grep -rnE --include='*.swift' '\b(try|as)!|\bfatalError\(' Sources |
  fail_on 'no try!, as! or fatalError in Sources'

grep -rnE --include='*.swift' --include='*.sql' '\b(TODO|FIXME)\b' Sources Tests Schema \
  Migrations Queries Plugins | fail_on 'finish it, or leave it out'

find Sources -name '*.swift' -exec wc -l {} \; |
  awk -v longest="$longest_file" '$1 > longest { print $2 ": " $1 " lines" }' |
  fail_on "no file of Sources is longer than $longest_file lines"

exit "$failed"
