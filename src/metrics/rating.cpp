// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "column_checks.hpp"
#include "compensated_sum.hpp"

#include <recokit/core/parallel.hpp>
#include <recokit/metrics/rating.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace {

using detail::compensated_sum;

constexpr auto chunk = static_cast<std::size_t>(detail::column_chunk);

// Terms added side by side: fixed here, not by the vector unit, so that the bits are too.
constexpr std::size_t lanes = 8;

// The sum of term(i) over [0, n).
template <class Term>
double lane_sum(std::size_t n, const Term& term) {
  std::array<double, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += term(i + lane);
  }
  for (std::size_t lane = 0; i < n; ++i, ++lane) sums[lane] += term(i);
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

// Weighted mean and sum of squared distances from it. Two halves are joined as in Chan, Golub and
// LeVeque: Updating formulae and a pairwise algorithm for computing sample variances, 1979.
class moments {
 public:
  moments() = default;
  moments(std::span<const double> values, std::span<const double> weights, double weight) {
    if (!(weight > 0)) return;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (weights[i] > 0) {
        low_ = std::min(low_, values[i]);
        high_ = std::max(high_, values[i]);
      }
    }
    const auto n = values.size();
    weight_ = weight;
    mean_ = lane_sum(n, [&](std::size_t i) { return weights[i] * values[i]; }) / weight;
    squares_ = lane_sum(n, [&](std::size_t i) {
      const double distance = values[i] - mean_;
      return weights[i] * distance * distance;
    });
  }

  void add(const moments& other) {
    if (!(other.weight_ > 0)) return;
    low_ = std::min(low_, other.low_);
    high_ = std::max(high_, other.high_);
    const double weight = weight_ + other.weight_;
    const double step = other.mean_ - mean_;
    const double share = other.weight_ / weight;
    squares_ += other.squares_ + step * step * weight_ * share;
    mean_ += step * share;
    weight_ = weight;
  }

  // Equal values would not always have a mean that equals them.
  double mean() const { return low_ == high_ ? low_ : mean_; }
  double squares() const { return low_ == high_ ? 0.0 : squares_; }

 private:
  double weight_ = 0;
  double mean_ = 0;
  double squares_ = 0;
  double low_ = std::numeric_limits<double>::infinity();
  double high_ = -std::numeric_limits<double>::infinity();
};

struct rating_sums {
  compensated_sum weight;
  compensated_sum absolute;
  compensated_sum squared;
  double largest = 0;
  moments truth;
  moments predicted;
  moments error;

  void add(const rating_sums& other) {
    weight.add(other.weight);
    absolute.add(other.absolute);
    squared.add(other.squared);
    largest = std::max(largest, other.largest);
    truth.add(other.truth);
    predicted.add(other.predicted);
    error.add(other.error);
  }
};

// One chunk of the three columns in double, checked, with the errors.
struct rating_chunk {
  std::array<double, chunk> truth_space;
  std::array<double, chunk> predicted_space;
  std::array<double, chunk> weight_space;
  std::array<double, chunk> error_space;
  std::size_t size = 0;

  void load(const real_column& truth, const real_column& predicted, const real_column& weights,
            std::int64_t begin, std::int64_t end) {
    size = static_cast<std::size_t>(end - begin);
    truth.load(begin, std::span(truth_space).first(size));
    predicted.load(begin, std::span(predicted_space).first(size));
    detail::load_weights(weights, begin, std::span(weight_space).first(size));
    detail::check_finite<double>("truth", begin, std::span(truth_space).first(size));
    detail::check_finite<double>("predicted", begin, std::span(predicted_space).first(size));
    for (std::size_t i = 0; i < size; ++i) error_space[i] = predicted_space[i] - truth_space[i];
  }

  rating_sums sums() const {
    rating_sums result;
    const double weight = lane_sum(size, [&](std::size_t i) { return weight_space[i]; });
    result.weight.add(weight);
    result.absolute.add(
        lane_sum(size, [&](std::size_t i) { return weight_space[i] * std::abs(error_space[i]); }));
    result.squared.add(lane_sum(
        size, [&](std::size_t i) { return weight_space[i] * error_space[i] * error_space[i]; }));
    for (std::size_t i = 0; i < size; ++i) {
      if (weight_space[i] > 0) result.largest = std::max(result.largest, std::abs(error_space[i]));
    }
    const std::span weights(weight_space.data(), size);
    result.truth = moments(std::span(truth_space).first(size), weights, weight);
    result.predicted = moments(std::span(predicted_space).first(size), weights, weight);
    result.error = moments(std::span(error_space).first(size), weights, weight);
    return result;
  }
};

void check_columns(const real_column& truth, const real_column& predicted,
                   const real_column& weights) {
  detail::check_length("predicted", predicted.size(), truth.size());
  detail::check_weights_length(weights, truth.size());
  detail::check_some(truth.size());
}

double explained(double unexplained, double variation, bool force_finite) {
  if (!force_finite) return 1 - unexplained / variation;
  if (unexplained == 0) return 1;
  return variation == 0 ? 0 : 1 - unexplained / variation;
}

}  // namespace

struct rating_accumulator::state {
  rating_sums sums;
  std::int64_t count = 0;
};

rating_accumulator::rating_accumulator() : state_(std::make_unique<state>()) {
  static_assert(piece == detail::column_grain);
}
rating_accumulator::rating_accumulator(rating_accumulator&&) noexcept = default;
rating_accumulator& rating_accumulator::operator=(rating_accumulator&&) noexcept = default;
rating_accumulator::~rating_accumulator() = default;

void rating_accumulator::add(const cpu& policy, real_column truth, real_column predicted,
                             real_column weights) {
  check_columns(truth, predicted, weights);
  // Sums of blocks are joined to what is there one by one, as if all had come at once.
  state_->sums = detail::naming_the_first(policy, [&](const cpu& threads) {
    return parallel_reduce(
        threads, truth.size(), detail::column_grain, state_->sums,
        [&](std::int64_t begin, std::int64_t end) {
          rating_chunk part;
          rating_sums total;
          for (std::int64_t at = begin; at < end; at += detail::column_chunk) {
            part.load(truth, predicted, weights, at, std::min(end, at + detail::column_chunk));
            total.add(part.sums());
          }
          return total;
        },
        [](rating_sums& total, const rating_sums& part) { total.add(part); });
  });
  state_->count += truth.size();
}

rating_report rating_accumulator::report(bool force_finite) const {
  const rating_sums& sums = state_->sums;
  detail::check_some(state_->count);
  rating_report report;
  report.count = state_->count;
  report.weight = sums.weight.value();
  detail::check_total_weight(report.weight);
  report.mse = sums.squared.value() / report.weight;
  report.rmse = std::sqrt(report.mse);
  report.mae = sums.absolute.value() / report.weight;
  report.max_error = sums.largest;
  report.mean_error = sums.error.mean();
  report.mean_truth = sums.truth.mean();
  report.mean_predicted = sums.predicted.mean();
  report.r2 = state_->count < 2
                  ? std::numeric_limits<double>::quiet_NaN()
                  : explained(sums.squared.value(), sums.truth.squares(), force_finite);
  report.explained_variance = explained(sums.error.squares(), sums.truth.squares(), force_finite);
  return report;
}

rating_report rating_metrics(const cpu& policy, real_column truth, real_column predicted,
                             const rating_options& options) {
  rating_accumulator accumulator;
  accumulator.add(policy, truth, predicted, options.weights);
  return accumulator.report(options.force_finite);
}

double median_absolute_error(real_column truth, real_column predicted, real_column weights) {
  check_columns(truth, predicted, weights);
  std::vector<std::pair<double, double>> weighted;  // |e|, weight
  std::vector<double> errors;
  if (weights.given()) {
    weighted.reserve(static_cast<std::size_t>(truth.size()));
  } else {
    errors.reserve(static_cast<std::size_t>(truth.size()));
  }
  rating_chunk part;
  for (std::int64_t at = 0; at < truth.size(); at += detail::column_chunk) {
    part.load(truth, predicted, weights, at, std::min(truth.size(), at + detail::column_chunk));
    for (std::size_t i = 0; i < part.size; ++i) {
      const double error = std::abs(part.error_space[i]);
      if (!weights.given()) {
        errors.push_back(error);
      } else if (part.weight_space[i] > 0) {
        weighted.emplace_back(error, part.weight_space[i]);
      }
    }
  }
  if (!weights.given()) {
    const auto middle = errors.begin() + static_cast<std::ptrdiff_t>(errors.size() / 2);
    std::nth_element(errors.begin(), middle, errors.end());
    if (errors.size() % 2 == 1) return *middle;
    return (*std::max_element(errors.begin(), middle) + *middle) / 2;
  }
  // Ties in the order of the samples, so that the running sum is always the same.
  std::stable_sort(weighted.begin(), weighted.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  double total = 0;
  for (auto& [error, weight] : weighted) weight = total += weight;
  detail::check_total_weight(total);
  auto at = std::partition_point(weighted.begin(), weighted.end(),
                                 [&](const auto& entry) { return entry.second < total / 2; });
  const bool exactly_half = at->second - total / 2 <= std::numeric_limits<double>::epsilon();
  if (!exactly_half || at + 1 == weighted.end()) return at->first;
  return (at->first + (at + 1)->first) / 2;
}

}  // namespace recokit::inline RECOKIT_ABI
