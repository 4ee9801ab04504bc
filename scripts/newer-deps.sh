#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
#
# usage: scripts/newer-deps.sh PREFIX
#
# Puts Eigen 5 and Catch2 3 below PREFIX on a Debian machine whose release is older: Eigen's headers
# from the package of Debian testing, Catch2 built from the source package there. The machine's own
# packages stay as they are. Exits 3 when testing cannot be reached or holds neither.
set -euo pipefail

prefix="$(mkdir -p "$1" && cd "$1" && pwd)"
work="$prefix/.work"
if [ -f "$prefix/.complete" ]; then
  echo "newer-deps: $prefix is complete"
  exit 0
fi
rm -rf "$work"
mkdir -p "$work"/{parts,lists/partial,cache/archives/partial,eigen,catch2}

# A private apt: the mirror and the key of this machine, the suite "testing".
mirror="$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' \
  /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources \
  2>/dev/null | grep -m 1 '/debian/\?$' || true)"
if [ -z "$mirror" ]; then
  echo "newer-deps: no Debian mirror is configured here" >&2
  exit 3
fi
key=/usr/share/keyrings/debian-archive-keyring.gpg
for kind in deb deb-src; do
  echo "$kind [signed-by=$key] $mirror testing main"
done >"$work/sources.list"
private_apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts="$work/parts" \
    -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root "$@"
}
cd "$work"
if ! private_apt update || ! private_apt download libeigen3-dev \
  || ! private_apt source --download-only catch2; then
  echo "newer-deps: Debian testing cannot be reached" >&2
  exit 3
fi

dpkg -x libeigen3-dev_*.deb eigen
cp -r eigen/usr/. "$prefix"
tar -xzf catch2_*.orig.tar.gz -C catch2 --strip-components=1
cmake -S catch2 -B catch2/build -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS=-g0 \
  -DCMAKE_CXX_STANDARD=20 -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=60 \
  -DBUILD_TESTING=OFF -DCATCH_INSTALL_DOCS=OFF \
  -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib >/dev/null
cmake --build catch2/build >/dev/null
cmake --install catch2/build >/dev/null
cd /
rm -rf "$work"
touch "$prefix/.complete"
grep -h 'define EIGEN_VERSION_STRING' "$prefix/include/eigen3/Eigen/Version"
sed -n 's/^set(PACKAGE_VERSION "\(.*\)")/Catch2 \1/p' "$prefix"/lib/cmake/Catch2/Catch2ConfigVersion.cmake
