// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/data/id_map.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace rk = recokit;
using recokit_test::error_text;

TEST_CASE("integer ids go to indices and back") {
  const std::vector<std::int64_t> ids{-5, 0, 3, 1'000'000'000'000};
  const auto map = rk::id_map::from_integers(ids);
  REQUIRE(map.size() == 4);
  CHECK(map.ids() == rk::id_map::kind::integer);
  for (int i = 0; i < 4; ++i) {
    const std::int64_t id = ids[static_cast<std::size_t>(i)];
    CHECK(map.integer(i) == id);
    CHECK(map.name(i) == std::to_string(id));
    CHECK(map.index(id) == i);
    CHECK(map.index(std::to_string(id)) == i);
  }
  CHECK_FALSE(map.find(1).has_value());
  CHECK_FALSE(map.find(std::numeric_limits<std::int64_t>::min()).has_value());
  CHECK_FALSE(map.find(std::numeric_limits<std::int64_t>::max()).has_value());
}

TEST_CASE("string ids go to indices and back, in byte order") {
  const std::vector<std::string> ids{"", "10", "9", "Zoe", "ann", "b\xC3\xA9", "\xFF"};
  const auto map = rk::id_map::from_strings(ids);
  REQUIRE(map.size() == 7);
  CHECK(map.ids() == rk::id_map::kind::string);
  for (int i = 0; i < 7; ++i) {
    CHECK(map.name(i) == ids[static_cast<std::size_t>(i)]);
    CHECK(map.index(ids[static_cast<std::size_t>(i)]) == i);
  }
  CHECK(map.index(10) == 1);
  CHECK_FALSE(map.find(1).has_value());
  CHECK_FALSE(map.find("an").has_value());
  CHECK_FALSE(map.find("annn").has_value());
}

TEST_CASE("identity ids are their indices") {
  const auto map = rk::id_map::identity(3);
  REQUIRE(map.size() == 3);
  CHECK(map.ids() == rk::id_map::kind::identity);
  CHECK(map.index(2) == 2);
  CHECK(map.index("2") == 2);
  CHECK(map.name(1) == "1");
  CHECK(map.integer(0) == 0);
  CHECK_FALSE(map.find(3).has_value());
  CHECK_FALSE(map.find(-1).has_value());
  CHECK(rk::id_map().size() == 0);
  CHECK_FALSE(rk::id_map().find(0).has_value());
}

TEST_CASE("text finds an integer id only as that id is printed") {
  for (const auto& map : {rk::id_map::from_integers({-7, 0, 7}), rk::id_map::identity(8)}) {
    CHECK(map.find("7").has_value());
    CHECK(map.find("0").has_value());
    for (const char* text :
         {"07", "+7", " 7", "7 ", "7.0", "-0", "", "seven", "0x7", "99999999999999999999"}) {
      INFO("\"" << text << "\"");
      CHECK_FALSE(map.find(text).has_value());
    }
  }
  CHECK(rk::id_map::from_integers({-7, 7}).index("-7") == 0);
}

TEST_CASE("an unknown id is named in the error") {
  const auto text = [](const auto& call) { return error_text<rk::value_error>(call); };
  const auto numbers = rk::id_map::from_integers({10, 20});
  const auto names = rk::id_map::from_strings({"ann", "bob", "eve"});
  CHECK(text([&] { numbers.index(15); }) == "id = 15: is not among the 2 ids");
  CHECK(text([&] { numbers.index("010"); }) == "id = \"010\": is not among the 2 ids");
  CHECK(text([&] { names.index("Ann"); }) == "id = \"Ann\": is not among the 3 ids");
  CHECK(text([&] { names.index(1); }) == "id = 1: is not among the 3 ids");
}

TEST_CASE("indices beyond the ids are refused") {
  const auto text = [](const auto& call) { return error_text<rk::value_error>(call); };
  for (const auto& map : {rk::id_map::from_integers({10, 20}), rk::id_map::identity(2),
                          rk::id_map::from_strings({"ann", "bob"})}) {
    CHECK(text([&] { map.name(2); }) == "index = 2: must be in [0, 2)");
    CHECK(text([&] { map.name(-1); }) == "index = -1: must be in [0, 2)");
    CHECK(text([&] { map.integer(2); }) == "index = 2: must be in [0, 2)");
  }
  CHECK(text([] { rk::id_map::from_strings({"ann"}).integer(0); }) ==
        "index = 0: has a string id: call name()");
}

TEST_CASE("ids that do not ascend are refused where they stop to") {
  const auto text = [](const auto& call) { return error_text<rk::value_error>(call); };
  CHECK(text([] {
          rk::id_map::from_integers({1, 5, 4});
        }) == "ids[2] = 4: must be greater than the id before it, 5");
  CHECK(text([] {
          rk::id_map::from_integers({1, 1});
        }) == "ids[1] = 1: must be greater than the id before it, 1");
  CHECK(text([] {
          rk::id_map::from_strings({"b", "a"});
        }) == "ids[1] = a: must be greater than the id before it, b");
  CHECK(text([] { rk::id_map::identity(-1); }) == "n = -1: must be in [0, 2147483647]");
}

TEST_CASE("a subset keeps the ids in their order") {
  const auto names = rk::id_map::from_strings({"ann", "bob", "eve"}).subset({0, 2});
  REQUIRE(names.size() == 2);
  CHECK(names.index("ann") == 0);
  CHECK(names.index("eve") == 1);
  CHECK_FALSE(names.find("bob").has_value());
  const auto numbers = rk::id_map::from_integers({10, 20, 30}).subset({1, 2});
  CHECK(numbers.index(20) == 0);
  CHECK(numbers.index(30) == 1);
  CHECK(rk::id_map::identity(5).subset({1, 4}).index(4) == 1);
  CHECK(rk::id_map::identity(5).subset({}).size() == 0);
}

TEST_CASE("id maps are equal when their ids are") {
  CHECK(rk::id_map::from_strings({"a", "b"}) == rk::id_map::from_strings({"a", "b"}));
  CHECK_FALSE(rk::id_map::from_strings({"a", "b"}) == rk::id_map::from_strings({"a", "c"}));
  CHECK_FALSE(rk::id_map::from_strings({"ab", "c"}) == rk::id_map::from_strings({"a", "bc"}));
  CHECK(rk::id_map::from_integers({1, 2}) == rk::id_map::from_integers({1, 2}));
  CHECK_FALSE(rk::id_map::from_integers({1, 2}) == rk::id_map::from_strings({"1", "2"}));
  CHECK(rk::id_map::identity(4) == rk::id_map::identity(4));
  CHECK_FALSE(rk::id_map::identity(4) == rk::id_map::identity(5));
}
