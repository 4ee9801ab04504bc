# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# To be sourced. Installs what a build needs and is not there, and says what it does.

# recokit_install PACKAGE...: installs those of the Debian or Ubuntu packages that are missing. On
# another system it only says what is needed: CMake will name what it cannot find.
recokit_install() {
  local missing=() package root_command=()
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "recokit: this is neither Debian nor Ubuntu, so nothing is installed. Needed are a C++20" >&2
    echo "recokit: compiler, CMake 3.25, Ninja, and what these packages hold there: $*" >&2
    return 0
  fi
  for package in "$@"; do
    if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed$'; then
      missing+=("$package")
    fi
  done
  if [ "${#missing[@]}" -eq 0 ]; then
    return 0
  fi
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "recokit: these packages are missing and need root to install: ${missing[*]}" >&2
      echo "recokit: ask an administrator for: apt-get install ${missing[*]}" >&2
      return 1
    fi
    root_command=(sudo)
  fi
  echo "recokit: installing ${missing[*]}"
  "${root_command[@]}" apt-get update -qq
  "${root_command[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# recokit_install_build_tools: everything to build and test recokit. A tool that is already on the
# PATH, from wherever, is not installed again.
recokit_install_build_tools() {
  local packages=(libeigen3-dev libtbb-dev zlib1g-dev libsvm-dev catch2 libcli11-dev nlohmann-json3-dev)
  command -v "${CXX:-c++}" >/dev/null || packages+=(g++)
  command -v cmake >/dev/null || packages+=(cmake)
  command -v ninja >/dev/null || packages+=(ninja-build)
  command -v python3 >/dev/null || packages+=(python3)
  command -v pkgconf >/dev/null || command -v pkg-config >/dev/null || packages+=(pkg-config)
  recokit_install "${packages[@]}"

  local tool
  for tool in "${CXX:-c++}" cmake ninja python3; do
    if ! command -v "$tool" >/dev/null; then
      echo "recokit: $tool is not on the PATH" >&2
      return 1
    fi
  done
  local version
  version="$(cmake --version | sed -n '1s/[^0-9]*\([0-9.]*\).*/\1/p')"
  if [ "$(printf '%s\n' 3.25 "$version" | sort -V | head -n 1)" != 3.25 ]; then
    echo "recokit: CMake $version is too old, 3.25 is needed (python3 -m pip install cmake)" >&2
    return 1
  fi
}

# recokit_configure ROOT BUILD: configures a Release build unless the folder holds a build already,
# whose settings then stay as they are.
recokit_configure() {
  if [ ! -f "$2/CMakeCache.txt" ]; then
    cmake -S "$1" -B "$2" -G Ninja -DCMAKE_BUILD_TYPE=Release
  fi
}
