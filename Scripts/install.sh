#!/usr/bin/env bash
# Installs the release build, its manual page and its completions.
#
# Usage: Scripts/install.sh PREFIX
set -euo pipefail
prefix=${1:?usage: Scripts/install.sh PREFIX}
cd "$(dirname "$0")/.."

readonly program=.build/release/wirecase
[ -x "$program" ] || {
  echo "install: $program is not there; run 'make build'" >&2
  exit 1
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The plug-in of swift-argument-parser writes into a folder of its own below .build.
swift package generate-manual >"$scratch/log" 2>&1 || {
  cat "$scratch/log" >&2
  echo 'install: the manual page could not be generated; nothing was installed' >&2
  exit 1
}
manual=$(find .build/plugins -path '*/outputs/*' -name wirecase.1 | head -n 1)
[ -n "$manual" ] || {
  echo 'install: no wirecase.1 below .build/plugins; nothing was installed' >&2
  exit 1
}
for shell in bash zsh fish; do
  "$program" --generate-completion-script "$shell" >"$scratch/$shell"
done

put() { # MODE FILE PATH-BELOW-PREFIX
  mkdir -p "$prefix/$(dirname "$3")"
  install -m "$1" "$2" "$prefix/$3"
  echo "$prefix/$3"
}
put 755 "$program" bin/wirecase
put 644 "$manual" share/man/man1/wirecase.1
put 644 "$scratch/bash" share/bash-completion/completions/wirecase
put 644 "$scratch/zsh" share/zsh/site-functions/_wirecase
put 644 "$scratch/fish" share/fish/vendor_completions.d/wirecase.fish
