#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Compares recokit's NMF (missing=zero) with scikit-learn's from the same start.

recokit-nmf-benchmark writes the factors after its first epoch; scikit-learn goes on from them
(init="custom") for as many epochs, in double, and both losses are computed here from the factors'
own definition. Prints loss, relative difference and seconds of all processors. FILE holds ratings.
Needs NumPy, SciPy and scikit-learn.
"""

import argparse
import os
import subprocess
import tempfile
import time
import warnings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def read_start(path):
    import numpy as np
    import scipy.sparse as sp

    with open(path, "rb") as file:
        users, items, factors, entries = np.fromfile(file, np.int64, 4)
        offsets = np.fromfile(file, np.int64, users + 1)
        columns = np.fromfile(file, np.int32, entries)
        values = np.fromfile(file, np.float32, entries).astype(float)
        w = np.fromfile(file, np.float32, users * factors).astype(float).reshape(users, factors)
        h = np.fromfile(file, np.float32, items * factors).astype(float).reshape(items, factors)
    return sp.csr_matrix((values, columns, offsets), shape=(users, items)), w, h


def objective(matrix, w, h, loss, alpha, l1_ratio):
    """The loss over all cells with scikit-learn's penalties; h is factors x items."""
    import numpy as np

    users, items = matrix.shape
    rows = np.repeat(np.arange(users), np.diff(matrix.indptr))
    estimates = np.einsum("nk,nk->n", w[rows], h.T[matrix.indices])
    x = matrix.data
    if loss == "frobenius":
        value = (x @ x) / 2 - x @ estimates + ((w.T @ w) * (h @ h.T)).sum() / 2
    else:
        some = x > 0
        value = (x[some] * np.log(x[some] / estimates[some])).sum() - x.sum()
        value += w.sum(axis=0) @ h.sum(axis=1)
    for factors, cells in ((w, items), (h, users)):
        value += alpha * cells * (l1_ratio * factors.sum()
                                  + (1 - l1_ratio) / 2 * (factors ** 2).sum())
    return value


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", help="recokit-nmf-benchmark")
    parser.add_argument("file")
    parser.add_argument("--factors", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--regularization", type=float, default=0.0)
    parser.add_argument("--l1-ratio", type=float, default=0.0)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    warnings.filterwarnings("ignore")
    from sklearn.decomposition import NMF

    for solver, short, loss in (("coordinate", "cd", "frobenius"),
                                ("multiplicative", "mu", "frobenius"),
                                ("multiplicative", "mu", "kullback_leibler")):
        with tempfile.TemporaryDirectory() as folder:
            start = os.path.join(folder, "start")
            run = subprocess.run(
                [asked.program, asked.file, start, str(asked.factors), str(asked.epochs), solver,
                 loss, repr(asked.regularization), repr(asked.l1_ratio), str(asked.threads)],
                check=True, capture_output=True, text=True)
            matrix, w, h = read_start(start)
        ours, _, processor = (float(word) for word in run.stdout.split())
        net = NMF(n_components=asked.factors, init="custom", solver=short,
                  beta_loss=loss.replace("_", "-"), tol=0, max_iter=asked.epochs - 1,
                  alpha_W=asked.regularization, alpha_H=asked.regularization,
                  l1_ratio=asked.l1_ratio)
        first = objective(matrix, w, h.T, loss, asked.regularization, asked.l1_ratio)
        begin = time.process_time()
        found = net.fit_transform(matrix, W=w.copy(), H=h.T.copy())
        spent = time.process_time() - begin
        theirs = objective(matrix, found, net.components_, loss, asked.regularization,
                           asked.l1_ratio)
        print(f"{solver}, {loss}: loss {first:.8g} after epoch 1, after epoch {asked.epochs} "
              f"recokit {ours:.8g}, scikit-learn {theirs:.8g}, relative difference "
              f"{(ours - theirs) / theirs:+.2e}; processor seconds {processor:.2f} and {spent:.2f}")


if __name__ == "__main__":
    main()
