// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief From the options of neighbors/similarity.hpp to a measure, and to the neighbours by it.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/kernels/item_similarity.hpp>
#include <recokit/kernels/pair_measures.hpp>
#include <recokit/kernels/similarity_device.hpp>
#include <recokit/neighbors/similarity.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// What a measure takes from each of two vectors by itself; its meaning depends on the measure.
struct vector_facts {
  std::vector<double> as_first;
  std::vector<double> as_second;
};

/// Facts of the rows of `vectors`. O(nonzeros), parallel.
inline vector_facts facts_of(const cpu& policy, const csr_view<>& vectors,
                             const similarity_options& options) {
  const auto count = static_cast<std::size_t>(vectors.rows());
  vector_facts facts{std::vector<double>(count), std::vector<double>(count)};
  parallel_for(policy, vectors.rows(), 1024, [&](std::int64_t begin, std::int64_t end) {
    for (auto v = static_cast<std::size_t>(begin); std::cmp_less(v, end); ++v) {
      const auto row = vectors.row(static_cast<std::int64_t>(v));
      const auto size = static_cast<double>(row.size());
      double squares = row.values.empty() ? size : 0;
      for (const float x : row.values) {
        squares += static_cast<double>(x) * static_cast<double>(x);
      }
      double& first = facts.as_first[v];
      double& second = facts.as_second[v];
      switch (options.measure) {
        case similarity_measure::cosine:
          first = second = std::sqrt(squares);
          break;
        case similarity_measure::asymmetric_cosine:
          first = std::pow(squares, options.alpha);
          second = std::pow(squares, 1 - options.alpha);
          break;
        case similarity_measure::conditional_probability:
          first = size;
          second = std::pow(size, options.beta);
          break;
        case similarity_measure::euclidean:
          first = second = squares;
          break;
        default:
          first = second = size;
      }
    }
  });
  return facts;
}

/// Calls with(measure, symmetry, sums): the measure of the options as a function of pairs, whether
/// it is symmetric, and an empty object of the sums that it wants.
/// @param first, second facts of the vectors that the first and the second index of a pair mean
/// @param population    how long a vector could be: N of lift
/// @param with_values   false when all values are 1
template <class With>
auto with_measure(const similarity_options& options, const vector_facts& first,
                  const vector_facts& second, double population, bool with_values,
                  const With& with) {
  using kernels::pair_count;
  using kernels::pair_dot;
  using kernels::pair_symmetry;
  namespace measures = pair_measures;
  const measures::damping damp{options.significance, options.amplification};
  const double* const x = first.as_first.data();
  const double* const y = second.as_second.data();
  const double lambda = options.shrinkage;
  const auto ratio = [&](double alpha, double beta, double shrinkage) {
    return with(measures::ratio_measure{x, y, alpha, beta, shrinkage, damp},
                alpha == beta ? pair_symmetry::symmetric : pair_symmetry::none, pair_count{});
  };
  const auto product = [&](bool is_symmetric, bool of_values, double scale) {
    const auto symmetry = is_symmetric ? pair_symmetry::symmetric : pair_symmetry::none;
    return of_values
               ? with(measures::product_measure<pair_dot>{x, y, scale, lambda * scale, damp},
                      symmetry, pair_dot{})
               : with(measures::product_measure<pair_count>{x, y, scale, lambda * scale, damp},
                      symmetry, pair_count{});
  };
  switch (options.measure) {
    case similarity_measure::adjusted_cosine:
    case similarity_measure::pearson:
      return with(
          measures::common_measure{options.measure == similarity_measure::pearson, lambda, damp},
          pair_symmetry::symmetric, kernels::pair_moments{});
    case similarity_measure::jaccard:
      return ratio(1, 1, lambda);
    case similarity_measure::tversky:
      return ratio(options.alpha, options.beta, lambda);
    case similarity_measure::dice:
      return ratio(0.5, 0.5, lambda / 2);
    case similarity_measure::asymmetric_cosine:
      return product(options.alpha == 0.5, with_values, 1);
    case similarity_measure::conditional_probability:
      return product(false, false, 1);
    case similarity_measure::lift:
      return product(true, false, population);
    case similarity_measure::euclidean:
      return with(measures::euclidean_measure{x, y, lambda, damp}, pair_symmetry::symmetric,
                  pair_dot{});
    default:
      return product(true, with_values, 1);
  }
}

/// The nearest neighbours of all rows of `vectors`: rows × rows, each row in ascending order.
/// @param device null: on the CPU
/// @param facts  of the rows of `vectors`
/// @param transposed of `vectors`
inline csr_matrix<> neighbors_of_rows(const cpu& policy, kernels::similarity_device* device,
                                      const similarity_options& options, const vector_facts& facts,
                                      const csr_view<>& vectors, const csr_view<>& transposed,
                                      std::size_t k, const std::function<bool()>& cancelled) {
  return with_measure(options, facts, facts, vectors.cols(), vectors.has_values(),
                      [&](const auto& measure, kernels::pair_symmetry symmetry, auto sums) {
                        if (device == nullptr) {
                          return kernels::item_similarity<decltype(sums)>(
                              policy, transposed, vectors, k, measure, symmetry,
                              options.minimum_support, cancelled);
                        }
                        return device->neighbors(vectors, transposed, measure, k,
                                                 options.minimum_support, cancelled);
                      });
}

}  // namespace recokit::inline RECOKIT_ABI::detail
