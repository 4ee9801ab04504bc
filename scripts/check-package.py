#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the packages of cpack. The .tar.gz, unpacked into an empty prefix, serves a project that asks
for recokit; the .deb holds the same files and names the packages that they need."""

import argparse
import hashlib
import pathlib
import shutil
import sys
import tarfile

sys.dont_write_bytecode = True
import consumer_project as project  # noqa: E402


def made(folder, pattern):
    files = list(folder.glob(pattern))
    if len(files) != 1:
        raise project.Failure(f"expected one {pattern}, found {[file.name for file in files]}")
    return files[0]


def contents(prefix):
    """Path below the prefix -> checksum, of every file."""
    return {str(file.relative_to(prefix)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in prefix.rglob("*") if file.is_file()}


def unpack(archive, prefix):
    with tarfile.open(archive) as tar:
        tar.extractall(prefix)


def check_debian(dpkg_deb, package, folder, files, needs):
    def field(name):
        return project.must([dpkg_deb, "-f", package, name], f"field {name}").strip()

    if field("Package") != "librecokit-dev":
        raise project.Failure(f"the package is called {field('Package')}")
    named = {each.split()[0] for each in field("Depends").split(",")}
    if named != set(needs):
        raise project.Failure(f"the package depends on {sorted(named)}, the build on {sorted(needs)}")
    project.must([dpkg_deb, "-x", package, folder], "unpacking the .deb")
    held = contents(folder / "usr")
    if held != files:
        differing = sorted(set(held.items()) ^ set(files.items()))
        raise project.Failure(f"the .deb and the .tar.gz differ: {differing[:5]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("toolchain")
    parser.add_argument("source", help="the project that asks for recokit")
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--dpkg-deb", help="tests the .deb too")
    parser.add_argument("--needs", nargs="*", default=[], help="Debian packages that the .deb has to name")
    options = parser.parse_args()
    settings = project.toolchain(options.toolchain)
    shutil.rmtree(options.work, ignore_errors=True)
    packages, debian = options.work / "packages", options.work / "debian"
    packages.mkdir(parents=True)
    debian.mkdir()
    cpack = pathlib.Path(settings["cmake"]).with_name("cpack")
    configuration = pathlib.Path(settings["build"]) / "CPackConfig.cmake"
    project.must([cpack, "--config", configuration, "-B", packages], "cpack")

    prefix = options.work / "prefix"
    unpack(made(packages, "*-library.tar.gz"), prefix)
    files = contents(prefix)
    if options.dpkg_deb:
        check_debian(options.dpkg_deb, made(packages, "librecokit-dev_*.deb"), debian, files,
                     options.needs)
    text = project.build_and_run(settings, options.source, options.work / "consumer", "consumer",
                                 {"CMAKE_PREFIX_PATH": prefix, "RECOKIT_VERSION": settings["version"]})
    project.expect_answer(text)
    return f"{len(files)} files in each package"


if __name__ == "__main__":
    project.main(main)
