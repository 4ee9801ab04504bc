#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Times recokit's nearest rows beside scikit-learn's NearestNeighbors, which imbalanced-learn asks.

    pip install scikit-learn numpy
    python3 benchmarks/peers/nearest_speed.py 20000x32 20000x128 1000000x10:kd_tree --benchmark build/release/benchmarks/kernels/recokit-nearest-benchmark

Each shape is ROWSxCOLS of normal numbers, all rows against all, with the peer's method behind a
colon (brute; kd_tree; :kd_tree:N fits all rows and asks for the first N). The peer is asked for one
neighbour more, the row itself, which is then dropped, as SMOTE does. Both use the same threads and
precision, take turns, and must name the same neighbours; medians and the ratio are printed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version


def recokit(arguments, rows, cols, queries, extra):
    command = [arguments.benchmark, "--rows", str(rows), "--cols", str(cols), "--k", str(arguments.k),
               "--rank", str(arguments.rank), "--threads", str(arguments.threads),
               "--precision", arguments.precision]
    if queries:
        command += ["--queries", str(queries)]
    return json.loads(subprocess.run(command + extra, check=True, capture_output=True, text=True).stdout)


def neighbors(x, queries, k, method, threads):
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=k + 1, algorithm=method, n_jobs=threads).fit(x)
    return search.kneighbors(x[:queries] if queries else x, return_distance=False)[:, 1:]


def compare(arguments, shape):
    import numpy as np

    size, method, queries, *_ = shape.split(":") + ["brute", "0"][shape.count(":"):] + [""]
    rows, cols = (int(n) for n in size.split("x"))
    queries = int(queries)
    times = {"recokit": [], "peer": []}
    with tempfile.TemporaryDirectory() as folder:
        recokit(arguments, rows, cols, queries, ["--rounds", "1", "--write", folder])
        kind = np.float32 if arguments.precision == "float" else np.float64
        x = np.fromfile(os.path.join(folder, "rows.raw"), kind).reshape(rows, cols)
        ours = np.fromfile(os.path.join(folder, "neighbors.raw"), np.int32).reshape(-1, arguments.k)
        for _ in range(arguments.rounds):
            mine = recokit(arguments, rows, cols, queries, ["--rounds", "1"])
            times["recokit"].append(mine["seconds"])
            begin = time.perf_counter()
            theirs = neighbors(x, queries, arguments.k, method, arguments.threads)
            times["peer"].append(time.perf_counter() - begin)
    # The peer rounds distances to its precision: near ties may change places.
    same = float((ours == theirs).mean())
    if same < 0.999:
        sys.exit(f"{shape}: only {same:.2%} of the neighbours agree")
    ours, theirs = (statistics.median(times[name]) for name in ("recokit", "peer"))
    print(f"{shape}: k {arguments.k}, {arguments.precision}, {arguments.threads} threads, {mine['build']}")
    print(f"  recokit {ours:8.3f} s, scikit-learn {version('scikit-learn')} {theirs:8.3f} s: "
          f"{theirs / ours:.1f} times; {same:.4%} of the neighbours agree; "
          f"{mine['fraction_of_sgemm']:.0%} of the rate of sgemm", flush=True)
    return {"shape": shape, "k": arguments.k, "precision": arguments.precision,
            "threads": arguments.threads, "seconds": ours, "peer_seconds": theirs,
            "ratio": theirs / ours, "agreement": same, "build": mine["build"],
            "fraction_of_sgemm": mine["fraction_of_sgemm"],
            "peer": "scikit-learn " + version("scikit-learn")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="+", metavar="ROWSxCOLS[:METHOD[:QUERIES]]")
    parser.add_argument("--benchmark", required=True, help="recokit-nearest-benchmark")
    parser.add_argument("--k", type=int, default=5)
    parser.add_argument("--rank", type=int, default=0, help="of the matrix; 0: full")
    parser.add_argument("--precision", choices=("float", "double"), default="float")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", help="write the results here")
    arguments = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    results = [compare(arguments, shape) for shape in arguments.shapes]
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as out:
            json.dump(results, out, indent=2)


if __name__ == "__main__":
    main()
