// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Users and items that did not meet, drawn beside those that did: training pairs with
/// labels.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/config.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/dense_view.hpp>
#include <recokit/core/params.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// Pairs of a user and an item with a class each; three arrays of one length.
struct labelled_pairs {
  std::vector<index_t> users;
  std::vector<index_t> items;
  std::vector<index_t> labels;

  std::size_t size() const noexcept { return labels.size(); }
};

namespace negative_pairs {

enum class chance {
  uniform,     ///< all items alike
  popularity,  ///< by the number of users, to the power of popularity_exponent
};
constexpr std::array<std::string_view, 2> names_of(chance) noexcept {
  return {"uniform", "popularity"};
}

struct params {
  double ratio = 4;                   ///< negatives for each interaction of a user
  std::vector<double> user_ratios{};  ///< of each user; empty: ratio. Not in the table of fields
  chance draw = chance::uniform;
  double popularity_exponent = 0.75;  ///< draw=popularity
  int candidates = 10;                ///< sample_hard: drawn for each that is kept
  int k_neighbors = 3;                ///< sample_hard: items of the user in the sum of distances
  std::uint64_t seed = 42;

  static constexpr auto fields() {
    return std::tuple{
        field("ratio", &params::ratio, 0, 1e6, "negatives for each interaction of a user"),
        field("draw", &params::draw, "chances of the items that a user does not have"),
        field("popularity_exponent", &params::popularity_exponent, 0, 10,
              "draw=popularity: of the number of users"),
        field("candidates", &params::candidates, 1, 10'000, "sample_hard: drawn for each kept"),
        field("k_neighbors", &params::k_neighbors, 1, 1'000'000,
              "sample_hard: items of the user in the sum of distances"),
        field("seed", &params::seed, "of the draws"),
    };
  }
};

/// The interactions as pairs of class 1, and for each user ratio · n items, rounded, that the user
/// does not have as pairs of class 0: distinct, and all there are when there are fewer. Of the
/// training part only: what is drawn may be in the test part, as in life.
///
/// Pairs come by user; the interactions first, in their order, then the negatives in the order
/// drawn.
///
/// @param interactions users × items: a csr_source; values mean nothing here
/// @throws value_error for params out of range; dimension_error unless user_ratios is empty or has
///         one a user
/// Uniform O(drawn) a user, by popularity O(drawn · (n + drawn)). The same pairs for any number of
/// threads.
labelled_pairs sample(const cpu& policy, const csr_view<>& interactions, const params& params = {});
template <csr_source Source>
labelled_pairs sample(const cpu& policy, const Source& interactions, const params& params = {}) {
  return sample(policy, standard_csr(interactions).view(), params);
}
template <csr_source Source>
labelled_pairs sample(const Source& interactions, const params& params = {}) {
  return sample(cpu{}, interactions, params);
}

/// The same with hard negatives: of `candidates` times as many drawn items, those with the smallest
/// sum of Euclidean distances to the k nearest items of the user, which is NearMiss-1 within the
/// user. Hardest first; ties by the lower item.
///
/// @param item_rows items × columns: item factors, or what else says how alike items are
/// @throws dimension_error unless there is a row for each item; value_error for one that is not
///         finite, and what sample throws
/// O(drawn · n · columns) a user. Zhang and Mani, "kNN approach to unbalanced data distributions",
/// ICML'03 workshop.
template <class Scalar>
labelled_pairs sample_hard(const cpu& policy, const csr_view<>& interactions,
                           const dense_view<Scalar>& item_rows, const params& params = {});

template <csr_source Source, class Scalar>
labelled_pairs sample_hard(const cpu& policy, const Source& interactions,
                           const dense_view<Scalar>& item_rows, const params& params = {}) {
  return sample_hard(policy, standard_csr(interactions).view(), item_rows, params);
}
template <csr_source Source, class Scalar>
labelled_pairs sample_hard(const Source& interactions, const dense_view<Scalar>& item_rows,
                           const params& params = {}) {
  return sample_hard(cpu{}, interactions, item_rows, params);
}

extern template labelled_pairs sample_hard(const cpu&, const csr_view<>&, const dense_view<float>&,
                                           const params&);
extern template labelled_pairs sample_hard(const cpu&, const csr_view<>&, const dense_view<double>&,
                                           const params&);

}  // namespace negative_pairs
}  // namespace recokit::inline RECOKIT_ABI
