// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <data/csr_builder.hpp>

#include <recokit/core/random.hpp>

#include <map>
#include <utility>
#include <vector>

using namespace recokit;

TEST_CASE("rows of any length and width are sorted and merged as a map would do it") {
  constexpr std::uint32_t lengths[] = {0, 1, 5, 40, 100, 3000, 0};
  for (const std::int64_t cols : {10, 300, 70000, 20000000}) {
    for (const int threads : {1, 2}) {
      random_stream random(3, random_purpose::user, static_cast<std::uint64_t>(cols));
      std::map<std::pair<std::uint32_t, std::uint32_t>, std::pair<float, std::int64_t>> expected;
      std::vector<detail::coo_piece> pieces;
      std::int64_t line = 0;
      for (int p = 0; p < 5; ++p) {
        pieces.emplace_back(4000, true, true);
        auto& piece = pieces.back();
        for (std::uint32_t user = 0; user < std::size(lengths); ++user) {
          for (std::uint32_t k = 0; k < lengths[user]; ++k, ++line) {
            const auto item =
                static_cast<std::uint32_t>(random.below(static_cast<std::uint64_t>(cols)));
            const auto value = static_cast<float>(random.below(10));
            piece.users[piece.size] = user;
            piece.items[piece.size] = item;
            piece.ratings[piece.size] = value;
            piece.times[piece.size] = line;
            ++piece.size;
            expected[{user, item}] = {value, line};
          }
        }
      }
      const cpu policy{.threads = threads};
      auto arrays = detail::place_rows(policy, std::size(lengths), cols, pieces, true);
      CHECK(arrays.entries() == line);
      const auto duplicates = detail::sort_rows(policy, arrays);
      CHECK(duplicates == line - static_cast<std::int64_t>(expected.size()));
      arrays = detail::merge_duplicates(policy, std::move(arrays), duplicates, duplicate_rule::last,
                                        "test");
      REQUIRE(arrays.entries() == static_cast<std::int64_t>(expected.size()));
      std::size_t at = 0;
      for (const auto& [key, entry] : expected) {
        REQUIRE(arrays.offsets[key.first] <= static_cast<offset_t>(at));
        REQUIRE(arrays.offsets[key.first + 1] > static_cast<offset_t>(at));
        REQUIRE(arrays.indices[at] == static_cast<index_t>(key.second));
        REQUIRE(arrays.values[at] == entry.first);
        REQUIRE(arrays.timestamps[at] == entry.second);
        ++at;
      }
    }
  }
}
