#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/quickstart.sh [FILE] [OPTION...]

Installs what is missing (Debian, Ubuntu), builds recokit-bench and lets it train, evaluate and
report: on a built-in synthetic set, or on FILE, an interaction file whose format is detected.
Further options go to `recokit-bench run`. Reports: build/quickstart/report.html and report.json.
TEXT
}

if [ "${1:-}" = "-h" ] || [ "${1:-}" = "--help" ]; then
  usage
  exit 0
fi

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
build="$root/build/release"
reports="$root/build/quickstart"

data=()
if [ "$#" -gt 0 ] && [[ "$1" != -* ]]; then
  if [ ! -r "$1" ]; then
    echo "quickstart: cannot read the file $1" >&2
    usage >&2
    exit 2
  fi
  data=(--data "$1")
  shift
fi

# shellcheck source=scripts/install-deps.sh
source "$root/scripts/install-deps.sh"
recokit_install_build_tools
recokit_configure "$root" "$build"
cmake --build "$build" --target recokit-bench

mkdir -p "$reports"
"$build/benchmarks/recokit-bench" run "${data[@]}" \
  --html "$reports/report.html" --json "$reports/report.json" "$@"
echo
echo "The report to look at:  $reports/report.html"
echo "The same as data:       $reports/report.json"
