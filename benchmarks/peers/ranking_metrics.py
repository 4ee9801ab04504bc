#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Compares recokit-eval with pytrec_eval, ranx and scikit-learn on random rankings.

    pip install pytrec_eval-terrier ranx scikit-learn
    python3 benchmarks/peers/ranking_metrics.py --recokit-eval build/bin/recokit-eval

Makes --cases random queries a peer: ties, unjudged documents, negative grades, holes and disorder in
the rank column, queries without judgements, without a list, with nothing relevant. Writes them as
TREC qrels and run files, runs recokit-eval --preset PEER on them and compares every value of every
query, and the means, with what the peer says. Prints one line a peer and metric; exit status 1 when
a difference exceeds --tolerance or the two disagree on which queries count.

What the peers cannot be asked, and the cases leave out:
- pytrec_eval compiles trec_eval 9.0.8, which keeps scores in single precision: scores are multiples
  of 1/8. Its iprec_at_recall and 11pt_avg round as version 9 does, recokit as version 10.
- ranx sorts with an unstable sort from 16 entries on: longer lists have no ties. Its bpref is NaN
  without a judged non-relevant document, and a query without a relevant one stops the loop it is in:
  bpref is asked only for queries that have both.
- scikit-learn knows no document that has no score: all judged documents are in the list.
"""

import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile

DEPTHS = (1, 3, 5, 10, 20)
DOCUMENTS = 60
STABLE_IN_RANX = 15


def generate(rng, queries, distinct_beyond=None, complete=False):
    """Two dicts, query -> document -> grade or score. Order of keys is order in the file."""
    qrels, run = {}, {}
    for q in range(1, queries + 1):
        name = f"q{q}"
        kind = rng.random()
        listed = rng.randint(2 if complete else 1, 40)
        documents = rng.sample(range(DOCUMENTS), listed)
        if distinct_beyond is not None and listed > distinct_beyond:
            scores = rng.sample(range(-100, 200), listed)
        else:
            spread = rng.choice((1, 3, 10, 200))
            scores = [rng.randint(-spread, 2 * spread) for _ in range(listed)]
        if complete or kind > 0.05:  # else judged, but not answered
            run[name] = {f"d{d}": s / 8 for d, s in zip(documents, scores)}
        pool = documents if complete else range(DOCUMENTS)
        judged = rng.sample(pool, min(len(pool), rng.randint(1, 15)))
        weights = (3, 40, 30, 20, 7) if not complete else (0, 40, 30, 20, 10)
        grades = rng.choices((-1, 0, 1, 2, 3), weights, k=len(judged))
        if kind > 0.9:
            grades = [min(g, 0) for g in grades]  # nothing relevant
        if complete or not 0.05 < kind <= 0.1:  # else answered, but not judged
            qrels[name] = {f"d{d}": g for d, g in zip(judged, grades)}
    return qrels, run


def write(rng, folder, qrels, run):
    paths = os.path.join(folder, "qrels"), os.path.join(folder, "run")
    with open(paths[0], "w", encoding="ascii") as out:
        for q, judged in qrels.items():
            out.writelines(f"{q} 0 {d} {g}\n" for d, g in judged.items())
    with open(paths[1], "w", encoding="ascii") as out:
        for q, listed in run.items():
            ranks = sorted(rng.sample(range(1, 3 * len(listed) + 1), len(listed)))
            rng.shuffle(ranks)
            out.writelines(f"{q} Q0 {d} {r} {s!r} random\n" for (d, s), r in zip(listed.items(), ranks))
    return paths


class Peer:
    """One suite: pairs of the peer's name and recokit's name of a metric, and the peer's values."""

    def __init__(self, preset, metrics, options, files):
        self.preset, self.metrics, self.options, self.files = preset, metrics, options, files
        self.values = {}  # recokit's name -> query -> value; a query that is not asked for is absent
        self.queries = set()

    def label(self):
        return " ".join([self.preset, *self.options])


def pytrec_eval_suites(rng, folder, cases):
    import pytrec_eval

    qrels, run = generate(rng, cases)
    files = write(rng, folder, qrels, run)
    cut = {"P": "precision@{}", "recall": "recall@{}", "success": "hit_rate@{}",
           "relative_P": "recall(truncated)@{}", "map_cut": "map(all)@{}",
           "ndcg_cut": "ndcg(linear)@{}"}
    whole = {"map": "map(all)@all", "ndcg": "ndcg(linear)@all", "recip_rank": "mrr@all",
             "Rprec": "r_precision@all", "bpref": "bpref"}
    metrics = [(f"{m}_{k}", name.format(k)) for m, name in cut.items() for k in DEPTHS]
    metrics += list(whole.items())
    asked = {f"{m}.{','.join(map(str, DEPTHS))}" for m in cut} | set(whole)
    for level in (1, 2):
        peer = Peer("trec_eval", metrics, ["-l", str(level)], files)
        got = pytrec_eval.RelevanceEvaluator(qrels, asked, relevance_level=level).evaluate(run)
        peer.queries = set(got)
        for theirs, ours in metrics:
            peer.values[ours] = {q: v[theirs] for q, v in got.items()}
        yield peer


def ranx_suites(rng, folder, cases):
    from ranx import Qrels, Run, evaluate

    qrels, run = generate(rng, cases, distinct_beyond=STABLE_IN_RANX)
    files = write(rng, folder, qrels, run)
    cut = {"hit_rate": "hit_rate{}", "precision": "precision{}", "recall": "recall{}",
           "f1": "f1{}", "mrr": "mrr{}", "map": "map(all){}", "dcg": "dcg(linear){}",
           "dcg_burges": "dcg(exponential){}", "ndcg": "ndcg(linear){}",
           "ndcg_burges": "ndcg(exponential){}"}
    for level in (1, 2):
        suffix = "" if level == 1 else f"-l{level}"
        metrics = [(f"{m}@{k}{suffix}", name.format(f"@{k}")) for m, name in cut.items() for k in DEPTHS]
        metrics += [(m + suffix, name.format("@all")) for m, name in cut.items()]
        metrics += [("r-precision" + suffix, "r_precision@all"),
                    ("rbp.80" + suffix, "rbp(linear,p=0.8,max=1)@all"), ("bpref" + suffix, "bpref")]
        peer = Peer("ranx", metrics, ["-l", str(level)], files)
        peer.queries = set(qrels)
        both = {q for q, judged in qrels.items()
                if any(g >= level for g in judged.values()) and any(g < level for g in judged.values())}
        for ours in dict.fromkeys(ours for _, ours in metrics):
            theirs = next(t for t, o in metrics if o == ours)
            chosen = both if ours == "bpref" else set(qrels)
            # Run keeps its queries sorted by name, and drops those that qrels does not have.
            judged = Qrels({q: qrels[q] for q in sorted(chosen)})
            listed = Run({q: run[q] for q in sorted(chosen) if q in run})
            scores = evaluate(judged, listed, theirs, return_mean=False, make_comparable=True)
            peer.values[ours] = dict(zip(sorted(chosen), map(float, scores)))
        yield peer


def scikit_learn_suites(rng, folder, cases):
    from sklearn.metrics import dcg_score, ndcg_score, roc_auc_score

    qrels, run = generate(rng, cases, complete=True)
    files = write(rng, folder, qrels, run)
    metrics = [(f"{m}_score(k={k})", f"{m}(linear)@{k}") for m in ("dcg", "ndcg") for k in DEPTHS]
    metrics += [(f"{m}_score", f"{m}(linear)@all") for m in ("dcg", "ndcg")]
    metrics += [("roc_auc_score", "auc")]
    peer = Peer("scikit-learn", metrics, [], files)
    peer.queries = set(qrels)
    peer.values = {ours: {} for _, ours in metrics}
    for q in qrels:
        grades = [max(qrels[q].get(d, 0), 0) for d in run[q]]
        scores = list(run[q].values())
        for name, function in (("dcg", dcg_score), ("ndcg", ndcg_score)):
            for k in (*DEPTHS, None):
                value = function([grades], [scores], k=k)
                peer.values[f"{name}(linear)@{k or 'all'}"][q] = float(value)
        relevant = [g > 0 for g in grades]
        if any(relevant) and not all(relevant):  # undefined with one class
            peer.values["auc"][q] = float(roc_auc_score(relevant, scores))
    yield peer


SUITES = {"pytrec_eval": pytrec_eval_suites, "ranx": ranx_suites, "scikit-learn": scikit_learn_suites}


def ask_recokit(binary, peer):
    names = [ours for _, ours in peer.metrics]
    command = [binary, "--preset", peer.preset, "--metrics", ",".join(names), "--json", "-q",
               *peer.options, *peer.files]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with status {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def number(value):
    return math.nan if value is None else float(value)


def difference(a, b):
    if math.isnan(a) or math.isnan(b):
        return 0.0 if math.isnan(a) and math.isnan(b) else math.inf
    return abs(a - b)


def compare(peer, answer, tolerance):
    """Prints a line a metric; returns the number of metrics that differ."""
    queries = answer["queries"]
    failed = 0
    if set(queries) != peer.queries or answer["evaluated"] != len(peer.queries):
        failed += 1
        print(f"{peer.label()}: recokit counts {answer['evaluated']} queries, the peer {len(peer.queries)}; "
              f"only recokit: {sorted(set(queries) - peer.queries)[:5]}, "
              f"only the peer: {sorted(peer.queries - set(queries))[:5]}")
    for theirs, ours in peer.metrics:
        expected = peer.values[ours]
        worst, where = 0.0, "-"
        for q, value in expected.items():
            if q not in queries:
                continue  # reported above
            if ours not in queries[q]:
                sys.exit(f"recokit-eval gave no {ours} for {q}; it gave {', '.join(queries[q])}")
            d = difference(number(queries[q][ours]), value)
            if d > worst:
                worst, where = d, f"{q}: {queries[q][ours]!r} != {value!r}"
        if set(expected) == peer.queries:
            average = math.fsum(expected.values()) / len(expected)
            d = difference(number(answer["mean"][ours]), average)
            if d > worst:
                worst, where = d, f"mean: {answer['mean'][ours]!r} != {average!r}"
        if not expected:
            worst, where = math.inf, "no query: nothing was compared"
        bad = worst > tolerance
        failed += bad
        print(f"{peer.label():<17} {theirs:<20} {ours:<28} {len(expected):>6} {worst:>11.3g}"
              f"{'  DIFFERS at ' + where if bad else ''}")
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recokit-eval", required=True, metavar="PATH", help="the binary to compare")
    parser.add_argument("--cases", type=int, default=1000, help="queries a peer (default 1000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tolerance", type=float, default=1e-12)
    parser.add_argument("--peers", default=",".join(SUITES), help="which of " + ", ".join(SUITES))
    parser.add_argument("--keep", metavar="FOLDER", help="write the TREC files here and keep them")
    options = parser.parse_args()
    chosen = options.peers.split(",")
    for name in chosen:
        if name not in SUITES:
            parser.error(f"--peers {name}: choose from {', '.join(SUITES)}")
    if options.cases < 1:
        parser.error(f"--cases {options.cases}: must be at least 1")

    failed = compared = 0
    with tempfile.TemporaryDirectory() as scratch:
        print(f"{'preset':<17} {'peer metric':<20} {'recokit metric':<28} {'values':>6} {'max |diff|':>11}")
        for name in chosen:
            folder = os.path.join(options.keep or scratch, name)
            os.makedirs(folder, exist_ok=True)
            # A generator of its own a peer: its cases do not depend on which others run.
            for peer in SUITES[name](random.Random(f"{name} {options.seed}"), folder, options.cases):
                failed += compare(peer, ask_recokit(options.recokit_eval, peer), options.tolerance)
                compared += len(peer.metrics)
    print(f"{compared} metrics compared, {failed} differ by more than {options.tolerance:g}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
