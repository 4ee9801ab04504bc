// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/resampling/adasyn.hpp>

#include <algorithm>
#include <string>

namespace recokit::inline RECOKIT_ABI::adasyn::detail_adasyn {

std::vector<std::int64_t> rows_of_each(const detail::class_target& target, int k,
                                       std::span<const int> other_class_neighbors) {
  const auto is_zero = [](int count) { return count == 0; };
  if (std::all_of(other_class_neighbors.begin(), other_class_neighbors.end(), is_zero)) {
    throw value_error("params.k_neighbors", std::to_string(k),
                      "the " + std::to_string(k) + " nearest rows of every row of class " +
                          std::to_string(target.label) +
                          " are of that class, so nothing says where new rows belong: take smote, "
                          "or more neighbours");
  }
  return detail::shares(
      target.rows, std::vector<double>(other_class_neighbors.begin(), other_class_neighbors.end()));
}

}  // namespace recokit::inline RECOKIT_ABI::adasyn::detail_adasyn
