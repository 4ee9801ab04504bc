// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/text.hpp"

#include "support/catch.hpp"

#include <limits>

using namespace recokit_bench;

TEST_CASE("numbers print with the digits asked for and never as nan") {
  CHECK(fixed(0.0416314, 6) == "0.041631");
  CHECK(fixed(0, 6) == "0.000000");
  CHECK(fixed(std::numeric_limits<double>::quiet_NaN(), 6) == "n/a");
  CHECK(fixed(std::numeric_limits<double>::infinity(), 2) == "n/a");
  CHECK(shortest(0.003) == "0.003");
  CHECK(shortest(0.01f) == "0.01");
}

TEST_CASE("thousands are grouped") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(1027370) == "1,027,370");
  CHECK(grouped(-1234) == "-1,234");
}

TEST_CASE("short times keep three digits") {
  CHECK(seconds_text(0) == "0.00");
  CHECK(seconds_text(0.0000412) == "0.000041");
  CHECK(seconds_text(0.01234) == "0.0123");
  CHECK(seconds_text(0.5) == "0.500");
  CHECK(seconds_text(12.345) == "12.35");
  CHECK(seconds_text(1234.5) == "1234");
}

TEST_CASE("width counts code points, not bytes") {
  CHECK(display_width("±1") == 2);
  CHECK(right_aligned("±1", 4) == "  ±1");
  CHECK(left_aligned("±1", 4) == "±1  ");
}

TEST_CASE("a long text loses its middle") {
  CHECK(shortened("abcdef", 6) == "abcdef");
  CHECK(shortened("abcdefgh", 5) == "ab…gh");
  CHECK(display_width(shortened("äöüäöüäöü", 4)) == 4);
}

TEST_CASE("the nearest word is found for slips and beginnings, and for nothing else") {
  const std::vector<std::string> known{"popularity", "item_knn", "ials", "ndcg"};
  CHECK(nearest("ialss", known) == "ials");
  CHECK(nearest("ndgc", known) == "ndcg");
  CHECK(nearest("pop", known) == "popularity");
  CHECK(nearest("item-knn", known) == "item_knn");
  CHECK_FALSE(nearest("transformer", known));
}

TEST_CASE("an unknown word is answered with the known ones") {
  CHECK(std::string(unknown_word("model", "ialss", {"popularity", "ials"}).what()) ==
        "unknown model \"ialss\"; did you mean \"ials\"? Known: popularity, ials");
  CHECK(std::string(unknown_word("model", "x", {"popularity", "ials"}).what()) ==
        "unknown model \"x\"; known: popularity, ials");
}
