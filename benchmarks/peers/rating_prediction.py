#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Compares recokit's rating prediction with scikit-surprise on the same five folds, in turn.

Takes the folds that a data set comes with: u1..u5 of MovieLens-100K, fold1..5.csv of MovieLens-1M.
On each fold every model is fitted and tested by Surprise and by recokit-bench, one after the other,
and RMSE, MAE and seconds (fit and predictions together) are printed side by side.
Needs scikit-surprise (which may need numpy below 2) and a built recokit-bench.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

# Name -> what recokit-bench is asked for. Settings are the defaults of Surprise on both sides.
MODELS = {
    "baseline": "bias",
    "baseline_sgd": "bias:method=sgd",
    "slope_one": "slope_one",
    "knn": "rating_knn:form=plain",
    "knn_means": "rating_knn:form=mean_centered",
    "knn_zscore": "rating_knn:form=z_score",
    "knn_baseline": "rating_knn:form=baseline",
    "knn_item": "rating_knn:form=plain,by=item",
    "knn_cosine": "rating_knn:form=plain,similarity=cosine",
    "knn_pearson": "rating_knn:form=mean_centered,similarity=pearson",
    "knn_pearson_baseline": "rating_knn:form=baseline,similarity=pearson_baseline",
}
PUBLISHED = ["knn", "knn_means", "knn_baseline", "slope_one", "baseline"]


def surprise_model(name):
    import surprise

    knn = {"user_based": True}
    quiet = {"verbose": False}
    return {
        "baseline": lambda: surprise.BaselineOnly(**quiet),
        "baseline_sgd": lambda: surprise.BaselineOnly(bsl_options={"method": "sgd"}, **quiet),
        "slope_one": lambda: surprise.SlopeOne(),
        "knn": lambda: surprise.KNNBasic(**quiet),
        "knn_means": lambda: surprise.KNNWithMeans(**quiet),
        "knn_zscore": lambda: surprise.KNNWithZScore(**quiet),
        "knn_baseline": lambda: surprise.KNNBaseline(**quiet),
        "knn_item": lambda: surprise.KNNBasic(sim_options={"user_based": False}, **quiet),
        "knn_cosine": lambda: surprise.KNNBasic(sim_options={"name": "cosine", **knn}, **quiet),
        "knn_pearson": lambda: surprise.KNNWithMeans(
            sim_options={"name": "pearson", **knn}, **quiet),
        "knn_pearson_baseline": lambda: surprise.KNNBaseline(
            sim_options={"name": "pearson_baseline", **knn}, **quiet),
    }[name]()


def run_surprise(name, train, test, separator):
    import surprise

    reader = surprise.Reader(line_format="user item rating timestamp" if separator == "\t"
                             else "user item rating", sep=separator)
    data = surprise.Dataset.load_from_folds([(str(train), str(test))], reader)
    trainset, testset = next(surprise.model_selection.PredefinedKFold().split(data))
    model = surprise_model(name)
    begin = time.perf_counter()
    model.fit(trainset)
    fitted = time.perf_counter()
    predictions = model.test(testset)
    end = time.perf_counter()
    return {
        "rmse": surprise.accuracy.rmse(predictions, verbose=False),
        "mae": surprise.accuracy.mae(predictions, verbose=False),
        "fit": fitted - begin,
        "predict": end - fitted,
    }


def run_recokit(bench, name, train, test, threads, folder):
    report = pathlib.Path(folder) / "report.json"
    subprocess.run(
        [bench, "run", "--quiet", "--data", str(train), "--test", str(test), "--model",
         MODELS[name], "--metrics", "rmse,mae", "--threads", str(threads), "--json", str(report)],
        check=True, stdout=subprocess.DEVNULL)
    result = json.loads(report.read_text())["results"][0]
    return {
        "rmse": result["metrics"]["rmse"]["mean"],
        "mae": result["metrics"]["mae"]["mean"],
        "fit": result["folds"][0]["fit_seconds"],
        "predict": result["folds"][0]["predict_seconds"],
    }


def folds_of(data, name, folder):
    """(train file, test file, separator) of each fold; joined training files go to `folder`."""
    if name == "ml-100k":
        for f in range(1, 6):
            yield data / name / f"u{f}.base", data / name / f"u{f}.test", "\t"
        return
    parts = [data / name / f"fold{f}.csv" for f in range(1, 6)]
    for test in parts:
        train = pathlib.Path(folder) / "train.csv"
        train.write_text("".join(part.read_text() for part in parts if part != test))
        yield train, test, ","


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, required=True,
                        help="folder that holds ml-100k/ and ml-1m/")
    parser.add_argument("--set", choices=["ml-100k", "ml-1m"], default="ml-100k")
    parser.add_argument("--bench", default="recokit-bench", help="path of recokit-bench")
    parser.add_argument("--models", default=",".join(PUBLISHED),
                        help="divided by commas, or all: " + ",".join(MODELS))
    parser.add_argument("--folds", type=int, default=5, help="how many of the five folds")
    parser.add_argument("--threads", type=int, default=1,
                        help="threads of recokit; Surprise takes one")
    parser.add_argument("--tolerance", type=float, default=1e-3,
                        help="largest difference of a mean; beyond it the exit code is 1")
    parser.add_argument("--json", type=pathlib.Path, help="write every number here")
    parser.add_argument("--only", choices=["surprise", "recokit"], help="run one side")
    options = parser.parse_args()
    names = list(MODELS) if options.models == "all" else options.models.split(",")
    for name in names:
        if name not in MODELS:
            parser.error(f"unknown model {name}; known: {', '.join(MODELS)}")

    found = {name: {"surprise": [], "recokit": []} for name in names}
    with tempfile.TemporaryDirectory() as folder:
        for f, (train, test, separator) in enumerate(folds_of(options.data, options.set, folder)):
            if f == options.folds:
                break
            for name in names:
                if options.only != "recokit":
                    found[name]["surprise"].append(run_surprise(name, train, test, separator))
                if options.only != "surprise":
                    found[name]["recokit"].append(
                        run_recokit(options.bench, name, train, test, options.threads, folder))
                print(f"fold {f + 1} {name}", file=sys.stderr, flush=True)
            if options.json:
                options.json.write_text(json.dumps(found, indent=1))

    def mean(runs, key):
        return sum(run[key] for run in runs) / len(runs) if runs else float("nan")

    print(f"{options.set}, means over {options.folds} folds; seconds are fit + predictions of a fold")
    print(f"{'model':22}{'RMSE':>9}{'Surprise':>10}{'diff':>9}{'MAE':>9}{'Surprise':>10}{'diff':>9}"
          f"{'seconds':>10}{'Surprise':>10}{'ratio':>8}")
    worst = 0.0
    for name in names:
        ours, theirs = found[name]["recokit"], found[name]["surprise"]
        line = f"{name:22}"
        for metric in ("rmse", "mae"):
            a, b = mean(ours, metric), mean(theirs, metric)
            worst = max(worst, abs(a - b)) if a == a and b == b else worst
            line += f"{a:9.5f}{b:10.5f}{a - b:+9.5f}"
        a = mean(ours, "fit") + mean(ours, "predict")
        b = mean(theirs, "fit") + mean(theirs, "predict")
        print(f"{line}{a:10.3f}{b:10.3f}{b / a if a else float('nan'):8.1f}")
    if worst > options.tolerance:
        print(f"largest difference {worst:.5f} is above {options.tolerance}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
