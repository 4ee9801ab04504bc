// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "ranked_areas.hpp"
#include "ranked_classes.hpp"
#include "table_checks.hpp"

#include <recokit/core/parallel.hpp>
#include <recokit/metrics/binary_ranking.hpp>
#include <recokit/metrics/multiclass_auc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace {

constexpr auto chunk = static_cast<std::size_t>(detail::column_chunk);

void check_scores(const cpu& policy, const real_table& scores) {
  detail::naming_the_first(policy, [&](const cpu& threads) {
    parallel_for(
        threads, scores.rows(), detail::column_chunk, [&](std::int64_t begin, std::int64_t end) {
          std::array<double, chunk> space;
          const auto values = std::span(space).first(static_cast<std::size_t>(end - begin));
          for (std::int64_t c = 0; c < scores.cols(); ++c) {
            scores.column(c).load(begin, values);
            for (std::size_t i = 0; i < values.size(); ++i) {
              if (std::isfinite(values[i])) continue;
              const auto row = begin + static_cast<std::int64_t>(i);
              throw value_error(detail::cell_name("scores", row, c), detail::number_text(values[i]),
                                "must be finite");
            }
          }
        });
  });
}

// The column of each sample's class.
std::vector<std::int64_t> class_columns(const cpu& policy, const label_column& truth,
                                        const std::vector<std::int64_t>& labels) {
  const detail::label_places places("options.labels", labels);
  std::vector<std::int64_t> columns(static_cast<std::size_t>(truth.size()));
  detail::naming_the_first(policy, [&](const cpu& threads) {
    parallel_for(threads, truth.size(), detail::column_grain,
                 [&](std::int64_t begin, std::int64_t end) {
                   const auto part = std::span(columns).subspan(
                       static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
                   truth.load(begin, part);
                   places.replace("truth", begin, part);
                 });
  });
  return columns;
}

// One sample a cell: positive in the column of its class.
template <detail::real_number Number>
double micro_auc(const cpu& policy, const std::vector<std::int64_t>& columns,
                 const real_table& scores, const real_column& weights) {
  const auto cols = static_cast<std::size_t>(scores.cols());
  const std::size_t cells = columns.size() * cols;
  std::vector<Number> values(cells);
  std::vector<std::uint8_t> truth(cells);
  std::vector<double> row_weights(columns.size());
  detail::load_weights(weights, 0, row_weights);
  std::vector<double> cell_weights(weights.given() ? cells : 0);
  parallel_for(policy, scores.rows(), detail::column_chunk,
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t r = begin; r < end; ++r) {
                   const std::size_t at = static_cast<std::size_t>(r) * cols;
                   scores.row(r).load(0, std::span(values).subspan(at, cols));
                   truth[at + static_cast<std::size_t>(columns[static_cast<std::size_t>(r)])] = 1;
                   if (!weights.given()) continue;
                   std::fill_n(cell_weights.begin() + static_cast<std::ptrdiff_t>(at), cols,
                               row_weights[static_cast<std::size_t>(r)]);
                 }
               });
  binary_options options;
  if (weights.given()) options.weights = cell_weights;
  return binary_ranking(policy, truth, values, options).roc_auc();
}

// Samples by the column of their class.
std::vector<std::vector<std::int64_t>> rows_by_class(const std::vector<std::int64_t>& columns,
                                                     std::int64_t classes) {
  std::vector<std::vector<std::int64_t>> rows(static_cast<std::size_t>(classes));
  for (std::size_t r = 0; r < columns.size(); ++r) {
    rows[static_cast<std::size_t>(columns[r])].push_back(static_cast<std::int64_t>(r));
  }
  return rows;
}

// areas(a, b): of class a against class b by column a; NaN where one of them is absent.
template <class Key>
Eigen::MatrixXd pair_areas(const cpu& policy, const std::vector<std::vector<std::int64_t>>& rows,
                           const real_table& scores) {
  const auto classes = static_cast<Eigen::Index>(rows.size());
  Eigen::MatrixXd areas(classes, classes);
  parallel_for(policy, classes, 1, [&](std::int64_t a, std::int64_t) {
    const real_column column = scores.column(a);
    const auto sorted = [&](std::int64_t of) {
      const auto& samples = rows[static_cast<std::size_t>(of)];
      detail::raw_array<Key> keys(samples.size());
      for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto score = static_cast<detail::score_of_key<Key>>(column[samples[i]]);
        keys[i] = detail::score_key<Key>(score);
      }
      return detail::sort_class<Key>(cpu{.threads = 1}, std::move(keys));
    };
    detail::ranked_classes<Key> pair;
    pair.positive = sorted(a);
    for (std::int64_t b = 0; b < classes; ++b) {
      if (b == a) continue;
      pair.negative = sorted(b);
      areas(a, b) = detail::roc_area(pair, detail::measure_areas(cpu{.threads = 1}, pair));
    }
  });
  return areas;
}

}  // namespace

double roc_auc_one_versus_rest(const cpu& policy, label_column truth, real_table scores,
                               const one_versus_rest_options& options) {
  detail::check_table_shape("scores", truth, scores, options.weights);
  const auto labels = detail::column_labels(policy, truth, options.labels, "scores", scores.cols());
  const auto columns = class_columns(policy, truth, labels);
  check_scores(policy, scores);
  if (options.average == auc_average::micro) {
    return scores.is_float() ? micro_auc<float>(policy, columns, scores, options.weights)
                             : micro_auc<double>(policy, columns, scores, options.weights);
  }
  const bool weighted = options.average == auc_average::weighted;
  double sum = 0;
  double weight = 0;
  for (std::int64_t c = 0; c < scores.cols(); ++c) {
    const binary_ranking ranking(policy, columns, scores.column(c),
                                 {.weights = options.weights, .positive = c});
    const double share = weighted ? ranking.positives() : 1;
    if (share > 0) sum += share * ranking.roc_auc();
    weight += share;
  }
  return sum / weight;
}

double roc_auc_one_versus_one(const cpu& policy, label_column truth, real_table scores,
                              const one_versus_one_options& options) {
  if (options.average == auc_average::micro) {
    throw value_error("options.average", "micro", "must be macro or weighted");
  }
  detail::check_table_shape("scores", truth, scores, {});
  const auto labels = detail::column_labels(policy, truth, options.labels, "scores", scores.cols());
  const auto rows = rows_by_class(class_columns(policy, truth, labels), scores.cols());
  check_scores(policy, scores);
  const Eigen::MatrixXd areas = scores.is_float() ? pair_areas<std::uint32_t>(policy, rows, scores)
                                                  : pair_areas<std::uint64_t>(policy, rows, scores);
  double sum = 0;
  double weight = 0;
  for (Eigen::Index a = 0; a < areas.rows(); ++a) {
    for (Eigen::Index b = a + 1; b < areas.cols(); ++b) {
      const auto of_a = rows[static_cast<std::size_t>(a)].size();
      const auto of_b = rows[static_cast<std::size_t>(b)].size();
      if (of_a == 0 || of_b == 0) continue;
      const double share =
          options.average == auc_average::weighted ? static_cast<double>(of_a + of_b) : 1;
      sum += share * (areas(a, b) + areas(b, a)) / 2;
      weight += share;
    }
  }
  return weight > 0 ? sum / weight : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace recokit::inline RECOKIT_ABI
