// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Matrices and calls that tests of rating models share.
#pragma once

#include "reference/random_matrix.hpp"

#include <recokit/core/rating_model.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace recokit_test {

/// Integers in [-2, 3] with empty rows and columns, row 1 all 2.
inline recokit::csr_matrix<> signed_ratings(int rows, int cols, std::uint64_t seed) {
  const auto drawn = random_matrix(rows, cols, 0.4, seed, 6);
  const auto view = drawn.view();
  std::vector<recokit::offset_t> offsets(view.offsets().begin(), view.offsets().end());
  std::vector<recokit::index_t> indices(view.indices().begin(), view.indices().end());
  std::vector<float> values(view.values().begin(), view.values().end());
  for (float& value : values) value -= 3;
  for (auto n = offsets[1]; n < offsets[2]; ++n) values[static_cast<std::size_t>(n)] = 2;
  return {rows, cols, std::move(offsets), std::move(indices), std::move(values)};
}

/// Predictions of all pairs, users × items.
template <class Model>
Eigen::MatrixXd all_predictions(const recokit::cpu& policy, const Model& model) {
  std::vector<recokit::index_t> users, items;
  for (recokit::index_t u = 0; u < model.users(); ++u) {
    for (recokit::index_t i = 0; i < model.items(); ++i) {
      users.push_back(u);
      items.push_back(i);
    }
  }
  const std::vector<float> found = model.predict(policy, users, items);
  Eigen::MatrixXd table(model.users(), model.items());
  for (std::size_t n = 0; n < found.size(); ++n) table(users[n], items[n]) = double{found[n]};
  return table;
}

/// One row of a matrix as a matrix of its own.
inline recokit::csr_matrix<> one_row(const recokit::csr_matrix<>& matrix, recokit::index_t row) {
  const auto from = matrix.row(row);
  return {1,
          matrix.cols(),
          {0, static_cast<recokit::offset_t>(from.size())},
          {from.indices.begin(), from.indices.end()},
          {from.values.begin(), from.values.end()}};
}

}  // namespace recokit_test
