// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The most frequent category of some rows, column by column.
#pragma once

#include <recokit/core/config.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace recokit::inline RECOKIT_ABI::detail {

/// Calls use(code) for each of the most frequent codes, ascending. @param codes are sorted
template <class Use>
void over_modes(std::vector<index_t>& codes, const Use& use) {
  std::sort(codes.begin(), codes.end());
  const auto over_runs = [&](const auto& each) {
    for (auto begin = codes.begin(); begin != codes.end();) {
      const auto end = std::upper_bound(begin, codes.end(), *begin);
      each(*begin, end - begin);
      begin = end;
    }
  };
  std::ptrdiff_t most = 0;
  over_runs([&](index_t, std::ptrdiff_t times) { most = std::max(most, times); });
  over_runs([&](index_t code, std::ptrdiff_t times) {
    if (times == most) use(code);
  });
}

/// For every column, one of the most frequent codes of the rows `voters`, drawn among equals.
/// @param ballot work space
template <class Voters, class Random, class Row>
void vote(const row_major_matrix<index_t>& codes, const Voters& voters,
          std::vector<index_t>& ballot, Random& random, Row&& winners) {
  std::vector<index_t> modes;
  for (Eigen::Index c = 0; c < codes.cols(); ++c) {
    ballot.clear();
    for (const index_t voter : voters) ballot.push_back(codes(voter, c));
    modes.clear();
    over_modes(ballot, [&](index_t code) { modes.push_back(code); });
    const auto chosen =
        modes.size() == 1 ? 0 : static_cast<std::size_t>(random.below(modes.size()));
    winners[c] = modes[chosen];
  }
}

}  // namespace recokit::inline RECOKIT_ABI::detail
