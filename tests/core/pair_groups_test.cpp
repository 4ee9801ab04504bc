// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/core/pair_groups.hpp>

#include <vector>

namespace rk = recokit;

TEST_CASE("pairs are grouped by key, keys and positions rising") {
  const std::vector<rk::index_t> keys{3, 0, 3, 5, 0, 3};
  const rk::pair_groups groups(keys, 7);
  REQUIRE(groups.size() == 3);
  const auto positions = [&](std::size_t g) {
    const auto found = groups.positions(g);
    return std::vector<std::size_t>(found.begin(), found.end());
  };
  CHECK(groups.key(0) == 0);
  CHECK(positions(0) == std::vector<std::size_t>{1, 4});
  CHECK(groups.key(1) == 3);
  CHECK(positions(1) == std::vector<std::size_t>{0, 2, 5});
  CHECK(groups.key(2) == 5);
  CHECK(positions(2) == std::vector<std::size_t>{3});
  CHECK(rk::pair_groups({}, 0).size() == 0);
  CHECK(rk::pair_groups({}, 4).size() == 0);
}
