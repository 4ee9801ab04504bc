// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Interactions as a measure wants to see them: weighted, less a mean, or without values.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/data/weighting.hpp>
#include <recokit/neighbors/similarity.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// The weighting of the options, learnt from the interactions.
inline fitted_weighting fit_weighting(const cpu& policy, const csr_view<>& interactions,
                                      const similarity_options& options) {
  switch (options.weighting) {
    case similarity_weighting::tf_idf:
      return {weighting::tf_idf{}, interactions, policy};
    case similarity_weighting::bm25:
      return {
          weighting::bm25{static_cast<float>(options.bm25_k1), static_cast<float>(options.bm25_b)},
          interactions, policy};
    default:
      return {};
  }
}

/// Measures that look at which interactions there are, and not at their values.
inline bool ignores_values(similarity_measure measure) {
  return measure == similarity_measure::jaccard || measure == similarity_measure::tversky ||
         measure == similarity_measure::dice ||
         measure == similarity_measure::conditional_probability ||
         measure == similarity_measure::lift;
}

/// The same entries with new values; the pattern is shared.
inline csr_matrix<> with_new_values(const csr_matrix<>& matrix, std::vector<float> values) {
  struct storage {
    std::shared_ptr<const void> pattern;
    std::vector<float> values;
  };
  auto owner = std::make_shared<storage>(storage{matrix.owner(), std::move(values)});
  const auto& view = matrix.view();
  const auto changed = csr_view<>::trusted(view.rows(), view.cols(), view.offsets().data(),
                                           view.indices().data(), owner->values.data());
  return {changed, std::move(owner)};
}

/// Means of the entries of the columns; 0 without any.
inline std::vector<double> column_means(const csr_view<>& matrix) {
  std::vector<double> sums(static_cast<std::size_t>(matrix.cols()), 0.0);
  std::vector<std::int64_t> counts(sums.size(), 0);
  for (std::int64_t r = 0; r < matrix.rows(); ++r) {
    const auto row = matrix.row(r);
    for (std::size_t n = 0; n < row.size(); ++n) {
      const auto c = static_cast<std::size_t>(row.indices[n]);
      sums[c] += static_cast<double>(row.value(n));
      ++counts[c];
    }
  }
  for (std::size_t c = 0; c < sums.size(); ++c) {
    if (counts[c] > 0) sums[c] /= static_cast<double>(counts[c]);
  }
  return sums;
}

/// @param subtract subtract(row, entry) from each value
template <class Subtract>
csr_matrix<> less_means(const csr_matrix<>& matrix, const Subtract& subtract) {
  const auto& view = matrix.view();
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(view.nonzeros()));
  for (std::int64_t r = 0; r < view.rows(); ++r) {
    const auto row = view.row(r);
    double mean = 0;
    for (std::size_t n = 0; n < row.size(); ++n) mean += static_cast<double>(row.value(n));
    mean /= static_cast<double>(std::max<std::size_t>(row.size(), 1));
    for (std::size_t n = 0; n < row.size(); ++n) {
      values.push_back(
          static_cast<float>(static_cast<double>(row.value(n)) - subtract(mean, row.indices[n])));
    }
  }
  return with_new_values(matrix, std::move(values));
}

/// The pattern alone where the values make no difference: they are not looked at, or all are 1.
inline csr_matrix<> without_idle_values(const csr_matrix<>& matrix, similarity_measure measure) {
  const auto values = matrix.view().values();
  const bool idle = ignores_values(measure) ||
                    std::all_of(values.begin(), values.end(), [](float x) { return x == 1; });
  return idle ? csr_matrix<>(matrix.view().pattern(), matrix.owner()) : matrix;
}

}  // namespace recokit::inline RECOKIT_ABI::detail
