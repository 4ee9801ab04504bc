#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Uses recokit as somebody else's project would; see tests/consumer/CMakeLists.txt."""

import argparse
import os
import pathlib
import shlex
import shutil
import sys

sys.dont_write_bytecode = True
import consumer_project as project  # noqa: E402


def install(settings):
    """Installs into one folder and moves it to another: nothing may remember the first."""
    staged = pathlib.Path(settings["prefix"] + ".staged")
    prefix = pathlib.Path(settings["prefix"])
    for folder in (staged, prefix):
        if folder.exists():
            shutil.rmtree(folder)
    project.must(
        [settings["cmake"], "--install", settings["build"], "--prefix", staged], "installing"
    )
    for file in staged.rglob("*"):
        if file.suffix in (".cmake", ".pc"):
            text = file.read_text()
            for folder in (staged, settings["build"], settings["source"]):
                if str(folder) in text:
                    raise project.Failure(f"{file} names {folder}")
    staged.rename(prefix)
    return f"installed and moved to {prefix}"


def installed(settings, source, work):
    """find_package against the moved install."""
    defines = {"CMAKE_PREFIX_PATH": settings["prefix"], "RECOKIT_VERSION": settings["version"]}
    return project.expect_answer(project.build_and_run(settings, source, work, "consumer", defines))


def embedded(settings, source, work, shared):
    """add_subdirectory or FetchContent."""
    defines = {
        "RECOKIT_SOURCE_DIR": settings["source"],
        "RECOKIT_PARALLEL": settings["parallel"],
        "BUILD_SHARED_LIBS": "ON" if shared else "OFF",
    }
    # Builds all of recokit once more; what an earlier run compiled is kept.
    text = project.build_and_run(settings, source, work, "consumer", defines, fresh=False)
    if shared:
        expect_soname(pathlib.Path(work), settings["version"])
    return project.expect_answer(text)


def expect_soname(work, version):
    """The shared library and who links it agree on a name with the version that may break."""
    name = f"librecokit.so.{version}"
    library = next(work.rglob("librecokit.so"), None)
    if library is None:
        raise project.Failure(f"no librecokit.so below {work}")
    for file, entry in ((library, "SONAME"), (work / "consumer", "NEEDED")):
        dynamic = project.must(["readelf", "-d", file], "readelf")
        if not any(f"({entry})" in line and f"[{name}]" in line for line in dynamic.splitlines()):
            raise project.Failure(f"{file} has no {entry} {name}\n{dynamic}")


def pkg_config(settings, source, work, package):
    """The command line a user without CMake types."""
    prefix = pathlib.Path(settings["prefix"])
    folders = [str(file.parent) for file in prefix.rglob("recokit.pc")]
    if len(folders) != 1:
        raise project.Failure(f"expected one recokit.pc below {prefix}, found {folders}")
    known = os.environ.get("PKG_CONFIG_PATH")
    environment = os.environ | {"PKG_CONFIG_PATH": ":".join(folders + ([known] if known else []))}
    flags = shlex.split(
        project.must(
            [settings["pkg_config"], "--cflags", "--libs", package], "pkg-config", env=environment
        )
    )
    work = pathlib.Path(work)
    work.mkdir(parents=True, exist_ok=True)
    program = work / "consumer"
    project.must(
        [
            settings["compiler"],
            "-std=c++20",
            "-O0",
            *shlex.split(settings["flags"]),
            pathlib.Path(source) / "main.cpp",
            pathlib.Path(source) / "check.cpp",
            "-o",
            program,
            *flags,
        ],
        "compiling",
    )
    environment["LD_LIBRARY_PATH"] = str(pathlib.Path(folders[0]).parent)
    return project.expect_answer(project.must([program], "running the program", env=environment))


def refused(settings, source, work, stage, sentence):
    """The project has to fail at the stated stage, with the stated words."""
    defines = {"CMAKE_PREFIX_PATH": settings["prefix"]}
    status, text = project.configure(settings, source, work, defines)
    if stage == "build":
        if status != 0:
            raise project.Failure(f"configuring {source} failed\n{text}")
        status, text = project.build(settings, work, "consumer")
    if status == 0:
        raise project.Failure(f"{source} was expected to fail at {stage} and did not")
    if sentence not in " ".join(text.split()):
        raise project.Failure(f"{source} failed without the words '{sentence}'\n{text}")
    return f"refused with '{sentence}'"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("toolchain")
    parser.add_argument(
        "way", choices=["install", "installed", "embedded", "pkg-config", "refused"]
    )
    parser.add_argument("source", nargs="?")
    parser.add_argument("work", nargs="?")
    parser.add_argument("--shared", action="store_true", help="embedded: build a shared library")
    parser.add_argument("--package", default="recokit", help="pkg-config: the package asked for")
    parser.add_argument("--stage", choices=["configure", "build"], default="build")
    parser.add_argument("--sentence", help="refused: words that the message must hold")
    options = parser.parse_args()
    settings = project.toolchain(options.toolchain)
    if options.way == "install":
        return install(settings)
    if options.way == "installed":
        return installed(settings, options.source, options.work)
    if options.way == "embedded":
        return embedded(settings, options.source, options.work, options.shared)
    if options.way == "pkg-config":
        return pkg_config(settings, options.source, options.work, options.package)
    return refused(settings, options.source, options.work, options.stage, options.sentence)


if __name__ == "__main__":
    project.main(main)
