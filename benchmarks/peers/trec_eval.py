#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""recokit-eval against trec_eval: the same files, the same output, which is faster.

    benchmarks/peers/trec_eval.py TREC_EVAL RECOKIT_EVAL --queries 10000 --depth 100

Makes a run and qrels of that shape, runs both programs on them in turn, compares what they print
and prints the medians of the wall-clock times of whole processes, reading included. Options behind
-- go to both programs: `... -- -q -m all_trec`.

trec_eval before 10.0 rounds recall points (iprec_at_recall, 11pt_avg) up where 10.0 rounds to the
nearest, and keeps scores as floats. The scores made here are exact in float; lines that differ by
recall points alone are counted and do not fail the comparison, any other difference does.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

RECALL_POINTS = ("iprec_at_recall", "11pt_avg", "Ziprec_at_recall", "Z11pt_avg")


def generate(folder, options):
    """A run and qrels; lists have ties, misses, unjudged documents and three grades."""
    chance = random.Random(options.seed)
    documents = max(options.documents, 2 * options.depth)
    qrels_path = os.path.join(folder, "qrels")
    run_path = os.path.join(folder, "run")
    with open(qrels_path, "w") as qrels, open(run_path, "w") as run:
        for query in range(options.queries):
            name = f"q{query + 1}"
            listed = chance.sample(range(documents), options.depth)
            lines = []
            score = 4 * options.depth
            for rank, document in enumerate(listed):
                score -= chance.randrange(4)  # in 1/64; 0 makes a tie
                lines.append(f"{name} Q0 D{document:08d} {rank + 1} {score / 64:.6f} made\n")
            if options.shuffled:
                chance.shuffle(lines)
            run.writelines(lines)
            judged = set(chance.sample(listed, min(options.judged // 2, options.depth)))
            while len(judged) < options.judged:
                judged.add(chance.randrange(documents))
            for document in sorted(judged):
                grade = chance.choice((0, 0, 1, 1, 2, -1))
                qrels.write(f"{name} 0 D{document:08d} {grade}\n")
    return qrels_path, run_path


def timed(command):
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr.decode(errors='replace')}")
    return seconds, done.stdout


def differing_lines(theirs, ours):
    """Pairs of lines that differ; recall points apart."""
    a, b = theirs.split(b"\n"), ours.split(b"\n")
    if len(a) != len(b):
        sys.exit(f"trec_eval prints {len(a) - 1} lines, recokit-eval {len(b) - 1}")
    pairs = [(x.decode(), y.decode()) for x, y in zip(a, b) if x != y]
    recall = [pair for pair in pairs if all(line.startswith(RECALL_POINTS) for line in pair)]
    return [pair for pair in pairs if pair not in recall], len(recall)


def compare(options, passed_on):
    with tempfile.TemporaryDirectory() as folder:
        print("making the files", file=sys.stderr)
        files = list(generate(folder, options))
        sizes = [os.path.getsize(path) for path in files]
        ours_command = [options.recokit_eval]
        if options.threads:
            ours_command += ["--threads", str(options.threads)]
        theirs, ours = [], []
        for _ in range(options.rounds):
            seconds, their_output = timed([options.trec_eval, *passed_on, *files])
            theirs.append(seconds)
            for _ in range(options.repeat):
                seconds, our_output = timed([*ours_command, *passed_on, *files])
                ours.append(seconds)
    other, recall_points = differing_lines(their_output, our_output)
    for their_line, our_line in other[:10]:
        print(f"trec_eval:    {their_line}\nrecokit-eval: {our_line}", file=sys.stderr)
    their_median, our_median = statistics.median(theirs), statistics.median(ours)
    return {
        "queries": options.queries,
        "depth": options.depth,
        "judged": options.judged,
        "shuffled": options.shuffled,
        "options": passed_on,
        "qrels_bytes": sizes[0],
        "run_bytes": sizes[1],
        "lines": their_output.count(b"\n"),
        "lines_that_differ": len(other),
        "recall_points_that_differ": recall_points,
        "threads": options.threads or os.cpu_count(),
        "trec_eval_seconds": round(their_median, 4),
        "recokit_eval_seconds": round(our_median, 4),
        "ratio": round(their_median / our_median, 1),
    }


def main():
    words = sys.argv[1:]
    passed_on = []
    if "--" in words:
        cut = words.index("--")
        words, passed_on = words[:cut], words[cut + 1:]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trec_eval", help="the built trec_eval")
    parser.add_argument("recokit_eval", help="the built recokit-eval")
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--depth", type=int, default=100, help="documents retrieved a query")
    parser.add_argument("--judged", type=int, default=20, help="documents judged a query")
    parser.add_argument("--documents", type=int, default=1_000_000, help="in the collection")
    parser.add_argument("--shuffled", action="store_true", help="lines of a query in random order")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeat", type=int, default=3, help="runs of recokit-eval a round")
    parser.add_argument("--threads", type=int, default=0, help="for recokit-eval; 0 takes all")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(words)

    result = compare(options, passed_on)
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        print(f"{result['queries']} queries x {result['depth']} documents, "
              f"{result['run_bytes'] / 1e6:.1f} MB; {result['lines']} lines of output, "
              f"{result['lines_that_differ']} differ "
              f"(and {result['recall_points_that_differ']} recall points)")
        print(f"trec_eval {result['trec_eval_seconds']:.3f} s, "
              f"recokit-eval {result['recokit_eval_seconds']:.3f} s: {result['ratio']} times")
    sys.exit(1 if result["lines_that_differ"] else 0)


if __name__ == "__main__":
    main()
