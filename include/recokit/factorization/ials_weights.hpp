// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief How iALS weighs interactions, unobserved items and the ridge of rows.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/factorization/ials_options.hpp>
#include <recokit/kernels/row_problem.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail_ials {

/// @throws value_error when a value is negative and params.dislikes is off
template <class Value, class Index, class Offset>
void check_values(const ials::params& params, const csr_view<Value, Index, Offset>& matrix) {
  if (params.dislikes) return;
  for (const auto value : matrix.values()) {
    if (value < 0) {
      throw value_error("interaction value", std::to_string(value),
                        "ials takes values as weights, which must not be negative; set "
                        "params.dislikes, drop such interactions (at_least) or use "
                        "weighting::binary");
    }
  }
}

/// The matrix of weights for the kernels: the magnitude is the weight beside the unobserved one, a
/// negative sign a dislike. Raw values are used where they are; others get an array of their own.
template <class Value, class Index, class Offset>
csr_matrix<Value, Index, Offset> weigh(const ials::params& params,
                                       const csr_view<Value, Index, Offset>& matrix) {
  using view_type = csr_view<Value, Index, Offset>;
  if (params.confidence == ials::confidence_kind::raw) {
    return csr_matrix<Value, Index, Offset>(matrix, nullptr);
  }
  const auto weight = [&](double x) {
    const double size = std::abs(x);
    const double grown = params.confidence == ials::confidence_kind::linear
                             ? size
                             : std::log1p(size / params.confidence_epsilon);
    return std::copysign(params.confidence_scale * grown, x);
  };
  const auto entries = static_cast<std::size_t>(matrix.nonzeros());
  auto values = std::make_shared<std::vector<Value>>(entries);
  for (std::size_t e = 0; e < entries; ++e) {
    (*values)[e] = static_cast<Value>(weight(matrix.has_values() ? matrix.values()[e] : 1));
  }
  const auto view = view_type::trusted(matrix.rows(), matrix.cols(), matrix.offsets().data(),
                                       matrix.indices().data(), values->data());
  return {view, std::move(values)};
}

/// The weight that the target of an observed entry has beyond its own: alpha0, or 0 for raw.
template <class Scalar>
Scalar target_base(const ials::params& params) {
  return params.confidence == ials::confidence_kind::raw
             ? Scalar{0}
             : static_cast<Scalar>(params.unobserved_weight);
}

/// The ridge of the rows of one side. @param other rows of the other side
template <class Scalar>
kernels::row_ridge<Scalar> ridge(const ials::params& params, double regularization,
                                 std::int64_t other) {
  return {static_cast<Scalar>(regularization),
          static_cast<Scalar>(params.unobserved_weight * static_cast<double>(other)),
          static_cast<Scalar>(params.regularization_exponent)};
}

/// The mean over items of popularity^exponent, by which scales of unobserved weights are divided.
inline double popularity_mean(const ials::params& params, std::span<const std::int64_t> counts) {
  double sum = 0;
  for (const auto count : counts) {
    sum += std::pow(static_cast<double>(count), params.popularity_exponent);
  }
  return sum > 0 ? sum / static_cast<double>(counts.size()) : 1;
}

/// Scales of the unobserved weight, one an item, with mean 1; empty when all are 1.
template <class Scalar>
std::vector<Scalar> item_scales(const ials::params& params, double mean,
                                std::span<const std::int64_t> counts) {
  std::vector<Scalar> scales;
  if (params.popularity_exponent == 0) return scales;
  scales.reserve(counts.size());
  for (const auto count : counts) {
    scales.push_back(static_cast<Scalar>(
        std::pow(static_cast<double>(count), params.popularity_exponent) / mean));
  }
  return scales;
}

/// Lambda for the exponent in use: params.regularization, rescaled from reference_exponent.
template <class Value, class Index, class Offset>
double effective_regularization(const ials::params& params,
                                const csr_view<Value, Index, Offset>& by_user,
                                std::span<const std::int64_t> item_counts,
                                std::span<const double> item_scales) {
  if (!params.reference_exponent) return params.regularization;
  const auto sum = [&](double exponent) {
    double total = 0;
    const double users = static_cast<double>(by_user.rows());
    const double items = static_cast<double>(by_user.cols());
    for (std::int64_t u = 0; u < by_user.rows(); ++u) {
      const auto n = static_cast<double>(by_user.row(u).size());
      total += std::pow(n + params.unobserved_weight * items, exponent);
    }
    for (std::size_t i = 0; i < item_counts.size(); ++i) {
      const double scale = item_scales.empty() ? 1 : item_scales[i];
      total += std::pow(
          static_cast<double>(item_counts[i]) + params.unobserved_weight * users * scale, exponent);
    }
    return total;
  };
  const double now = sum(params.regularization_exponent);
  return now > 0 ? params.regularization * sum(*params.reference_exponent) / now
                 : params.regularization;
}

}  // namespace recokit::inline RECOKIT_ABI::detail_ials
