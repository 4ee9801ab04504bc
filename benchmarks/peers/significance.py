#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Compares recokit's significance tests with scipy and statsmodels on random cases.

    python3 benchmarks/peers/significance.py --program BUILD/benchmarks/recokit-significance

Draws pairs of vectors of 2 to 400 values: continuous, rounded so that differences tie, with many zero
differences, nearly equal, and far apart. Statistics and p values of the paired t test, of Wilcoxon's test
in all modes, of the exact randomisation test and of the corrections must agree to 1e-12: relative for p
values where scipy has the digits, else relative above 1 and absolute below. Bootstrap intervals are random
on both sides: their ends must agree within six Monte Carlo standard errors. Prints the largest error a
function and ends with 1 when one is too large.
Needs NumPy, SciPy and statsmodels.
"""

import argparse
import math
import subprocess
import sys
import warnings

import numpy as np
import scipy
from scipy import stats
from statsmodels.stats.multitest import multipletests

SIDES = ("two-sided", "greater", "less")
TOLERANCE = 1e-12
# Relative, where scipy has the digits: its exact Wilcoxon test takes the small tail of a large statistic
# as 1 - the large one, so there the limit is absolute.
RELATIVE_P = ("t test", "Wilcoxon, approximate", "Wilcoxon, exact with ties", "Fisher, exact")


class Cases:
    """Lines for the program, and what to hold against each answer."""

    def __init__(self):
        self.text = []
        self.expected = []  # (function, head, list of values or None, list of tolerances)

    def add(self, name, head, first, second, expected, tolerances=None):
        line = lambda values: " ".join(repr(float(v)) for v in values)
        self.text += [head, line(first), line(second)]
        self.expected.append((name, head, expected, tolerances))


def draw_pair(rng):
    n = int(rng.choice([rng.integers(2, 14), rng.integers(14, 51), rng.integers(51, 401)]))
    kind = rng.integers(0, 6)
    y = rng.random(n)
    x = y + rng.normal(rng.choice([0, 0.1, 0.5]), 0.3, n)
    if kind == 1:  # ties; quarters are exact, so that the differences tie too
        x, y = np.round(x * 4) / 4, np.round(y * 4) / 4
    elif kind == 2:  # many zero differences, the others continuous
        x = np.where(rng.random(n) < 0.6, y, x)
    elif kind == 3:  # hits: 0 or 1
        x, y = (x > 0.5).astype(float), (y > 0.5).astype(float)
    elif kind == 4:  # small differences of large values
        x, y = 100 + x / 1024, 100 + y / 1024
    elif kind == 5:  # a few distinct values, ties and zeros
        x, y = rng.integers(0, 4, n) / 2.0, rng.integers(0, 4, n) / 2.0
    return x, y


def add_tests(cases, rng):
    x, y = draw_pair(rng)
    n = len(x)
    d = x - y
    side = SIDES[rng.integers(0, 3)]
    if np.ptp(d) > 0:
        r = stats.ttest_rel(x, y, alternative=side)
        cases.add("t test", f"t {side}", x, y, [r.statistic, r.pvalue])
        sd = d.std(ddof=1)
        pooled = math.sqrt((x.var(ddof=1) + y.var(ddof=1)) / 2)
        counts = [(d > 0).sum(), (d == 0).sum(), (d < 0).sum()]
        if pooled > 0:
            cases.add("summary", "summary", x, y, [d.mean() / sd, d.mean() / pooled, *counts])
        level = float(rng.choice([0.9, 0.95, 0.99]))
        ci = stats.ttest_rel(x, y).confidence_interval(level)
        error = sd / math.sqrt(n)
        cases.add("t interval", f"interval t {level} 2", x, y, [d.mean(), ci.low, ci.high, error])
    if not np.any(d):
        return
    zeros = ("wilcox", "pratt", "zsplit")[rng.integers(0, 3)]
    correction = bool(rng.integers(0, 2))
    plain = len(np.unique(np.abs(d))) == n and np.all(d != 0)
    z = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        r = stats.wilcoxon(x, y, zero_method=zeros, correction=correction, alternative=side, method="asymptotic")
        # scipy gives −|z| for two sides, recokit keeps its sign.
        z = r.zstatistic if side != "two-sided" else None
        cases.add(
            "Wilcoxon, approximate",
            f"wilcoxon {side} {zeros} asymptotic {int(correction)}",
            x,
            y,
            [r.statistic, r.pvalue, z],
        )
        r = stats.wilcoxon(x, y, zero_method=zeros, correction=correction, alternative=side)
        cases.add(
            "Wilcoxon, automatic",
            f"wilcoxon {side} {zeros} auto {int(correction)}",
            x,
            y,
            [r.statistic, r.pvalue, None],
        )
        if plain:
            r = stats.wilcoxon(x, y, zero_method=zeros, alternative=side, method="exact")
            cases.add("Wilcoxon, exact", f"wilcoxon {side} {zeros} exact 0", x, y, [r.statistic, r.pvalue, None])
        elif n <= 12:
            every = stats.PermutationMethod(n_resamples=2**n)
            r = stats.wilcoxon(x, y, zero_method=zeros, alternative=side, method=every)
            cases.add(
                "Wilcoxon, exact with ties",
                f"wilcoxon {side} {zeros} exact 0",
                x,
                y,
                [r.statistic, r.pvalue, None],
            )
    if n <= 12:
        # Sums, not means: scipy's margin for rounding is relative to the statistic.
        r = stats.permutation_test(
            (d,),
            lambda v, axis: v.sum(axis=axis),
            permutation_type="samples",
            vectorized=True,
            n_resamples=2**n,
            alternative=side,
        )
        cases.add("Fisher, exact", f"fisher {side} 50 1", x, y, [d.mean(), r.pvalue])


def add_adjustments(cases, rng):
    p = rng.random(int(rng.integers(1, 20))) ** 3
    if rng.integers(0, 2):
        p = np.round(p, 1)
    for method in ("bonferroni", "holm", "fdr_bh"):
        cases.add(f"correction, {method}", f"adjust {method}", p, [], list(multipletests(p, method=method)[1]))


def add_bootstraps(cases, rng, draws):
    n = int(rng.integers(30, 600))
    d = rng.lognormal(0, 0.8, n) - 1
    d[rng.random(n) < rng.choice([0, 0.5])] = 0.25
    name, level = str(rng.choice(["percentile", "basic", "BCa"])), 0.95
    r = stats.bootstrap(
        (d,), np.mean, n_resamples=draws, batch=2000, method=name, confidence_level=level, rng=rng
    )
    error = d.std() / math.sqrt(n)
    # A quantile at 2.5 % of about normal means; twice for two runs, and room for BCa's own constants
    # and the skew, which thins the density in one tail.
    margin = 6 * math.sqrt(2) * 1.5 * math.sqrt(0.025 * 0.975 / draws) / 0.0584 * error
    ci = r.confidence_interval
    cases.add(
        f"bootstrap, {name}",
        f"interval {name} {level} {draws}",
        d,
        [],
        [d.mean(), ci.low, ci.high, r.standard_error],
        [TOLERANCE, margin, margin, 6 * error / math.sqrt(draws)],
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", required=True, help="path of recokit-significance")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--bootstraps", type=int, default=30)
    parser.add_argument("--draws", type=int, default=50000, help="of a bootstrap")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    rng = np.random.default_rng(arguments.seed)
    cases = Cases()
    for _ in range(arguments.cases):
        add_tests(cases, rng)
        add_adjustments(cases, rng)
    for _ in range(arguments.bootstraps):
        add_bootstraps(cases, rng, arguments.draws)
    done = subprocess.run(
        [arguments.program], input="\n".join(cases.text) + "\n", capture_output=True, text=True, check=True
    )
    answers = done.stdout.splitlines()
    if len(answers) != len(cases.expected):
        sys.exit(f"{len(answers)} answers to {len(cases.expected)} cases")

    worst, counts, failures = {}, {}, 0
    for (name, head, expected, tolerances), line in zip(cases.expected, answers):
        counts[name] = counts.get(name, 0) + 1
        got = [float(word) for word in line.split()]
        if len(got) != len(expected):
            sys.exit(f"{head}: {len(got)} numbers, not {len(expected)}")
        for i, (mine, theirs) in enumerate(zip(got, expected)):
            if theirs is None:
                continue
            error = abs(mine - theirs)
            if tolerances:  # as a share of what is allowed
                error /= tolerances[i]
            elif i == 1 and name in RELATIVE_P and theirs > 0:
                error /= theirs
            else:
                error /= max(1.0, abs(theirs))
            if not error <= (1 if tolerances else TOLERANCE):
                failures += 1
                if failures <= 20:
                    print(f"{head}: value {i} is {mine!r}, theirs is {theirs!r}")
            worst[name] = max(worst.get(name, 0.0), error)
    print(f"scipy {scipy.__version__}, seed {arguments.seed}")
    for name in sorted(counts):
        unit = " of the allowed" if name.startswith("bootstrap") else ""
        print(f"  {name:28} {counts[name]:5} cases, largest error {worst[name]:.2g}{unit}")
    print("all agree" if failures == 0 else f"{failures} values differ")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
