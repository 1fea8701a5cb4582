#!/usr/bin/env bash
# The sample incident, from three recordings to a report: writes demo/incident.db and
# demo/report.md, and shows the report. Begins anew each time.
#
# Usage: Scripts/demo.sh   (WIRECASE=PROGRAM tries another build)
set -euo pipefail
cd "$(dirname "$0")/.."

wirecase=${WIRECASE:-.build/release/wirecase}
readonly samples=Tests/Samples
# When the users called is known from the recording.
day=$(sed -n 's/^Recorded on \([0-9-]*\),.*/\1/p' "$samples/README.md")
called=$(sed -n 's/^| \([0-9:]*\)[.0-9]* | Both clients try .*/\1/p' "$samples/README.md")
if [ -z "$day" ] || [ -z "$called" ]; then
  echo "demo: $samples/README.md does not say when the samples were recorded" >&2
  exit 1
fi

show() { # ARGUMENT... of wirecase: the command as one would type it, then what it says
  local argument line='$ wirecase'
  for argument in "$@"; do
    case $argument in
    *' '*) line+=" \"$argument\"" ;;
    *) line+=" $argument" ;;
    esac
  done
  printf '\n%s\n' "$line"
  "$wirecase" "$@"
}

rm -rf demo
mkdir demo
show ingest demo/incident.db \
  "$samples/client-a.pcap" "$samples/client-b.log" "$samples/server.pcapng"
show run demo/incident.db --format table
show report demo/incident.db -o demo/report.md --title "The site does not load" \
  --organisation "Example Office" --reported-at "${day}T${called}Z" \
  --complaint "the site does not load: destination port unreachable"
printf '\n$ cat demo/report.md\n'
cat demo/report.md
