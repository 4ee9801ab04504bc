#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Times an epoch of recokit's biased_mf beside LIBMF: same ratings, factors and threads, in turn.

LIBMF is compiled here, for this machine, from a folder that holds its mf.cpp and mf.h (the `libmf`
package of PyPI has them: pip download --no-deps --no-binary :all: libmf). Both minimise the squared
error of p.q with the ratings as they are and step sizes of their own for every row. LIBMF prints no
times: those of two fits, one of 1 epoch and one of 1 + N, are subtracted. Training RMSE after all
epochs is printed for both. Needs numpy.
"""

import argparse
import ctypes
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np


class Problem(ctypes.Structure):
    _fields_ = [("m", ctypes.c_int), ("n", ctypes.c_int), ("nnz", ctypes.c_longlong),
                ("R", ctypes.c_void_p)]


class Parameter(ctypes.Structure):
    _fields_ = [("fun", ctypes.c_int), ("k", ctypes.c_int), ("nr_threads", ctypes.c_int),
                ("nr_bins", ctypes.c_int), ("nr_iters", ctypes.c_int),
                ("lambda_p1", ctypes.c_float), ("lambda_p2", ctypes.c_float),
                ("lambda_q1", ctypes.c_float), ("lambda_q2", ctypes.c_float),
                ("eta", ctypes.c_float), ("do_nmf", ctypes.c_bool), ("quiet", ctypes.c_bool),
                ("copy_data", ctypes.c_bool)]


class Model(ctypes.Structure):
    _fields_ = [("fun", ctypes.c_int), ("m", ctypes.c_int), ("n", ctypes.c_int),
                ("k", ctypes.c_int), ("b", ctypes.c_float),
                ("P", ctypes.POINTER(ctypes.c_float)), ("Q", ctypes.POINTER(ctypes.c_float))]


def build_libmf(source, folder, flags):
    library = pathlib.Path(folder) / "libmf.so"
    subprocess.run([os.environ.get("CXX", "g++"), "-shared", "-fPIC", "-std=c++0x", "-pthread", "-w",
                    *flags.split(), "-I", str(source), str(pathlib.Path(source) / "mf.cpp"),
                    "-o", str(library)], check=True)
    libmf = ctypes.CDLL(str(library))
    libmf.mf_train.argtypes = [ctypes.POINTER(Problem), Parameter]
    libmf.mf_train.restype = ctypes.POINTER(Model)
    libmf.mf_destroy_model.argtypes = [ctypes.POINTER(ctypes.POINTER(Model))]
    libmf.mf_get_default_param.restype = Parameter
    return libmf


def read_ratings(file):
    """Rows, columns and values of what write_npz wrote."""
    arrays = np.load(file)
    lengths = np.diff(arrays["indptr"])
    rows = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    return rows, arrays["indices"].astype(np.int32), arrays["data"].astype(np.float32), arrays["shape"]


def train(libmf, nodes, shape, factors, threads, epochs):
    """(wall seconds, processor seconds, model)"""
    parameter = libmf.mf_get_default_param()
    parameter.fun = 0
    parameter.k = factors
    parameter.nr_threads = threads
    parameter.nr_iters = epochs
    parameter.lambda_p2 = parameter.lambda_q2 = 0.1
    parameter.eta = 0.1
    parameter.quiet = True
    parameter.copy_data = False
    copy = nodes.copy()
    problem = Problem(int(shape[0]), int(shape[1]), len(copy), copy.ctypes.data)
    begin, processor = time.perf_counter(), time.process_time()
    model = libmf.mf_train(ctypes.byref(problem), parameter)
    return time.perf_counter() - begin, time.process_time() - processor, model


def training_rmse(model, rows, columns, values):
    m, n, k = model.contents.m, model.contents.n, model.contents.k
    p = np.ctypeslib.as_array(model.contents.P, (m, k))
    q = np.ctypeslib.as_array(model.contents.Q, (n, k))
    squares = 0.0
    for begin in range(0, len(values), 1 << 20):
        part = slice(begin, begin + (1 << 20))
        z = np.einsum("ij,ij->i", p[rows[part]], q[columns[part]])
        squares += float(np.sum((values[part] - z) ** 2, dtype=np.float64))
    return (squares / len(values)) ** 0.5


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("benchmark", help="path of recokit-rating-factorization-benchmark")
    parser.add_argument("source", help="a file of ratings, or synthetic")
    parser.add_argument("--libmf", required=True, help="folder of mf.cpp and mf.h")
    parser.add_argument("--libmf-flags", default="-O3 -march=native -DUSEAVX")
    parser.add_argument("--factors", default="32,64,128")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=pathlib.Path, help="write every number here")
    options, passed_on = parser.parse_known_args()

    found = []
    with tempfile.TemporaryDirectory() as folder:
        libmf = build_libmf(options.libmf, folder, options.libmf_flags)
        nodes = rows = columns = values = shape = None
        print(f"{'factors':>7} {'threads':>7} {'Mratings/s of processor':>24} {'LIBMF':>7} {'ratio':>6} "
              f"{'wall':>7} {'LIBMF':>7} {'ratio':>6} {'RMSE':>7} {'LIBMF':>7}")
        for factors in map(int, options.factors.split(",")):
            for threads in map(int, options.threads.split(",")):
                ours, theirs = [], []
                for _ in range(options.rounds):
                    command = [options.benchmark, options.source, "--factors", str(factors),
                               "--threads", str(threads), "--epochs", str(options.epochs + 1),
                               "--adaptive", *passed_on]
                    if nodes is None:
                        command += ["--write", folder]
                    ours.append(json.loads(subprocess.run(
                        command, check=True, capture_output=True, text=True).stdout))
                    if nodes is None:
                        rows, columns, values, shape = read_ratings(
                            pathlib.Path(folder) / "ratings.npz")
                        nodes = np.empty(len(values), dtype=[("u", "i4"), ("v", "i4"), ("r", "f4")])
                        nodes["u"], nodes["v"], nodes["r"] = rows, columns, values
                    short = train(libmf, nodes, shape, factors, threads, 1)
                    libmf.mf_destroy_model(ctypes.byref(short[2]))
                    long = train(libmf, nodes, shape, factors, threads, 1 + options.epochs)
                    theirs.append({
                        "epoch_seconds": (long[0] - short[0]) / options.epochs,
                        "epoch_processor_seconds": (long[1] - short[1]) / options.epochs,
                        "training_rmse": training_rmse(long[2], rows, columns, values)})
                    libmf.mf_destroy_model(ctypes.byref(long[2]))
                found.append({"factors": factors, "threads": threads, "recokit": ours,
                              "libmf": theirs})

                def rate(runs, key):
                    return len(values) / sorted(run[key] for run in runs)[len(runs) // 2] / 1e6

                a, b = rate(ours, "epoch_processor_seconds"), rate(theirs, "epoch_processor_seconds")
                c, d = rate(ours, "epoch_seconds"), rate(theirs, "epoch_seconds")
                print(f"{factors:7} {threads:7} {a:24.1f} {b:7.1f} {a / b:6.2f} {c:7.1f} {d:7.1f} "
                      f"{c / d:6.2f} {ours[-1]['training_rmse']:7.4f} "
                      f"{theirs[-1]['training_rmse']:7.4f}", flush=True)
                if options.json:
                    options.json.write_text(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
