// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "leaderboard.hpp"

#include <algorithm>
#include <optional>

namespace recokit_bench {
namespace {

using row = std::vector<std::string>;

// What follows ±: of the folds if there are some, else of the users.
std::optional<double> spread(const bench_results& results, const model_result& model,
                             std::size_t m) {
  if (results.parts.size() > 1) return model.deviation(m);
  const auto& interval = model.inferred(m).interval;
  return interval ? std::optional(interval->half_width()) : std::nullopt;
}

std::string table(const bench_results& results) {
  std::vector<row> rows;
  row head{"#", "model"};
  for (const auto& metric : results.metrics) head.push_back(metric.name());
  const bool compared = !results.inference.method.empty();
  if (compared) head.push_back("p");
  head.insert(head.end(), {"fit s", speed_heading(results), "peak MiB"});
  rows.push_back(head);
  for (const auto& model : results.models) {
    if (model.failed()) continue;
    row cells{std::to_string(rows.size()), model.label};
    for (std::size_t m = 0; m < results.metrics.size(); ++m) {
      const auto half = spread(results, model, m);
      cells.push_back(fixed(model.mean(m), 6) + (half ? " ± " + fixed(*half, 6) : ""));
    }
    if (compared) cells.push_back(p_value_text(results, model));
    const auto speed = speed_of(results, model);
    const auto peak = model.peak_memory();
    cells.push_back(seconds_text(model.fit_seconds()));
    cells.push_back(speed ? fixed(*speed, 0) : "n/a");
    cells.push_back(peak ? mib_text(static_cast<double>(*peak)) : "n/a");
    rows.push_back(cells);
  }
  return rows.size() > 1 ? aligned_table(rows, {1}) : std::string();
}

// A name in the margin and what belongs to it.
std::string fact(std::string_view name, std::string_view text) {
  return left_aligned(name, 12) + "  " + std::string(text) + "\n";
}

std::string parts_text(const bench_results& results) {
  const auto part_text = [&](const split_part& part) {
    return grouped(part.train) + " train and " + grouped(part.test) + " test interactions, " +
           grouped(part.evaluated_users) + " users evaluated";
  };
  if (results.parts.size() == 1) return fact("", part_text(results.parts.front()));
  std::string text;
  for (std::size_t f = 0; f < results.parts.size(); ++f) {
    text += fact("", "fold " + std::to_string(f) + ": " + part_text(results.parts[f]));
  }
  return text;
}

}  // namespace

std::string leaderboard_text(const bench_results& results) {
  std::string text = table(results);
  for (const auto& model : results.models) {
    if (!model.failed()) continue;
    text += text.empty() || text.ends_with("\n\n") ? "" : "\n";
    text += "failed: " + model.label + ": " + model.error + "\n";
  }
  const auto& data = results.data;
  text +=
      "\n" + fact("data", data.title() + ": " + grouped(data.users) + " users, " +
                              grouped(data.items) + " items, " + grouped(data.interactions) +
                              " interactions, density " + fixed(100 * data.density(), 4) + " %");
  if (!data.settings.empty()) text += fact("", to_text(data.settings));
  if (!data.filters.empty()) text += fact("filters", to_text(data.filters));
  text += fact("weighting", data.weighting);
  text += fact("split", results.protocol()) + parts_text(results);
  for (std::size_t m = 0; m < results.metrics.size(); ++m) {
    text += fact(m == 0 ? "metrics" : "",
                 results.metrics[m].name() + ": " + results.metrics[m].convention());
  }
  text += fact("", scope_note(results));
  if (const auto note = spread_note(results); !note.empty()) text += fact("", note);
  if (const auto note = p_value_note(results); !note.empty()) text += fact("p", note);
  for (const auto& warning : results.warnings) text += fact("warning", warning);
  text += fact(speed_heading(results), speed_note(results));
  text += fact("peak MiB", peak_memory_note(results));
  bool first = true;
  for (const auto& model : results.models) {
    text += fact(first ? "params" : "", model.label + ": " + to_text(model.settings));
    first = false;
  }
  text += fact("machine",
               results.where.backend + ", " + std::to_string(results.where.threads) + " of " +
                   std::to_string(results.where.build.hardware_threads) + " threads" +
                   (results.where.processor.empty() ? "" : ", " + results.where.processor));
  text += fact("seed", std::to_string(results.seed));
  text += fact("recokit", build_line(results.where.build));
  return text;
}

}  // namespace recokit_bench
