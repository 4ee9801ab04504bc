// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/resampling/smote_n.hpp>

namespace recokit::inline RECOKIT_ABI::smote_n::detail_smote_n {

row_major_matrix<index_t> elected(const cpu& policy, const dense_categories& categories,
                                  std::span<const index_t> bases,
                                  const kernels::neighbor_table& neighbors) {
  const auto rows = static_cast<std::int64_t>(bases.size());
  const auto cols = categories.codes.cols();
  row_major_matrix<index_t> winners(rows, cols);
  parallel_for(policy, rows, 256, [&](std::int64_t begin, std::int64_t end) {
    std::vector<index_t> ballot;
    for (std::int64_t r = begin; r < end; ++r) {
      for (Eigen::Index c = 0; c < cols; ++c) {
        ballot.assign(1, categories.codes(bases[static_cast<std::size_t>(r)], c));
        for (const index_t voter : neighbors.rows.row(r)) {
          ballot.push_back(categories.codes(voter, c));
        }
        index_t smallest = -1;
        detail::over_modes(ballot,
                           [&](index_t code) { smallest = smallest < 0 ? code : smallest; });
        winners(r, c) = smallest;
      }
    }
  });
  return winners;
}

}  // namespace recokit::inline RECOKIT_ABI::smote_n::detail_smote_n
