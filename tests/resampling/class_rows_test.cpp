// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <recokit/resampling/class_rows.hpp>

#include <string>
#include <vector>

namespace rk = recokit;
using ids = std::vector<rk::index_t>;

namespace {

ids list(std::span<const rk::index_t> values) { return {values.begin(), values.end()}; }

}  // namespace

TEST_CASE("classes are sorted by label and list their rows ascending") {
  const ids labels{7, -2, 7, 7, 4, -2, 4};
  const rk::class_table classes(labels);
  CHECK(classes.rows() == 7);
  REQUIRE(classes.classes() == 3);
  CHECK(list(classes.labels()) == ids{-2, 4, 7});
  CHECK(list(classes.rows_of(0)) == ids{1, 5});
  CHECK(list(classes.rows_of(1)) == ids{4, 6});
  CHECK(list(classes.rows_of(2)) == ids{0, 2, 3});
  CHECK(list(classes.positions()) == ids{2, 0, 2, 2, 1, 0, 1});
  CHECK(classes.count(2) == 3);
  CHECK(classes.find(4) == 1u);
  CHECK_FALSE(classes.find(5));
  CHECK_FALSE(classes.find(8));
}

TEST_CASE("of equally large classes the first by label is the majority and the minority") {
  const rk::class_table classes(ids{3, 1, 2, 1, 2, 0});
  CHECK(classes.label(classes.majority()) == 1);
  CHECK(classes.label(classes.minority()) == 0);
  const rk::class_table even(ids{5, 4});
  CHECK(even.majority() == 0);
  CHECK(even.minority() == 0);
}

TEST_CASE("no rows are no classes") {
  const rk::class_table none(ids{});
  CHECK(none.classes() == 0);
  CHECK(none.rows() == 0);
  CHECK_FALSE(none.find(0));
}

TEST_CASE("names of classes become labels in byte order") {
  const std::vector<std::string> names{"red", "blue", "red", "green", ""};
  const auto classes = rk::class_labels(names);
  CHECK(classes.names == std::vector<std::string>{"", "blue", "green", "red"});
  CHECK(classes.labels == ids{3, 1, 3, 2, 0});
}
