#!/usr/bin/env bash
# Installs what the build needs and this system lacks; silent when that is nothing.
#
# Usage: Scripts/setup.sh [tests]
#
# With 'tests': also Python 3, the sqlite3 shell and tshark, the other programs that tests run.
#
# Debian and Ubuntu: by apt-get, as root or through a sudo that asks for no password. macOS: by
# brew; libpcap, zlib, libedit and SQLite come with its SDK. Anywhere else, or when it may not install:
# prints the line to run and exits 1.
set -euo pipefail

readonly swift_minimum=6.2

die() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

# --- Swift: never installed from here, only checked ----------------------------------------
command -v swift >/dev/null ||
  die "swift is not installed, or not in PATH. Wirecase needs Swift $swift_minimum or newer:" \
    "get it from https://www.swift.org/install and run this again."
swift_version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p')
oldest=$(printf '%s\n' "$swift_minimum" "${swift_version:-0}" | sort -V | head -n 1)
[ "$oldest" = "$swift_minimum" ] ||
  die "this is Swift ${swift_version:-of an unknown version}; Wirecase needs $swift_minimum or newer:" \
    "get it from https://www.swift.org/install and put it first in PATH."

# --- Libraries: pkg-config's name, then the system's package --------------------------------
missing=()
need_library() {
  command -v pkg-config >/dev/null && pkg-config --exists "$1" || missing+=("$2")
}
need_program() { command -v "$1" >/dev/null || missing+=("$2"); }

case $(uname -s) in
Linux)
  need_program make make
  need_program pkg-config pkg-config
  need_library sqlite3 libsqlite3-dev
  need_library libpcap libpcap-dev
  need_library zlib zlib1g-dev
  need_library libzstd libzstd-dev
  need_library libedit libedit-dev
  if [ "${1:-}" = tests ]; then
    need_program python3 python3
    need_program sqlite3 sqlite3
    need_program tshark tshark
    # Debian has what makes virtual environments in a package of its own.
    python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
  fi
  [ ${#missing[@]} -gt 0 ] || exit 0
  command -v apt-get >/dev/null ||
    die "missing, by Debian's names: ${missing[*]}." \
      "Install what your system calls them (libpcap-devel for libpcap-dev), then try again."
  as_root=(env DEBIAN_FRONTEND=noninteractive)
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null ||
      die "missing: ${missing[*]}. Run this, then try again:" \
        "  sudo apt-get install ${missing[*]}"
    as_root=(sudo -n "${as_root[@]}")
  fi
  echo "setup: installing ${missing[*]}" >&2
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
  ;;
Darwin)
  need_program pkg-config pkgconf
  need_library libzstd zstd
  if [ "${1:-}" = tests ]; then
    need_program python3 python
    need_program tshark wireshark
  fi
  [ ${#missing[@]} -gt 0 ] || exit 0
  command -v brew >/dev/null ||
    die "missing: ${missing[*]}. Get Homebrew from https://brew.sh, then run:" \
      "  brew install ${missing[*]}"
  echo "setup: installing ${missing[*]}" >&2
  brew install "${missing[@]}"
  ;;
*)
  die "$(uname -s) is not supported; Wirecase builds on Linux and macOS."
  ;;
esac
