#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Times epochs of recokit's ials beside irspack and implicit: same data, factors, threads and kind of solver.
Beside the times stand the MiB that a fit holds at its peak, over the interactions it is given (Linux).

    pip install implicit irspack scipy
    python3 benchmarks/peers/ials_speed.py FILE... --benchmark build/release/benchmarks/recokit-ials-benchmark

FILE is anything that recokit reads, or the word synthetic (138,493 users, 26,744 items, 20 million
interactions). Interactions count as 1; unobserved weight .02, lambda .003, nu 1. The sides take turns,
one epoch after a first that is not timed; medians of CPU seconds (of all threads) are compared, which
hold on a busy machine too. The peer to beat is one built for the machine:

    EIGEN3_INCLUDE_DIR=/usr/include/eigen3 CXXFLAGS="-march=native -O3" pip install --no-binary irspack irspack==0.3.1

(later releases come as wheels alone). --native says in the output that it is.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy.sparse import load_npz

ALPHA0, LAMBDA = 0.02, 0.003
# recokit solver -> peers and their solvers
RACES = {
    "exact": [("irspack", "CHOLESKY"), ("irspack", "CG"), ("implicit", "cg")],
    "cg": [("irspack", "CG"), ("implicit", "cg")],
    "block": [("irspack", "IALSPP")],
}


def recokit(arguments, file, factors, solver):
    command = [arguments.benchmark, file, "--factors", str(factors), "--solver", solver,
               "--threads", str(arguments.threads), "--epochs", "1"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def irspack_epoch(interactions, factors, solver, threads):
    try:
        from irspack.recommenders import _ials
    except ImportError:
        from irspack.recommenders import _ials_core as _ials
    model = (_ials.IALSModelConfigBuilder().set_K(factors).set_alpha0(ALPHA0).set_reg(LAMBDA).set_nu(1.0)
             .set_init_stdev(0.1).set_random_seed(42).build())
    config = (_ials.IALSSolverConfigBuilder().set_n_threads(threads).set_max_cg_steps(3)
              .set_ialspp_subspace_dimension(64).set_ialspp_iteration(1)
              .set_solver_type(getattr(_ials.SolverType, solver)).build())
    trainer = _ials.IALSTrainer(model, interactions.astype(np.float32))
    trainer.step(config)
    begin = time.process_time()
    trainer.step(config)
    return time.process_time() - begin


def implicit_epoch(interactions, factors, solver, threads):
    from implicit.cpu.als import AlternatingLeastSquares

    model = AlternatingLeastSquares(factors=factors, regularization=0.1, alpha=1.0, iterations=2,
                                    use_cg=solver == "cg", num_threads=threads, random_state=1)
    # Confidence 1 + 9, not 1: with 0 beyond the unobserved weight BLAS returns early.
    data = interactions.copy()
    data.data[:] = 10
    stamps = []
    model.fit(data, show_progress=False, callback=lambda *_: stamps.append(time.process_time()))
    return stamps[1] - stamps[0]


PEERS = {"irspack": irspack_epoch, "implicit": implicit_epoch}


def memory(key):
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(key + ":"))


def with_peak(run, *arguments):
    """What run returns, and by how many bytes it raises the memory of this process at its peak."""
    with open("/proc/self/clear_refs", "w", encoding="ascii") as clear:
        clear.write("5")
    held = memory("VmRSS")
    result = run(*arguments)
    return result, memory("VmHWM") - held


def available(name):
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def compare(arguments, file, source, interactions, factors):
    results = []
    for solver in arguments.solvers:
        races = [race for race in RACES[solver] if available(race[0])]
        mine, theirs, peaks = [], {race: [] for race in races}, {race: [] for race in races}
        peak = 0
        for _ in range(arguments.rounds):
            run = recokit(arguments, file, factors, solver)
            mine.append(run["cpu_seconds"])
            peak = max(peak, run["peak_bytes"])
            for race in races:
                seconds, held = with_peak(PEERS[race[0]], interactions, factors, race[1], arguments.threads)
                theirs[race].append(seconds)
                peaks[race].append(held)
        ours = statistics.median(mine)
        line = {"source": source, "users": run["users"], "items": run["items"],
                "interactions": run["interactions"], "factors": factors, "solver": solver,
                "threads": arguments.threads, "cpu_seconds": ours, "peak_bytes": peak, "build": run["build"],
                "kernels": run["kernels"], "ceiling_gflops": run["ceiling_gflops"],
                "primal_gflops": run["primal_gflop"] / ours, "peers": []}
        text = f"  d={factors:<5} {solver:6} recokit {ours:8.3f} s, {peak / 2**20:.0f} MiB"
        for race in races:
            seconds = statistics.median(theirs[race])
            line["peers"].append({"peer": f"{race[0]} {version(race[0])}", "solver": race[1],
                                  "native": arguments.native and race[0] == "irspack",
                                  "cpu_seconds": seconds, "peak_bytes": max(peaks[race]),
                                  "ratio": seconds / ours})
            text += (f"; {race[0]} {race[1].lower()} {seconds:8.3f} s, {seconds / ours:.2f} x, "
                     f"{max(peaks[race]) / 2**20:.0f} MiB")
        if solver == "exact":
            text += (f"; {line['primal_gflops'] / run['ceiling_gflops']:.2f} of the matrix rate, "
                     f"counting d x d systems")
        print(text, flush=True)
        results.append(line)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", metavar="FILE")
    parser.add_argument("--benchmark", required=True, help="recokit-ials-benchmark")
    parser.add_argument("--factors", type=int, nargs="+", default=[64, 128])
    parser.add_argument("--solvers", nargs="+", choices=RACES, default=["exact", "cg"])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--native", action="store_true", help="irspack was built with -march=native")
    parser.add_argument("--json", help="write the results here")
    arguments = parser.parse_args()
    results = []
    for source in arguments.sources:
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "interactions.npz")
            subprocess.run([arguments.benchmark, source, "--factors", "8", "--epochs", "1", "--write", file],
                           check=True, capture_output=True)
            interactions = load_npz(file)
            interactions.indptr = interactions.indptr.astype(np.int32)
            name = os.path.basename(os.path.dirname(source)) or source
            print(f"{name}: {interactions.shape[0]} users, {interactions.shape[1]} items, "
                  f"{interactions.nnz} interactions, {arguments.threads} threads, CPU seconds an epoch")
            for factors in arguments.factors:
                results += compare(arguments, file, name, interactions, factors)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as out:
            json.dump(results, out, indent=2)


if __name__ == "__main__":
    main()
