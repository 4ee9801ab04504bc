#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Copies an example out of the tree, builds it against the installed recokit, runs it and compares
its output with the comment block after '// Expected output:' at the end of its main.cpp."""

import argparse
import pathlib
import shutil
import sys

sys.dont_write_bytecode = True
import consumer_project as project  # noqa: E402

MARK = "// Expected output:"


def expected_output(file):
    lines = file.read_text().splitlines()
    if MARK not in lines:
        raise project.Failure(f"{file} has no line '{MARK}'")
    block = lines[lines.index(MARK) + 1 :]
    for line in block:
        if line and not line.startswith("//"):
            raise project.Failure(f"{file}: '{line}' after '{MARK}' is not a comment")
    text = "\n".join(line[2:].removeprefix(" ") for line in block if line)
    if not text.strip():
        raise project.Failure(f"{file}: nothing stands after '{MARK}'")
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("toolchain")
    parser.add_argument("example", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    options = parser.parse_args()
    settings = project.toolchain(options.toolchain)
    copy = options.work / options.example.name
    if copy.exists():
        shutil.rmtree(copy)
    shutil.copytree(options.example, copy)
    text = project.build_and_run(
        settings,
        copy,
        copy / "build",
        options.example.name,
        {
            "CMAKE_PREFIX_PATH": settings["prefix"],
            "CMAKE_CXX_FLAGS": settings["flags"] + " -Wall -Wextra -Wpedantic -Werror",
        },
    )
    project.same_text(expected_output(copy / "main.cpp"), text, options.example / "main.cpp")
    return text


if __name__ == "__main__":
    project.main(main)
