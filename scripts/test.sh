#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/test.sh [CTEST-OPTION...]

Installs what is missing (Debian, Ubuntu), builds recokit with its tests and runs them. Options go to
ctest: -L core runs one room, -LE consumer leaves the consumer projects out. Tests on real data sets
run when RECOKIT_DATA_DIR names the folder that holds them, and are skipped otherwise.
TEXT
}

if [ "${1:-}" = "-h" ] || [ "${1:-}" = "--help" ]; then
  usage
  exit 0
fi

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
build="$root/build/release"

# shellcheck source=scripts/install-deps.sh
source "$root/scripts/install-deps.sh"
recokit_install_build_tools
recokit_configure "$root" "$build"
cmake --build "$build"
ctest --test-dir "$build" --output-on-failure --no-tests=error -j "$(nproc)" "$@"
