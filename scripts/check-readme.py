#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Builds and runs the first C++ block of README.md and compares its output with the text block that
follows it. The program has at most 12 lines. With --ways, configures a project with each of the CMake
blocks instead: the ways to link recokit."""

import argparse
import pathlib
import re
import shutil
import sys

sys.dont_write_bytecode = True
import consumer_project as project  # noqa: E402

MOST_LINES = 12
BUILD = """cmake_minimum_required(VERSION 3.25)
project(readme LANGUAGES CXX)
find_package(recokit REQUIRED)
add_executable(readme main.cpp)
target_link_libraries(readme PRIVATE recokit::recokit)
"""


def blocks(text):
    """(language, content) of every fenced block."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def first_program(readme):
    fenced = blocks(readme.read_text())
    languages = [language for language, _ in fenced]
    if "cpp" not in languages:
        raise project.Failure(f"{readme} has no ```cpp block")
    start = languages.index("cpp")
    if "text" not in languages[start:]:
        raise project.Failure(f"{readme} has no ```text block after its first program")
    program = fenced[start][1]
    lines = len(program.rstrip("\n").splitlines())
    if lines > MOST_LINES:
        raise project.Failure(f"the first program of {readme} has {lines} lines, {MOST_LINES} at most")
    return program, fenced[languages.index("text", start)][1]


WAY = """cmake_minimum_required(VERSION 3.25)
project(way LANGUAGES CXX)
add_executable(your_program main.cpp)
"""


def ways(settings, options):
    """Each block configures: its commands exist and find the target that it links."""
    found = [text for language, text in blocks(options.readme.read_text()) if language == "cmake"]
    if len(found) != 3:
        raise project.Failure(f"{options.readme} has {len(found)} ways to link recokit, expected 3")
    for number, text in enumerate(found):
        folder = options.work / f"way-{number}"
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        (folder / "main.cpp").write_text("int main() {}\n")
        (folder / "recokit").symlink_to(settings["source"], target_is_directory=True)
        (folder / "CMakeLists.txt").write_text(WAY + text.replace("/path/to/recokit", settings["source"]))
        defines = {"RECOKIT_PARALLEL": settings["parallel"]}
        if "find_package" in text:
            defines["CMAKE_PREFIX_PATH"] = settings["prefix"]
        status, output = project.configure(settings, folder, folder / "build", defines)
        if status != 0:
            raise project.Failure(f"this block of {options.readme} does not configure:\n{text}\n{output}")
    return f"{len(found)} ways to link recokit configure"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("toolchain")
    parser.add_argument("readme", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--ways", action="store_true", help="configure the CMake blocks")
    options = parser.parse_args()
    if not options.readme.exists():
        return f"recokit: test skipped, {options.readme} does not exist yet"
    settings = project.toolchain(options.toolchain)
    if options.ways:
        return ways(settings, options)
    program, stated = first_program(options.readme)
    if options.work.exists():
        shutil.rmtree(options.work)
    options.work.mkdir(parents=True)
    (options.work / "main.cpp").write_text(program)
    (options.work / "CMakeLists.txt").write_text(BUILD)
    text = project.build_and_run(
        settings,
        options.work,
        options.work / "build",
        "readme",
        {"CMAKE_PREFIX_PATH": settings["prefix"]},
    )
    project.same_text(stated, text, options.readme)
    return text


if __name__ == "__main__":
    project.main(main)
