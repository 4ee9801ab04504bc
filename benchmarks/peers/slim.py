#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Compares recokit's SLIM with irspack's and scikit-learn's, in time and in the optimum reached.

Fits the same binary data with recokit-slim-benchmark and irspack's SLIMRecommender, in turn, and
solves every n-th item with scikit-learn's ElasticNet(positive=True), whose time is multiplied up.
Prints seconds (wall) and seconds of all processors: on a machine that is not idle compare the
second. Then the objective
    1/2 |x_j - X w|^2 + l2/2 |w|^2 + l1 |w|_1
of the sampled items: recokit's relative to scikit-learn's at a tight tolerance, the largest and the
mean difference in units of |x_j|^2 / 2, and the same for irspack. Needs NumPy, SciPy, irspack and
scikit-learn. FILE holds "user,item,..." lines, or users with their items (LightGCN).
"""

import argparse
import os
import subprocess
import time
import warnings


def read(path):
    import numpy as np
    import scipy.sparse as sp

    users, items = [], []
    with open(path, encoding="ascii") as lines:
        for line in lines:
            if "," in line:
                user, item = line.split(",")[:2]
                users.append(int(user))
                items.append(int(item))
            else:
                user, *taken = (int(word) for word in line.split())
                users += [user] * len(taken)
                items += taken
    _, rows = np.unique(users, return_inverse=True)
    names, columns = np.unique(items, return_inverse=True)
    matrix = sp.csc_matrix((np.ones(len(rows)), (rows, columns)))
    matrix.sort_indices()
    return matrix, {name: c for c, name in enumerate(names.tolist())}


def objective(matrix, j, weights, l1, l2):
    rest = matrix[:, [j]].toarray().ravel() - matrix @ weights
    return rest @ rest / 2 + l2 / 2 * weights @ weights + l1 * abs(weights).sum()


def scikit_learn(matrix, j, alpha, l1_ratio, tolerance):
    from sklearn.linear_model import ElasticNet

    # The column itself is emptied, which keeps its weight 0.
    begin, end = matrix.indptr[j], matrix.indptr[j + 1]
    target = matrix[:, [j]].toarray().ravel()
    kept = matrix.data[begin:end].copy()
    matrix.data[begin:end] = 0
    net = ElasticNet(alpha=alpha, l1_ratio=l1_ratio, positive=True, fit_intercept=False,
                     precompute=False, copy_X=False, tol=tolerance, max_iter=100000)
    start = time.process_time()
    net.fit(matrix, target)
    seconds = time.process_time() - start
    matrix.data[begin:end] = kept
    return net.coef_, seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", help="recokit-slim-benchmark")
    parser.add_argument("file")
    parser.add_argument("--alpha", type=float, default=0.005)
    parser.add_argument("--l1-ratio", type=float, default=1e-6)
    parser.add_argument("--tolerance", type=float, default=1e-6, help="of recokit")
    parser.add_argument("--scikit-learn-tolerance", type=float, default=1e-4)
    parser.add_argument("--irspack-tolerance", type=float, default=1e-4, help="0: leave irspack out")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--every", type=int, default=100, help="sample of items")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--solver", default="automatic")
    asked = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    warnings.filterwarnings("ignore")
    import numpy as np

    matrix, columns = read(asked.file)
    users, items = matrix.shape
    l1 = users * asked.alpha * asked.l1_ratio
    l2 = users * asked.alpha * (1 - asked.l1_ratio)
    sample = list(range(0, items, asked.every))
    print(f"{users} users, {items} items, {matrix.nnz} interactions; l1 = {l1:.6g}, l2 = {l2:.6g}")
    found = {}
    for _ in range(asked.repeat):
        run = subprocess.run(
            [asked.program, asked.file, repr(l1), repr(l2), repr(asked.tolerance), asked.solver,
             str(asked.threads), str(asked.every)],
            check=True, capture_output=True, text=True)
        first, *rows = run.stdout.splitlines()
        seconds, processor, count = first.split()
        print(f"recokit       {float(seconds):9.2f} s, processors {float(processor):9.2f} s, "
              f"{count} weights")
        found["recokit"] = {j: np.zeros(items) for j in sample}
        for row in rows:
            item, other, weight = row.split()
            found["recokit"][columns[int(item)]][columns[int(other)]] = float(weight)
        if asked.irspack_tolerance > 0:
            from irspack.recommenders.slim import SLIMRecommender

            begin, processor = time.perf_counter(), time.process_time()
            model = SLIMRecommender(matrix.tocsr(), alpha=asked.alpha, l1_ratio=asked.l1_ratio,
                                    tol=asked.irspack_tolerance, n_threads=asked.threads).learn()
            print(f"irspack       {time.perf_counter() - begin:9.2f} s, processors "
                  f"{time.process_time() - processor:9.2f} s, {model.W.nnz} weights")
            weights = model.W.tocsc()
            found["irspack"] = {j: weights[:, [j]].toarray().ravel().astype(float) for j in sample}
    spent = 0.0
    best = {}
    for j in sample:
        found.setdefault("scikit-learn", {})[j], seconds = scikit_learn(
            matrix, j, asked.alpha, asked.l1_ratio, asked.scikit_learn_tolerance)
        spent += seconds
        best[j], _ = scikit_learn(matrix, j, asked.alpha, asked.l1_ratio, 1e-10)
    print(f"scikit-learn  processors {spent * items / len(sample):9.2f} s ({len(sample)} items, "
          "multiplied up)")
    for name, weights in found.items():
        above = []
        apart = 0.0
        for j in sample:
            half = max(matrix.indptr[j + 1] - matrix.indptr[j], 1) / 2
            above.append((objective(matrix, j, weights[j], l1, l2)
                          - objective(matrix, j, best[j], l1, l2)) / half)
            apart = max(apart, abs(weights[j] - best[j]).max())
        print(f"{name:13s} objective above scikit-learn's at 1e-10: largest {max(above):.2e}, "
              f"mean {sum(above) / len(above):.2e}; weights differ by at most {apart:.2e}")


if __name__ == "__main__":
    main()
