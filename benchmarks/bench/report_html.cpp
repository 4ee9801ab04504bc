// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "report_html.hpp"

#include "charts.hpp"
#include "markup.hpp"
#include "report_html_style.hpp"
#include "text.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

namespace recokit_bench {
namespace {

std::string element(std::string_view name, std::string_view text) {
  return "<" + std::string(name) + ">" + escaped(text) + "</" + std::string(name) + ">";
}

std::string fact(std::string_view name, std::string_view text) {
  return element("dt", name) + element("dd", text) + "\n";
}

// A label may break after its name and after each of its fields.
std::string breakable(std::string_view label) {
  std::string html;
  for (const char c : escaped(label)) {
    html += c;
    if (c == ',' || c == ':') html += "<wbr>";
  }
  return html;
}

// A column of the leaderboard: what a model has in it, and which end of the scale is good.
struct column {
  std::string name;
  good_end good;
  std::function<double(const model_result&)> value;
  std::function<std::string(const model_result&)> text;
};

std::vector<const model_result*> finished(const bench_results& results) {
  std::vector<const model_result*> models;
  for (const auto& model : results.models) {
    if (!model.failed()) models.push_back(&model);
  }
  return models;
}

std::vector<column> columns_of(const bench_results& results) {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  std::vector<column> columns;
  for (std::size_t m = 0; m < results.metrics.size(); ++m) {
    columns.push_back({results.metrics[m].name(), results.metrics[m].good(),
                       [m](const model_result& model) { return model.mean(m); },
                       [m](const model_result& model) { return fixed(model.mean(m), 6); }});
  }
  columns.push_back({"fit s", good_end::low,
                     [](const model_result& model) { return model.fit_seconds(); },
                     [](const model_result& model) { return seconds_text(model.fit_seconds()); }});
  columns.push_back(
      {speed_heading(results), good_end::high,
       [&results](const model_result& model) { return speed_of(results, model).value_or(none); },
       [&results](const model_result& model) {
         const auto speed = speed_of(results, model);
         return speed ? grouped(static_cast<std::int64_t>(std::llround(*speed))) : "n/a";
       }});
  columns.push_back({"peak MiB", good_end::low,
                     [](const model_result& model) {
                       const auto peak = model.peak_memory();
                       return peak ? static_cast<double>(*peak) / (1024.0 * 1024.0) : none;
                     },
                     [](const model_result& model) {
                       const auto peak = model.peak_memory();
                       return peak ? mib_text(static_cast<double>(*peak)) : "n/a";
                     }});
  return columns;
}

// With one model, or where all are equal, nothing is best. Peaks are compared only when each model
// had its own count.
std::optional<double> best_of(const column& column, const std::vector<const model_result*>& models,
                              bool comparable) {
  if (column.good == good_end::neither) return {};
  std::optional<double> best, worst;
  for (const auto* model : models) {
    const double value = column.value(*model);
    if (std::isnan(value)) continue;
    const auto better = [&](double a, double b) {
      return column.good == good_end::high ? a > b : a < b;
    };
    if (!best || better(value, *best)) best = value;
    if (!worst || better(*worst, value)) worst = value;
  }
  if (!comparable || !best || *best == *worst) return {};
  return best;
}

bool comparable(const column& column, const std::vector<const model_result*>& models) {
  return column.name != "peak MiB" ||
         std::all_of(models.begin(), models.end(), [](const model_result* model) {
           return model->scope() == peak_scope::since_reset;
         });
}

// Deviation over the folds and interval over the users.
std::string spread(const bench_results& results, const model_result& model, std::size_t m) {
  std::string html;
  const auto line = [&](const std::string& text) {
    html += " <span class=\"spread\">" + text + "</span>";
  };
  const auto& interval = model.inferred(m).interval;
  if (const auto deviation = model.deviation(m)) line("± " + fixed(*deviation, 6));
  if (interval) {
    if (results.parts.size() == 1) line("± " + fixed(interval->half_width(), 6));
    line("[" + fixed(interval->low, 6) + ", " + fixed(interval->high, 6) + "]");
  }
  return html;
}

std::string leaderboard(const bench_results& results,
                        const std::vector<const model_result*>& models) {
  if (models.empty()) return "";
  const auto columns = columns_of(results);
  std::string html =
      "<div class=\"scroll\" role=\"region\" aria-label=\"Leaderboard\" tabindex=\"0\"><table>\n"
      "<thead><tr><th scope=\"col\">#</th><th scope=\"col\" class=\"name\">model</th>";
  std::vector<std::optional<double>> best;
  for (const auto& column : columns) {
    html += "<th scope=\"col\">" + escaped(column.name) + "</th>";
    best.push_back(best_of(column, models, comparable(column, models)));
  }
  const bool compared = !results.inference.method.empty();
  if (compared) html += "<th scope=\"col\">p</th>";
  html += "</tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < models.size(); ++i) {
    html += "<tr><td>" + std::to_string(i + 1) + "</td><th scope=\"row\" class=\"name\" title=\"" +
            escaped(models[i]->label) + "\"><span>" + breakable(models[i]->label) + "</span></th>";
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const bool is_best = best[c] && columns[c].value(*models[i]) == *best[c];
      html += is_best ? "<td class=\"best\">" : "<td>";
      html += escaped(columns[c].text(*models[i]));
      if (is_best) html += "<span class=\"unseen\"> (best)</span>";
      if (c < results.metrics.size()) html += spread(results, *models[i], c);
      html += "</td>";
    }
    if (compared) html += element("td", p_value_text(results, *models[i]));
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string failures(const bench_results& results) {
  std::string html;
  for (const auto& model : results.models) {
    if (!model.failed()) continue;
    html += "<p class=\"failed\"><strong>" + escaped(model.label) +
            "</strong> failed: " + escaped(model.error) + "</p>\n";
  }
  return html;
}

std::string figure(const std::string& title, const std::string& svg, const std::string& caption) {
  return "<figure>" + element("h3", title) + svg +
         (caption.empty() ? "" : element("figcaption", caption)) + "</figure>\n";
}

std::string ranked_label(std::size_t i, const model_result& model) {
  return std::to_string(i + 1) + " " + model.label;
}

std::string bars(const bench_results& results, const std::vector<const model_result*>& models,
                 const column& column, const std::string& id, const std::string& title,
                 const std::string& axis, const std::string& caption,
                 std::optional<std::size_t> metric = {}) {
  const auto best = best_of(column, models, comparable(column, models));
  std::vector<bar> list;
  std::string told;
  for (std::size_t i = 0; i < models.size(); ++i) {
    const double value = column.value(*models[i]);
    const std::string text = column.text(*models[i]);
    bar line{ranked_label(i, *models[i]), value, text, best && value == *best};
    // Where folds weigh users differently the interval need not hold the mean of the folds.
    if (metric && models[i]->inferred(*metric).interval) {
      line.low = models[i]->inferred(*metric).interval->low;
      line.high = models[i]->inferred(*metric).interval->high;
    }
    list.push_back(line);
    told += (told.empty() ? "" : ", ") + models[i]->label + " " + text;
  }
  const chart_words words{id, title + " on " + results.data.title(), told, axis, {}};
  return figure(title, bar_chart(words, list), caption);
}

std::string fit_against_metric(const bench_results& results,
                               const std::vector<const model_result*>& models) {
  const std::string metric = results.metrics.front().name();
  const auto best = best_of(columns_of(results).front(), models, true);
  std::vector<point> points;
  std::string told;
  for (std::size_t i = 0; i < models.size(); ++i) {
    const double value = models[i]->mean(0);
    if (std::isnan(value)) continue;
    const std::string text = models[i]->label + ": " + fixed(value, 6) + " after " +
                             seconds_text(models[i]->fit_seconds()) + " s";
    points.push_back(
        {std::to_string(i + 1), text, models[i]->fit_seconds(), value, best && value == *best});
    told += (told.empty() ? "" : ", ") + text;
  }
  if (points.size() < 2) return "";
  const std::string title = "Time to fit against " + metric;
  const chart_words words{"fit-points", title, told, "fit, seconds (less is better)",
                          metric + " (" + results.metrics.front().good_text() + ")"};
  return figure(title, point_chart(words, points), "Numbers are the ranks in the leaderboard.");
}

std::string fold_spread(const bench_results& results,
                        const std::vector<const model_result*>& models, std::size_t m) {
  const auto best = best_of(columns_of(results)[m], models, true);
  std::vector<strip> strips;
  std::string told;
  for (std::size_t i = 0; i < models.size(); ++i) {
    strip line{ranked_label(i, *models[i]), {}, models[i]->mean(m), false};
    for (const auto& fold : models[i]->folds) {
      if (std::isfinite(fold.values[m].mean)) line.values.push_back(fold.values[m].mean);
    }
    line.best = best && line.mean == *best;
    told += (told.empty() ? "" : ", ") + models[i]->label + " " + fixed(line.mean, 6) + " ± " +
            fixed(models[i]->deviation(m).value_or(0), 6);
    if (std::isnan(line.mean)) line.values.clear();
    strips.push_back(line);
  }
  const std::string metric = results.metrics[m].name();
  const std::string good = results.metrics[m].good_text();
  const std::string title = metric + " by fold";
  const chart_words words{
      "folds-" + std::to_string(m),
      title,
      told,
      metric + " (" + good + (good.empty() ? "" : "; ") + "the axis need not begin at 0)",
      {}};
  return figure(title, strip_chart(words, strips), "A dot is a fold, the upright line their mean.");
}

bool any_interval(const std::vector<const model_result*>& models, std::size_t m) {
  return std::any_of(models.begin(), models.end(), [m](const model_result* model) {
    return model->inferred(m).interval.has_value();
  });
}

std::string charts(const bench_results& results, const std::vector<const model_result*>& models) {
  if (models.empty()) return "";
  const auto columns = columns_of(results);
  std::string html = "<h2>Charts</h2>\n<div class=\"charts\">\n";
  for (std::size_t m = 0; m < results.metrics.size(); ++m) {
    const std::string good = results.metrics[m].good_text();
    html += bars(
        results, models, columns[m], "metric-" + std::to_string(m), columns[m].name,
        columns[m].name + (good.empty() ? "" : " (" + good + ")"),
        results.metrics[m].convention() +
            (any_interval(models, m) ? ". Whiskers: " + results.inference.intervals + "." : ""),
        m);
  }
  if (results.parts.size() > 1) {
    for (std::size_t m = 0; m < results.metrics.size(); ++m) {
      html += fold_spread(results, models, m);
    }
  }
  html += fit_against_metric(results, models);
  const auto& speed = columns[results.metrics.size() + 1];
  html +=
      results.of_lists()
          ? bars(results, models, speed, "speed", "Recommendation speed",
                 "users a second (more is better)",
                 "Lists of length " + std::to_string(results.depth) + "; metrics are not included.")
          : bars(results, models, speed, "speed", "Prediction speed",
                 "ratings a second (more is better)",
                 "Test ratings predicted and compared a second.");
  const auto& peak = columns[results.metrics.size() + 2];
  html += bars(results, models, peak, "peak", "Peak memory", "MiB (less is better)",
               "Memory " + peak_memory_note(results) + ".");
  return html + "</div>\n";
}

std::string protocol(const bench_results& results) {
  const auto& data = results.data;
  std::string html = "<h2>Data and protocol</h2>\n<dl>\n";
  if (!data.files.empty()) html += fact("Files", joined(data.files, ", "));
  if (!data.settings.empty()) html += fact("Synthetic data", to_text(data.settings));
  html += fact("Size", grouped(data.users) + " users, " + grouped(data.items) + " items, " +
                           grouped(data.interactions) + " interactions");
  html += fact("Density", fixed(100 * data.density(), 4) + " %");
  if (!data.filters.empty()) html += fact("Filters", to_text(data.filters));
  html += fact("Weighting", data.weighting);
  html += fact("Split", results.protocol());
  for (std::size_t f = 0; f < results.parts.size(); ++f) {
    const auto& part = results.parts[f];
    html += fact(results.parts.size() > 1 ? "Fold " + std::to_string(f) : "Parts",
                 grouped(part.train) + " train and " + grouped(part.test) + " test interactions, " +
                     grouped(part.evaluated_users) + " users evaluated");
  }
  for (const auto& metric : results.metrics) html += fact(metric.name(), metric.convention());
  html += fact("All metrics", scope_note(results));
  return html + "</dl>\n";
}

std::string settings(const bench_results& results) {
  std::string html = "<h2>Models</h2>\n<dl>\n";
  for (std::size_t i = 0; i < results.models.size(); ++i) {
    const auto& model = results.models[i];
    html += fact(model.failed() ? model.label : ranked_label(i, model), to_text(model.settings));
  }
  return html + "</dl>\n";
}

std::string machine(const bench_results& results) {
  const auto& where = results.where;
  std::string html = "<h2>Environment</h2>\n<dl>\n";
  html += fact("recokit", build_line(where.build));
  html += fact("Backend", where.backend + ", " + std::to_string(where.threads) + " of " +
                              std::to_string(where.build.hardware_threads) + " threads");
  if (!where.processor.empty()) html += fact("Processor", where.processor);
  html += fact("Peak memory", peak_memory_note(results));
  html += fact("Seed", std::to_string(results.seed));
  html += fact("Started", where.started);
  html += "<dt>Command</dt><dd><code>" + escaped(shell_line(where.command)) + "</code></dd>\n";
  return html + "</dl>\n";
}

// What ±, brackets and p say.
std::string notes(const bench_results& results) {
  std::string text;
  const auto sentence = [&](const std::string& words) {
    if (!words.empty()) text += " " + words + ".";
  };
  sentence(spread_note(results));
  if (!results.inference.intervals.empty()) {
    sentence("In brackets: the " + results.inference.intervals + " of the mean over users" +
             (results.parts.size() > 1 ? ", the values of all folds taken together" : ""));
  }
  const auto p = p_value_note(results);
  if (!p.empty()) sentence("p: " + p);
  return text;
}

}  // namespace

std::string html_text(const bench_results& results) {
  const auto models = finished(results);
  const std::string title = "recokit-bench: " + results.data.title();
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
      element("title", title) + "\n<style>" + std::string(report_style) +
      "</style>\n</head>\n<body>\n";
  html += element("h1", title) + "\n<p class=\"soft\">" +
          escaped(std::to_string(models.size()) + (models.size() == 1 ? " model, " : " models, ") +
                  grouped(results.data.users) + " users, " + grouped(results.data.items) +
                  " items, " + grouped(results.data.interactions) +
                  " interactions. Split: " + results.protocol() + ".") +
          "</p>\n";
  html += "<h2>Leaderboard</h2>\n" + leaderboard(results, models) + failures(results);
  for (const auto& warning : results.warnings) html += element("p", "Warning: " + warning) + "\n";
  html += "<p class=\"note\">Sorted by " + escaped(results.metrics.front().name()) +
          ". The best of a column is marked." + escaped(notes(results)) + "</p>\n";
  html += charts(results, models) + protocol(results) + settings(results) + machine(results);
  return html + "</body>\n</html>\n";
}

}  // namespace recokit_bench
