#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
#
# usage: scripts/bundle-deps.sh [FOLDER]
#
# Unpacks what recokit builds against into FOLDER (.deps, which git ignores) from Debian or Ubuntu
# packages, installing nothing: for a machine with a compiler, CMake and nvcc that cannot reach a
# package registry. Take the folder there and configure with -DCMAKE_PREFIX_PATH=FOLDER/usr.
# The two machines need the same architecture, and there a C library that is not older.
set -euo pipefail

packages=(libeigen3-dev libtbb-dev catch2 libbenchmark-dev libcli11-dev nlohmann-json3-dev
  zlib1g-dev)

for tool in apt-get apt-cache dpkg; do
  if ! command -v "$tool" >/dev/null; then
    echo "bundle-deps: $tool is missing: run this on Debian or Ubuntu" >&2
    exit 2
  fi
done

folder="${1:-$(cd "$(dirname "$0")/.." && pwd)/.deps}"
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"

# The shared libraries behind the -dev packages; TBB's CMake files want all of TBB's.
mapfile -t runtime < <(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts \
  --no-breaks --no-replaces --no-enhances libtbb-dev libbenchmark-dev zlib1g-dev |
  sed -n 's/^ *Depends: \(libtbb[a-z0-9.-]*\|libbenchmark[a-z0-9.-]*\|zlib1g\)$/\1/p' | sort -u)
for name in libtbb libbenchmark zlib1g; do
  if ! printf '%s\n' "${runtime[@]}" | grep -q "^$name"; then
    echo "bundle-deps: no runtime package of $name found; is the package list there (apt-get update)?" >&2
    exit 1
  fi
done

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq -o APT::Sandbox::User=root "${packages[@]}" "${runtime[@]}"
rm -rf "${folder:?}/usr" "${folder:?}/lib"
: >"$folder/packages.txt"
for archive in ./*.deb; do
  dpkg -x "$archive" "$folder"
  # shellcheck disable=SC2016  # dpkg-deb fills the names in
  dpkg-deb --show --showformat='${Package} ${Version}\n' "$archive" >>"$folder/packages.txt"
done

# Links that lead to a folder of the system go to the same file in here; nothing else would do where
# the system has no such file. A merged /usr has /lib inside /usr.
if [ -d "$folder/lib" ]; then
  cp -a "$folder/lib/." "$folder/usr/lib/"
  rm -rf "${folder:?}/lib"
fi
find "$folder" -type l | while read -r link; do
  target="$(readlink "$link")"
  case "$target" in
    /lib/*) inside="$folder/usr$target" ;;
    /*) inside="$folder$target" ;;
    *) continue ;;
  esac
  if [ -e "$inside" ]; then
    ln -sfr "$inside" "$link"
  fi
done
# Documentation is most of the files and no part of a build.
rm -rf "$folder/usr/share/doc" "$folder/usr/share/man" "$folder/usr/share/lintian"

sort -o "$folder/packages.txt" "$folder/packages.txt"
cat "$folder/packages.txt"
echo "bundle-deps: $(du -sh "$folder" | cut -f 1) in $folder; configure with -DCMAKE_PREFIX_PATH=$folder/usr"
