#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Compiles a file twice. With RECOKIT_FAIL=0 it must compile; with RECOKIT_FAIL=1 it must not, and
the first error must hold the stated sentence."""

import argparse
import sys

sys.dont_write_bytecode = True
import consumer_project as project  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("sentence")
    parser.add_argument("compiler", nargs="+", help="after --: compiler and flags")
    options = parser.parse_args()
    project.must([*options.compiler, "-DRECOKIT_FAIL=0", options.file], "the valid variant")
    status, text = project.run([*options.compiler, "-DRECOKIT_FAIL=1", options.file])
    if status == 0:
        raise project.Failure(f"{options.file} compiles with RECOKIT_FAIL=1")
    errors = [line for line in text.splitlines() if "error:" in line]
    if not errors or options.sentence not in errors[0]:
        raise project.Failure(f"the first error does not say '{options.sentence}'\n{text}")
    return errors[0]


if __name__ == "__main__":
    project.main(main)
