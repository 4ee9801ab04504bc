#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
#
# Fails when the assembler had to spill registers of a kernel to memory, and, having no path to
# Eigen, when a kernel includes it.
#   scripts/check-spills.sh [nvcc [architecture…]]
# Architectures as CMake writes them: 75-real 80-real 90. NVCC_FLAGS adds options
# (NVCC_FLAGS=-maxrregcount=16 shows the check failing).
set -euo pipefail
cd "$(dirname "$0")/.."

nvcc="${1:-nvcc}"
architectures=("${@:2}")
if [ ${#architectures[@]} -eq 0 ]; then architectures=(75-real 80-real 90); fi

targets=()
for architecture in "${architectures[@]}"; do
  number="${architecture%%-*}"
  case "$number" in
    *[!0-9a]* | "") echo "check-spills: \"$architecture\" is no architecture number" >&2; exit 2 ;;
  esac
  targets+=("-gencode=arch=compute_$number,code=sm_$number")
done

shopt -s nullglob
sources=(cuda/kernels/*.cu)
if [ ${#sources[@]} -eq 0 ]; then echo "check-spills: no kernels found" >&2; exit 2; fi

read -r -a extra <<<"${NVCC_FLAGS:-}"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
export nvcc folder
# shellcheck disable=SC2016 # the inner shell expands
printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -I{} bash -c '
  name="$(basename "$1")"
  shift
  "$nvcc" -std=c++20 -O3 -DNDEBUG -Icuda -Iinclude "$@" -Xptxas -v -c "cuda/kernels/$name" \
    -o "$folder/$name.o" >"$folder/$name.log" 2>&1 || touch "$folder/$name.failed"
' _ {} "${targets[@]}" ${extra[@]+"${extra[@]}"}

failed=0
kernels=0
for source in "${sources[@]}"; do
  log="$folder/$(basename "$source").log"
  if [ -e "$folder/$(basename "$source").failed" ]; then
    cat "$log" >&2
    exit 1
  fi
  found="$(grep -c 'bytes spill stores' "$log" || true)"
  kernels=$((kernels + found))
  # A name comes before its line of numbers. The systems of 256 take 17 warps, for which the register
  # file has 96 a thread, and 64 of those are the tile: they may spill up to 64 bytes.
  spills="$(awk '/Compiling entry function/ { name = $0; sub(/.*function /, "", name) }
    /bytes spill stores/ && !/ 0 bytes spill stores, 0 bytes spill loads/ {
      if (name ~ /rows_kernelILj256E/ && $5 <= 64) next
      print "  " name ": " $0
    }
    ' "$log")"
  if [ -n "$spills" ]; then
    echo "$source spills registers:" >&2
    echo "$spills" >&2
    failed=1
  fi
done
# Silence of the assembler is no proof.
if [ "$kernels" -eq 0 ]; then echo "check-spills: ptxas reported on no kernel" >&2; exit 2; fi
if [ "$failed" -ne 0 ]; then exit 1; fi
echo "check-spills: $kernels kernels in ${#sources[@]} files, no spill beyond that of the largest systems"
