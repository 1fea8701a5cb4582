#!/usr/bin/env bash
# Measures wirecase beside yardsticks, in one run on one machine; prints two Markdown tables: what
# reading and asking cost, and what each investigation costs.
#
# Usage: Scripts/bench.sh [PACKETS | CAPTURE]
#
# PACKETS (1000000): generates a capture of that many packets, and one of five times as many,
# unless an earlier run did; about 600 bytes a packet. CAPTURE: measures a file of yours instead,
# without the yardsticks that trust their input.
#
# Generator and probe (the floor: a C loader that keeps less than Wirecase does) are built from
# the folder `shared/bench` beside the repository. argus, nfpcapd and tshark take part when they
# are installed; tshark is slow and runs once.
#
# A capture that was taken at two places may take 15 % longer than two captures that have nothing to do
# with each other. editcap makes them.
#
# With a million packets or more, an investigation may take 0.2 times as long as the indexed probe
# on the same capture, the six of the first version together 0.4 times, all of them 2.4 times. What
# takes longer is named, and the exit code is then 1.
#
# Environment: WIRECASE, the program (.build/release/wirecase); BENCH_OUT, the folder for
# captures and cases (/tmp/wirecase-bench); RUNS, how often everything is measured (5).
set -euo pipefail
caller=$PWD
cd "$(dirname "$0")/.."

die() {
  printf 'bench: %s\n' "$@" >&2
  exit 1
}
note() { printf 'bench: %s\n' "$*" >&2; }

argument=${1:-1000000}
wirecase=${WIRECASE:-.build/release/wirecase}
runs=${RUNS:-5}
out=${BENCH_OUT:-/tmp/wirecase-bench}
readonly yardsticks=../shared/bench
command -v "$wirecase" >/dev/null || die "$wirecase is not there; run 'make build'"

mkdir -p "$out"
scratch=$(mktemp -d "$out/run.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# --- The captures --------------------------------------------------------------------------
if [ -d "$yardsticks" ]; then
  make -s -C "$yardsticks" BENCH_OUT="$out" || die "the yardsticks in $yardsticks do not build"
else
  note "$yardsticks is not there: no probe to compare with, and no captures can be generated"
fi

generated() { # PACKETS: the path of a capture with that many
  local capture=$out/generated-$1.pcap
  if [ ! -e "$capture" ]; then
    [ -x "$out/gen" ] || die "no generator: name a capture of yours instead of a number"
    note "generating $capture"
    "$out/gen" "$1" "$capture.partial"
    mv "$capture.partial" "$capture"
  fi
  echo "$capture"
}

large=
another=   # as many other packets, a day later: nothing is compared
elsewhere= # the same, 200 microseconds later
case $argument in
*[!0-9]*)
  small=$argument
  [ -e "$small" ] || small=$caller/$argument
  [ -e "$small" ] || die "no such capture: $argument"
  probed=
  ;;
*)
  small=$(generated "$argument")
  large=$(generated $((5 * argument)))
  if command -v editcap >/dev/null; then
    another=$out/generated-$argument-another.pcap
    elsewhere=$out/generated-$argument-elsewhere.pcap
    if [ ! -e "$another" ]; then
      "$out/gen" "$argument" "$scratch/another.pcap" 7
      editcap -F pcap -t 86400 "$scratch/another.pcap" "$another"
      rm "$scratch/another.pcap"
    fi
    [ -e "$elsewhere" ] || editcap -F pcap -t 0.0002 "$small" "$elsewhere"
  else
    note 'editcap is not installed: no capture from two places'
  fi
  probed=$([ ! -x "$out/probe" ] || echo yes)
  ;;
esac

# --- Measuring -----------------------------------------------------------------------------
# A meter runs a command and leaves its seconds and its peak of resident memory, in KiB.
meter=$scratch/meter
if /usr/bin/time --version 2>&1 | grep -q GNU; then
  metered=(/usr/bin/time -q -o "$meter" -f '%e %M')
elif command -v python3 >/dev/null; then
  # shellcheck disable=SC2016 # Python's, not the shell's
  metered=(python3 -c '
import resource, subprocess, sys, time
start = time.monotonic()
status = subprocess.call(sys.argv[2:])
seconds = time.monotonic() - start
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
peak //= 1024 if sys.platform == "darwin" else 1
with open(sys.argv[1], "w") as meter:
    print(f"{seconds:.3f} {peak}", file=meter)
sys.exit(status)' "$meter")
else
  die "neither GNU time nor python3 is installed: nothing to measure memory with"
fi

# Rows in the order of their first measurement: name, capture, and a file of measurements each.
names=()
captures=()

measure() { # NAME CAPTURE RESULT COMMAND...: one measurement; RESULT is what it wrote, or -
  local name=$1 capture=$2 result=$3 row=0 size=0 file
  shift 3
  while [ "$row" -lt "${#names[@]}" ] && [ "${names[$row]}" != "$name" ]; do row=$((row + 1)); done
  names[row]=$name
  captures[row]=$capture
  "${metered[@]}" "$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null ||
    die "$name failed:" "$(tail -n 3 "$scratch/stderr")"
  for file in "$result" "$result"-wal "$result"-journal; do
    [ ! -f "$file" ] || size=$((size + $(wc -c <"$file")))
  done
  if [ -d "$result" ]; then size=$(find "$result" -type f -exec cat {} + | wc -c); fi
  echo "$(tail -n 1 "$meter") $size" >>"$scratch/row-$row"
}

measure_probe() { # NAME CAPTURE ARGUMENT...
  measure "$1" "$2" "$scratch/probe.db" "$out/probe" "$2" "$scratch/probe.db" "${@:3}"
  rm -f "$scratch"/probe.db*
}

# The investigations that the first version had.
readonly spine=(capture-quality dns-error-rates dns-refused-by-icmp dns-resolver-down
  dns-unanswered icmp-port-unreachable-burst)
readonly all='wirecase run, all investigations'
readonly six='run, the six of the first version'

ask() { # NAME CAPTURE CASE [INVESTIGATION...]: the shipped ones alone, whoever measures
  measure "$1" "$2" - "$wirecase" run "$3" "${@:4}" --no-user-queries --format csv
}

measure_investigations() { # CASE CAPTURE
  local name
  ask "$all" "$2" "$1"
  ask "$six" "$2" "$1" "${spine[@]}"
  for name in $("$wirecase" investigations --no-user-queries --format csv | sed '1d; s/,.*//'); do
    ask "run $name" "$2" "$1" "$name"
  done
}

# Each ingest writes a case that did not exist, and is followed by what is asked of that case.
measure_wirecase() { # NAME CAPTURE PACKETS: PACKETS is what the case must hold, when known
  local case=$scratch/case.db kept
  measure "wirecase ingest$1" "$2" "$case" "$wirecase" ingest "$case" "$2"
  kept=$("$wirecase" sql "$case" 'SELECT packets FROM captures' --format csv | tail -n 1)
  [ -z "$3" ] || [ "$kept" = "$3" ] || die "the case holds $kept packets of $3"
  if [ "$2" = "$small" ]; then
    measure "wirecase ingest --decode headers" "$2" "$scratch/headers.db" \
      "$wirecase" ingest "$scratch/headers.db" "$2" --decode headers
    rm -f "$scratch"/headers.db*
    measure_investigations "$case" "$2"
    measure "wirecase report" "$2" - "$wirecase" report "$case" -o "$scratch/report.md"
  fi
  rm -f "$case"*
}

readonly beside='wirecase ingest, with another'
readonly twice='wirecase ingest, at two places'

measure_beside() { # NAME CAPTURE
  measure "$1" "$small" - "$wirecase" ingest "$scratch/two.db" "$small" "$2"
  rm -f "$scratch"/two.db*
}

measure_peers() { # CAPTURE
  if command -v argus >/dev/null; then
    measure "argus, flows alone" "$1" "$scratch/argus" \
      argus -r "$1" -w "$scratch/argus"
    rm -f "$scratch/argus"
  fi
  if command -v nfpcapd >/dev/null; then
    mkdir "$scratch/flows"
    measure "nfpcapd, flows alone" "$1" "$scratch/flows" nfpcapd -r "$1" -w "$scratch/flows"
    rm -r "$scratch/flows"
  fi
}

measure_tshark() { # CAPTURE
  local field fields=()
  for field in frame.number frame.time_epoch frame.len ip.src ip.dst ip.proto tcp.srcport \
    udp.srcport tcp.dstport udp.dstport dns.id dns.qry.name dns.flags.response icmp.type \
    icmp.code; do
    fields+=(-e "$field")
  done
  # shellcheck disable=SC2016 # the inner shell's variables
  measure "tshark -T fields into sqlite3, once" "$1" "$scratch/tshark.db" bash -c '
    capture=$1 scratch=$2; shift 2
    tshark -n -r "$capture" -T fields -E separator=, "$@" >"$scratch/tshark.csv" &&
      sqlite3 "$scratch/tshark.db" ".mode csv" ".import $scratch/tshark.csv packets"
  ' tshark "$1" "$scratch" "${fields[@]}"
}

for ((run = 1; run <= runs; run++)); do
  note "run $run of $runs"
  if [ -n "$probed" ]; then
    measure_probe "probe" "$small"
    measure_probe "probe, indexed" "$small" 0 index
  fi
  if [ -n "$large" ]; then
    measure_wirecase "" "$small" "$argument"
  else
    measure_wirecase "" "$small" ""
  fi
  if [ -n "$elsewhere" ]; then
    measure_beside "$beside" "$another"
    measure_beside "$twice" "$elsewhere"
  fi
  measure_peers "$small"
  if [ -n "$large" ]; then
    [ -z "$probed" ] || measure_probe "probe, indexed, 5 x" "$large" 0 index
    measure_wirecase ", 5 x" "$large" $((5 * argument))
  fi
done
if command -v tshark >/dev/null && command -v sqlite3 >/dev/null; then
  note 'tshark, once'
  measure_tshark "$small"
else
  note 'tshark or sqlite3 is not installed: left out'
fi

# --- The table -----------------------------------------------------------------------------
median() { # FILE COLUMN
  awk -v column="$2" '{ print $column }' "$1" | sort -n |
    awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}
floor_of() { # CAPTURE: median seconds of the indexed probe on it; nothing when it did not run
  local row
  for row in "${!names[@]}"; do
    case ${names[$row]} in
    'probe, indexed'*)
      if [ "${captures[$row]}" = "$1" ]; then median "$scratch/row-$row" 1; fi
      ;;
    esac
  done
}

printf 'Medians of %d interleaved runs; %s, %s cores; %s.\n\n' "$runs" "$(uname -sm)" \
  "$(getconf _NPROCESSORS_ONLN)" "wirecase $("$wirecase" --version)"
for capture in "$small" $large; do
  printf -- '- %s: %s bytes\n' "$(basename "$capture")" "$(wc -c <"$capture")"
done
printf '\n| what | capture | seconds | x probe, indexed | peak memory, MiB | %% of the capture |\n'
printf '| --- | --- | ---: | ---: | ---: | ---: |\n'
for row in "${!names[@]}"; do
  measured=$scratch/row-$row
  case ${names[$row]} in run*) continue ;; esac
  awk -v name="${names[$row]}" -v capture="$(basename "${captures[$row]}")" \
    -v seconds="$(median "$measured" 1)" -v floor="$(floor_of "${captures[$row]}")" \
    -v peak="$(median "$measured" 2)" -v size="$(median "$measured" 3)" \
    -v whole="$(wc -c <"${captures[$row]}")" 'BEGIN {
      ratio = (floor + 0 > 0) ? sprintf("%.2f", seconds / floor) : "-"
      share = (size * whole > 0) ? sprintf("%.1f", 100 * size / whole) : "-"
      printf "| %s | %s | %.2f | %s | %.0f | %s |\n", name, capture, seconds, ratio,
        peak / 1024, share
    }'
done

# A small case is asked in less time than it takes to start: it is measured, and not judged.
judged=
if [ -n "$probed" ] && [ "$argument" -ge 1000000 ]; then judged=yes; fi
printf '\n| investigation | seconds | x probe, indexed | at most |\n| --- | ---: | ---: | ---: |\n'
missed=0
for row in "${!names[@]}"; do
  name=${names[$row]}
  case $name in
  "$all") most=2.4 ;;
  "$six") most=0.4 ;;
  'run '*) most=0.2 ;;
  *) continue ;;
  esac
  name=${name#wirecase }
  name=${name#run}
  name=${name#,}
  name=${name# }
  awk -v name="$name" -v seconds="$(median "$scratch/row-$row" 1)" \
    -v floor="$(floor_of "$small")" -v most="$most" -v judged="$judged" 'BEGIN {
      ratio = (floor + 0 > 0) ? seconds / floor : 0
      printf "| %s | %.2f | %s | %s |\n", name, seconds, ratio ? sprintf("%.3f", ratio) : "-",
        judged ? most : "-"
      exit (judged && ratio > most)
    }' || {
    note "$name: more than $most times what the indexed probe takes"
    missed=1
  }
done

seconds_of() { # NAME
  local row
  for row in "${!names[@]}"; do
    if [ "${names[$row]}" = "$1" ]; then median "$scratch/row-$row" 1; fi
  done
}

if [ -n "$elsewhere" ]; then
  awk -v one="$(seconds_of "$beside")" -v other="$(seconds_of "$twice")" -v judged="$judged" 'BEGIN {
    printf "\nA capture from two places takes %.2f times as long as two captures; at most 1.15.\n",
      other / one
    exit (judged && other > 1.15 * one)
  }' || {
    note 'telling which packets were seen before takes too long'
    missed=1
  }
fi
exit "$missed"
