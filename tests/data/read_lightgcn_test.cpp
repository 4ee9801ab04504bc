// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "read_support.hpp"

using namespace recokit;
using namespace recokit_test;

TEST_CASE("a LightGCN line holds a user and any number of items") {
  const auto data = read("0 5 3 4\n1 3\n7 9 5 \n");
  CHECK_FALSE(data.view().has_values());
  CHECK(lines_of(data) == lines{"0 3", "0 4", "0 5", "1 3", "7 5", "7 9"});
}

TEST_CASE("a LightGCN user without items keeps an empty row") {
  const auto data = read("0 5 3\n1\n2 \n3 5\n");
  CHECK(data.rows() == 4);
  CHECK(data.view().row(1).size() == 0);
  CHECK(data.view().row(2).size() == 0);
  CHECK(lines_of(data) == lines{"0 3", "0 5", "3 5"});
}

TEST_CASE("an item named twice for a LightGCN user counts once") {
  CHECK(lines_of(read("0 5 5 3 5\n1 2\n")) == lines{"0 3", "0 5", "1 2"});
  CHECK(lines_of(read("0 5 5 3 5\n1 2\n", {.duplicates = duplicate_rule::sum})) ==
        lines{"0 3 1", "0 5 3", "1 2 1"});
  CHECK(read_error("0 5 3 55 5\n", {.duplicates = duplicate_rule::error}) ==
        "ratings.txt:1:10: the user and the item of this line occurred before; another "
        "duplicate_rule would merge them");
}

TEST_CASE("bad ids of LightGCN lines are named") {
  const read_options options{.format = file_format::lightgcn};
  CHECK(read_error("0 1 2\n1 -3\n", options) == "ratings.txt:2:3: the item id \"-3\" is negative");
  CHECK(read_error("0 1 2\n-1 3\n", options) == "ratings.txt:2:1: the user id \"-1\" is negative");
  CHECK(read_error("0 1 2\n1 3 x4\n", options) ==
        "ratings.txt:2:5: the item id \"x4\" is not an integer");
  CHECK(read_error("0 1 2\n1 99999999999999999999\n", options) ==
        "ratings.txt:2:3: the item id \"99999999999999999999\" does not fit 64 bits");
  CHECK(read_error("0 1 2\n\n1 3\n", options) ==
        "ratings.txt:2:1: an empty line between the lines of data");
}

TEST_CASE("LightGCN lines without any item have no interactions") {
  CHECK_THAT(read_error("0\n1\n", {.format = file_format::lightgcn}),
             ContainsSubstring("there are no interactions in the file"));
}

TEST_CASE("numbers that are all LightGCN could still be a table when the caller says so") {
  CHECK(lines_of(read("1 2 3\n4 5 6\n")) == lines{"1 2 3", "4 5 6"});
  CHECK(lines_of(read("1 2 3\n4 5 6\n", {.format = file_format::lightgcn})) ==
        lines{"1 2", "1 3", "4 5", "4 6"});
}

TEST_CASE("numbers of LightGCN lines are texts where the options or the other file want texts") {
  const auto data = read(
      "3 10 9\n1 10\n",
      {.format = file_format::lightgcn, .user_ids = id_rule::string, .item_ids = id_rule::string});
  CHECK(data.users().ids() == id_map::kind::string);
  CHECK(data.items().index(std::string_view("10")) == 0);
  CHECK(lines_of(data) == lines{"1 10", "3 10", "3 9"});
  const temp_folder folder;
  const auto both = read_train_test(folder.file("train", "0 5 3 4\n1 3\n7 9 5\n"),
                                    folder.file("test", "a,5\nb,x\n"));
  CHECK(both.first.users().ids() == id_map::kind::string);
  CHECK(lines_of(both.first) == lines{"0 3", "0 4", "0 5", "1 3", "7 5", "7 9"});
  CHECK(lines_of(both.second) == lines{"a 5", "b x"});
}
