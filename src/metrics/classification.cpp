// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "column_checks.hpp"
#include "compensated_sum.hpp"
#include "label_set.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/metrics/classification.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace {

using detail::compensated_sum;
using Eigen::Index;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// What one class has of the four kinds of answers.
struct class_counts {
  double tp = 0;
  double fp = 0;
  double fn = 0;
  double tn = 0;

  void add(const class_counts& other) {
    tp += other.tp;
    fp += other.fp;
    fn += other.fn;
    tn += other.tn;
  }
};

// Every kind as a sum of cells, never as a difference of sums: what is 0 must be exactly 0, or the
// rounding of weights becomes a rate.
std::vector<class_counts> count_classes(const Eigen::MatrixXd& cells) {
  const Index n = cells.rows();
  std::vector<class_counts> classes(static_cast<std::size_t>(n));
  std::vector<double> right(static_cast<std::size_t>(n) + 1);
  for (Index row = 0; row < n; ++row) {
    auto& own = classes[static_cast<std::size_t>(row)];
    own.tp = cells(row, row);
    for (Index col = n; col-- > 0;) {
      right[static_cast<std::size_t>(col)] =
          right[static_cast<std::size_t>(col) + 1] + cells(row, col);
    }
    double left = 0;
    for (Index col = 0; col < n; ++col) {
      const double others = left + right[static_cast<std::size_t>(col) + 1];
      left += cells(row, col);
      if (col == row) {
        own.fn = others;
        continue;
      }
      classes[static_cast<std::size_t>(col)].fp += cells(row, col);
      classes[static_cast<std::size_t>(col)].tn += others;
    }
  }
  return classes;
}

double ratio(double part, double whole, double zero_division) {
  return whole == 0 ? zero_division : part / whole;
}

double precision_of(const class_counts& c, double zero_division) {
  return ratio(c.tp, c.tp + c.fp, zero_division);
}
double recall_of(const class_counts& c, double zero_division) {
  return ratio(c.tp, c.tp + c.fn, zero_division);
}
double specificity_of(const class_counts& c, double zero_division) {
  return ratio(c.tn, c.tn + c.fp, zero_division);
}
double f_of(const class_counts& c, double beta, double zero_division) {
  if (std::isinf(beta)) return recall_of(c, zero_division);
  if (beta == 0) return precision_of(c, zero_division);
  const double square = beta * beta;
  return ratio((1 + square) * c.tp, square * (c.tp + c.fn) + (c.tp + c.fp), zero_division);
}

void check_beta(double beta) {
  if (!(beta >= 0)) throw value_error("beta", detail::number_text(beta), "must be at least 0");
}

void check_zero_division(const char* name, double value) {
  if (!std::isnan(value)) check::in_range(name, value, 0.0, 1.0);
}

template <class Value>
Eigen::VectorXd by_class(const confusion_matrix& matrix, double zero_division, const Value& value) {
  check_zero_division("zero_division", zero_division);
  const auto classes = count_classes(matrix.counts());
  Eigen::VectorXd values(matrix.counts().rows());
  for (std::size_t c = 0; c < classes.size(); ++c) {
    values[static_cast<Index>(c)] = value(classes[c], zero_division);
  }
  return values;
}

// The place of the positive class; −1 when nothing was or should have been positive.
Index positive_class(const confusion_matrix& matrix, std::int64_t positive) {
  const auto& labels = matrix.labels();
  if (labels.size() > 2) {
    throw value_error(
        "options.average", "binary",
        "must be micro, macro or weighted for " + std::to_string(labels.size()) + " classes");
  }
  const auto found = std::find(labels.begin(), labels.end(), positive);
  if (found != labels.end()) return found - labels.begin();
  if (labels.size() == 2) {
    throw value_error("options.positive", std::to_string(positive),
                      "must be " + std::to_string(labels[0]) + " or " + std::to_string(labels[1]) +
                          ", the labels of the matrix");
  }
  return -1;
}

template <class Value>
double average(const confusion_matrix& matrix, const class_options& options, const Value& value) {
  check_zero_division("options.zero_division", options.zero_division);
  if (options.average == class_average::binary) {
    const Index c = positive_class(matrix, options.positive);
    class_counts counts;
    counts.tn = matrix.total();
    if (c >= 0) counts = count_classes(matrix.counts())[static_cast<std::size_t>(c)];
    return value(counts, options.zero_division);
  }
  auto classes = count_classes(matrix.counts());
  if (!options.labels.empty()) {
    const detail::label_places places("the labels of the matrix", matrix.labels());
    std::vector<std::int64_t> wanted = options.labels;
    detail::label_places("options.labels", wanted);
    places.replace("options.labels", 0, wanted);
    std::vector<class_counts> chosen;
    for (const auto place : wanted) chosen.push_back(classes[static_cast<std::size_t>(place)]);
    classes = std::move(chosen);
  }
  if (options.average == class_average::micro) {
    class_counts all;
    for (const auto& counts : classes) all.add(counts);
    return value(all, options.zero_division);
  }
  double sum = 0;
  double weighted_sum = 0;
  double weight = 0;
  double defined = 0;
  for (const auto& counts : classes) {
    const double x = value(counts, options.zero_division);
    if (std::isnan(x)) continue;
    sum += x;
    weighted_sum += x * (counts.tp + counts.fn);
    weight += counts.tp + counts.fn;
    defined += 1;
  }
  if (defined == 0) return nan;
  const bool weighted = options.average == class_average::weighted && weight > 0;
  return weighted ? weighted_sum / weight : sum / defined;
}

// Adds up cells of one piece of the samples; sums of weights keep what rounding would lose.
struct cell_sums {
  std::vector<compensated_sum> cells;

  void add(const cell_sums& other) {
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i].add(other.cells[i]);
  }
};

}  // namespace

confusion_matrix::confusion_matrix(const cpu& policy, label_column truth, label_column predicted,
                                   const confusion_options& options) {
  detail::check_length("predicted", predicted.size(), truth.size());
  detail::check_weights_length(options.weights, truth.size());
  detail::check_some(truth.size());
  labels_ = options.labels.empty() ? detail::join_labels(detail::distinct_labels(policy, truth),
                                                         detail::distinct_labels(policy, predicted))
                                   : options.labels;
  const detail::label_places places("options.labels", labels_);
  const std::size_t classes = labels_.size();
  const auto cells = check::bytes("confusion matrix", classes, classes, 1);
  check::fits_memory("confusion matrix",
                     check::bytes("confusion matrix", cells, 4, sizeof(compensated_sum)));

  // Parts are at most as large as the samples that they stand for.
  const auto grain = std::max(detail::column_grain, static_cast<std::int64_t>(cells));
  cell_sums empty;
  empty.cells.resize(cells);
  const auto sums = detail::naming_the_first(policy, [&](const cpu& threads) {
    return parallel_reduce(
        threads, truth.size(), grain, empty,
        [&](std::int64_t begin, std::int64_t end) {
          constexpr auto chunk = static_cast<std::size_t>(detail::column_chunk);
          std::array<std::int64_t, chunk> row_space;
          std::array<std::int64_t, chunk> col_space;
          std::array<double, chunk> weight_space;
          auto part = empty;
          for (std::int64_t at = begin; at < end; at += detail::column_chunk) {
            const auto n = static_cast<std::size_t>(std::min(detail::column_chunk, end - at));
            const auto rows = std::span(row_space).first(n);
            const auto cols = std::span(col_space).first(n);
            const auto weights = std::span(weight_space).first(n);
            truth.load(at, rows);
            predicted.load(at, cols);
            places.replace("truth", at, rows);
            places.replace("predicted", at, cols);
            detail::load_weights(options.weights, at, weights);
            for (std::size_t i = 0; i < n; ++i) {
              part.cells[static_cast<std::size_t>(rows[i]) * classes +
                         static_cast<std::size_t>(cols[i])]
                  .add(weights[i]);
            }
          }
          return part;
        },
        [](cell_sums& total, const cell_sums& part) { total.add(part); });
  });
  const auto size = static_cast<Index>(classes);
  counts_.resize(size, size);
  for (Index row = 0; row < size; ++row) {
    for (Index col = 0; col < size; ++col) {
      counts_(row, col) = sums.cells[static_cast<std::size_t>(row * size + col)].value();
      total_ += counts_(row, col);
    }
  }
  detail::check_total_weight(total_);
}

confusion_matrix confusion_matrix::from_counts(std::vector<std::int64_t> labels,
                                               Eigen::MatrixXd counts) {
  const auto size = static_cast<std::int64_t>(labels.size());
  if (labels.empty()) throw value_error("labels.size()", "0", "must be at least 1");
  check::equal("counts.rows()", counts.rows(), "labels.size()", size);
  check::equal("counts.cols()", counts.cols(), "labels.size()", size);
  detail::label_places("labels", labels);
  confusion_matrix matrix;
  for (Index row = 0; row < counts.rows(); ++row) {
    for (Index col = 0; col < counts.cols(); ++col) {
      const double count = counts(row, col);
      if (!(count >= 0 && std::isfinite(count))) {
        throw value_error("counts(" + std::to_string(row) + ", " + std::to_string(col) + ")",
                          detail::number_text(count), "must be finite and at least 0");
      }
      matrix.total_ += count;
    }
  }
  if (!(matrix.total_ > 0)) {
    throw value_error("counts", "all 0", "at least one must be above 0");
  }
  matrix.labels_ = std::move(labels);
  matrix.counts_ = std::move(counts);
  return matrix;
}

double confusion_matrix::accuracy() const { return counts_.trace() / total_; }

Eigen::VectorXd confusion_matrix::precision_by_class(double zero_division) const {
  return by_class(*this, zero_division, precision_of);
}
Eigen::VectorXd confusion_matrix::recall_by_class(double zero_division) const {
  return by_class(*this, zero_division, recall_of);
}
Eigen::VectorXd confusion_matrix::specificity_by_class(double zero_division) const {
  return by_class(*this, zero_division, specificity_of);
}
Eigen::VectorXd confusion_matrix::f_by_class(double beta, double zero_division) const {
  check_beta(beta);
  return by_class(*this, zero_division,
                  [&](const class_counts& c, double zero) { return f_of(c, beta, zero); });
}

double confusion_matrix::precision(const class_options& options) const {
  return average(*this, options, precision_of);
}
double confusion_matrix::recall(const class_options& options) const {
  return average(*this, options, recall_of);
}
double confusion_matrix::specificity(const class_options& options) const {
  return average(*this, options, specificity_of);
}
double confusion_matrix::f_beta(double beta, const class_options& options) const {
  check_beta(beta);
  return average(*this, options,
                 [&](const class_counts& c, double zero) { return f_of(c, beta, zero); });
}

double confusion_matrix::balanced_accuracy(bool adjusted) const {
  double sum = 0;
  double classes = 0;
  for (const double recall : recall_by_class(nan)) {
    if (std::isnan(recall)) continue;
    sum += recall;
    classes += 1;
  }
  const double mean = sum / classes;
  return adjusted ? (mean - 1 / classes) / (1 - 1 / classes) : mean;
}

double confusion_matrix::geometric_mean(double correction) const {
  check::in_range("correction", correction, 0.0, 1.0);
  double logs = 0;
  for (const double recall : recall_by_class()) {
    const double value = recall == 0 ? correction : recall;
    if (value == 0) return 0;
    logs += std::log(value);
  }
  return std::exp(logs / static_cast<double>(labels_.size()));
}

double confusion_matrix::averaged_geometric_mean(const class_options& options) const {
  return std::sqrt(recall(options) * specificity(options));
}

// Sums over classes of one-versus-rest terms: the same as Gorodkin's, without differences of large
// products.
double confusion_matrix::matthews_correlation() const {
  double together = 0;
  double of_truth = 0;
  double of_predicted = 0;
  for (const auto& n : count_classes(counts_)) {
    together += n.tp * n.tn - n.fp * n.fn;
    of_truth += (n.tp + n.fn) * (n.fp + n.tn);
    of_predicted += (n.tp + n.fp) * (n.fn + n.tn);
  }
  if (of_truth == 0 || of_predicted == 0) return 0;
  return together / (std::sqrt(of_truth) * std::sqrt(of_predicted));
}

double confusion_matrix::cohen_kappa(kappa_weighting weighting) const {
  const Eigen::VectorXd truth = counts_.rowwise().sum();
  const Eigen::VectorXd predicted = counts_.colwise().sum();
  double observed = 0;
  double expected = 0;
  for (Index row = 0; row < counts_.rows(); ++row) {
    for (Index col = 0; col < counts_.cols(); ++col) {
      const auto distance = static_cast<double>(row > col ? row - col : col - row);
      const double weight = row == col                             ? 0
                            : weighting == kappa_weighting::none   ? 1
                            : weighting == kappa_weighting::linear ? distance
                                                                   : distance * distance;
      observed += weight * counts_(row, col);
      expected += weight * (truth[row] * predicted[col] / total_);
    }
  }
  return expected == 0 ? nan : 1 - observed / expected;
}

}  // namespace recokit::inline RECOKIT_ABI
