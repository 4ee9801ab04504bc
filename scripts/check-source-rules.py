#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Shows that every rule of check-source.py can fail: plants one violation after the other in a small
tree that keeps the rules, and expects the complaint."""

import importlib.util
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
import consumer_project as project  # noqa: E402

SPDX = ("// SPDX-FileCopyrightText: 2026 The recokit authors\n"
        "// SPDX-License-Identifier: Apache-2.0\n")
HEADER = SPDX + "/// @file\n/// @brief A header.\n#pragma once\n"
SPACE = "namespace recokit::inline RECOKIT_ABI {\n%s\n}\n"

# The tree: a header in each room that a violation needs, and the umbrella.
TREE = {
    "include/recokit/recokit.hpp": HEADER + "#include <recokit/core/a.hpp>\n"
                                            "#include <recokit/data/b.hpp>\n"
                                            "#include <recokit/evaluation/c.hpp>\n",
    "include/recokit/core/a.hpp": HEADER + SPACE % "int a();",
    "include/recokit/data/b.hpp": HEADER + "#include <recokit/core/a.hpp>\n" + SPACE % "int b();",
    "include/recokit/evaluation/c.hpp": HEADER + "#include <recokit/data/b.hpp>\n" + SPACE % "int c();",
    "src/core/a.cpp": SPDX + SPACE % '// std::abort() in a comment\nconst char* text = "printf(";',
    "tests/core/a_test.cpp": SPDX + 'TEST_CASE("a sentence") {}\n',
}

STREAM = "the library writes to no stream"
END = "the library never ends the program"
# Code that may not stand in src/core/a.cpp -> the complaint.
WORDS = {
    "void f() { std::cout << 1; }": STREAM,
    "void f() { std :: cerr << 1; }": STREAM,
    "#include <iostream>": STREAM,
    'void f() { std::printf("x"); }': STREAM,
    'void f() { fprintf(stderr, "x"); }': STREAM,
    "void f() { fwrite(p, 1, 1, stdout); }": STREAM,
    'void f() { puts("x"); }': STREAM,
    "void f() { std::abort(); }": END,
    "void f() { abort(); }": END,
    "void f() { std::exit(1); }": END,
    "void f() { _exit(1); }": END,
    "void f() { std::terminate(); }": END,
    "void f() { assert(x); }": END,
    "void f() { raise(SIGABRT); }": END,
    "auto v = x | std::views::reverse;": "std::views",
    "auto v = std::ranges::views::iota(1);": "std::views",
    "using namespace std;": "names are written out",
    "#include <format>": "libstdc++ 12 has no <format>",
    "std::random_device seed;": "random numbers come from core/random.hpp",
    "int r = rand();": "random numbers come from core/random.hpp",
    "m.setRandom();": "random numbers come from core/random.hpp",
    "~a() noexcept(false);": "destructors do not throw",
    "namespace recokit { int x; }": "everything sits in namespace recokit::inline RECOKIT_ABI",
    "#include <cuda_runtime.h>": "CUDA headers stay inside cuda/",
    "#include <cublas_v2.h>": "CUDA headers stay inside cuda/",
}

# What is planted: file, its whole text, the complaint.
FILES = [
    ("include/recokit/core/a.hpp", HEADER + "#include <recokit/data/b.hpp>\n",
     "room 'core' may not include data/b.hpp"),
    ("include/recokit/data/b.hpp", HEADER + "#include <recokit/evaluation/c.hpp>\n",
     "room 'data' may not include evaluation/c.hpp"),
    ("include/recokit/data/b.hpp", HEADER + "#include <recokit/recokit.hpp>\n",
     "the umbrella header is for users"),
    ("src/core/a.cpp", SPDX + '#include "../data/private.hpp"\n', "room 'core' may not include data/"),
    ("src/top.cpp", SPDX + "#include <recokit/data/b.hpp>\n", "may not include data/b.hpp"),
    ("cuda/kernels/k.cu", SPDX + "#include <recokit/data/b.hpp>\n",
     "room 'kernels' may not include data/b.hpp"),
    ("include/recokit/attic/d.hpp", HEADER, "room 'attic' is not in the table"),
    ("include/recokit/core/d.hpp", HEADER, "does not reach core/d.hpp"),
    ("include/recokit/core/a.hpp", HEADER.replace("#pragma once\n", ""), "has no #pragma once"),
    ("include/recokit/core/a.hpp", SPDX + "#pragma once\n", "does not say '/// @file' and '/// @brief'"),
    ("src/core/a.cpp", "int a;\n", "does not open with the two SPDX lines"),
    ("scripts/a.sh", "#!/bin/sh\n", "does not open with the two SPDX lines"),
    ("tests/core/a_test.cpp", SPDX + 'TEST_CASE("a [tag]") {}\n', "brackets, semicolons"),
    ("tests/core/a_test.cpp", SPDX + 'TEST_CASE("-a") {}\n', "begins with '-'"),
]


def checker_class():
    file = pathlib.Path(__file__).resolve().parent / "check-source.py"
    spec = importlib.util.spec_from_file_location("check_source", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Checker


def complaints(checker, changes):
    """What the checker says of the tree with some files changed or added."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in {**TREE, **changes}.items():
            file = pathlib.Path(root) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return checker(pathlib.Path(root).resolve()).check_all()


def main():
    checker = checker_class()
    sound = complaints(checker, {})
    if sound:
        raise project.Failure(f"the tree without violations: {sound}")
    planted = [("src/core/a.cpp", SPDX + code + "\n", reason) for code, reason in WORDS.items()]
    planted += FILES
    for name, text, reason in planted:
        found = complaints(checker, {name: text})
        where = "include/recokit/recokit.hpp" if "does not reach" in reason else name
        if not any(each.startswith(where) and reason in each for each in found):
            raise project.Failure(f"nothing says '{reason}' of {name} with\n{text}\nonly {found}")
    return f"{len(planted)} violations found"


if __name__ == "__main__":
    project.main(main)
