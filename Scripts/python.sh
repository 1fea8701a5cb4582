#!/usr/bin/env bash
# Sets up .build/python, a virtual environment with the programs that tests run beside Wirecase:
# what Tests/OtherPrograms/requirements.txt lists, from PyPI. Silent when it is there already.
#
# Usage: Scripts/python.sh
#
# Exits 1, and says so in a line, where it cannot: then those tests are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly wanted=Tests/OtherPrograms/requirements.txt
readonly place=.build/python
# The copy of the list is written last: what was interrupted is begun anew.
readonly installed=$place/requirements.txt
if cmp -s "$wanted" "$installed"; then exit 0; fi

die() {
  echo "python: $*; tests with DuckDB, Datasette, sqlite-utils and OCSF's schema are skipped" >&2
  exit 1
}

# Without the sqlite3 shell, of all that it installs, one test alone is skipped.
Scripts/setup.sh tests || python3 -c 'import ensurepip, venv' 2>/dev/null ||
  die 'Python 3 is not there'
rm -rf "$place"
mkdir -p .build
echo "python: installing what $wanted lists" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
python3 -m venv "$place" >"$log" 2>&1 ||
  die "python3 makes no virtual environment ($(tail -n 1 "$log"))"
"$place/bin/python3" -m pip install --quiet --disable-pip-version-check --no-input --retries 1 \
  --timeout 20 --only-binary :all: --requirement "$wanted" >"$log" 2>&1 ||
  die "PyPI gives not all of it ($(tail -n 1 "$log"))"
cp "$wanted" "$installed"
