#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Runs new-algorithm.py in a copy of the tree: what it makes keeps the house rules and compiles, and
of its tests the one fails that says the algorithm has learned nothing yet."""

import argparse
import pathlib
import shutil
import sys

sys.dont_write_bytecode = True
import consumer_project as project  # noqa: E402

ROOM = "baseline"
NAME = "made_here"
COPIED = ["include", "scripts", "docs", "benchmarks/bench/models", f"tests/{ROOM}", "tests/support"]
FAILS_WITH = ["scores[0] > scores[1]", "0.0f > 0.0f", "1 passed | 1 failed"]


def scaffold(tree):
    return [sys.executable, tree / "scripts/new-algorithm.py", ROOM, NAME, "A model of this test."]


def expect_words(words, text, what):
    for word in words:
        if word not in text:
            raise project.Failure(f"{what} does not say '{word}'\n{text}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("toolchain")
    parser.add_argument("source", help="the project that builds the test")
    parser.add_argument("work", type=pathlib.Path)
    options = parser.parse_args()
    settings = project.toolchain(options.toolchain)
    tree = options.work / "tree"
    shutil.rmtree(options.work, ignore_errors=True)
    for folder in COPIED:
        shutil.copytree(pathlib.Path(settings["source"]) / folder, tree / folder)

    text = project.must(scaffold(tree), "the scaffold")
    expect_words([f"created include/recokit/{ROOM}/{NAME}.hpp", "left to do"], text, "the scaffold")
    bench = (tree / f"benchmarks/bench/models/{ROOM}.cpp").read_text()
    expect_words([f"recokit::{NAME}::fit", f"<recokit/{ROOM}/{NAME}.hpp>"], bench, "the bench list")
    expect_words([f"{NAME}_test.cpp"], (tree / f"tests/{ROOM}/CMakeLists.txt").read_text(), "the list")
    project.must([sys.executable, tree / "scripts/check-source.py", tree], "the house rules")
    status, text = project.run(scaffold(tree))
    if status == 0:
        raise project.Failure("the scaffold wrote over an algorithm")
    expect_words(["exists already"], text, "the second run")

    defines = {"CMAKE_PREFIX_PATH": settings["prefix"], "TREE": tree,
               "TEST": f"{ROOM}/{NAME}_test.cpp"}
    build = options.work / "build"
    for step in (lambda: project.configure(settings, options.source, build, defines),
                 lambda: project.build(settings, build, "consumer")):
        status, text = step()
        if status != 0:
            raise project.Failure(f"the scaffold does not build\n{text}")
    status, text = project.run([build / "consumer"])
    if status == 0:
        raise project.Failure(f"the scaffold's test passes before anything is written\n{text}")
    expect_words(FAILS_WITH, text, "the failing test")
    return "the scaffold compiles and its test fails until the algorithm learns"


if __name__ == "__main__":
    project.main(main)
