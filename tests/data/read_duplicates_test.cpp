// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "read_support.hpp"

using namespace recokit;
using namespace recokit_test;

namespace {

// User 1 and item 2 three times, the latest time not on the last line.
const std::string text = "1,2,3,50\n1,3,1,10\n1,2,5,70\n2,2,4,20\n1,2,1,60\n";

}  // namespace

TEST_CASE("the later line of the file wins with its timestamp") {
  CHECK(lines_of(read(text)) == lines{"1 2 1 60", "1 3 1 10", "2 2 4 20"});
}

TEST_CASE("ratings of duplicates are added and the latest timestamp stays") {
  CHECK(lines_of(read(text, {.duplicates = duplicate_rule::sum})) ==
        lines{"1 2 9 70", "1 3 1 10", "2 2 4 20"});
}

TEST_CASE("the highest rating of duplicates wins and the latest timestamp stays") {
  CHECK(lines_of(read(text, {.duplicates = duplicate_rule::max})) ==
        lines{"1 2 5 70", "1 3 1 10", "2 2 4 20"});
}

TEST_CASE("the first line that repeats a user and an item is the error") {
  CHECK(read_error(text, {.duplicates = duplicate_rule::error}) ==
        "ratings.txt:3:1: the user and the item of this line occurred before; another "
        "duplicate_rule would merge them");
  CHECK(lines_of(read("1,2,3\n1,3,3\n", {.duplicates = duplicate_rule::error})) ==
        lines{"1 2 3", "1 3 3"});
}

TEST_CASE("the first repeated line is found behind a header, in any piece") {
  std::string many = "user,item\n";
  for (int k = 0; k < 100; ++k) many += std::to_string(k) + ",5\n";
  many += "42,5\n17,5\n99,5\n";
  for (const std::size_t bytes : {1u, 7u, 64u, 100000u}) {
    const temp_folder folder;
    const auto file = folder.file("ratings.txt", many);
    const auto error = error_text<parse_error>([&] {
      detail::read_ratings_tuned(file, {.duplicates = duplicate_rule::error},
                                 {.piece_bytes = bytes});
    });
    CHECK_THAT(error, ContainsSubstring("ratings.txt:102:1: the user"));
  }
}

TEST_CASE("adding up interactions without ratings counts them") {
  const std::string pairs = "1,2\n1,2\n3,4\n1,2\n";
  CHECK(lines_of(read(pairs, {.duplicates = duplicate_rule::sum})) == lines{"1 2 3", "3 4 1"});
  CHECK(lines_of(read(pairs, {.duplicates = duplicate_rule::max})) == lines{"1 2", "3 4"});
  CHECK(lines_of(read(pairs)) == lines{"1 2", "3 4"});
}

TEST_CASE("a sum outside float is an error that names the file") {
  const auto error =
      read_error<value_error>("1,2,3e38\n1,2,3e38\n", {.duplicates = duplicate_rule::sum});
  CHECK(error ==
        "ratings.txt: sum of the values of row 0 and column 0 = inf: must be in the range of "
        "float");
}

TEST_CASE("sums of duplicates are taken in double") {
  CHECK(lines_of(read("1,1,16777216\n1,1,1\n1,1,1\n", {.duplicates = duplicate_rule::sum})) ==
        lines{"1 1 1.67772e+07"});
  const auto data = read("1,1,16777216\n1,1,1\n1,1,1\n", {.duplicates = duplicate_rule::sum});
  CHECK(data.view().values()[0] == 16777218.0f);
}

TEST_CASE("duplicates in different pieces are merged in the order of the file") {
  std::string many;
  for (int k = 0; k < 300; ++k) {
    many += std::to_string(k % 3) + "," + std::to_string(k % 7) + "," + std::to_string(k) + "," +
            std::to_string(1000 - k) + "\n";
  }
  for (const auto rule : {duplicate_rule::last, duplicate_rule::sum, duplicate_rule::max}) {
    read_options options;
    options.duplicates = rule;
    options.policy.threads = 1;
    const auto whole = lines_of(read(many, options));
    CHECK(whole.size() == 21);
    options.policy.threads = 2;
    for (const std::size_t bytes : {1u, 33u, 500u}) {
      CHECK(lines_of(read_pieces(many, bytes, options)) == whole);
    }
  }
}
