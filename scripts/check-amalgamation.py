#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the one header of amalgamate.py and builds a program that has nothing else of recokit."""

import argparse
import pathlib
import sys

sys.dont_write_bytecode = True
import consumer_project as project  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("toolchain")
    parser.add_argument("source")
    parser.add_argument("work", type=pathlib.Path)
    options = parser.parse_args()
    settings = project.toolchain(options.toolchain)
    scripts = pathlib.Path(__file__).resolve().parent
    header = options.work / "include/recokit.hpp"
    header.parent.mkdir(parents=True, exist_ok=True)
    project.must([sys.executable, scripts / "amalgamate.py", header], "amalgamate.py")
    if "#include <recokit/" in header.read_text():
        raise project.Failure("the one header includes another of recokit")
    defines = {"HEADER_DIR": header.parent, "FIND_EIGEN": scripts / "cmake/RecokitFindEigen.cmake"}
    text = project.build_and_run(settings, options.source, options.work / "build", "consumer", defines)
    return project.expect_answer(text)


if __name__ == "__main__":
    project.main(main)
