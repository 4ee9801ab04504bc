#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Times recokit's lists of a factor model for all users beside implicit's, and beside sgemm.

    pip install implicit scipy threadpoolctl
    python3 benchmarks/peers/recommend_speed.py FILE... --benchmark build/release/benchmarks/recokit-recommend-benchmark

FILE is anything that recokit reads, or the word synthetic (138,493 users, 26,744 items, 20 million
interactions). Both get the same factors, random ones or those that --epochs of ials train, leave
out the training items and must return the same lists, but for items whose scores are equal up to
rounding. implicit runs with its own threads over a BLAS of one, which it recommends, and with the
BLAS's threads; the better counts. The sides take turns. What counts is processor seconds a thread,
which other work on the machine disturbs less than the clock; both are printed. The ceiling is
OpenBLAS's sgemm from numpy, 2048 users by 4096 items, alone and on as many threads (which wait for
each other, and so lose processor time where other work runs): the better rate. A rate counts
2 · users · items · factors flops, whether or not a search stopped early.
"""

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version

import numpy as np
from scipy.sparse import load_npz
from threadpoolctl import threadpool_limits


def recokit(arguments, source, factors, depth, threads, extra):
    command = [arguments.benchmark, source, "--factors", str(factors), "--depth", str(depth),
               "--threads", str(threads), "--epochs", str(arguments.epochs), *extra]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def timed(call, threads):
    begin, used = time.perf_counter(), time.process_time()
    result = call()
    return {"cpu": (time.process_time() - used) / threads, "wall": time.perf_counter() - begin}, result


def matrix(folder, name, rows, kind=np.float32):
    return np.fromfile(os.path.join(folder, name), dtype=kind).reshape(rows, -1)


def check(ours, our_scores, theirs, their_scores, users, items):
    """The same items in every list, or items whose scores are equal up to rounding."""
    exact = 0
    for user in range(len(ours)):
        there = ours[user] >= 0
        mine, scores = ours[user][there], our_scores[user][there]
        other = theirs[user][:len(mine)]
        slack = 1e-5 * (1 + np.abs(scores))
        if not np.all(np.abs(their_scores[user][:len(mine)] - scores) <= slack):
            sys.exit(f"user {user}: the scores differ")
        exact += np.array_equal(mine, other)
        if not np.array_equal(mine, other):
            again = items[other].astype(np.float64) @ users[user].astype(np.float64)
            if not np.all(np.abs(again - scores) <= slack):
                sys.exit(f"user {user}: the lists differ")
    return exact / len(ours)


def compare(arguments, source, folder, factors, depth, threads, users, items, seen):
    from implicit.cpu.als import AlternatingLeastSquares

    with threadpool_limits(1, user_api="blas"):  # else it warns
        model = AlternatingLeastSquares(factors=factors)
    model.user_factors, model.item_factors = users, items
    everyone = np.arange(len(users))
    left, right = users[:2048], np.ascontiguousarray(items[:4096].T)
    product = left @ right
    repeats = max(1, int(4e9 / (product.size * factors)))

    def implicit(own, blas):
        model.num_threads = own
        with threadpool_limits(blas, user_api="blas"):
            return timed(lambda: model.recommend(everyone, seen, N=depth), threads)

    def sgemm(blas):
        with threadpool_limits(blas, user_api="blas"):
            return timed(lambda: [np.matmul(left, right, out=product) for _ in range(repeats)], blas)[0]

    mine = recokit(arguments, source, factors, depth, threads,
                   ["--read", folder, "--write", folder, "--rounds", "1"])
    settings = [(threads, 1)] if threads == 1 else [(threads, 1), (1, threads)]
    warm = [implicit(*setting) for setting in settings]
    best = settings[int(np.argmin([seconds["wall"] for seconds, _ in warm]))]
    same = check(matrix(folder, "lists.i32", len(users), np.int32), matrix(folder, "lists.f32", len(users)),
                 *warm[0][1], users, items)
    ours, theirs, one_thread, all_threads, own_ceiling = [], [], [], [], []
    for _ in range(arguments.rounds):
        mine = recokit(arguments, source, factors, depth, threads, ["--read", folder, "--rounds", "1"])
        ours.append({"cpu": mine["cpu_seconds_a_thread"], "wall": mine["seconds"]})
        own_ceiling.append(mine["gemm_gflops_a_cpu_second"])
        one_thread.append(sgemm(1))
        all_threads.append(sgemm(threads))
        theirs.append(implicit(*best)[0])

    def median(times, clock):
        return statistics.median(one[clock] for one in times)

    flops = 2e-9 * len(users) * len(items) * factors
    work = 2e-9 * product.size * factors * repeats
    alone, together = work / median(one_thread, "cpu"), work / threads / median(all_threads, "cpu")
    result = {
        "source": os.path.basename(source), "users": len(users), "items": len(items),
        "interactions": int(seen.nnz), "factors": factors, "epochs": arguments.epochs, "depth": depth,
        "threads": threads, "backend": mine["backend"], "build": mine["build"],
        "gemm_kernel": mine["gemm_kernel"], "peer": "implicit " + version("implicit"),
        "peer_threads": {"own": best[0], "blas": best[1]}, "rounds": arguments.rounds,
        "identical_lists": same,
        "cpu_seconds_a_thread": median(ours, "cpu"), "peer_cpu_seconds_a_thread": median(theirs, "cpu"),
        "seconds": median(ours, "wall"), "peer_seconds": median(theirs, "wall"),
        "ratio_cpu": median(theirs, "cpu") / median(ours, "cpu"),
        "ratio_wall": median(theirs, "wall") / median(ours, "wall"),
        "users_a_cpu_second": len(users) / median(ours, "cpu"),
        "gflops_a_thread": flops / threads / median(ours, "cpu"),
        "peer_gflops_a_thread": flops / threads / median(theirs, "cpu"),
        "sgemm_gflops_of_one_thread": alone,
        "sgemm_gflops_a_thread": together,
        "own_gemm_gflops_a_thread": statistics.median(own_ceiling),
    }
    print(f"d {factors:3} k {depth:3} threads {threads}: recokit {result['cpu_seconds_a_thread']:8.3f} s "
          f"({result['gflops_a_thread']:5.1f} GFLOP/s a thread), implicit "
          f"{result['peer_cpu_seconds_a_thread']:8.3f} s: {result['ratio_cpu']:5.1f} times "
          f"({result['ratio_wall']:.1f} by the clock); sgemm {alone:5.1f} alone and {together:5.1f} a thread, "
          f"own gemm {result['own_gemm_gflops_a_thread']:5.1f}: "
          f"{result['gflops_a_thread'] / max(alone, together):.0%} of sgemm; "
          f"{same:.2%} of the lists item for item", flush=True)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", metavar="FILE")
    parser.add_argument("--benchmark", required=True, help="recokit-recommend-benchmark")
    parser.add_argument("--factors", type=int, nargs="+", default=[64, 128, 256])
    parser.add_argument("--depths", type=int, nargs="+", default=[10, 100])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--epochs", type=int, default=0, help="of ials; 0: random factors")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", help="write the results here")
    arguments = parser.parse_args()
    results = []
    for source, factors in itertools.product(arguments.sources, arguments.factors):
        with tempfile.TemporaryDirectory() as folder:
            made = recokit(arguments, source, factors, 10, 0, ["--rounds", "1", "--write", folder])
            users, items = (matrix(folder, name, made[side]) for name, side in
                            (("users.f32", "users"), ("items.f32", "items")))
            seen = load_npz(os.path.join(folder, "seen.npz"))
            seen.indptr = seen.indptr.astype(np.int32)
            print(f"{os.path.basename(source)}: {made['users']} users, {made['items']} items, "
                  f"{made['interactions']} interactions, {'trained' if arguments.epochs else 'random'} "
                  f"factors, {made['backend']} ({made['gemm_kernel']}), {made['build']}", flush=True)
            for depth, threads in itertools.product(arguments.depths, arguments.threads):
                results.append(compare(arguments, source, folder, factors, depth, threads, users, items, seen))
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as out:
            json.dump(results, out, indent=2)


if __name__ == "__main__":
    main()
