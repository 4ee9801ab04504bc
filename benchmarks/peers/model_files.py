#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Saves and loads the same amount of sparse weights as a recokit model file and with numpy.savez, in
turn, and prints the medians of the seconds and of their ratios. Both wait for the disk when saving and
check checksums when loading; recokit also checks the structure of the matrix.
Needs numpy and a built recokit-model-file-benchmark.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import numpy


def numpy_round(file, arrays):
    begin = time.perf_counter()
    with open(f"{file}.tmp", "wb") as out:
        numpy.savez(out, **arrays)
        out.flush()
        os.fsync(out.fileno())
    os.replace(f"{file}.tmp", file)
    saved = time.perf_counter()
    with numpy.load(file) as loaded:
        for name in arrays:
            loaded[name]
    return saved - begin, time.perf_counter() - saved


def recokit_round(program, file, items, neighbors):
    words = subprocess.run([program, file, str(items), str(neighbors)], check=True,
                           capture_output=True, text=True).stdout.split()
    return float(words[1]), float(words[3])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="path of recokit-model-file-benchmark")
    parser.add_argument("--items", type=int, default=40000)
    parser.add_argument("--neighbors", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    entries = given.items * given.neighbors
    rng = numpy.random.default_rng(1)
    arrays = {
        "offsets": numpy.arange(0, entries + 1, given.neighbors, dtype=numpy.int64),
        "indices": rng.integers(0, given.items, entries, dtype=numpy.int32),
        "values": rng.random(entries, dtype=numpy.float32),
    }
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(given.rounds):
            rounds.append((
                recokit_round(given.program, pathlib.Path(folder) / "model.rkm", given.items,
                              given.neighbors),
                numpy_round(pathlib.Path(folder) / "model.npz", arrays),
            ))
    print(f"{sum(a.nbytes for a in arrays.values()) / 1e6:.0f} MB, {given.rounds} rounds")
    for n, word in enumerate(["save", "load"]):
        ours = [ours[n] for ours, _ in rounds]
        theirs = [theirs[n] for _, theirs in rounds]
        ratio = statistics.median(a / b for a, b in zip(ours, theirs))
        print(f"{word}: recokit {statistics.median(ours):.3f} s, numpy {statistics.median(theirs):.3f} s, "
              f"ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
