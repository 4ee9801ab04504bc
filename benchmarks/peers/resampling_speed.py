#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Times recokit's samplers beside imbalanced-learn's, all of resample() against all of fit_resample().

    pip install imbalanced-learn numpy threadpoolctl
    python3 benchmarks/peers/resampling_speed.py smote:20000x32 tomek_links:20000x32 smote:300000x10 --benchmark build/release/benchmarks/recokit-resampling-benchmark
    python3 benchmarks/peers/resampling_speed.py smote_nc --adult data/imbalanced/adult.csv --precision double --benchmark build/release/benchmarks/recokit-resampling-benchmark

Each race is METHOD:MINORITYxCOLS[:MAJORITY] of normal numbers, the majority twice the minority
unless it is given, or smote_nc of the file behind --adult. Both use the same data, precision and
threads and take turns; medians, the ratios and the peaks of memory are printed. The peer's search
gets its threads three ways: n_jobs of the NearestNeighbors that it is handed (trees), and the
limits of OpenMP and of BLAS (brute force, which ignores n_jobs). It chooses the algorithm itself.
Cleaners must keep the same rows; over-samplers must make as many (ADASYN of the peer: about).
"""

import argparse
import ctypes
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version

METHODS = ("smote", "adasyn", "borderline_smote", "smote_nc", "tomek_links", "edited_nearest_neighbours")
ADULT_NUMERIC = (0, 2, 4, 10, 11, 12)  # age, fnlwgt, education-num, capital-gain, capital-loss, hours


def read_adult(path):
    """Numbers, categories as codes, and 1 where the income is above 50K."""
    import csv

    import numpy as np

    with open(path, encoding="utf-8", newline="") as source:
        lines = [[word.strip() for word in line] for line in csv.reader(source) if len(line) == 15]
    numeric = np.array([[float(line[c]) for c in ADULT_NUMERIC] for line in lines])
    categorical = [c for c in range(14) if c not in ADULT_NUMERIC]
    codes = np.stack([np.unique([line[c] for line in lines], return_inverse=True)[1] for c in categorical], 1)
    return numeric, codes.astype(np.int32), np.array([line[14].startswith(">50K") for line in lines], np.int32)


def write_data(folder, rows, labels, categories=None):
    """What the benchmark takes with --data."""
    import numpy as np

    rows.tofile(os.path.join(folder, "rows.raw"))
    labels.astype(np.int32).tofile(os.path.join(folder, "labels.raw"))
    if categories is not None:
        categories.astype(np.int32).tofile(os.path.join(folder, "categories.raw"))


def recokit(benchmark, method, options):
    command = [benchmark, method] + [word for pair in options.items() for word in map(str, pair)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def peer(method, threads, seed, categorical=None):
    """The peer's sampler, with the same numbers of neighbours as recokit's defaults."""
    from imblearn.over_sampling import ADASYN, SMOTE, SMOTENC, BorderlineSMOTE
    from imblearn.under_sampling import EditedNearestNeighbours, TomekLinks
    from sklearn.neighbors import NearestNeighbors

    def neighbors(k):
        return NearestNeighbors(n_neighbors=k + 1, n_jobs=threads)

    if method == "smote":
        return SMOTE(k_neighbors=neighbors(5), random_state=seed)
    if method == "adasyn":
        return ADASYN(n_neighbors=neighbors(5), random_state=seed)
    if method == "borderline_smote":
        return BorderlineSMOTE(k_neighbors=neighbors(5), m_neighbors=neighbors(10), random_state=seed)
    if method == "smote_nc":
        return SMOTENC(categorical, k_neighbors=neighbors(5), random_state=seed)
    if method == "tomek_links":
        return TomekLinks(n_jobs=threads)
    return EditedNearestNeighbours(n_neighbors=neighbors(3))


def status_bytes(field):
    with open("/proc/self/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field + ":"))


def timed_peer(sampler, rows, labels):
    """Seconds, those of all processors, peak bytes above what was held (None where the kernel allows
    no reset) and the result."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
        with open("/proc/self/clear_refs", "w", encoding="utf-8") as reset:
            reset.write("5")
        held = status_bytes("VmRSS")
    except (OSError, AttributeError):
        held = None
    begin, used = time.perf_counter(), time.process_time()
    result = sampler.fit_resample(rows, labels)
    seconds, used = time.perf_counter() - begin, time.process_time() - used
    return seconds, used, None if held is None else status_bytes("VmHWM") - held, result


def compare(arguments, race):
    import numpy as np

    method, *size = race.split(":")
    if method not in METHODS:
        sys.exit(f"{race}: METHOD is one of {', '.join(METHODS)}")
    kind = np.float32 if arguments.precision == "float" else np.float64
    options = {"--precision": arguments.precision, "--threads": arguments.threads}
    categorical = None
    with tempfile.TemporaryDirectory() as folder:
        if size:
            minority, cols = (int(n) for n in size[0].split("x"))
            majority = int(size[1]) if len(size) > 1 else 2 * minority
            made = {"--minority": minority, "--majority": majority, "--cols": cols,
                    "--categories": 8 if method == "smote_nc" else 0}
            recokit(arguments.benchmark, method, options | made | {"--rounds": 0, "--write": folder})
            labels = np.fromfile(os.path.join(folder, "labels.raw"), np.int32)
            rows = np.fromfile(os.path.join(folder, "rows.raw"), kind).reshape(-1, cols)
            codes = np.fromfile(os.path.join(folder, "categories.raw"), np.int32).reshape(len(rows), -1)
            options |= made
        else:
            rows, codes, labels = read_adult(arguments.adult)
            rows = rows.astype(kind)
            write_data(folder, rows, labels, codes)
            options |= {"--data": folder, "--cols": rows.shape[1], "--categories": codes.shape[1]}
            recokit(arguments.benchmark, method, options | {"--rounds": 0, "--write": folder})
        if method == "smote_nc":
            categorical = list(range(rows.shape[1], rows.shape[1] + codes.shape[1]))
            rows = np.hstack([rows, codes.astype(kind)])
        mine, seconds, processor, peaks = [], [], [], []
        for _ in range(arguments.rounds):
            mine.append(recokit(arguments.benchmark, method, options | {"--rounds": 1}))
            sampler = peer(method, arguments.threads, arguments.seed, categorical)
            took, used, peak, result = timed_peer(sampler, rows, labels)
            seconds.append(took)
            processor.append(used)
            peaks.append(peak)
        if result[0].dtype != kind:
            sys.exit(f"{race}: the peer works in {result[0].dtype}")
        if method in ("tomek_links", "edited_nearest_neighbours"):
            kept = np.zeros((2, len(rows)), bool)
            kept[0, np.fromfile(os.path.join(folder, "kept.raw"), np.int32)] = True
            kept[1, sampler.sample_indices_] = True
            # The peer rounds distances to its precision: near ties may change places.
            agreement = float((kept[0] == kept[1]).mean())
            result_line = f"{agreement:.4%} of {len(rows)} rows kept or removed alike"
            bad = agreement < 0.999
        else:
            agreement = mine[0]["rows_after"] / len(result[1])
            result_line = f"{mine[0]['rows_after']} rows after, the peer {len(result[1])}"
            bad = abs(agreement - 1) > (0.1 if method == "adasyn" else 0)
        if bad:
            sys.exit(f"{race}: {result_line}")
    ours, theirs = statistics.median(m["seconds"] for m in mine), statistics.median(seconds)
    # On a machine that others use too, this says more than the clock on the wall.
    processor_ratio = statistics.median(processor) / statistics.median(m["processor_seconds"] for m in mine)
    our_peak = mine[0]["peak_bytes"] / 2**20
    their_peak = 0 if None in peaks else statistics.median(peaks) / 2**20
    build = mine[0]["build"]
    print(f"{race}: {mine[0]['minority']} + {mine[0]['majority']} rows, {rows.shape[1]} columns, "
          f"{arguments.precision}, {arguments.threads} threads, {arguments.rounds} rounds, cpu, {build}")
    print(f"  recokit {ours:8.3f} s, imbalanced-learn {version('imbalanced-learn')} {theirs:8.3f} s: "
          f"{theirs / ours:.1f} times ({processor_ratio:.1f} in processor seconds); "
          f"peaks {our_peak:.0f} and {their_peak:.0f} MiB; {result_line}", flush=True)
    return {"race": race, "precision": arguments.precision, "threads": arguments.threads,
            "rounds": arguments.rounds, "seconds": ours, "peer_seconds": theirs, "ratio": theirs / ours,
            "processor_ratio": processor_ratio,
            "peak_mib": our_peak, "peer_peak_mib": their_peak, "agreement": agreement, "build": build,
            "peer": f"imbalanced-learn {version('imbalanced-learn')}, scikit-learn {version('scikit-learn')}"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("races", nargs="+", metavar="METHOD:MINORITYxCOLS[:MAJORITY]")
    parser.add_argument("--benchmark", required=True, help="recokit-resampling-benchmark")
    parser.add_argument("--adult", help="adult.csv, for a race without a size")
    parser.add_argument("--precision", choices=("float", "double"), default="float")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--json", help="write the results here")
    arguments = parser.parse_args()
    if any(":" not in race for race in arguments.races) and not arguments.adult:
        parser.error("a race without a size needs --adult")
    from threadpoolctl import threadpool_info, threadpool_limits

    peer("smote", 1, 0)  # loads the libraries that the limits are for
    with threadpool_limits(arguments.threads):
        pools = sorted({(pool["user_api"], pool["num_threads"]) for pool in threadpool_info()})
        print("threads of the peer:", ", ".join(f"{api} {count}" for api, count in pools), flush=True)
        results = [compare(arguments, race) for race in arguments.races]
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as out:
            json.dump(results, out, indent=2)


if __name__ == "__main__":
    main()
