#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/coverage.sh [ROOM...]

Builds the tests with counters, all of them or those of the rooms named, runs them, and prints which
share of the lines in include/ and src/ they reach: all lines, or those of the same rooms. Fails below
RECOKIT_COVERAGE_FLOOR percent, 90 by default. build/coverage/report.html shows the lines.
TEXT
}

if [ "${1:-}" = "-h" ] || [ "${1:-}" = "--help" ]; then
  usage
  exit 0
fi

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
build="$root/build/coverage"
floor="${RECOKIT_COVERAGE_FLOOR:-90}"
rooms=("$@")

# shellcheck source=scripts/install-deps.sh
source "$root/scripts/install-deps.sh"
recokit_install gcovr
cd "$root"
if [ ! -f "$build/CMakeCache.txt" ]; then
  cmake --preset coverage -DRECOKIT_BUILD_EXAMPLES=OFF
fi
find "$build" -name '*.gcda' -delete
if [ "${#rooms[@]}" -eq 0 ]; then
  cmake --build "$build"
  ctest --preset coverage -j "$(nproc)"
  filters=(--filter include/ --filter src/)
else
  cmake --build "$build" --target "${rooms[@]/#/recokit_tests_}"
  ctest --preset coverage -j "$(nproc)" -R "^($(IFS='|' && echo "${rooms[*]}"))/"
  filters=()
  for room in "${rooms[@]}"; do
    filters+=(--filter "include/recokit/$room/" --filter "src/$room/")
  done
fi
# Branches that only exceptions take are not counted.
gcovr --root "$root" "$build" "${filters[@]}" --exclude-throw-branches --print-summary \
  --html-details "$build/report.html" --fail-under-line "$floor"
