#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Prints every kernel of cuda/kernels and whether the tests run it on the emulator; fails when they leave one out.

    scripts/check-kernels.py build/dev/tests/cuda/recokit_tests_cuda_fibers
    scripts/check-kernels.py --benchmarks build/dev/tests/cuda/recokit_bench_gpu_kernels_fibers

With --benchmarks: whether each has a case, named after it, and whether the answers of all cases are right.
"""

import json
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


def launched_by_tests(program):
    with tempfile.TemporaryDirectory() as scratch:
        log = pathlib.Path(scratch) / "launches"
        run = subprocess.run([program], env={**os.environ, "RECOKIT_LAUNCH_LOG": str(log)},
                             capture_output=True, text=True)
        if run.returncode != 0:
            print(run.stdout[-4000:], run.stderr[-4000:])
            sys.exit("the tests failed")
        return set(log.read_text().split())


def named_by_benchmarks(program):
    """The kernels that the names of cases begin with; the program itself checks that a case launches them."""
    run = subprocess.run([program, "--benchmark_format=json"], capture_output=True, text=True)
    try:
        cases = json.loads(run.stdout)["benchmarks"]
    except ValueError:
        print(run.stdout[-4000:], run.stderr[-4000:])
        sys.exit("the benchmarks failed")
    for case in cases:
        if case.get("error_occurred"):
            print(f"{case['name']}: {case['error_message']}")
    if run.returncode != 0 or any(case.get("error_occurred") for case in cases):
        sys.exit("the benchmarks failed")
    print(f"{len(cases)} cases, all answers right")
    return {kernel for case in cases for kernel in case["name"].split("/")[0].split("-")}


def main():
    arguments = sys.argv[1:]
    of_benchmarks = arguments[:1] == ["--benchmarks"]
    if of_benchmarks:
        del arguments[0]
    if len(arguments) != 1:
        sys.exit(__doc__)
    folder = pathlib.Path(__file__).resolve().parent.parent / "cuda/kernels"
    expected = kernels(folder)
    if not expected:
        sys.exit(f"no kernels in {folder}")
    found = named_by_benchmarks(arguments[0]) if of_benchmarks else launched_by_tests(arguments[0])
    yes, no = ("has a benchmark", "HAS NONE") if of_benchmarks else ("run by the tests", "NOT RUN")
    for name, file in sorted(expected.items()):
        print(f"{name:18} {file:20} {yes if name in found else no}")
    left_out = ", ".join(sorted(set(expected) - found))
    if left_out:
        sys.exit(f"no case is named after {left_out}" if of_benchmarks else f"no test runs {left_out}")
    print(f"{len(expected)} kernels, all {'have a benchmark' if of_benchmarks else 'run on the emulator'}")


if __name__ == "__main__":
    main()
