#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The recokit authors
# SPDX-License-Identifier: Apache-2.0
"""Draws pictures as SVG from the JSON reports of recokit-bench.

  curve     a metric by a field of the models, one line a model: learning curves (--field epochs)
  accuracy  a metric against the seconds of a fit, one point a fit, those of a model joined
  speed     the seconds of a fit by --by threads, interactions, users or items, one line a model, of
            several reports

Lines are labelled at their ends and the data stand in the picture as text, so it can be read without
colours. Only the standard library is needed."""

import argparse
import html
import json
import math
import pathlib
import sys

PLOT_WIDTH, HEIGHT = 590, 420
LEFT, TOP, BOTTOM = 70, 46, 58
COLOURS = ["#0b69a3", "#c05621", "#2f855a", "#6b46c1", "#b83280", "#4a5568", "#975a16", "#2c7a7b"]
DASHES = ["", "7 3", "2 3", "9 3 2 3"]


def reports(files):
    for file in files:
        report = json.loads(pathlib.Path(file).read_text())
        if report.get("schema") != "recokit-bench" or report.get("schema_version") != 1:
            sys.exit(f"{file} is no report of recokit-bench that this script reads")
        yield report


def results(report):
    return [result for result in report["results"] if result["status"] == "ok"]


def metric_of(result, name):
    if name not in result["metrics"]:
        sys.exit(f"{result['label']} has no metric {name}; there are {', '.join(result['metrics'])}")
    return result["metrics"][name]["mean"]


def curve_lines(options):
    """Name -> points, models that differ in the field alone being one line."""
    lines = {}
    for report in reports(options.reports):
        for result in results(report):
            if options.field not in result["params"]:
                continue
            rest = frozenset(word for word in result["label"].partition(":")[2].split(",")
                             if word and word.split("=")[0] != options.field)
            lines.setdefault((result["model"], rest), []).append(
                (result["params"][options.field], metric_of(result, options.metric)))
    named = {}
    for (model, rest), points in lines.items():
        # Only what tells the lines of a model apart, unless all is wanted.
        same = frozenset.intersection(*(other for name, other in lines if name == model))
        shown = sorted(rest if options.full_names else rest - same)
        named[" ".join([model, *shown])] = sorted(points)
    return named


def accuracy_points(options):
    named = {}
    for report in reports(options.reports):
        for result in results(report):
            name = result["label"] if options.full_names else result["model"]
            named.setdefault(name, []).append((result["fit_seconds"], metric_of(result, options.metric)))
    return {name: sorted(points) for name, points in named.items()}


def speed_lines(options):
    lines = {}
    for report in reports(options.reports):
        place = report["environment"]["threads"] if options.by == "threads" else report["data"][options.by]
        for result in results(report):
            lines.setdefault(result["label"], []).append((place, result["fit_seconds"]))
    return {name: sorted(points) for name, points in lines.items()}


def ticks(low, high, logarithmic):
    """Round numbers from low to high."""
    if logarithmic:
        first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
        steps = [1, 2, 5] if high / low < 1000 else [1]
        return [m * 10**e for e in range(first, last + 1) for m in steps if low <= m * 10**e <= high]
    raw = (high - low) / 5
    power = 10 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw)
    return [k * step for k in range(math.ceil(low / step), math.floor(high / step + 1e-9) + 1)]


class Axis:
    def __init__(self, values, begin, end, logarithmic):
        self.log = logarithmic and min(values) > 0
        low, high = min(values), max(values)
        if low == high:
            low, high = low - 0.5 * abs(low or 1), high + 0.5 * abs(high or 1)
        if self.log:
            low, high = low / 1.15, high * 1.15
        else:
            low, high = low - 0.05 * (high - low), high + 0.05 * (high - low)
        self.low, self.high, self.begin, self.end = low, high, begin, end

    def at(self, value):
        scale = math.log if self.log else float
        share = (scale(value) - scale(self.low)) / (scale(self.high) - scale(self.low))
        return round(self.begin + share * (self.end - self.begin), 1)

    def ticks(self):
        return ticks(self.low, self.high, self.log)


def spread(places, distance):
    """Moves labels apart that would lie on each other; keeps their order."""
    order = sorted(range(len(places)), key=lambda n: places[n])
    moved = list(places)
    for before, after in zip(order, order[1:]):
        moved[after] = max(moved[after], moved[before] + distance)
    return moved


def picture(lines, title, x_title, y_title, x_log, y_log):
    points = [point for each in lines.values() for point in each]
    if not points:
        sys.exit("nothing to draw: no model of the reports has what was asked for")
    end = PLOT_WIDTH
    width = end + 30 + 8 * max(len(name) for name in lines)
    x = Axis([p[0] for p in points], LEFT, end, x_log)
    y = Axis([p[1] for p in points], HEIGHT - BOTTOM, TOP, y_log)
    text = 'font-family="Helvetica, Arial, sans-serif" font-size="13" fill="#1f2933"'
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" role="img" {text}>',
           f"<title>{html.escape(title)}</title>",
           f'<rect width="{width}" height="{HEIGHT}" fill="#ffffff"/>',
           f'<text x="{LEFT}" y="24" font-size="15" font-weight="bold">{html.escape(title)}</text>']
    for value in x.ticks():
        out.append(f'<path d="M{x.at(value)} {TOP}V{HEIGHT - BOTTOM}" stroke="#e4e7eb"/>'
                   f'<text x="{x.at(value)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{value:g}</text>')
    for value in y.ticks():
        out.append(f'<path d="M{LEFT} {y.at(value)}H{end}" stroke="#e4e7eb"/>'
                   f'<text x="{LEFT - 8}" y="{y.at(value) + 4}" text-anchor="end">{value:.6g}</text>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    out.append(f'<text x="{(LEFT + end) / 2}" y="{HEIGHT - 14}" text-anchor="middle">{html.escape(x_title)}</text>'
               f'<text transform="translate(18 {middle}) rotate(-90)" text-anchor="middle">{html.escape(y_title)}</text>')
    names = list(lines)
    label_y = spread([y.at(lines[name][-1][1]) + 4 for name in names], 16)
    for n, name in enumerate(names):
        colour, dash = COLOURS[n % len(COLOURS)], DASHES[n // len(COLOURS) % len(DASHES)]
        places = [(x.at(a), y.at(b)) for a, b in lines[name]]
        if len(places) > 1:
            path = "M" + "L".join(f"{a} {b}" for a, b in places)
            out.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>')
        for (a, b), (u, v) in zip(places, lines[name]):
            out.append(f'<circle cx="{a}" cy="{b}" r="3.5" fill="{colour}">'
                       f"<title>{html.escape(name)}: {u:g}, {v:g}</title></circle>")
        at_end = end + 10
        out.append(f'<path d="M{places[-1][0] + 4} {places[-1][1]}L{at_end - 2} {label_y[n] - 4}" stroke="{colour}" stroke-width="0.6"/>'
                   f'<text x="{at_end}" y="{label_y[n]}" fill="{colour}">{html.escape(name)}</text>')
    return "\n".join(out) + "\n</svg>\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["curve", "accuracy", "speed"])
    parser.add_argument("reports", nargs="+", metavar="REPORT.json")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--metric", default="ndcg@10")
    parser.add_argument("--field", default="epochs", help="curve: the field of the params")
    parser.add_argument("--by", default="threads", choices=["threads", "interactions", "users", "items"])
    parser.add_argument("--title", default="")
    parser.add_argument("--full-names", action="store_true", help="names with all that was set")
    options = parser.parse_args()
    if options.kind == "curve":
        text = picture(curve_lines(options), options.title or f"{options.metric} by {options.field}",
                       options.field, options.metric, True, False)
    elif options.kind == "accuracy":
        text = picture(accuracy_points(options), options.title or f"{options.metric} against time",
                       "seconds of a fit", options.metric, True, False)
    else:
        text = picture(speed_lines(options), options.title or f"seconds of a fit by {options.by}",
                       options.by, "seconds of a fit", True, True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(text)


if __name__ == "__main__":
    main()
