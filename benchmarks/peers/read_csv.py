#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Compares recokit's CSV reader with pandas' C engine on one file, in turn.

Makes a user,item,rating,timestamp CSV of the size and order of MovieLens 20M (once, at the given
path), then reads it with pandas.read_csv(engine="c", dtype=...) and with recokit-read-benchmark,
one after the other, each in a process of its own, several times, and prints medians and their ratio.
Needs NumPy and pandas.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys

USERS = 138493
ITEMS = 26744


def generate(path, rows, shuffled, seed=1):
    import numpy as np

    rng = np.random.default_rng(seed)
    activity = rng.lognormal(0.0, 1.0, USERS)
    popularity = 1.0 / np.arange(1, ITEMS + 1) ** 0.8
    popularity = rng.permutation(popularity)
    # A user rates an item once. Every user and every item occurs.
    pairs = np.concatenate(
        [
            np.arange(USERS, dtype=np.int64) * ITEMS + rng.integers(0, ITEMS, USERS),
            rng.integers(0, USERS, ITEMS) * ITEMS + np.arange(ITEMS, dtype=np.int64),
        ]
    )
    while len(pairs) < rows:
        more = rows + rows // 4 - len(pairs)
        users = rng.choice(USERS, more, p=activity / activity.sum())
        items = rng.choice(ITEMS, more, p=popularity / popularity.sum())
        pairs = np.concatenate([pairs, users * ITEMS + items])
        _, first = np.unique(pairs, return_index=True)
        first.sort()
        pairs = pairs[first]
    pairs = pairs[:rows]
    users, items = np.divmod(rng.permutation(pairs), ITEMS)
    if not shuffled:
        order = np.argsort(users, kind="stable")
        users, items = users[order], items[order]
    ratings = rng.integers(1, 11, rows)
    times = rng.integers(789652009, 1427784002, rows)
    text = [f"{r / 2:.1f}" for r in range(11)]
    part_path = path + ".part"
    with open(part_path, "w", encoding="ascii") as out:
        out.write("user,item,rating,timestamp\n")
        step = 1 << 20
        for begin in range(0, rows, step):
            part = slice(begin, begin + step)
            out.writelines(
                f"{u + 1},{i + 1},{text[r]},{t}\n"
                for u, i, r, t in zip(
                    users[part].tolist(),
                    items[part].tolist(),
                    ratings[part].tolist(),
                    times[part].tolist(),
                )
            )
    os.replace(part_path, path)


PANDAS = """
import sys, time
import numpy as np
import pandas as pd
dtypes = {"user": np.int32, "item": np.int32, "rating": np.float32, "timestamp": np.int64}
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    frame = pd.read_csv(sys.argv[1], engine="c", dtype=dtypes)
    seconds = time.perf_counter() - start
    rows = len(frame)
    sums = frame["rating"].to_numpy().sum(dtype=np.float64), frame["timestamp"].sum()
    del frame
print(rows, seconds, pd.__version__, *sums)
"""


def read_with_pandas(path, reads):
    command = [sys.executable, "-c", PANDAS, path, str(reads)]
    rows, seconds, version, ratings, times = subprocess.run(
        command, check=True, capture_output=True, text=True).stdout.split()
    return int(rows), float(seconds), version, (float(ratings), int(times))


def read_with_recokit(program, path, reads, threads):
    command = [program, path, "--reads", str(reads)]
    command += ["--threads", str(threads)] if threads else []
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def compare(options, reads):
    """Rates of the last of `reads` reads in a process of its own, taken in turn."""
    pandas_rates, recokit_rates, runs = [], [], []
    for _ in range(options.rounds):
        rows, seconds, version, sums = read_with_pandas(options.csv, reads)
        pandas_rates.append(rows / seconds)
        run = read_with_recokit(options.program, options.csv, reads, options.threads)
        if run["rows"] == rows and (run["rating_sum"], run["timestamp_sum"]) != sums:
            sys.exit(f"recokit and pandas read different numbers: {run} against {sums}")
        # Lines read, not what is left after duplicates were merged: the same work for both.
        recokit_rates.append(rows / run["seconds"])
        runs.append(run)
    ours, theirs = statistics.median(recokit_rates), statistics.median(pandas_rates)
    peak = max(run["peak_bytes"] for run in runs)
    result = runs[0]["result_bytes"]
    return {
        "rows": rows,
        "rounds": options.rounds,
        "pandas": version,
        "recokit": runs[0]["build"],
        "recokit_threads": runs[0]["threads"],
        "pandas_rows_per_second": round(theirs),
        "recokit_rows_per_second": round(ours),
        "ratio": round(ours / theirs, 2),
        "recokit_peak_bytes": peak,
        "recokit_result_bytes": result,
        "peak_over_result": round(peak / result, 2),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="the built recokit-read-benchmark")
    parser.add_argument("csv", help="where the CSV is, or is to be made")
    parser.add_argument("--rows", type=int, default=20_000_000, help="rows of a CSV made now")
    parser.add_argument("--shuffled", action="store_true", help="make rows in random order")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0, help="for recokit; 0 takes all")
    parser.add_argument("--reads", type=int, default=1, help="reads a process; the last is timed")
    options = parser.parse_args()

    if not os.path.exists(options.csv):
        print(f"making {options.csv}", file=sys.stderr)
        generate(options.csv, options.rows, options.shuffled)
    read_with_recokit(options.program, options.csv, 1, options.threads)  # fills the page cache
    print(json.dumps(compare(options, options.reads), indent=2))


if __name__ == "__main__":
    main()
