#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Whether classifiers gain as much from recokit's samplers as from imbalanced-learn's.

    pip install imbalanced-learn scikit-learn scipy numpy
    python3 benchmarks/peers/resampling_effect.py data/imbalanced --benchmark build/release/benchmarks/recokit-resampling-benchmark

The folder holds KEEL's .dat files of two classes, satimage-train.txt and -test.txt (class 4 against
the rest) and adult.csv; what is there is used. For every seed a stratified 70 % is the training
part; it alone is standardised, resampled by both libraries with that seed, and fitted by logistic
regression and by gradient boosting; balanced accuracy is measured on the rest. Printed are means
over the seeds, the mean of the paired differences recokit - imbalanced-learn, their standard error,
and whether it lies within noise: within the 95 % interval of Student's t. Of so many intervals about
one in twenty misses 0 by chance; the last line counts them. adult.csv has categories: smote_nc.

Cleaners draw nothing, so that both libraries keep the same rows, but for copies of a row: the peer
drops the first row that its search finds as the row itself, which may be a copy of it (page-blocks0).
"""

import argparse
import json
import os
import sys
import tempfile
from importlib.metadata import version

import numpy as np
from resampling_speed import peer, read_adult, recokit, write_data

METHODS = ("smote", "adasyn", "borderline_smote", "tomek_links", "edited_nearest_neighbours")


def read_keel(path):
    with open(path, encoding="utf-8") as source:
        lines = [line.strip() for line in source]
    lines = [line.split(",") for line in lines if line and not line.startswith("@")]
    rows = np.array([[float(word) for word in line[:-1]] for line in lines])
    return rows, None, np.array([line[-1].strip() == "positive" for line in lines], np.int32)


def read_satimage(folder):
    parts = [np.loadtxt(os.path.join(folder, f"satimage-{part}.txt")) for part in ("train", "test")]
    table = np.vstack(parts)
    return table[:, :-1], None, (table[:, -1] == 4).astype(np.int32)


def data_sets(folder):
    """name: numbers, categories or None, labels of which 1 is the minority."""
    found = {name[:-4]: read_keel(os.path.join(folder, name))
             for name in sorted(os.listdir(folder)) if name.endswith(".dat")}
    if os.path.exists(os.path.join(folder, "satimage-train.txt")):
        found["satimage"] = read_satimage(folder)
    if os.path.exists(os.path.join(folder, "adult.csv")):
        found["adult"] = read_adult(os.path.join(folder, "adult.csv"))
    return found


def recokit_resampled(arguments, method, rows, codes, labels, seed):
    with tempfile.TemporaryDirectory() as folder:
        write_data(folder, rows, labels, codes)
        cols = 0 if codes is None else codes.shape[1]
        recokit(arguments.benchmark, method,
                {"--data": folder, "--write": folder, "--cols": rows.shape[1], "--categories": cols,
                 "--precision": "double", "--seed": seed, "--threads": arguments.threads, "--rounds": 0})

        def read(name, kind):
            return np.fromfile(os.path.join(folder, name), kind)

        if method in ("tomek_links", "edited_nearest_neighbours"):
            kept = read("kept.raw", np.int32)
            return rows[kept], None, labels[kept]
        return (read("resampled_rows.raw", np.float64).reshape(-1, rows.shape[1]),
                read("resampled_categories.raw", np.int32).reshape(-1, cols) if cols else None,
                read("resampled_labels.raw", np.int32))


def peer_resampled(arguments, method, rows, codes, labels, seed):
    split = rows.shape[1]
    if codes is not None:
        rows = np.hstack([rows, codes])
    sampler = peer(method, arguments.threads, seed, list(range(split, rows.shape[1])))
    rows, labels = sampler.fit_resample(rows, labels)
    return rows[:, :split], rows[:, split:] if codes is not None else None, labels


def scores(train, test, arguments, encoder):
    """Balanced accuracy of both classifiers."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import balanced_accuracy_score

    def joined(rows, codes, one_hot):
        if codes is None:
            return rows
        return np.hstack([rows, encoder.transform(codes) if one_hot else codes])

    numbers = train[0].shape[1]
    categorical = None if train[1] is None else list(range(numbers, numbers + train[1].shape[1]))
    models = {"logistic": (True, LogisticRegression(max_iter=1000)),
              "boosting": (False, HistGradientBoostingClassifier(
                  max_iter=arguments.trees, early_stopping=False, random_state=0,
                  categorical_features=categorical))}
    return {name: balanced_accuracy_score(
        test[2], model.fit(joined(train[0], train[1], one_hot), train[2]).predict(
            joined(test[0], test[1], one_hot))) for name, (one_hot, model) in models.items()}


def one_seed(arguments, data, methods, seed):
    """Scores by (method, library or "original", model)."""
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import OneHotEncoder

    rows, codes, labels = data
    ids = np.arange(len(labels))
    if arguments.max_rows and len(ids) > arguments.max_rows:
        ids = train_test_split(ids, train_size=arguments.max_rows, stratify=labels, random_state=seed)[0]
    first, second = train_test_split(ids, train_size=0.7, stratify=labels[ids], random_state=seed)
    spread = rows[first].std(0)
    scaled = (rows - rows[first].mean(0)) / np.where(spread > 0, spread, 1)
    encoder = None
    if codes is not None:
        encoder = OneHotEncoder(sparse_output=False, handle_unknown="ignore").fit(codes[first])

    def part(which):
        return scaled[which], None if codes is None else codes[which], labels[which]

    train, test = part(first), part(second)
    found = {("", "original", model): score
             for model, score in scores(train, test, arguments, encoder).items()}
    for method in methods:
        for library, resampled in (("recokit", recokit_resampled), ("peer", peer_resampled)):
            made = resampled(arguments, method, *train, seed)
            found |= {(method, library, model): score
                      for model, score in scores(made, test, arguments, encoder).items()}
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="with the data sets")
    parser.add_argument("--benchmark", required=True, help="recokit-resampling-benchmark")
    parser.add_argument("--sets", nargs="+", help="names of some of them")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--trees", type=int, default=50, help="of the gradient boosting")
    parser.add_argument("--max-rows", type=int, default=0, help="a stratified part of a set; 0: all")
    parser.add_argument("--threads", type=int, default=1, help="small sets gain nothing from more")
    parser.add_argument("--json", help="write the results here")
    arguments = parser.parse_args()
    if arguments.seeds < 2:
        parser.error("a standard error takes two seeds")
    from scipy.stats import t as student
    from threadpoolctl import threadpool_limits

    peer("smote", 1, 0)  # loads the libraries that the limits are for
    data = data_sets(arguments.folder)
    if arguments.sets:
        data = {name: data[name] for name in arguments.sets}
    if not data:
        sys.exit(f"no data sets in {arguments.folder}")
    wide = student.ppf(0.975, arguments.seeds - 1)
    print(f"balanced accuracy over {arguments.seeds} seeds; imbalanced-learn {version('imbalanced-learn')}, "
          f"scikit-learn {version('scikit-learn')}, {arguments.trees} trees")
    print(f"{'set':14} {'method':26} {'model':9} {'original':>8} {'peer':>8} {'recokit':>8} "
          f"{'difference':>10} {'std err':>8}  within noise")
    results = []
    with threadpool_limits(arguments.threads):
        for name, one in data.items():
            methods = METHODS if one[1] is None else ("smote_nc",)
            runs = [one_seed(arguments, one, methods, seed) for seed in range(arguments.seeds)]
            for method in methods:
                for model in ("logistic", "boosting"):
                    original, theirs, ours = (np.array([run[key] for run in runs]) for key in (
                        ("", "original", model), (method, "peer", model), (method, "recokit", model)))
                    difference = ours - theirs
                    error = float(difference.std(ddof=1) / np.sqrt(len(difference)))
                    mean = float(difference.mean())
                    within = abs(mean) <= wide * error
                    results.append({"set": name, "method": method, "model": model,
                                    "original": float(original.mean()), "peer": float(theirs.mean()),
                                    "recokit": float(ours.mean()), "difference": mean,
                                    "standard_error": error, "within_noise": bool(within)})
                    print(f"{name:14} {method:26} {model:9} {original.mean():8.4f} {theirs.mean():8.4f} "
                          f"{ours.mean():8.4f} {mean:+10.5f} {error:8.5f}  {'yes' if within else 'NO'}",
                          flush=True)
    outside = sum(not result["within_noise"] for result in results)
    random = sum(result["standard_error"] > 0 for result in results)
    mean = np.mean([result["difference"] for result in results])
    print(f"{outside} of {len(results)} differences lie outside; {random} of them vary with the seed, of "
          f"which {random / 20:.1f} are expected outside by chance; mean difference {mean:+.5f}")
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as out:
            json.dump(results, out, indent=2)


if __name__ == "__main__":
    main()
