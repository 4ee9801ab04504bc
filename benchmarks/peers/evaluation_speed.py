#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Times recokit's metric pass beside ranx, and its whole evaluation beside implicit and recometrics.

    pip install ranx implicit recometrics scipy
    python3 benchmarks/peers/evaluation_speed.py lists --benchmark build/release/benchmarks/recokit-evaluation-benchmark
    python3 benchmarks/peers/evaluation_speed.py model TRAIN TEST --benchmark ...

lists: 100,000 users, lists of 100, 20 relevant items each, metrics at K = 10, 50, 100. Both sides get
arrays that are ready: recokit ranked lists and CSR rows, ranx two arrays of (id, score), the fastest
of its doors. ranx runs once before it is timed, so that its compiler does not count. recokit computes
30 values a user, ranx the 26 of them that it knows; those must agree.

model: recokit fits iALS and hands its factors over. Everybody scores all items, leaves out the items
of train, takes the top 100 and evaluates on the same threads: recokit its 30 values at three depths;
implicit.evaluation.ranking_metrics_at_k its four at K = 100; recometrics' calc_reco_metrics its
precision, truncated precision, recall, average precision, truncated average precision, NDCG, hit and
reciprocal rank at K = 100. recall, NDCG and MAP must agree where both have them.

The sides take turns; medians and ratios are printed.
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


def recokit(arguments, mode, extra):
    command = [arguments.benchmark, mode, *extra, "--threads", str(arguments.threads), "--rounds", "3"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def agree(name, ours, theirs, tolerance):
    if not abs(ours - theirs) <= tolerance:
        sys.exit(f"{name}: recokit {ours!r}, peer {theirs!r}")


def timed(call):
    begin = time.perf_counter()
    result = call()
    return time.perf_counter() - begin, result


def lists(arguments):
    import numba
    import ranx

    users, depth, relevant = arguments.users, 100, 20
    shape = ["--users", str(users), "--depth", str(depth), "--relevant", str(relevant)]
    with tempfile.TemporaryDirectory() as folder:
        recokit(arguments, "lists", [*shape, "--write", folder])
        listed = np.fromfile(os.path.join(folder, "lists.i32"), np.int32).reshape(users, depth)
        judged = np.fromfile(os.path.join(folder, "relevant.i32"), np.int32).reshape(users, relevant)
    run = np.empty((users, depth, 2))
    run[:, :, 0] = listed
    run[:, :, 1] = np.arange(depth, 0, -1)
    qrels = np.ones((users, relevant, 2))
    qrels[:, :, 0] = judged
    names = {}
    for k in (10, 50, 100):
        for theirs, ours in (("precision", "precision"), ("recall", "recall"), ("f1", "f1"),
                             ("hit_rate", "hit_rate"), ("mrr", "mrr"), ("map", "map(all)"),
                             ("ndcg", "ndcg"), ("dcg", "dcg")):
            names[f"{theirs}@{k}"] = f"{ours}@{k}"
    names["r-precision"] = "r_precision@100"
    names["rbp.80"] = "rbp@100"
    numba.set_num_threads(arguments.threads)

    def peer():
        return ranx.evaluate(qrels, run, list(names), threads=arguments.threads)

    peer()
    ours, theirs = [], []
    for _ in range(arguments.rounds):
        mine = recokit(arguments, "lists", shape)
        ours.append(mine["seconds"])
        seconds, values = timed(peer)
        theirs.append(seconds)
    for peer_name, name in names.items():
        agree(name, mine["means"][name], float(values[peer_name]), 1e-12)
    return report(arguments, mine, ours, {"ranx " + version("ranx"): theirs}, users)


def model(arguments):
    import implicit
    import implicit.evaluation
    import recometrics
    from scipy.sparse import csr_matrix

    extra = [arguments.train, arguments.test, "--depth", "100", "--factors", str(arguments.factors)]
    with tempfile.TemporaryDirectory() as folder:
        mine = recokit(arguments, "model", [*extra, "--write", folder])

        def raw(name, kind):
            return np.fromfile(os.path.join(folder, name), kind)

        users = raw("user_factors.f32", np.float32).reshape(-1, arguments.factors)
        items = raw("item_factors.f32", np.float32).reshape(-1, arguments.factors)
        parts = {}
        for part in ("train", "test"):
            indices = raw(part + "_indices.i32", np.int32)
            parts[part] = csr_matrix(
                (np.ones(len(indices), np.float32), indices, raw(part + "_indptr.i64", np.int64)),
                shape=(len(users), len(items)))
            parts[part].indptr = parts[part].indptr.astype(np.int32)
    als = implicit.als.AlternatingLeastSquares(factors=arguments.factors, num_threads=arguments.threads)
    als.user_factors, als.item_factors = users, items

    def with_implicit():
        return implicit.evaluation.ranking_metrics_at_k(
            als, parts["train"], parts["test"], K=100, show_progress=False,
            num_threads=arguments.threads)

    def with_recometrics():
        return recometrics.calc_reco_metrics(
            parts["train"], parts["test"], users, items, k=100, precision=True,
            trunc_precision=True, recall=True, average_precision=True,
            trunc_average_precision=True, ndcg=True, hit=True, rr=True, roc_auc=False, pr_auc=False,
            break_ties_with_noise=False, min_pos_test=1, min_items_pool=1, consider_cold_start=True,
            nthreads=arguments.threads)

    ours, theirs_implicit, theirs_recometrics = [], [], []
    for _ in range(arguments.rounds):
        mine = recokit(arguments, "model", extra)
        ours.append(mine["seconds"])
        seconds, implicit_values = timed(with_implicit)
        theirs_implicit.append(seconds)
        seconds, frame = timed(with_recometrics)
        theirs_recometrics.append(seconds)
    agree("ndcg@100", mine["means"]["ndcg@100"], implicit_values["ndcg"], 1e-5)
    means = frame.mean()
    agree("recall@100", mine["means"]["recall@100"], means["R@100"], 1e-5)
    agree("map(all)@100", mine["means"]["map(all)@100"], means["AP@100"], 1e-5)
    return report(arguments, mine, ours,
                  {"implicit " + version("implicit"): theirs_implicit,
                   "recometrics " + version("recometrics"): theirs_recometrics}, mine["evaluated_users"])


def report(arguments, mine, ours, peers, users):
    result = {"mode": mine["mode"], "users": users, "items": mine["items"],
              "threads": arguments.threads, "build": mine["build"], "rounds": arguments.rounds,
              "recokit_users_per_second": users / statistics.median(ours), "peers": {}}
    print(f"{users} users, {mine['items']} items, {arguments.threads} threads, {mine['build']}")
    print(f"recokit      {result['recokit_users_per_second']:14,.0f} users/s")
    for name, seconds in peers.items():
        ratio = statistics.median(seconds) / statistics.median(ours)
        result["peers"][name] = {"users_per_second": users / statistics.median(seconds), "ratio": ratio}
        print(f"{name:20} {users / statistics.median(seconds):14,.0f} users/s, recokit {ratio:.1f} times as fast")
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(dest="mode", required=True)
    one = modes.add_parser("lists")
    one.add_argument("--users", type=int, default=100000)
    two = modes.add_parser("model")
    two.add_argument("train")
    two.add_argument("test")
    two.add_argument("--factors", type=int, default=64)
    for each in (one, two):
        each.add_argument("--benchmark", required=True, help="recokit-evaluation-benchmark")
        each.add_argument("--threads", type=int, default=1 if each is one else 2)
        each.add_argument("--rounds", type=int, default=5)
        each.add_argument("--json", help="write the result here")
    arguments = parser.parse_args()
    result = lists(arguments) if arguments.mode == "lists" else model(arguments)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as out:
            json.dump(result, out, indent=2)


if __name__ == "__main__":
    main()
