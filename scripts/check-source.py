#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Checks the house rules that a compiler does not: what the library may not call, how files open,
which room may include which, and that the umbrella header holds every public header."""

import argparse
import pathlib
import re
import sys

# Room -> the rooms it may include besides itself: core <- kernels <- the middle <- evaluation. Data
# serves the algorithms; neighbours build on baselines, linear models on neighbours. A new room gets
# a line here.
BELOW = ["core", "kernels"]
MIDDLE = {
    "data": BELOW,
    "metrics": BELOW,
    "baseline": [*BELOW, "data"],
    "neighbors": [*BELOW, "data", "baseline"],
    "linear": [*BELOW, "data", "baseline", "neighbors"],
    "factorization": [*BELOW, "data", "baseline"],
    "resampling": BELOW,
}
ROOMS = {
    "core": [],
    "kernels": ["core"],
    **MIDDLE,
    "evaluation": [*BELOW, *MIDDLE],
}

# Public headers that the umbrella leaves out, each with its reason.
NOT_IN_UMBRELLA = {}

# Pattern in code (comments and strings removed) -> what to say about it.
FORBIDDEN = {
    r"\bstd\s*::\s*(cout|cerr|clog|wcout|wcerr)\b|#\s*include\s*<iostream>":
        "the library writes to no stream",
    r"\b(std\s*::\s*)?(v?f?printf|f?puts|f?putc|putchar|perror|syslog)\s*\(|\b(stdout|stderr)\b":
        "the library writes to no stream",
    r"\b(std\s*::\s*)?(abort|_?exit|_Exit|quick_exit|terminate|assert|__builtin_trap)\s*\(|\braise\s*\(\s*SIG":
        "the library never ends the program; throw a recokit::error",
    r"\busing\s+namespace\b": "names are written out",
    r"\b(std|ranges)\s*::\s*views\b": "std::views does not compile with clang and libstdc++ 12",
    r"#\s*include\s*<format>|\bstd\s*::\s*format\s*\(": "libstdc++ 12 has no <format>",
    r"\brandom_device\b|\b(std\s*::\s*)?s?rand\s*\(|\bsetRandom\s*\(":
        "random numbers come from core/random.hpp, keyed by seed and row",
    r"~\w+\s*\(\s*\)\s*noexcept\s*\(\s*false\s*\)": "destructors do not throw",
}

# Eigen's alignment is in the name of everything that user code links to. cuda/ never sees Eigen.
ABI_NAMESPACE = r"\bnamespace\s+recokit\b(?!::inline\s+RECOKIT_ABI\b)"
OUTSIDE_ABI_NAMESPACE = {
    "include/recokit/core/philox.hpp": "plain integers, shared with device code, which has no Eigen",
    "include/recokit/core/ranking_choices.hpp": "enumerations, shared with device code",
    "include/recokit/kernels/ranking_pass.hpp": "plain numbers, shared with device code",
    "include/recokit/core/rounded_product.hpp": "shared with kernels on the emulator, which have no Eigen",
    "include/recokit/kernels/logistic_step.hpp": "plain numbers, shared with device code, which has no Eigen",
    "include/recokit/kernels/pair_measures.hpp": "plain numbers, shared with device code, which has no Eigen",
    "include/recokit/kernels/pair_sums.hpp": "plain numbers, shared with device code, which has no Eigen",
    "include/recokit/kernels/pair_step.hpp": "plain numbers, shared with device code, which has no Eigen",
}

SPDX = ["SPDX-FileCopyrightText: 2026 The recokit authors", "SPDX-License-Identifier: Apache-2.0"]
CODE = {".hpp", ".cpp", ".cuh", ".cu"}
COMMENTED_BY_HASH = {".cmake", ".sh", ".py"}
LIBRARY = ["include", "src", "cuda"]
EVERYWHERE = [*LIBRARY, "tests", "examples", "benchmarks", "scripts", ".ci"]


def without_comments_and_strings(text):
    """The same text, line for line, with comments and the insides of literals blanked."""
    token = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
        r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
        re.DOTALL,
    )

    def blank(match):
        if match.group().startswith('"') and match.string[: match.start()].endswith("#include "):
            return match.group()
        return "\n" * match.group().count("\n") + " "

    return token.sub(blank, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


class Checker:
    def __init__(self, root):
        self.root = root
        self.found = []

    def complain(self, file, line, message):
        self.found.append(f"{file.relative_to(self.root)}:{line}: {message}")

    def files(self, folders, suffixes):
        for folder in folders:
            for file in sorted((self.root / folder).rglob("*")):
                if file.is_file() and file.suffix in suffixes:
                    yield file

    def check_opening(self, file):
        """Two SPDX lines first; a header then has @file, @brief and #pragma once."""
        lines = file.read_text().splitlines()
        if lines and lines[0].startswith("#!"):
            lines = lines[1:]
        mark = "//" if file.suffix in CODE else "#"
        if lines[:2] != [f"{mark} {line}" for line in SPDX]:
            self.complain(file, 1, "does not open with the two SPDX lines")
        if file.suffix in {".hpp", ".cuh"}:
            if lines[2:3] != ["/// @file"] or not "".join(lines[3:4]).startswith("/// @brief "):
                self.complain(file, 3, "does not say '/// @file' and '/// @brief' after the SPDX lines")
            if "#pragma once" not in lines:
                self.complain(file, 1, "has no #pragma once")

    def check_words(self, file):
        text = without_comments_and_strings(file.read_text())
        for pattern, reason in FORBIDDEN.items():
            for match in re.finditer(pattern, text):
                self.complain(file, line_of(text, match.start()), f"'{match.group().strip()}': {reason}")

    def check_namespace(self, file):
        name = str(file.relative_to(self.root))
        if name in OUTSIDE_ABI_NAMESPACE or name.startswith("cuda/"):
            return
        text = without_comments_and_strings(file.read_text())
        for match in re.finditer(ABI_NAMESPACE, text):
            self.complain(file, line_of(text, match.start()),
                          "everything sits in namespace recokit::inline RECOKIT_ABI")

    def includes(self, file):
        """(line, path below include/recokit) of the recokit headers that a file includes."""
        text = file.read_text()
        for match in re.finditer(r'^\s*#\s*include\s*[<"]recokit/([^>"]+)[>"]', text, re.MULTILINE):
            yield line_of(text, match.start(1)), match.group(1)
        # Private headers of another room, as "../core/gzip.hpp".
        for match in re.finditer(r'^\s*#\s*include\s*"\.\./([^"]+)"', text, re.MULTILINE):
            yield line_of(text, match.start(1)), match.group(1)

    def room(self, file):
        parts = file.relative_to(self.root).parts
        below = parts[2:] if parts[0] == "include" else parts[1:]
        return below[0] if len(below) > 1 else None

    def check_includes(self, file):
        room = self.room(file)
        if file == self.root / "include/recokit/recokit.hpp":
            return
        # Files right below src/ serve the core; cuda/ has rooms of its own that serve kernels.
        if file.relative_to(self.root).parts[0] == "cuda":
            room = "kernels"
        allowed = ["core"] if room is None else ROOMS.get(room)
        if allowed is None:
            self.complain(file, 1, f"room '{room}' is not in the table of scripts/check-source.py")
            return
        for line, header in self.includes(file):
            if header == "recokit.hpp":
                self.complain(file, line, "the umbrella header is for users, nothing here includes it")
            elif header.split("/")[0] not in [*allowed, room]:
                self.complain(file, line, f"room '{room}' may not include {header}")
        if file.relative_to(self.root).parts[0] != "cuda":
            for match in re.finditer(r"^\s*#\s*include\s*<(cuda|cublas|cusolver|cub/|thrust/)[^>]*>",
                                     file.read_text(), re.MULTILINE):
                self.complain(file, line_of(file.read_text(), match.start(1)),
                              "CUDA headers stay inside cuda/")

    def check_test_names(self, file):
        text = file.read_text()
        for match in re.finditer(r'\b(?:TEMPLATE_)?TEST_CASE\w*\(\s*"([^"]*)"', text):
            if re.search(r"[\[\];\\]", match.group(1)):
                self.complain(file, line_of(text, match.start()),
                              "brackets, semicolons and backslashes in a test name break the "
                              "discovery of tests with Catch2 3")
            if match.group(1).startswith("-"):
                self.complain(file, line_of(text, match.start()),
                              "a test name that begins with '-' reads as an option of the program")

    def check_umbrella(self):
        include = self.root / "include/recokit"
        reached, waiting = set(), ["recokit.hpp"]
        while waiting:
            header = waiting.pop()
            if header in reached or not (include / header).exists():
                continue
            reached.add(header)
            waiting += [name for _, name in self.includes(include / header)]
        public = {str(file.relative_to(include)) for file in include.rglob("*.hpp")}
        for header in sorted(public - reached - set(NOT_IN_UMBRELLA)):
            self.complain(include / "recokit.hpp", 1, f"does not reach {header}")

    def check_all(self):
        for file in self.files(EVERYWHERE, CODE | COMMENTED_BY_HASH):
            self.check_opening(file)
        for file in self.files(LIBRARY, CODE):
            self.check_words(file)
            self.check_namespace(file)
            self.check_includes(file)
        for file in self.files(["tests"], {".cpp"}):
            self.check_test_names(file)
        self.check_umbrella()
        return self.found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=pathlib.Path, nargs="?",
                        default=pathlib.Path(__file__).resolve().parent.parent)
    found = Checker(parser.parse_args().root.resolve()).check_all()
    for line in found:
        print(line)
    if found:
        sys.exit(1)
    print("the house rules hold")


if __name__ == "__main__":
    main()
