#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Writes one header that holds the models that need no library, for projects that copy a file. It still
includes Eigen, and oneTBB unless RECOKIT_PARALLEL_STD is defined before it. The library of the same
version must not be linked beside it."""

import argparse
import pathlib
import re
import sys

# What compiles without the library; the rest of recokit comes along where these include it.
HEADERS = [
    "baseline/popularity.hpp",
    "core/observer.hpp",
    "core/start.hpp",
    "core/version.hpp",
    "factorization/ials.hpp",
    "linear/ease.hpp",
    "linear/slim.hpp",
]
OPENING = """\
// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief recokit {version} in one header, made by scripts/amalgamate.py; do not edit.
#pragma once
"""
OWN_INCLUDE = re.compile(r'\s*#\s*include\s*[<"]recokit/([^>"]+)[>"]')


class Amalgamation:
    def __init__(self, include):
        self.include = include
        self.done = set()
        self.lines = []

    def add(self, header):
        """The text of a header, with each other header in place of its first inclusion."""
        if header in self.done:
            return
        self.done.add(header)
        depth = 0
        for line in (self.include / header).read_text().splitlines():
            if re.match(r"\s*#\s*if", line):
                depth += 1
            elif re.match(r"\s*#\s*endif", line):
                depth -= 1
            own = OWN_INCLUDE.match(line)
            if own and depth > 0:
                sys.exit(f"amalgamate: {header} includes {own.group(1)} under a condition")
            if own:
                self.add(own.group(1))
            elif line != "#pragma once" and not line.startswith("// SPDX-"):
                self.lines.append(line)


def version(include):
    text = (include / "core/version.hpp").read_text()
    return ".".join(re.search(rf"#define RECOKIT_VERSION_{part} (\d+)", text).group(1)
                    for part in ("MAJOR", "MINOR", "PATCH"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("header", nargs="*", default=HEADERS,
                        help=f"below include/recokit; otherwise {', '.join(HEADERS)}")
    options = parser.parse_args()
    include = pathlib.Path(__file__).resolve().parent.parent / "include/recokit"
    all_of_it = Amalgamation(include)
    for header in options.header:
        all_of_it.add(header)
    text = OPENING.format(version=version(include)) + "\n".join(all_of_it.lines) + "\n"
    options.output.write_text(re.sub(r"\n{3,}", "\n\n", text))
    print(f"{options.output}: {len(all_of_it.done)} headers")


if __name__ == "__main__":
    main()
