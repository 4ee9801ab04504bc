#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Times recokit's BPR beside implicit's and buffalo's: samples a second, and a second of processor time.

    pip install implicit buffalo
    python3 benchmarks/peers/pairwise_speed.py FILE... --benchmark build/release/benchmarks/recokit-pairwise-benchmark

FILE is anything that recokit reads, or the word synthetic. Interactions count as 1. Every side has
factors and an item bias, draws negatives that it verifies, and takes plain gradient steps. A sample
is one (user, positive, negative) drawn: implicit skips those whose negative is a positive (and draws
negatives by popularity); they count all the same. Each peer's model must put what users took above
random items before anything is timed. Seconds an epoch are differences of a long and a short fit,
so that setting up does not count. The sides take turns; medians are printed.
"""

import argparse
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy.io import mmwrite
from scipy.sparse import load_npz

LEARNING_RATE, REGULARIZATION, SHORT = 0.05, 0.01, 2


def recokit(arguments, source, factors, extra=()):
    command = [arguments.benchmark, source, "--factors", str(factors), "--threads", str(arguments.threads),
               "--epochs", str(arguments.epochs), *extra]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def timed(call):
    processor, wall = time.process_time(), time.perf_counter()
    result = call()
    return time.perf_counter() - wall, time.process_time() - processor, result


class Implicit:
    name = "implicit"

    def __init__(self, interactions, folder):
        self.interactions = interactions

    def fit(self, factors, epochs, threads):
        from implicit.cpu.bpr import BayesianPersonalizedRanking

        model = BayesianPersonalizedRanking(factors=factors, iterations=epochs, num_threads=threads,
                                            learning_rate=LEARNING_RATE, regularization=REGULARIZATION,
                                            random_state=1, verify_negative_samples=True)
        model.fit(self.interactions, show_progress=False)
        return model

    @staticmethod
    def rows(model):  # the bias is the last column of the items
        return model.user_factors, model.item_factors


class Buffalo:
    name = "buffalo"

    def __init__(self, interactions, folder):
        from buffalo.data.mm import MatrixMarketOptions
        from buffalo.misc import log

        log.set_log_level(log.WARN)
        main = os.path.join(folder, "main.mtx")
        mmwrite(main, interactions)
        self.options = MatrixMarketOptions().get_default_option()
        self.options.input.main = main
        self.options.data.path = os.path.join(folder, "buffalo.h5py")
        self.options.data.tmp_dir = folder
        self.options.data.batch_mb = 4096

    def fit(self, factors, epochs, threads):
        from buffalo.algo.bpr import BPRMF
        from buffalo.algo.options import BPRMFOption

        options = BPRMFOption().get_default_option()
        options.update({"d": factors, "num_iters": epochs, "num_workers": threads, "lr": LEARNING_RATE,
                        "reg_u": REGULARIZATION, "reg_i": REGULARIZATION, "reg_j": REGULARIZATION,
                        "reg_b": REGULARIZATION, "compute_loss_on_training": False, "random_seed": 1})
        model = BPRMF(options, data_opt=self.options)
        model.initialize()
        model.train()
        return model

    @staticmethod
    def rows(model):
        ones = np.ones((len(model.P), 1), dtype=np.float32)
        return np.hstack([model.P, ones]), np.hstack([model.Q, model.Qb])


def check(peer, interactions, threads):
    """The part of random pairs (taken, not taken) that are in order."""
    users, items = peer.rows(peer.fit(32, 20, threads))
    random = np.random.default_rng(1)
    entries = interactions.tocoo()
    drawn = random.integers(0, entries.nnz, 20_000)
    user, item = entries.row[drawn], entries.col[drawn]
    other = random.integers(0, interactions.shape[1], drawn.size)
    unseen = np.asarray(interactions[user, other]).ravel() == 0
    scores = [np.einsum("nd,nd->n", users[user], items[of]) for of in (item, other)]
    in_order = float(np.mean(scores[0][unseen] > scores[1][unseen]))
    if not in_order > 0.7:
        sys.exit(f"{peer.name}: only {in_order:.3f} of the pairs are in order")
    return in_order


def epoch_seconds(peer, factors, arguments):
    short = timed(lambda: peer.fit(factors, SHORT, arguments.threads))
    long = timed(lambda: peer.fit(factors, SHORT + arguments.epochs, arguments.threads))
    return [(long[n] - short[n]) / arguments.epochs for n in range(2)]


def compare(arguments, source):
    results = []
    with tempfile.TemporaryDirectory() as folder:
        mine = recokit(arguments, source, 16, ["--write", folder])
        file = os.path.join(folder, "interactions.npz")
        interactions = load_npz(file).astype(np.float32)
        interactions.indptr = interactions.indptr.astype(np.int32)
        peers = [kind(interactions, folder) for kind in (Implicit, Buffalo) if kind.name in arguments.peers]
        print(f"{os.path.basename(source)}: {mine['users']} users, {mine['items']} items, "
              f"{mine['interactions']} interactions; cpu, {arguments.threads} threads; {mine['build']}")
        in_order = {peer.name: check(peer, interactions, arguments.threads) for peer in peers}
        for factors in arguments.factors:
            times = {name: [] for name in ("recokit", *(peer.name for peer in peers))}
            for _ in range(arguments.rounds):
                mine = recokit(arguments, file, factors)
                times["recokit"].append([mine["epoch_seconds"], mine["epoch_cpu_seconds"]])
                for peer in peers:
                    times[peer.name].append(epoch_seconds(peer, factors, arguments))
            median = {name: [statistics.median(column) for column in zip(*rounds)] for name, rounds in times.items()}
            result = {"source": os.path.basename(source), "factors": factors, "threads": arguments.threads,
                      "backend": "cpu", "users": mine["users"], "items": mine["items"],
                      "interactions": mine["interactions"], "build": mine["build"],
                      "in_order": {"recokit": mine["auc"], **in_order}}
            for name, (wall, processor) in median.items():
                label = name if name == "recokit" else f"{name} {version(name)}"
                rate = mine["interactions"] / wall / 1e6
                of_processor = mine["interactions"] / processor / 1e6
                result[label] = {"million_samples_per_second": rate,
                                 "million_samples_per_cpu_second": of_processor,
                                 "ratio": wall / median["recokit"][0],
                                 "cpu_ratio": processor / median["recokit"][1]}
                print(f"  d = {factors:4}  {label:16} {rate:7.2f} million samples a second, {of_processor:7.2f} a "
                      f"processor second: recokit {wall / median['recokit'][0]:.1f} and "
                      f"{processor / median['recokit'][1]:.1f} times")
            results.append(result)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", metavar="FILE")
    parser.add_argument("--benchmark", required=True, help="recokit-pairwise-benchmark")
    parser.add_argument("--factors", type=int, nargs="+", default=[32, 64, 128])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", nargs="+", default=["implicit", "buffalo"])
    parser.add_argument("--json", help="write the results here")
    arguments = parser.parse_args()
    logging.disable(logging.INFO)
    for peer in list(arguments.peers):
        try:
            version(peer)
            assert find_spec(peer)
        except (PackageNotFoundError, AssertionError):
            print(f"{peer} is not installed: left out")
            arguments.peers.remove(peer)
    results = [row for source in arguments.sources for row in compare(arguments, source)]
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as out:
            json.dump(results, out, indent=2)


if __name__ == "__main__":
    main()
