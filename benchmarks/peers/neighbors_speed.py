#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Times recokit's item_knn beside implicit's CosineRecommender: all neighbours, and lists for all users.

    pip install implicit scipy
    python3 benchmarks/peers/neighbors_speed.py FILE... --benchmark build/release/benchmarks/recokit-neighbors-benchmark

FILE is anything that recokit reads, or the word synthetic (138,493 users, 26,744 items, 20 million
interactions). Interactions count as 1. Both keep 100 neighbours an item by cosine and recommend 20
items to every user, those of training left out. The kept similarities must agree to 1e-5, item by
item in falling order (which of several equal neighbours is kept may differ; implicit keeps the item
itself among its own, and so is asked for one more). The sides take turns; medians and ratios are
printed.
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

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy.sparse import csr_matrix, load_npz

NEIGHBORS, DEPTH = 100, 20


def recokit(arguments, source, extra):
    command = [arguments.benchmark, source, "--neighbors", str(NEIGHBORS), "--depth", str(DEPTH),
               "--threads", str(arguments.threads), *extra]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def fitted(arguments, interactions):
    from implicit.nearest_neighbours import CosineRecommender

    model = CosineRecommender(K=NEIGHBORS + 1, num_threads=arguments.threads)
    model.fit(interactions, show_progress=False)
    return model


def timed(call):
    begin = time.perf_counter()
    result = call()
    return time.perf_counter() - begin, result


def falling(matrix, row):
    return np.sort(matrix.data[matrix.indptr[row]:matrix.indptr[row + 1]])[::-1]


def check(model, similarity):
    theirs = csr_matrix(model.similarity)
    theirs.setdiag(0)
    theirs.eliminate_zeros()
    for item in range(similarity.shape[0]):
        ours = falling(similarity, item)
        if not np.allclose(ours, falling(theirs, item)[:len(ours)], rtol=0, atol=1e-5):
            sys.exit(f"item {item}: the similarities differ")


def compare(arguments, source):
    with tempfile.TemporaryDirectory() as folder:
        recokit(arguments, source, ["--rounds", "1", "--write", folder])
        interactions = load_npz(os.path.join(folder, "interactions.npz"))
        similarity = load_npz(os.path.join(folder, "similarity.npz"))
        file = os.path.join(folder, "interactions.npz")
        interactions.indptr = interactions.indptr.astype(np.int32)
        check(fitted(arguments, interactions), similarity)
        users = np.arange(interactions.shape[0])
        times = {name: {"fit": [], "recommend": []} for name in ("recokit", "implicit")}
        for _ in range(arguments.rounds):
            mine = recokit(arguments, file, ["--rounds", "1"])
            times["recokit"]["fit"].append(mine["fit_seconds"])
            times["recokit"]["recommend"].append(mine["recommend_seconds"])
            seconds, model = timed(lambda: fitted(arguments, interactions))
            times["implicit"]["fit"].append(seconds)
            seconds, _ = timed(lambda: model.recommend(users, interactions, N=DEPTH))
            times["implicit"]["recommend"].append(seconds)
    result = {"source": os.path.basename(source), "users": mine["users"], "items": mine["items"],
              "interactions": mine["interactions"], "threads": arguments.threads,
              "build": mine["build"], "peer": "implicit " + version("implicit")}
    print(f"{result['source']}: {mine['users']} users, {mine['items']} items, "
          f"{mine['interactions']} interactions, {arguments.threads} threads, {mine['build']}")
    for what in ("fit", "recommend"):
        ours, theirs = (statistics.median(times[name][what]) for name in ("recokit", "implicit"))
        result[what] = {"seconds": ours, "peer_seconds": theirs, "ratio": theirs / ours}
        print(f"  {what:10} recokit {ours:8.3f} s, {result['peer']} {theirs:8.3f} s: {theirs / ours:.1f} times")
    print(f"  {mine['additions'] / result['fit']['seconds'] / arguments.threads / 1e6:,.0f} million "
          f"additions a second and thread, counting both halves of the product")
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", metavar="FILE")
    parser.add_argument("--benchmark", required=True, help="recokit-neighbors-benchmark")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", help="write the results here")
    arguments = parser.parse_args()
    results = [compare(arguments, source) for source in arguments.sources]
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as out:
            json.dump(results, out, indent=2)


if __name__ == "__main__":
    main()
