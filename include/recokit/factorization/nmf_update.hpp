// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The updates and the loss of nonnegative matrix factorization.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::nmf {

/// How factors are updated.
enum class solver {
  coordinate,      ///< one factor after the other, each to its best value
  multiplicative,  ///< all factors of a row at once, by the rules of Lee and Seung
};
/// Names of the values of solver, in order.
constexpr std::array<std::string_view, 2> enum_names(solver) {
  return {"coordinate", "multiplicative"};
}

/// What cells without interaction are.
enum class missing {
  zero,     ///< values of 0, which count
  ignored,  ///< unknown: only interactions count
};
/// Names of the values of missing, in order.
constexpr std::array<std::string_view, 2> enum_names(missing) { return {"zero", "ignored"}; }

/// How the distance of the product from the values is measured.
enum class loss {
  frobenius,         ///< half the sum of squared differences
  kullback_leibler,  ///< the generalised divergence, for counts
};
/// Names of the values of loss, in order.
constexpr std::array<std::string_view, 2> enum_names(loss) {
  return {"frobenius", "kullback_leibler"};
}

// In the library; see nmf.hpp for what they are parts of.
namespace detail {

/// What the update of one side does. Penalties of a row: cells · (l1 |w|₁ + l2 |w|² / 2).
struct side {
  nmf::solver solver;
  nmf::missing missing;
  nmf::loss loss;
  double l1;
  double l2;
};

/// What all rows of a side add up to.
struct totals {
  row_major_matrix<float> gram;  ///< d × d
  std::vector<float> sums;       ///< d
};

totals totals_of(const cpu& policy, const row_major_matrix<float>& rows);

/// @throws value_error when a value is negative
void check_values(const csr_view<>& data);

/// The scale of the first factors: √(mean / d).
double first_stddev(const csr_view<>& data, nmf::missing missing, int d);

/// Updates every row of `solved` once, from its entries in `matrix` and the other side.
/// @throws cancelled_error, error when a row is no longer finite
void half_step(const cpu& policy, const csr_view<>& matrix, const row_major_matrix<float>& fixed,
               const totals& of_fixed, const side& side, row_major_matrix<float>& solved,
               const std::function<bool()>& cancelled);

/// The rows that minimise the loss, from nothing: what fold-in returns.
/// @param peers rows of the own side, whose mean a row without entries gets with missing::ignored
row_major_matrix<float> solved_rows(const cpu& policy, const csr_view<>& matrix,
                                    const row_major_matrix<float>& fixed, const totals& of_fixed,
                                    const row_major_matrix<float>& peers, const side& side);

double loss_of(const cpu& policy, const csr_view<>& data, const row_major_matrix<float>& users,
               const row_major_matrix<float>& items, const side& user_side, const side& item_side);

}  // namespace detail

}  // namespace recokit::inline RECOKIT_ABI::nmf
