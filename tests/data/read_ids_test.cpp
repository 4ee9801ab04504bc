// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "read_support.hpp"

#include <cstdint>

using namespace recokit;
using namespace recokit_test;

TEST_CASE("integer ids are indexed in ascending order, whatever the order of the lines") {
  const auto data = read("30,9,1\n-4,100,2\n30,7,3\n9007199254740993,-9223372036854775808,4\n");
  CHECK(data.users().ids() == id_map::kind::integer);
  CHECK(data.items().ids() == id_map::kind::integer);
  CHECK(lines_of(data) ==
        lines{"-4 100 2", "30 7 3", "30 9 1", "9007199254740993 -9223372036854775808 4"});
}

TEST_CASE("string ids are indexed in byte order") {
  const auto data = read("b,10,1\nB,9,2\na,x,3\n");
  CHECK(data.users().ids() == id_map::kind::string);
  CHECK(data.items().ids() == id_map::kind::string);
  CHECK(lines_of(data) == lines{"B 9 2", "a x 3", "b 10 1"});
  CHECK(data.items().index("10") < data.items().index("9"));
}

TEST_CASE("one id that is no integer makes its side strings and leaves the other alone") {
  const auto data = read("1,2,1\n3,4,1\n5,six,1\n");
  CHECK(data.users().ids() == id_map::kind::integer);
  CHECK(data.items().ids() == id_map::kind::string);
}

TEST_CASE("an integer that would not be printed as it stands is a string") {
  for (const std::string id : {"007", "+7", "-0", "7.0", "0x7", "99999999999999999999", "00"}) {
    CAPTURE(id);
    const auto data = read(id + ",1,1\n7,1,1\n");
    CHECK(data.users().ids() == id_map::kind::string);
    CHECK(data.rows() == 2);
    CHECK(data.users().find(id).has_value());
  }
}

TEST_CASE("the largest and the smallest integers are integers") {
  const auto data = read("9223372036854775807,1\n-9223372036854775808,1\n0,1\n");
  CHECK(data.users().ids() == id_map::kind::integer);
  CHECK(data.users().integer(0) == INT64_MIN);
  CHECK(data.users().integer(2) == INT64_MAX);
}

TEST_CASE("ids are read as strings where told to") {
  const auto data = read("10,1,1\n9,2,1\n", {.user_ids = id_rule::string});
  CHECK(data.users().ids() == id_map::kind::string);
  CHECK(data.items().ids() == id_map::kind::integer);
  CHECK(data.users().name(0) == "10");
}

TEST_CASE("ids that must be integers may have leading zeros") {
  const auto data = read("007,1,1\n8,1,1\n", {.user_ids = id_rule::integer});
  CHECK(lines_of(data) == lines{"7 1 1", "8 1 1"});
}

TEST_CASE("Latin-1 bytes in ids pass through untouched") {
  const auto data = read("Andr\xe9,Am\xe9lie \xff,5\nZo\xeb,\x80,1\n");
  CHECK(data.users().name(0) == "Andr\xe9");
  CHECK(data.items().index("Am\xe9lie \xff") == 0);
  CHECK(data.items().index("\x80") == 1);
}

TEST_CASE("a quoted empty id is an id") {
  const auto data = read("\"\",1,5\nb,1,4\n");
  CHECK(data.users().name(0).empty());
}

TEST_CASE("many ids of each kind get the indices of their order") {
  std::string integers;
  std::string strings;
  constexpr int n = 5000;
  for (int k = 0; k < n; ++k) {
    const int id = static_cast<int>(k * 7919LL % n);  // every number once, out of order
    integers += std::to_string(id * 3) + "," + std::to_string(1000000007LL * id) + "\n";
    strings += "u" + std::to_string(100000 + id) + "," +
               std::string(static_cast<std::size_t>(1 + id % 50), 'x') + std::to_string(id) + "\n";
  }
  const auto a = read_pieces(integers, 1000);
  REQUIRE(a.rows() == n);
  REQUIRE(a.cols() == n);
  for (int k = 0; k < n; ++k) {
    REQUIRE(a.users().integer(k) == k * 3);
    REQUIRE(a.view().row(k).indices[0] == k);
  }
  const auto b = read_pieces(strings, 1000);
  REQUIRE(b.rows() == n);
  REQUIRE(b.cols() == n);
  for (int k = 0; k < n; ++k) {
    REQUIRE(b.users().name(k) == "u" + std::to_string(100000 + k));
    REQUIRE(b.items().name(b.view().row(k).indices[0]) ==
            std::string(static_cast<std::size_t>(1 + k % 50), 'x') + std::to_string(k));
  }
}
