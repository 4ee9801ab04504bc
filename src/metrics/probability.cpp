// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "column_checks.hpp"
#include "compensated_sum.hpp"
#include "ranked_classes.hpp"
#include "table_checks.hpp"

#include <recokit/core/parallel.hpp>
#include <recokit/metrics/probability.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace {

using detail::compensated_sum;

constexpr auto chunk = static_cast<std::size_t>(detail::column_chunk);

double epsilon(bool is_float) {
  return is_float ? double{std::numeric_limits<float>::epsilon()}
                  : std::numeric_limits<double>::epsilon();
}

struct loss_sums {
  compensated_sum loss;
  compensated_sum weight;

  void add(const loss_sums& other) {
    loss.add(other.loss);
    weight.add(other.weight);
  }
};

// The weighted mean of losses; fill(begin, losses) computes those of one chunk.
template <class Fill>
double mean_loss(const cpu& policy, std::int64_t n, const real_column& weights, const Fill& fill) {
  const auto sums = detail::naming_the_first(policy, [&](const cpu& threads) {
    return parallel_reduce(
        threads, n, detail::column_grain, loss_sums{},
        [&](std::int64_t begin, std::int64_t end) {
          std::array<double, chunk> loss_space;
          std::array<double, chunk> weight_space;
          loss_sums total;
          for (std::int64_t at = begin; at < end; at += detail::column_chunk) {
            const auto size = static_cast<std::size_t>(std::min(detail::column_chunk, end - at));
            const auto losses = std::span(loss_space).first(size);
            const auto shares = std::span(weight_space).first(size);
            fill(at, losses);
            detail::load_weights(weights, at, shares);
            for (std::size_t i = 0; i < size; ++i) {
              total.loss.add(shares[i] * losses[i]);
              total.weight.add(shares[i]);
            }
          }
          return total;
        },
        [](loss_sums& total, const loss_sums& part) { total.add(part); });
  });
  detail::check_total_weight(sums.weight.value());
  return sums.loss.value() / sums.weight.value();
}

// loss(is positive, probability)
template <class Loss>
double binary_loss(const cpu& policy, const label_column& truth, const real_column& probability,
                   const binary_options& options, const Loss& loss) {
  detail::check_length("probability", probability.size(), truth.size());
  detail::check_weights_length(options.weights, truth.size());
  detail::check_some(truth.size());
  const detail::positive_rule is_positive(options);
  return mean_loss(
      policy, truth.size(), options.weights, [&](std::int64_t begin, std::span<double> losses) {
        std::array<std::int64_t, chunk> label_space;
        const auto labels = std::span(label_space).first(losses.size());
        truth.load(begin, labels);
        is_positive.check(begin, labels);
        probability.load(begin, losses);
        for (std::size_t i = 0; i < losses.size(); ++i) {
          if (!(losses[i] >= 0 && losses[i] <= 1)) {
            throw value_error(
                detail::element_name("probability", begin + static_cast<std::int64_t>(i)),
                detail::number_text(losses[i]), "must be in [0, 1]");
          }
          losses[i] = loss(is_positive(labels[i]), losses[i]);
        }
      });
}

// Adds cell(probability, is the true class) over the columns of each sample.
template <class Cell>
double table_loss(const cpu& policy, const label_column& truth, const real_table& probabilities,
                  const real_column& weights, const std::vector<std::int64_t>& given,
                  const Cell& cell) {
  detail::check_table_shape("probabilities", truth, probabilities, weights);
  const auto labels =
      detail::column_labels(policy, truth, given, "probabilities", probabilities.cols());
  const detail::label_places places("options.labels", labels);
  const double slack = std::sqrt(epsilon(probabilities.is_float()));
  return mean_loss(
      policy, truth.size(), weights, [&](std::int64_t begin, std::span<double> losses) {
        std::array<std::int64_t, chunk> class_space;
        std::array<double, chunk> value_space;
        std::array<double, chunk> total_space;
        const auto classes = std::span(class_space).first(losses.size());
        const auto values = std::span(value_space).first(losses.size());
        const auto totals = std::span(total_space).first(losses.size());
        truth.load(begin, classes);
        places.replace("truth", begin, classes);
        std::fill(losses.begin(), losses.end(), 0.0);
        std::fill(totals.begin(), totals.end(), 0.0);
        for (std::int64_t c = 0; c < probabilities.cols(); ++c) {
          probabilities.column(c).load(begin, values);
          for (std::size_t i = 0; i < values.size(); ++i) {
            if (!(values[i] >= 0 && values[i] <= 1)) {
              throw value_error(
                  detail::cell_name("probabilities", begin + static_cast<std::int64_t>(i), c),
                  detail::number_text(values[i]), "must be in [0, 1]");
            }
            totals[i] += values[i];
            losses[i] += cell(values[i], classes[i] == c);
          }
        }
        for (std::size_t i = 0; i < totals.size(); ++i) {
          if (std::abs(totals[i] - 1) <= slack) continue;
          const auto row = std::to_string(begin + static_cast<std::int64_t>(i));
          throw value_error("the sum of probabilities.row(" + row + ")",
                            detail::number_text(totals[i]), "must be 1");
        }
      });
}

}  // namespace

double log_loss(const cpu& policy, label_column truth, real_column probability,
                const binary_options& options) {
  const double least = epsilon(probability.is_float());
  return binary_loss(policy, truth, probability, options, [&](bool positive, double p) {
    const double clipped = std::clamp(p, least, 1 - least);
    return positive ? -std::log(clipped) : -std::log1p(-clipped);
  });
}

double brier_score(const cpu& policy, label_column truth, real_column probability,
                   const binary_options& options) {
  return binary_loss(policy, truth, probability, options, [](bool positive, double p) {
    const double distance = positive ? 1 - p : p;
    return distance * distance;
  });
}

double log_loss(const cpu& policy, label_column truth, real_table probabilities,
                const multiclass_options& options) {
  const double least = epsilon(probabilities.is_float());
  return table_loss(policy, truth, probabilities, options.weights, options.labels,
                    [&](double p, bool true_class) {
                      return true_class ? -std::log(std::clamp(p, least, 1 - least)) : 0.0;
                    });
}

double brier_score(const cpu& policy, label_column truth, real_table probabilities,
                   const brier_options& options) {
  const double sum = table_loss(policy, truth, probabilities, options.weights, options.labels,
                                [](double p, bool true_class) {
                                  const double distance = true_class ? 1 - p : p;
                                  return distance * distance;
                                });
  return options.scale_by_half.value_or(probabilities.cols() == 2) ? sum / 2 : sum;
}

}  // namespace recokit::inline RECOKIT_ABI
