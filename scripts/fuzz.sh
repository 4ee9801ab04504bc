#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/fuzz.sh [TARGET...]

Builds the fuzz targets of tests/fuzz and runs all of them, or those named, as many at a time as there
are processors. RECOKIT_FUZZ_SECONDS is the time of each, 10 by default: 60 for a look, 3600 for an
hour. What they learn stays in build/fuzz/corpus, inputs that end a target in build/fuzz/findings. Ends
with a table of executions and fails when a target failed.
TEXT
}

if [ "${1:-}" = "-h" ] || [ "${1:-}" = "--help" ]; then
  usage
  exit 0
fi

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
build="$root/build/fuzz"
programs="$build/tests/fuzz"
export RECOKIT_FUZZ_SECONDS="${RECOKIT_FUZZ_SECONDS:-10}"
export ASAN_OPTIONS="detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1"
export UBSAN_OPTIONS="print_stacktrace=1"

cd "$root"
if [ ! -f "$build/CMakeCache.txt" ]; then
  cmake --preset fuzz
fi
wanted=("${@/#/recokit_fuzz_}")
cmake --build "$build" --target "${wanted[@]:-recokit_fuzzers}"
tests/fuzz/make-seeds.py "$build/seeds"
mkdir -p "$build/findings" "$build/logs"
if [ "$#" -eq 0 ]; then
  mapfile -t wanted < <(basename -a "$build"/seeds/*)
else
  wanted=("$@")
fi

# shellcheck disable=SC2317 # called by xargs
# fuzz_one TARGET: its log ends in libFuzzer's statistics.
fuzz_one() {
  local name="$1"
  mkdir -p "$build/corpus/$name"
  "$programs/recokit_fuzz_$name" -max_total_time="$RECOKIT_FUZZ_SECONDS" -timeout=10 \
    -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1 \
    -artifact_prefix="$build/findings/$name-" \
    "$build/corpus/$name" "$build/seeds/$name" >"$build/logs/$name.log" 2>&1
}
export -f fuzz_one
export build programs

failed=0
# shellcheck disable=SC2016 # expanded by the shell that xargs starts
printf '%s\n' "${wanted[@]}" \
  | xargs -P "$(nproc)" -I '{}' bash -c 'fuzz_one "$1" || touch "$build/logs/$1.failed"' _ '{}'
printf '%-18s %12s %10s %8s\n' target executions edges result
for name in "${wanted[@]}"; do
  log="$build/logs/$name.log"
  result=passed
  if [ -e "$build/logs/$name.failed" ]; then
    rm "$build/logs/$name.failed"
    result=FAILED
    failed=1
  fi
  printf '%-18s %12s %10s %8s\n' "$name" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)" "$result"
  if [ "$result" = FAILED ]; then
    tail -n 60 "$log"
  fi
done
exit "$failed"
