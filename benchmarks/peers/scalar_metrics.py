#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Compares recokit's rating and classification metrics with scikit-learn and imbalanced-learn.

    scalar_metrics.py build/release/benchmarks/recokit-scalar-metrics
    scalar_metrics.py build/release/benchmarks/recokit-scalar-metrics --time

Without --time: random cases with ties, absent classes, weights (also 0) and constant vectors; every
number that recokit prints must equal the peer's to the tolerance, relative or absolute. With --time:
the areas under the ROC and the precision-recall curve of many float scores, both libraries in turn.
Needs NumPy, scikit-learn 1.9 or later and imbalanced-learn.
"""

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np
from imblearn.metrics import geometric_mean_score, specificity_score
from sklearn import metrics

AVERAGES = ["micro", "macro", "weighted"]


def random_weights(rng, n):
    """None, or weights of which some are 0 but not all."""
    kind = rng.integers(4)
    if kind < 2:
        return None
    weights = rng.choice([0.0, 0.25, 0.5, 1.0, 3.0], n) if kind == 2 else rng.uniform(0.01, 2.0, n)
    weights[rng.integers(n)] = 1.0
    return weights


def numbers(values):
    values = [] if values is None else np.asarray(values).ravel().tolist()
    return " ".join([str(len(values))] + [repr(v) for v in values])


def plain(values):
    return " ".join(repr(v) for v in np.asarray(values).ravel().tolist())


def random_size(rng):
    return int(rng.choice([1, 2, 3, 5, 10, 40, 200, 3000], p=[0.04, 0.06, 0.1, 0.1, 0.2, 0.2, 0.2, 0.1]))


# Each kind of case: its text for recokit, and what the peers say, by the names that recokit prints.


def rating_case(rng):
    n = random_size(rng)
    weights = random_weights(rng, n)
    kind = rng.integers(6)
    truth = rng.integers(1, 11, n) / 2
    predicted = truth + rng.normal(0, 1, n)
    if kind == 1:
        truth = np.full(n, float(rng.choice([-2.0, 0.0, 1.0, 4.0])))
        predicted = truth + rng.integers(-3, 4, n) / 2
    elif kind == 2:
        truth = np.full(n, 4.0)
        predicted = truth + float(rng.choice([0.0, 2.0]))
    elif kind == 3:
        predicted = truth + float(rng.choice([0.0, 0.5, 2.0]))
    elif kind == 4:
        truth = rng.normal(1000, 1, n)
        predicted = rng.normal(1000, 1, n)
    elif kind == 5:  # the mean drifts from one piece of the sum to the next
        truth = np.sort(rng.normal(0, 1, n))
        predicted = truth + rng.normal(0, 1, n)
    text = f"rating {n} {numbers(weights)} {plain(truth)} {plain(predicted)}"
    w = {"sample_weight": weights}
    counted = np.ones(n, bool) if weights is None else weights > 0
    expected = {
        "mse": metrics.mean_squared_error(truth, predicted, **w),
        "rmse": metrics.root_mean_squared_error(truth, predicted, **w),
        "mae": metrics.mean_absolute_error(truth, predicted, **w),
        "max_error": metrics.max_error(truth[counted], predicted[counted]),
        "mean_error": np.average(predicted - truth, weights=weights),
        "median_absolute_error": metrics.median_absolute_error(truth, predicted, **w),
    }
    for suffix, finite in [("", True), ("_raw", False)]:
        expected["r2" + suffix] = metrics.r2_score(truth, predicted, force_finite=finite, **w)
        expected["explained_variance" + suffix] = metrics.explained_variance_score(
            truth, predicted, force_finite=finite, **w
        )
    return text, expected


def binary_case(rng):
    n = random_size(rng)
    weights = random_weights(rng, n)
    negative, positive = [(0, 1), (-1, 1), (7, 3), (1, 0)][rng.integers(4)]
    share = rng.choice([0.0, 0.03, 0.3, 0.5, 1.0], p=[0.04, 0.2, 0.36, 0.36, 0.04])
    truth = np.where(rng.random(n) < share, positive, negative)
    levels = int(rng.choice([0, 1, 2, 5, 50]))
    scores = np.clip(0.5 + 0.2 * (truth == positive) * rng.random(n) + rng.normal(0, 0.2, n), 0, 1)
    if levels:
        scores = np.round(scores * levels) / levels
    max_fpr = float(rng.choice([0.01, 0.1, 0.25, 0.5, 0.9, 1.0]))
    text = f"binary {n} {numbers(weights)} {positive} {max_fpr!r} {plain(truth)} {plain(scores)}"
    y = (truth == positive).astype(int)
    w = {"sample_weight": weights}
    counted = np.ones(n, bool) if weights is None else weights > 0
    both = len(np.unique(y[counted])) == 2
    expected = {
        "roc_auc": metrics.roc_auc_score(y, scores, **w),
        "partial_roc_auc": metrics.roc_auc_score(y, scores, max_fpr=max_fpr, **w) if both else math.nan,
        "average_precision": metrics.average_precision_score(y, scores, **w),
        "log_loss": metrics.log_loss(y, scores, labels=[0, 1], **w),
        "brier": metrics.brier_score_loss(y, scores, pos_label=1, **w),
        "interpolated_pr_auc": 0.0,  # recokit's rule without positives
    }
    for suffix, drop in [("", False), ("_short", True)]:
        roc = metrics.roc_curve(y, scores, pos_label=1, drop_intermediate=drop, **w)
        pr = metrics.precision_recall_curve(y, scores, pos_label=1, drop_intermediate=drop, **w)
        for name, values in zip(["roc_fpr", "roc_tpr", "roc_thresholds"], roc):
            expected[name + suffix] = values
        for name, values in zip(["pr_precision", "pr_recall", "pr_thresholds"], pr):
            expected[name + suffix] = values
        if not drop and y[counted].any():
            expected["interpolated_pr_auc"] = metrics.auc(pr[1], pr[0])
    return text, expected


def specificities(matrix, average=None):
    """From a confusion matrix, without differences of sums that rounding makes inexact."""
    k = len(matrix)
    others = ~np.eye(k, dtype=bool)
    fp = np.array([matrix[others[:, c], c].sum() for c in range(k)], float)
    tn = np.array([matrix[np.ix_(others[c], others[c])].sum() for c in range(k)], float)
    if average == "micro":
        fp, tn = fp.sum(keepdims=True), tn.sum(keepdims=True)
    values = np.divide(tn, tn + fp, out=np.zeros_like(tn), where=tn + fp != 0)
    if average == "weighted":
        return np.average(values, weights=matrix.sum(axis=1))
    return values.mean() if average else values


def one_class(matrix):
    return min(np.count_nonzero(matrix.sum(axis=0)), np.count_nonzero(matrix.sum(axis=1))) == 1


def classes_case(rng):
    n = random_size(rng)
    weights = random_weights(rng, n)
    sets = [[0, 1], [-1, 1], [2, 5], [0, 1, 2], [-5, 0, 9, 70], list(range(12)), [-(10**12), 0, 10**12]]
    labels = np.array(sets[rng.integers(len(sets))])
    present = labels
    if rng.random() < 0.3:  # some classes occur in neither
        present = rng.choice(labels, max(1, len(labels) - 1), replace=False)
    truth = rng.choice(present, n)
    predicted = np.where(rng.random(n) < rng.choice([0.0, 0.5, 0.9, 1.0]), truth, rng.choice(present, n))
    if rng.random() < 0.15:  # one class only, of all or of the predictions
        predicted = np.full(n, present[0])
    if rng.random() < 0.1:
        truth = np.full(n, present[0])
    found = np.unique(np.concatenate([truth, predicted]))
    subset = rng.choice(found, rng.integers(1, len(found) + 1), replace=False)
    positive = int(rng.choice(found)) if len(found) > 1 else int(rng.choice(labels))
    beta = float(rng.choice([0.0, 0.5, 2.0, math.inf]))
    zero = float(rng.choice([0.0, 1.0, math.nan]))
    correction = float(rng.choice([0.001, 0.1]))
    text = (
        f"classes {n} {numbers(weights)} {numbers(labels)} {numbers(subset)} {positive} {beta} {zero} "
        f"{correction} {plain(truth)} {plain(predicted)}"
    )
    w = {"sample_weight": weights}
    matrix = metrics.confusion_matrix(truth, predicted, labels=found, **w)
    expected = {
        "confusion": matrix.ravel(),
        "confusion_given": metrics.confusion_matrix(truth, predicted, labels=labels, **w).ravel(),
        "accuracy": metrics.accuracy_score(truth, predicted, **w),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted, **w),
        "balanced_accuracy_adjusted": metrics.balanced_accuracy_score(truth, predicted, adjusted=True, **w),
        # Defined as 0 where one side holds a single class; with weights scikit-learn may miss that by
        # the rounding of n^2 - sum p^2, and takes the root of a number below 0.
        "mcc": 0.0 if one_class(matrix) else metrics.matthews_corrcoef(truth, predicted, **w),
        "kappa": metrics.cohen_kappa_score(truth, predicted, **w),
        "kappa_linear": metrics.cohen_kappa_score(truth, predicted, weights="linear", **w),
        "kappa_quadratic": metrics.cohen_kappa_score(truth, predicted, weights="quadratic", **w),
        "geometric_mean": geometric_mean_score(truth, predicted, **w),
        "geometric_mean_corrected": geometric_mean_score(truth, predicted, correction=correction, **w),
        "geometric_mean_given": geometric_mean_score(
            truth, predicted, labels=labels, correction=correction, **w
        ),
        "specificity_by_class": specificities(matrix),
    }

    def add(name, **options):
        options = {"zero_division": zero, **w, **options}
        p, r, f, _ = metrics.precision_recall_fscore_support(truth, predicted, beta=beta, **options)
        f1 = metrics.f1_score(truth, predicted, **options)
        if options["average"] is None:
            expected.update({"precision_by_class": p, "recall_by_class": r, "f_by_class": f})
        else:
            expected.update({f"precision_{name}": p, f"recall_{name}": r, f"f_beta_{name}": f, f"f1_{name}": f1})

    add("by_class", average=None)
    for average in AVERAGES:
        add(average, average=average)
        specificity = specificities(matrix, average)
        recall = metrics.recall_score(truth, predicted, average=average, zero_division=0.0, **w)
        expected[f"specificity_{average}"] = specificity
        expected[f"geometric_mean_{average}"] = math.sqrt(recall * specificity)
        if weights is None:  # imbalanced-learn counts weighted samples as one when it sums negatives
            expected[f"specificity_{average}"] = specificity_score(truth, predicted, average=average)
            expected[f"geometric_mean_{average}"] = geometric_mean_score(truth, predicted, average=average)
    add("given", average="macro", labels=labels)
    add("subset", average="weighted", labels=subset)
    add("subset_micro", average="micro", labels=subset)
    if len(found) <= 2:
        add("binary", average="binary", pos_label=positive)
        if weights is None:
            expected["geometric_mean_binary"] = geometric_mean_score(
                truth, predicted, average="binary", pos_label=positive
            )
        elif positive in found:
            recall = metrics.recall_score(truth, predicted, pos_label=positive, zero_division=0.0, **w)
            specificity = specificities(matrix)[list(found).index(positive)]
            expected["geometric_mean_binary"] = math.sqrt(recall * specificity)
        else:
            expected["geometric_mean_binary"] = 0.0
    return text, expected


def table_case(rng):
    n = random_size(rng)
    weights = random_weights(rng, n)
    labels = np.sort(rng.choice(np.arange(-20, 20), rng.integers(3, 7), replace=False))
    present = labels if rng.random() < 0.7 else rng.choice(labels, len(labels) - 1, replace=False)
    truth = rng.choice(present, n)
    cells = rng.integers(0, 5, (n, len(labels))) + 2.0 * (truth[:, None] == labels) * (rng.random((n, 1)) < 0.4)
    cells[cells.sum(axis=1) == 0] = 1
    values = cells / cells.sum(axis=1, keepdims=True)
    text = f"table {n} {numbers(weights)} {numbers(labels)} {plain(truth)} {plain(values)}"
    w = {"sample_weight": weights}
    expected = {
        "log_loss": metrics.log_loss(truth, values, labels=labels, **w),
        "brier": metrics.brier_score_loss(truth, values, labels=labels, **w),
    }
    for average in AVERAGES:
        expected[f"ovr_{average}"] = metrics.roc_auc_score(
            truth, values, multi_class="ovr", average=average, labels=labels, **w
        )
        if average == "micro":
            continue
        expected[f"ovo_{average}"] = (
            metrics.roc_auc_score(truth, values, multi_class="ovo", average=average, labels=labels)
            if len(np.unique(truth)) > 1
            else math.nan
        )
    return text, expected


def difference(actual, expected):
    """The largest absolute or relative difference, whichever is less; infinite for other lengths."""
    actual, expected = np.atleast_1d(actual), np.atleast_1d(np.asarray(expected, float))
    if actual.shape != expected.shape:
        return math.inf
    same = (actual == expected) | (np.isnan(actual) & np.isnan(expected))
    apart = np.where(same, 0.0, np.abs(actual - expected) / np.maximum(1, np.abs(expected)))
    return float(np.max(np.where(np.isnan(apart), math.inf, apart), initial=0.0))


def compare(program, cases, seed, tolerance):
    rng = np.random.default_rng(seed)
    kinds = [rating_case, binary_case, classes_case, table_case]
    made = [kinds[i % len(kinds)](rng) for i in range(cases)]
    text = "\n".join(text for text, _ in made)
    answer = subprocess.run([program], input=text, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        sys.exit(answer.stderr)
    blocks = answer.stdout.strip("\n").split("\n\n")
    if len(blocks) != len(made):
        sys.exit(f"{len(made)} cases in, {len(blocks)} out")
    worst, failed, compared = {}, 0, 0
    for number, (block, (text, expected)) in enumerate(zip(blocks, made)):
        kind = text.split(maxsplit=1)[0]
        lines = [line.split() for line in block.splitlines()]
        actual = {words[0]: np.array([float(x) for x in words[1:]]) for words in lines}
        for name in sorted(actual.keys() | expected.keys()):
            if name not in actual or name not in expected:
                sys.exit(f"case {number} ({kind}): only one side has {name}")
            apart = difference(actual[name], expected[name])
            compared += actual[name].size
            key = f"{kind} {name}"
            worst[key] = max(worst.get(key, 0.0), apart)
            if not apart <= tolerance:
                failed += 1
                if failed <= 20:
                    print(f"case {number} {key}: {actual[name]} but the peer has {expected[name]}\n  {text[:300]}")
    for key in sorted(worst):
        print(f"{key:40} {worst[key]:.1e}")
    print(f"{cases} cases, {compared} numbers, {failed} results further apart than {tolerance}; "
          f"the largest difference is {max(worst.values()):.1e}")
    return failed == 0


def measure(program, samples, rounds, threads, seed):
    rng = np.random.default_rng(seed)
    truth = (rng.random(samples) < 0.2).astype(np.uint8)
    scores = (rng.normal(0, 1, samples) + 0.8 * truth).astype(np.float32)
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        truth_file, scores_file = os.path.join(folder, "truth.u8"), os.path.join(folder, "scores.f32")
        truth.tofile(truth_file)
        scores.tofile(scores_file)
        for _ in range(rounds):
            start = time.perf_counter()
            area = metrics.roc_auc_score(truth, scores)
            precision = metrics.average_precision_score(truth, scores)
            theirs.append(time.perf_counter() - start)
            answer = subprocess.run([program, "--time", truth_file, scores_file, str(threads)],
                                    capture_output=True, text=True, check=True)
            values = dict(line.split() for line in answer.stdout.splitlines())
            ours.append(float(values["seconds"]))
            print(f"scikit-learn {theirs[-1]:.3f} s, recokit {ours[-1]:.3f} s", flush=True)
    equal = max(difference(float(values["roc_auc"]), area),
                difference(float(values["average_precision"]), precision))
    ratio = statistics.median(theirs) / statistics.median(ours)
    print(f"{samples} float scores, ROC-AUC and average precision, {threads or 'all'} threads: "
          f"scikit-learn {statistics.median(theirs):.3f} s, recokit {statistics.median(ours):.3f} s "
          f"(medians of {rounds}), ratio {ratio:.1f}; areas differ by {equal:.1e}")
    return equal <= 1e-9  # sums of 10 million terms; scikit-learn's carry their rounding


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="path of recokit-scalar-metrics")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tolerance", type=float, default=1e-12)
    parser.add_argument("--time", action="store_true", help="measure instead of comparing cases")
    parser.add_argument("--samples", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0, help="of recokit; 0: all")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # the peers warn of every undefined metric
    np.seterr(all="ignore")
    if options.time:
        fine = measure(options.program, options.samples, options.rounds, options.threads, options.seed)
    else:
        fine = compare(options.program, options.cases, options.seed, options.tolerance)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
