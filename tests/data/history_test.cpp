// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/data/history.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace rk = recokit;

std::vector<rk::index_t> row_of(const rk::csr_matrix<>& history) {
  REQUIRE(history.rows() == 1);
  const auto row = history.view().row(0);
  return {row.indices.begin(), row.indices.end()};
}

const rk::id_map films = rk::id_map::from_strings({"Brazil", "Gattaca", "Moon", "Ran"});

}  // namespace

TEST_CASE("a history has the items of its ids in order, each once and as 1") {
  const auto history = rk::history_of(films, {"Ran", "Brazil", "Ran"});
  CHECK(row_of(history) == std::vector<rk::index_t>{0, 3});
  CHECK(history.cols() == 4);
  CHECK_FALSE(history.view().has_values());
}

TEST_CASE("ids of a history may be strings, views and integers") {
  const std::vector<std::string> strings{"Moon", "Gattaca"};
  const std::vector<std::string_view> views{"Moon", "Gattaca"};
  CHECK(row_of(rk::history_of(films, strings)) == std::vector<rk::index_t>{1, 2});
  CHECK(row_of(rk::history_of(films, views)) == std::vector<rk::index_t>{1, 2});
  const auto numbers = rk::id_map::from_integers({7, 50, 300});
  CHECK(row_of(rk::history_of(numbers, std::vector<int>{300, 7})) ==
        std::vector<rk::index_t>{0, 2});
  CHECK(row_of(rk::history_of(numbers, std::vector<std::uint8_t>{50})) ==
        std::vector<rk::index_t>{1});
  CHECK(row_of(rk::history_of(numbers, strings, rk::unknown_ids::skip)).empty());
  // A single 0 is an id, not a null string.
  CHECK(row_of(rk::history_of(rk::id_map::identity(3), {0})) == std::vector<rk::index_t>{0});
  CHECK(row_of(rk::history_of(numbers, {300, 7})) == std::vector<rk::index_t>{0, 2});
}

TEST_CASE("an unknown id of a history is named, or left out where asked") {
  CHECK(recokit_test::error_text<rk::value_error>([] {
          rk::history_of(films, {"Ran", "Dune"});
        }).find("Dune") != std::string::npos);
  CHECK(row_of(rk::history_of(films, {"Ran", "Dune"}, rk::unknown_ids::skip)) ==
        std::vector<rk::index_t>{3});
  CHECK(row_of(rk::history_of(films, std::vector<std::string>{})).empty());
}
