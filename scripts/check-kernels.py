#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Prints every kernel of cuda/kernels and whether the tests run it on the emulator; fails when they leave one out.

    scripts/check-kernels.py build/dev/tests/cuda/recokit_tests_cuda_fibers
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile


def kernels(folder):
    """Name of a launch -> file that has it. Each kernel has a launch of its own."""
    found = {}
    for file in sorted(folder.glob("*.cuh")):
        text = file.read_text()
        names = re.findall(r'simt::launch\(\s*"(\w+)"', text)
        defined = set(re.findall(r"(\w+)_kernel\s*\(", text.replace("RECOKIT_DEVICE", "")))
        if missing := defined - set(names):
            sys.exit(f"{file}: no launch is called {', '.join(sorted(missing))}")
        found |= dict.fromkeys(names, file.name)
    return found


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(__file__).resolve().parent.parent / "cuda/kernels"
    expected = kernels(folder)
    if not expected:
        sys.exit(f"no kernels in {folder}")
    with tempfile.TemporaryDirectory() as scratch:
        log = pathlib.Path(scratch) / "launches"
        run = subprocess.run([sys.argv[1]], env={**os.environ, "RECOKIT_LAUNCH_LOG": str(log)},
                             capture_output=True, text=True)
        if run.returncode != 0:
            print(run.stdout[-4000:], run.stderr[-4000:])
            sys.exit("the tests failed")
        launched = set(log.read_text().split())
    for name, file in sorted(expected.items()):
        print(f"{name:18} {file:20} {'run by the tests' if name in launched else 'NOT RUN'}")
    left_out = sorted(set(expected) - launched)
    if left_out:
        sys.exit(f"no test runs {', '.join(left_out)}")
    print(f"{len(expected)} kernels, all run on the emulator")


if __name__ == "__main__":
    main()
