#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Times what recokit does on a GPU beside PyTorch's equivalent on the same card in the same run.

    pip install torch numpy scipy
    recokit-ials-benchmark synthetic --epochs 1 --factors 8 --write set.npz
    python3 benchmarks/peers/gpu_speed.py set.npz --benchmark build/gpu-check/benchmarks/recokit_bench_gpu

Both take the interactions of the file.
PyTorch has no iALS. Its equivalent of an exact epoch is what one writes with it: rows sorted by length and
padded to batches, their systems by torch.bmm, torch.linalg.cholesky_ex and torch.cholesky_solve. Of the
lists: scores in batches of users by torch.matmul and torch.topk; recokit also leaves out what the users have
seen, and its time has the copies to and from the card in it. Prints one JSON object a case.
"""

import argparse
import json
import os
import subprocess
import time

import numpy as np
import torch
from scipy.sparse import load_npz

ALPHA0, LAMBDA = 0.02, 0.003


class Side:
    """Rows in batches of like length, on the card."""

    def __init__(self, offsets, columns, budget=1 << 22):
        lengths = np.diff(offsets)
        self.rows, self.batches = len(lengths), []
        order = np.argsort(lengths, kind="stable")
        order = order[lengths[order] > 0]
        begin = 0
        while begin < len(order):
            end = begin + 1
            while end < len(order) and (end + 1 - begin) * lengths[order[end]] <= budget and end - begin < 8192:
                end += 1
            part = order[begin:end]
            width = lengths[part[-1]]
            ids = np.zeros((len(part), width), np.int64)
            mask = np.zeros((len(part), width), np.float32)
            for n, row in enumerate(part):
                ids[n, : lengths[row]] = columns[offsets[row]: offsets[row + 1]]
                mask[n, : lengths[row]] = 1
            self.batches.append([torch.as_tensor(a, device="cuda") for a in (part, ids, mask, lengths[part])])
            begin = end

    def solve(self, fixed):
        d = fixed.shape[1]
        gram = ALPHA0 * fixed.T @ fixed
        eye = torch.eye(d, device="cuda")
        out = torch.zeros(self.rows, d, device="cuda")
        for part, ids, mask, lengths in self.batches:
            h = fixed[ids] * mask[..., None]
            ridge = LAMBDA * (lengths + ALPHA0 * fixed.shape[0])
            system = gram + torch.bmm(h.transpose(1, 2), h) + ridge[:, None, None] * eye
            factor, _ = torch.linalg.cholesky_ex(system)
            out[part] = torch.cholesky_solve(h.sum(1)[..., None], factor)[..., 0]
        return out


def timed(call, rounds=3):
    call()
    times = []
    for _ in range(rounds):
        torch.cuda.synchronize()
        begin = time.perf_counter()
        call()
        torch.cuda.synchronize()
        times.append(time.perf_counter() - begin)
    return sorted(times)[len(times) // 2] * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="interactions, as .npz")
    parser.add_argument("--benchmark", required=True)
    parser.add_argument("--factors", type=int, nargs="*", default=[64, 128])
    arguments = parser.parse_args()
    if not torch.cuda.is_available():
        raise SystemExit("gpu_speed.py needs a GPU that torch sees")
    torch.backends.cuda.matmul.allow_tf32 = False
    ran = json.loads(subprocess.run([arguments.benchmark, "--benchmark_format=json"], check=True,
                                    capture_output=True, text=True,
                                    env={**os.environ, "RECOKIT_BENCH_DATA": arguments.data}).stdout)
    own = {b["name"].split("/iterations")[0]: b for b in ran["benchmarks"]}

    def report(case, torch_ms):
        found = own.get(case)
        print(json.dumps({"case": case, "device": torch.cuda.get_device_name(), "torch": torch.__version__,
                          "torch_ms": torch_ms, "recokit_ms": found and found["real_time"],
                          "of_floor": found and found["of_floor"],
                          "ratio": found and torch_ms / found["real_time"]}))

    by_user = load_npz(arguments.data).tocsr()
    by_item = by_user.T.tocsr()
    users, items = (Side(m.indptr.astype(np.int64), m.indices) for m in (by_user, by_item))
    for d in arguments.factors:
        w = torch.randn(by_user.shape[0], d, device="cuda") * 0.1 / d**0.5
        report(f"ials_epoch/exact/{d}", timed(lambda: users.solve(items.solve(w))))
    w, h = (torch.randn(rows, 128, device="cuda") for rows in by_user.shape)
    report("top_10/128/fp32", timed(lambda: [torch.topk(w[u: u + 4096] @ h.T, 10)
                                             for u in range(0, len(w), 4096)]))


if __name__ == "__main__":
    main()
