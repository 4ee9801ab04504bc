#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
#
# usage: scripts/gpu-check.sh [--dry-run] [--build FOLDER] [--jobs N]
#
# Builds recokit::cuda on a machine with a GPU, runs the tests labelled gpu there, repeats them under
# compute-sanitizer and runs the GPU benchmarks, where Google Benchmark is. Within RECOKIT_GPU_SECONDS
# (570): what would go on after is stopped and FAILED in the table of results, the last thing printed. Needs nvcc, CMake and Ninja; libraries are taken from .deps
# (scripts/bundle-deps.sh) when it is there.
#
# Exits 0 when everything passed, 1 when something failed, 3 when there is no device. With --dry-run
# a missing device is expected: all that can be done without one is done.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

dry_run=0
build=build/gpu-check
jobs="$(nproc)"
while [ $# -gt 0 ]; do
  case "$1" in
    --dry-run) dry_run=1 ;;
    --build) build="${2:?--build needs a folder}"; shift ;;
    --jobs) jobs="${2:?--jobs needs a number}"; shift ;;
    *) sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2 ;;
  esac
  shift
done

total="${RECOKIT_GPU_SECONDS:-570}"
# left LIMIT: so many seconds, or those that remain of all; timeout takes 0 for no limit.
left() {
  local rest=$((total - SECONDS))
  if [ "$rest" -lt 1 ]; then rest=1; fi
  echo $(($1 < rest ? $1 : rest))
}

names=() results=() notes=()
failed=0
record() { # NAME RESULT NOTE
  names+=("$1") results+=("$2") notes+=("$3")
  if [ "$2" = FAILED ]; then failed=1; fi
}
finish() { # STATUS
  echo
  printf '%-22s %-8s %s\n' check result note
  printf '%-22s %-8s %s\n' ----- ------ ----
  local i
  for i in "${!names[@]}"; do
    printf '%-22s %-8s %s\n' "${names[i]}" "${results[i]}" "${notes[i]}"
  done
  exit "$1"
}
# step NAME LIMIT COMMAND...: its output is shown; false when it fails or outlasts LIMIT seconds.
step() {
  local name="$1" limit start=$SECONDS status=0
  limit="$(left "$2")"
  shift 2
  echo "== $name: $*"
  timeout "$limit" "$@" || status=$?
  if [ $status -eq 0 ]; then
    record "$name" ok "$((SECONDS - start)) s"
  elif [ $status -eq 124 ]; then
    record "$name" FAILED "stopped after $limit s"
  else
    record "$name" FAILED "exit status $status"
  fi
  return $status
}

for tool in nvcc cmake ninja; do
  if ! command -v "$tool" >/dev/null; then
    if [ "$tool" = nvcc ] && [ -x /usr/local/cuda/bin/nvcc ]; then
      PATH="/usr/local/cuda/bin:$PATH"
      continue
    fi
    record tools FAILED "$tool is not on the PATH"
    finish 1
  fi
done
record tools ok "nvcc $(nvcc --version | sed -n 's/.*release [0-9.]*, V\([0-9.]*\).*/\1/p')"

device=0
architecture=90
note="no device: nvidia-smi is not there or finds none"
if command -v nvidia-smi >/dev/null; then
  # "NVIDIA H200, 9.0, 575.57.08"; the first device counts.
  line="$(nvidia-smi --query-gpu=name,compute_cap,driver_version --format=csv,noheader 2>/dev/null |
    head -n 1)"
  capability="$(cut -d , -f 2 <<<"$line" | tr -d ' .')"
  if [[ "$capability" =~ ^[0-9]+$ ]]; then
    device=1
    architecture="$capability"
    note="$line"
  fi
fi
if [ $device -eq 1 ]; then
  record device ok "$note"
elif [ $dry_run -eq 1 ]; then
  record device none "$note"
else
  record device FAILED "$note; --dry-run builds without one"
  finish 3
fi

prefix=()
if [ -d .deps/usr ]; then prefix=("-DCMAKE_PREFIX_PATH=$PWD/.deps/usr"); fi
step configure 60 cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DRECOKIT_CUDA=ON \
  "-DCMAKE_CUDA_ARCHITECTURES=$architecture" -DRECOKIT_BUILD_EXAMPLES=OFF -DRECOKIT_INSTALL=OFF \
  ${prefix[@]+"${prefix[@]}"} || finish 1

# What there is to build: the tests, and the benchmarks where Google Benchmark is.
benchmarks=()
for target in recokit_bench_gpu_kernels recokit_bench_gpu; do
  if cmake --build "$build" --target help | grep -q "^$target:"; then benchmarks+=("$target"); fi
done
step build 300 cmake --build "$build" --parallel "$jobs" \
  --target recokit_tests_cuda ${benchmarks[@]+"${benchmarks[@]}"} || finish 1
tests="$build/tests/cuda/recokit_tests_cuda"

step "register spills" 60 scripts/check-spills.sh nvcc "$architecture"

log="$build/gpu-tests.txt"
echo "== tests: ctest -L gpu"
timeout "$(left 120)" ctest --test-dir "$build" -L '^gpu$' --output-on-failure >"$log" 2>&1
status=$?
tail -n 40 "$log"
count="$(grep -c '^ *[0-9]*/[0-9]* Test ' "$log")"
skipped="$(grep -c '\*\*\*Skipped' "$log")"
if [ $status -ne 0 ] || [ "$count" -eq 0 ]; then
  record "tests (gpu)" FAILED "exit status $status, $count ran, see $log"
elif [ $device -eq 1 ] && [ "$skipped" -gt 0 ]; then
  record "tests (gpu)" FAILED "$skipped of $count skipped although there is a device"
else
  record "tests (gpu)" ok "$((count - skipped)) of $count ran, $skipped skipped"
fi

for tool in memcheck racecheck synccheck; do
  if [ $device -eq 0 ]; then
    record "$tool" none "needs a device"
  elif ! command -v compute-sanitizer >/dev/null; then
    record "$tool" none "compute-sanitizer is not on the PATH"
  else
    step "$tool" 90 compute-sanitizer --tool "$tool" --error-exitcode 9 "$tests"
  fi
done

# bench NAME TARGET OUT: its results go to OUT.
bench() {
  local program
  program="$(find "$build" -type f -name "$2" | head -n 1)"
  if [ -z "$program" ]; then
    record "$1" none "Google Benchmark is not there"
  elif [ $device -eq 0 ]; then
    record "$1" none "needs a device"
  else
    step "$1" 300 "$program" --benchmark_out="$build/$3" --benchmark_out_format=json
  fi
}
bench "kernel benchmarks" recokit_bench_gpu_kernels gpu-kernel-benchmarks.json
bench benchmarks recokit_bench_gpu gpu-benchmarks.json

finish $failed
