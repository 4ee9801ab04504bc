// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "read_support.hpp"

using namespace recokit;
using namespace recokit_test;

namespace {

// Every cut of `text` must give what one piece on one thread gives.
void check_all_cuts(const std::string& text, const lines& expected, read_options options = {}) {
  options.policy.threads = 1;
  CHECK(lines_of(read(text, options)) == expected);
  for (std::size_t bytes = 1; bytes <= text.size() + 1; ++bytes) {
    for (const int threads : {1, 2}) {
      CAPTURE(bytes, threads);
      options.policy.threads = threads;
      REQUIRE(lines_of(read_pieces(text, bytes, options)) == expected);
    }
  }
}

}  // namespace

TEST_CASE("no cut falls inside a line") {
  check_all_cuts("1,20,3\n44,5,6.5\n7,888,9\n10,11,1\n",
                 {"1 20 3", "7 888 9", "10 11 1", "44 5 6.5"});
}

TEST_CASE("no cut falls between carriage return and line feed") {
  check_all_cuts("1,20,3\r\n44,5,6.5\r\n7,888,9\r\n", {"1 20 3", "7 888 9", "44 5 6.5"});
}

TEST_CASE("a last line without line feed is read once under every cut") {
  check_all_cuts("1,20,3\n44,5,6.5\n7,888,9", {"1 20 3", "7 888 9", "44 5 6.5"});
  check_all_cuts("1,20,3", {"1 20 3"});
  check_all_cuts("1,20,3\r\n7,888,9\r", {"1 20 3", "7 888 9"});
}

TEST_CASE("a header and a byte order mark belong to no piece") {
  check_all_cuts("\xef\xbb\xbfuser,item,rating\n1,20,3\n44,5,6.5\n7,888,9\n\n \n",
                 {"1 20 3", "7 888 9", "44 5 6.5"});
}

TEST_CASE("quoted delimiters are safe under every cut") {
  check_all_cuts("\"a,b\",\"x\"\"y\",3\nc,\"d,\",4\ne,f,5\n", {"a,b x\"y 3", "c d, 4", "e f 5"});
}

TEST_CASE("the first id that is no integer may stand in the last piece") {
  check_all_cuts("10,1,1\n9,2,2\n8,3,3\n007,4,4\n", {"007 4 4", "10 1 1", "8 3 3", "9 2 2"});
  check_all_cuts("10,1,1\n9,2,2\n8,3,3\nx,y,4\n", {"10 1 1", "8 3 3", "9 2 2", "x y 4"});
}

TEST_CASE("nothing behind the last page of a file is looked at") {
  // Lines of four bytes, and a line that is wrong at its very end, up to the end of a page.
  std::string pages;
  while (pages.size() < 65536) pages += "1,2\n";
  for (const std::size_t bytes : {1000u, 65532u, 65533u, 70000u}) {
    CHECK(read_pieces(pages, bytes).nonzeros() == 1);
  }
  for (const std::string end :
       {"1,\n\n\n\n\n\n", "1,2,", ",\n \n\n   ", "9,\"x", "1\n\n\n", "1,2,\n\n\n\n"}) {
    std::string text = pages;
    text.replace(text.size() - end.size(), end.size(), end);
    CHECK_THROWS_AS(read(text), parse_error);
    CHECK_THROWS_AS(read_pieces(text, 65000), parse_error);
  }
}

TEST_CASE("both sides may turn to strings in different pieces") {
  check_all_cuts("10,1,1\n9,b,2\n8,3,3\na,4,4\n", {"10 1 1", "8 3 3", "9 b 2", "a 4 4"});
}

TEST_CASE("LightGCN lines and blank-divided tables are read under every cut") {
  check_all_cuts("0 1 2 3\n1\n2 5 1\n", {"0 1", "0 2", "0 3", "2 1", "2 5"});
  check_all_cuts("u1  2 3 \n u4 5 6\n", {"u1 2 3", "u4 5 6"});
}

TEST_CASE("double colons are read under every cut") {
  check_all_cuts("1::2::3::4\n5::6::7::8\na:b::9::1::2\n", {"1 2 3 4", "5 6 7 8", "a:b 9 1 2"});
}

TEST_CASE("the same bits come out for any number of threads") {
  std::string text = "userId,movieId,rating,timestamp\n";
  std::uint32_t state = 1;
  for (int k = 0; k < 20000; ++k) {
    state = state * 1664525u + 1013904223u;
    text += std::to_string(state >> 24) + "," + std::to_string(state >> 16 & 0xFF) + "," +
            std::to_string((state >> 8) % 10) + ".5," + std::to_string(k) + "\n";
  }
  const auto one = lines_of(read_pieces(text, 1000, {.policy = {.threads = 1}}));
  for (const int threads : {2, 3, 8}) {
    CHECK(lines_of(read_pieces(text, 1000, {.policy = {.threads = threads}})) == one);
    CHECK(lines_of(read_pieces(text, 70000, {.policy = {.threads = threads}})) == one);
  }
}
