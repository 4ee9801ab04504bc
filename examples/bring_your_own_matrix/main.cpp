// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Trains on a matrix that the program already owns, without copying it: an Eigen sparse matrix, an
// Eigen::Map over raw pointers, or three plain arrays.
#include <recokit/recokit.hpp>

#include <Eigen/SparseCore>

#include <cstdint>
#include <iostream>
#include <vector>

namespace rk = recokit;

int main() {
  // Four users, five items; say they came from a database or another process.
  const std::vector<std::int64_t> offsets{0, 3, 5, 8, 10};
  const std::vector<std::int32_t> items{0, 1, 2, 0, 1, 2, 3, 4, 3, 4};
  const std::vector<float> weights{1, 2, 1, 3, 1, 1, 1, 2, 2, 1};

  // Three arrays: checked once (order, range, duplicates, NaN), then used where they are.
  const rk::csr_view<> view(4, 5, offsets, items, weights);
  std::cout << "arrays:  copied? " << (view.values().data() == weights.data() ? "no" : "yes")
            << '\n';
  const auto from_arrays = rk::item_knn::fit(view);

  // Eigen's own types work as they are; row-major means that rows are users.
  using matrix = Eigen::SparseMatrix<float, Eigen::RowMajor, std::int32_t>;
  const std::vector<std::int32_t> narrow_offsets(offsets.begin(), offsets.end());
  const Eigen::Map<const matrix> map(4, 5, 10, narrow_offsets.data(), items.data(), weights.data());
  std::cout << "map:     copied? "
            << (rk::as_csr(map).values().data() == weights.data() ? "no" : "yes") << '\n';
  const auto from_map = rk::item_knn::fit(map);

  for (rk::index_t user = 0; user < 4; ++user) {
    const auto list = from_arrays.recommend(user, {.k = 1});
    std::cout << "user " << user << " gets item " << list.front().item
              << (list == from_map.recommend(user, {.k = 1}) ? "" : " or not") << '\n';
  }

  // Mistakes are caught at the door, with what to do about them.
  try {
    rk::csr_view<>(5, 5, offsets, items, weights);
  } catch (const rk::error& problem) {
    std::cout << problem.what() << '\n';
  }
  try {
    rk::csr_view<>(4, 4, offsets, items, weights);
  } catch (const rk::error& problem) {
    std::cout << problem.what() << '\n';
  }
}

// clang-format off
// Expected output:
// arrays:  copied? no
// map:     copied? no
// user 0 gets item 4
// user 1 gets item 2
// user 2 gets item 1
// user 3 gets item 2
// offsets.size() is 5 but rows + 1 is 6: rows is the number of users
// column id in row 2 = 4: must be in [0, cols) with cols = 4; rows are users and columns are items: is the matrix transposed?
