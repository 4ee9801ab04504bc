#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Creates the files of a new algorithm and its entries in the lists that hold all algorithms: a header
that compiles, a test that fails until the algorithm learns, a page. Prints what is left to do.

example: scripts/new-algorithm.py linear ridge "Ridge regression of each item on all others." """

import argparse
import pathlib
import re
import sys

TEMPLATES = pathlib.Path(__file__).resolve().parent / "templates"
ROOMS = ["baseline", "neighbors", "linear", "factorization"]


class Refusal(Exception):
    """Why nothing was written."""


def filled(template, words):
    text = (TEMPLATES / template).read_text()
    for key, value in words.items():
        text = text.replace(f"@{key}@", value)
    return text


def with_line(text, line, pattern):
    """The text with a line added to the run of lines that match the pattern, in order."""
    lines = text.splitlines(keepends=True)
    at = [n for n, each in enumerate(lines) if re.match(pattern, each)]
    if not at:
        raise Refusal(f"no line like '{pattern}' to put '{line.strip()}' beside")
    place = next((n for n in at if lines[n] > line), at[-1] + 1)
    return "".join(lines[:place] + [line] + lines[place:])


def with_test(text, name):
    """The CMake list of a room with one more test file, in order and a line each."""
    call = re.search(r"recokit_add_tests\((\w+)\s+([^)]*)\)", text)
    if call is None:
        raise Refusal("no call of recokit_add_tests in the room's CMakeLists.txt")
    files = sorted([*call.group(2).split(), f"{name}_test.cpp"])
    listed = "\n  ".join([f"recokit_add_tests({call.group(1)}", *files])
    return text[: call.start()] + listed + ")" + text[call.end():]


def with_bench_entry(text, name, brief):
    """The models of a room in recokit-bench with one more, at the end."""
    end = text.rindex("}\n\n}  // namespace")
    entry = f'  add_model(entries, "{name}", "{brief}",\n            recokit::{name}::fit);\n'
    return text[:end] + entry + text[end:]


def plan(root, room, name, brief):
    """File -> its new text, of everything that changes."""
    words = {"ROOM": room, "NAME": name, "BRIEF": brief}
    new = {
        root / f"include/recokit/{room}/{name}.hpp": filled("algorithm.hpp.in", words),
        root / f"tests/{room}/{name}_test.cpp": filled("algorithm_test.cpp.in", words),
        root / f"docs/algorithms/{name}.md": filled("algorithm.md.in", words),
    }
    for file in new:
        if file.exists():
            raise Refusal(f"{file.relative_to(root)} exists already")
    include = f"#include <recokit/{room}/{name}.hpp>\n"
    umbrella = root / "include/recokit/recokit.hpp"
    tests = root / f"tests/{room}/CMakeLists.txt"
    bench = root / f"benchmarks/bench/models/{room}.cpp"
    new[umbrella] = with_line(umbrella.read_text(), include, r"#include <recokit/")
    new[tests] = with_test(tests.read_text(), name)
    entry = brief[0].lower() + brief[1:].rstrip(".")
    listed = with_line(bench.read_text(), include, r"#include <recokit/")
    new[bench] = with_bench_entry(listed, name, entry)
    return new


def todo(room, name):
    return f"""
left to do:
  1. include/recokit/{room}/{name}.hpp: params with ranges, what make learns, the doc comments
  2. tests/reference/: a naive loop, and a test in tests/{room}/{name}_test.cpp that compares with it
     on random matrices; the first test of that file fails until make learns something
  3. tests for params at the edges of their ranges, empty rows, one user, one item, cancelling, and the
     same bits for any number of threads
  4. what a GPU would do differently goes into include/recokit/kernels/
  5. benchmarks/bench/models/{room}.cpp: the line that recokit-bench list shows
  6. docs/algorithms/{name}.md, the tables of README.md and docs/, CHANGELOG.md
  7. clang-format-14 -i, scripts/check-source.py, scripts/test.sh -L {room}"""


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("room", choices=ROOMS)
    parser.add_argument("name", help="snake_case; the namespace and the names of the files")
    parser.add_argument("brief", help="one sentence, which ends with a full stop")
    parser.add_argument("--root", type=pathlib.Path, default=TEMPLATES.parent.parent)
    options = parser.parse_args()
    root = options.root.resolve()
    try:
        if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", options.name):
            raise Refusal(f"the name '{options.name}' is not snake_case")
        if not re.fullmatch(r"[^\"\\\n]{1,80}\.", options.brief):
            raise Refusal("the brief is one sentence of at most 80 characters with a full stop")
        changes = plan(root, options.room, options.name, options.brief)
    except Refusal as reason:
        sys.exit(f"new-algorithm: {reason}")
    for file, text in changes.items():
        print(("changed " if file.exists() else "created ") + str(file.relative_to(root)))
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    print(todo(options.room, options.name))


if __name__ == "__main__":
    main()
