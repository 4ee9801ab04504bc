// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "preset_evaluation.hpp"

#include "json_words.hpp"

#include <recokit/core/parallel.hpp>
#include <recokit/metrics/ranking.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

namespace recokit_eval {
namespace {

namespace trec = recokit::trec;
using recokit::index_t;

constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

/// "NDCG@K" and "NDCG[@K]" with a cut at 10.
std::string with_cut(std::string name) {
  if (const auto at = name.find("[@K]"); at != std::string::npos) name.replace(at, 4, "@10");
  if (name.ends_with("@K") || name.ends_with("_K")) name.replace(name.size() - 1, 1, "10");
  return name;
}

/// The documents of one query as items. One object serves many queries.
struct query_items {
  std::vector<std::string_view> names;
  std::vector<trec::retrieved> listed;
  std::vector<recokit::scored_item<>> list;
  std::vector<std::pair<index_t, double>> graded;
  std::vector<index_t> judged;
  std::vector<double> grades;

  index_t number_of(std::string_view name) const {
    return static_cast<index_t>(std::lower_bound(names.begin(), names.end(), name) - names.begin());
  }

  recokit::judged_list fill(std::span<const trec::judgement> judgements,
                            std::span<const trec::retrieved> retrieved) {
    names.clear();
    for (const auto& line : judgements) names.push_back(line.document.text());
    for (const auto& line : retrieved) names.push_back(line.document.text());
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());

    // The text of an id lies in the file, so addresses tell the order of its lines.
    listed.assign(retrieved.begin(), retrieved.end());
    std::sort(listed.begin(), listed.end(), [](const auto& a, const auto& b) {
      if (a.score != b.score) return a.score > b.score;
      return std::less<>{}(a.document.text().data(), b.document.text().data());
    });
    // Scores are doubles there and floats here. Only their order, their ties and their signs count.
    list.clear();
    float place = 0;
    for (std::size_t i = 0; i < listed.size(); ++i) {
      if (i > 0 && listed[i].score != listed[i - 1].score) place -= 1;
      list.push_back({number_of(listed[i].document.text()), place});
    }
    const auto positive = static_cast<std::size_t>(
        std::find_if(listed.begin(), listed.end(), [](const auto& l) { return !(l.score > 0); }) -
        listed.begin());
    const float shift = positive == 0 ? 0 : 1 - list[positive - 1].score;
    for (auto& entry : list) entry.score += shift;

    graded.clear();
    for (const auto& line : judgements) {
      graded.emplace_back(number_of(line.document.text()), line.relevance);
    }
    std::sort(graded.begin(), graded.end());
    judged.clear();
    grades.clear();
    for (const auto& [item, grade] : graded) {
      judged.push_back(item);
      grades.push_back(grade);
    }
    return {list, judged, grades};
  }
};

void append_row(std::string& text, const std::string& name, std::string_view query, double value) {
  std::array<char, 64> digits{};
  std::snprintf(digits.data(), digits.size(), "%6.4f", value);
  text += name;
  if (name.size() < 22) text.append(22 - name.size(), ' ');
  text += "\t";
  text += query;
  text += "\t";
  text += digits.data();
  text += "\n";
}

}  // namespace

preset_measures::preset_measures(const request& asked)
    : preset_(&recokit::find_ranking_preset(asked.preset)),
      complete_(asked.complete || preset_->counts_missing_lists),
      max_retrieved_(asked.max_retrieved) {
  std::vector<std::string> wanted = asked.metrics;
  if (wanted.empty()) {
    for (const auto& name : preset_->metrics) wanted.push_back(with_cut(name));
  }
  if (wanted.empty()) {
    for (const auto& metric : recokit::all_ranking_metrics(10)) wanted.push_back(metric.name());
  }
  for (const auto& word : wanted) {
    auto measure = (*preset_)(word);
    // Judgements have levels, so relevance starts at one of them, as everywhere in TREC files.
    measure.options.relevance_level = asked.relevance_level;
    const auto same = std::find_if(groups_.begin(), groups_.end(),
                                   [&](const group& g) { return g.options == measure.options; });
    auto& place =
        same != groups_.end() ? *same : groups_.emplace_back(group{measure.options, {}, {}});
    place.metrics.push_back(measure.metric);
    place.columns.push_back(names_.size());
    names_.push_back(word);
  }
}

preset_result evaluate(const recokit::cpu& policy, const preset_measures& measures,
                       const trec::qrels& judgements, const trec::run& results) {
  preset_result out;
  std::vector<std::pair<std::size_t, std::size_t>> pairs;  // places in qrels and run
  std::size_t longest = 0;
  for (std::size_t q = 0; q < judgements.size(); ++q) {
    const auto found = results.find(judgements.query(q));
    if (!found) ++out.unanswered;
    if (!found && !measures.complete()) continue;
    pairs.emplace_back(q, found.value_or(nowhere));
    longest = std::max(longest, judgements.lines(q).size() +
                                    (found ? results.lines(*found).size() : std::size_t{0}));
  }
  const std::size_t answered = judgements.size() - out.unanswered;
  out.without_judgements = results.size() - answered;

  std::vector<recokit::ranking_evaluator> evaluators;
  for (const auto& group : measures.groups()) {
    evaluators.emplace_back(group.metrics, static_cast<index_t>(longest), group.options);
  }
  const std::size_t width = measures.names().size();
  std::vector<double> values(pairs.size() * width);
  std::vector<double> weights(pairs.size() * width);
  recokit::parallel_for(
      policy, static_cast<std::int64_t>(pairs.size()), 16,
      [&](std::int64_t begin, std::int64_t end) {
        query_items items;
        std::vector<double> found(width);
        std::vector<double> weighed(width);
        for (auto p = static_cast<std::size_t>(begin); std::cmp_less(p, end); ++p) {
          const auto& [in_qrels, in_run] = pairs[p];
          auto retrieved =
              in_run == nowhere ? std::span<const trec::retrieved>{} : results.lines(in_run);
          if (std::cmp_greater(retrieved.size(), measures.max_retrieved())) {
            retrieved = retrieved.first(static_cast<std::size_t>(measures.max_retrieved()));
          }
          const auto list = items.fill(judgements.lines(in_qrels), retrieved);
          for (std::size_t g = 0; g < evaluators.size(); ++g) {
            const auto& columns = measures.groups()[g].columns;
            evaluators[g].evaluate(list, std::span(found).first(columns.size()),
                                   std::span(weighed).first(columns.size()));
            for (std::size_t c = 0; c < columns.size(); ++c) {
              values[p * width + columns[c]] = found[c];
              weights[p * width + columns[c]] = weighed[c];
            }
          }
        }
      });

  std::vector<double> sums(width);
  std::vector<double> weight_sums(width);
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    bool counted = false;
    for (std::size_t c = 0; c < width; ++c) {
      const double weight = weights[p * width + c];
      if (weight == 0) continue;
      counted = true;
      sums[c] += weight * values[p * width + c];
      weight_sums[c] += weight;
    }
    if (!counted) {
      ++out.skipped;
      continue;
    }
    ++out.evaluated;
    out.queries.emplace_back(judgements.query(pairs[p].first));
    out.values.insert(out.values.end(), values.begin() + static_cast<std::ptrdiff_t>(p * width),
                      values.begin() + static_cast<std::ptrdiff_t>((p + 1) * width));
  }
  for (std::size_t c = 0; c < width; ++c) out.means.push_back(sums[c] / weight_sums[c]);
  return out;
}

std::string table_text(const preset_result& result, const preset_measures& measures,
                       const request& asked) {
  std::string text;
  if (asked.by_query) {
    for (std::size_t q = 0; q < result.queries.size(); ++q) {
      for (std::size_t c = 0; c < measures.names().size(); ++c) {
        append_row(text, measures.names()[c], result.queries[q], result.query_values(q)[c]);
      }
    }
  }
  if (!asked.summary) return text;
  for (std::size_t c = 0; c < measures.names().size(); ++c) {
    append_row(text, measures.names()[c], "all", result.means[c]);
  }
  return text;
}

std::string json_text(const preset_result& result, const preset_measures& measures,
                      const request& asked) {
  const auto object = [&](std::span<const double> values) {
    std::string text = "{";
    for (std::size_t c = 0; c < values.size(); ++c) {
      text += (c == 0 ? "" : ", ") + json_string(measures.names()[c]) + ": ";
      append_double(text, values[c]);
    }
    return text + "}";
  };
  std::string text = "{\n  \"preset\": " + json_string(measures.preset().name) +
                     ",\n  \"library\": " + json_string(measures.preset().library) +
                     ",\n  \"conventions\": {";
  std::vector<std::string> conventions(measures.names().size());
  for (const auto& group : measures.groups()) {
    for (std::size_t c = 0; c < group.columns.size(); ++c) {
      conventions[group.columns[c]] =
          group.metrics[c].name() + ": " + group.metrics[c].convention();
    }
  }
  for (std::size_t c = 0; c < conventions.size(); ++c) {
    text += (c == 0 ? "" : ", ") + json_string(measures.names()[c]) + ": " +
            json_string(conventions[c]);
  }
  text += "},\n  \"evaluated\": " + std::to_string(result.evaluated) +
          ",\n  \"skipped\": " + std::to_string(result.skipped) +
          ",\n  \"unanswered\": " + std::to_string(result.unanswered) +
          ",\n  \"without_judgements\": " + std::to_string(result.without_judgements);
  if (asked.summary) text += ",\n  \"mean\": " + object(result.means);
  if (asked.by_query) {
    text += ",\n  \"queries\": {";
    for (std::size_t q = 0; q < result.queries.size(); ++q) {
      text += std::string(q == 0 ? "\n    " : ",\n    ") + json_string(result.queries[q]) + ": " +
              object(result.query_values(q));
    }
    text += "\n  }";
  }
  return text + "\n}\n";
}

}  // namespace recokit_eval
