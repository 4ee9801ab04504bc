// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "read_support.hpp"

using namespace recokit;
using namespace recokit_test;

TEST_CASE("a line with too few columns names line, column and both counts") {
  CHECK(read_error("1,2,3\n4,5\n6,7,8\n") == "ratings.txt:2:4: expected 3 columns, found 2");
  CHECK(read_error("1::2::3\n4::5\n") == "ratings.txt:2:5: expected 3 columns, found 2");
  CHECK(read_error("u 2 3\n4 5\n") == "ratings.txt:2:4: expected 3 columns, found 2");
}

TEST_CASE("a line with too many columns names line, column and both counts") {
  CHECK(read_error("1,2,3\n4,5,6,7,8\n") == "ratings.txt:2:6: expected 3 columns, found 5");
  CHECK(read_error("1,2\n4,5,\n") == "ratings.txt:2:4: expected 2 columns, found 3");
}

TEST_CASE("a rating that is no finite number is named") {
  CHECK(read_error("1,2,3\n4,5,good\n") ==
        "ratings.txt:2:5: the rating \"good\" is not a finite number");
  CHECK(read_error("1,2,3\n4,5,nan\n") ==
        "ratings.txt:2:5: the rating \"nan\" is not a finite number");
  CHECK(read_error("1,2,3\n4,5,-inf\n") ==
        "ratings.txt:2:5: the rating \"-inf\" is not a finite number");
  CHECK(read_error("1,2,3\n4,5,\n") == "ratings.txt:2:5: the rating \"\" is not a finite number");
  CHECK(read_error("1,2,3\n4,5,3 4\n") ==
        "ratings.txt:2:5: the rating \"3 4\" is not a finite number");
  CHECK(read_error("1,2,3\n4,5,+-4\n") ==
        "ratings.txt:2:5: the rating \"+-4\" is not a finite number");
}

TEST_CASE("a bad rating in the first line is not taken for a header") {
  CHECK(read_error("1,2,x\n3,4,5\n") == "ratings.txt:1:5: the rating \"x\" is not a finite number");
  CHECK(read_error("a,b,nan\nc,d,5\n") ==
        "ratings.txt:1:5: the rating \"nan\" is not a finite number");
}

TEST_CASE("a rating outside float is named") {
  CHECK(read_error("1,2,3\n4,5,1e39\n") ==
        "ratings.txt:2:5: the rating \"1e39\" does not fit float");
  CHECK(read_error("1,2,3\n4,5,-1e999\n") ==
        "ratings.txt:2:5: the rating \"-1e999\" does not fit float");
}

TEST_CASE("a timestamp that is no integer of 64 bits is named") {
  CHECK(read_error("1,2,3,4\n1,3,3,soon\n") ==
        "ratings.txt:2:7: the timestamp \"soon\" is not an integer");
  CHECK(read_error("1,2,3,4\n1,3,3,4.5\n") ==
        "ratings.txt:2:7: the timestamp \"4.5\" is not an integer");
  CHECK(read_error("1,2,3,4\n1,3,3,9223372036854775808\n") ==
        "ratings.txt:2:7: the timestamp \"9223372036854775808\" does not fit 64 bits");
}

TEST_CASE("an id that must be an integer and is none is named") {
  CHECK(read_error("1,2\nx,3\n", {.user_ids = id_rule::integer}) ==
        "ratings.txt:2:1: the user id \"x\" is not an integer");
  CHECK(read_error("1,2\n1,99999999999999999999\n", {.item_ids = id_rule::integer}) ==
        "ratings.txt:2:3: the item id \"99999999999999999999\" does not fit 64 bits");
}

TEST_CASE("an empty id is an error on both sides") {
  CHECK(read_error("1,2,3\n,5,3\n") == "ratings.txt:2:1: the user id is empty");
  CHECK(read_error("a,b,3\nc, ,3\n") == "ratings.txt:2:3: the item id is empty");
}

TEST_CASE("a quote that does not close on its line is an error at the quote") {
  CHECK(read_error("a,b,3\nc,\"d,3\ne,f\",3\n") ==
        "ratings.txt:2:3: a quote is opened and not closed on this line");
  CHECK(read_error("a,b,3\nc,d,\"3") ==
        "ratings.txt:2:5: a quote is opened and not closed on this line");
}

TEST_CASE("text behind a closing quote is an error") {
  CHECK(read_error("a,b,3\nc,\"d\"e,3\n") == "ratings.txt:2:6: text follows a closing quote");
}

TEST_CASE("an empty line between lines of data is an error") {
  CHECK(read_error("1,2,3\n\n4,5,6\n") ==
        "ratings.txt:2:1: an empty line between the lines of data");
  CHECK(read_error("1 2 3\n  \r\n4 5 6\n", {.delimiter = ' '}) ==
        "ratings.txt:2:1: an empty line between the lines of data");
}

TEST_CASE("an empty file is an error of its first line") {
  CHECK(read_error("") == "ratings.txt:1:1: the file is empty");
  CHECK(read_error("\n\r\n  \n") == "ratings.txt:1:1: the file is empty");
  CHECK(read_error("\xef\xbb\xbf") == "ratings.txt:1:4: the file is empty");
  for (const auto format : {file_format::delimited, file_format::lightgcn, file_format::movielens,
                            file_format::matrix_market}) {
    CHECK(read_error("", {.format = format}) == "ratings.txt:1:1: the file is empty");
  }
}

TEST_CASE("a file with a header and no lines has no interactions") {
  CHECK(read_error("user,item,rating\n") ==
        "ratings.txt:2:1: there are no interactions in the file");
  CHECK_THAT(read_error("user,item,rating"),
             ContainsSubstring("there are no interactions in the file"));
}

TEST_CASE("a file of one column is an error of its first line") {
  CHECK(read_error("1\n2\n") ==
        "ratings.txt:1:1: the line has one column; users and items need two");
}

TEST_CASE("more than four columns without names must be explained by the caller") {
  CHECK(read_error<value_error>("1,2,3,4,5\n1,2,3,4,5\n") ==
        "ratings.txt = 5: are too many to guess; set options.user and options.item, and "
        "options.rating and options.timestamp where there are any");
}

TEST_CASE("a header that names only one of user and item must be explained by the caller") {
  CHECK_THAT(error_text<value_error>([] { read("user,thing,rating\n1,2,3\n"); }),
             ContainsSubstring("options.item = unset: must say which column of"));
  CHECK_THAT(error_text<value_error>([] { read("thing,item,rating\n1,2,3\n"); }),
             ContainsSubstring("options.user = unset"));
}

TEST_CASE("a column name that the header does not have is refused with the names it has") {
  read_options options;
  options.user = "who";
  CHECK_THAT(error_text<value_error>([&] { read("user,item\n1,2\n", options); }),
             ContainsSubstring("options.user = \"who\": is not a column of") &&
                 ContainsSubstring("it has \"user\", \"item\""));
  // A line of numbers is no header, unless it has the name.
  CHECK_THAT(error_text<value_error>([&] { read("1,2\n1,3\n", options); }),
             ContainsSubstring("has no header; give a position from 0"));
  options.user = "1";
  CHECK(read("1,2\n1,3\n", options).nonzeros() == 1);
  options.header = header_rule::absent;
  CHECK_THAT(error_text<value_error>([&] { read("1,2\n", options); }),
             ContainsSubstring("has no header"));
}

TEST_CASE("a column position outside the line or taken twice is refused") {
  read_options options;
  options.user = 2;
  CHECK_THAT(error_text<value_error>([&] { read("1,2\n", options); }),
             ContainsSubstring("options.user = 2: must be in [0, 2)"));
  options.user = -1;
  CHECK_THROWS_AS(read("1,2\n", options), value_error);
  options.user = 0;
  options.item = 0;
  CHECK_THAT(error_text<value_error>([&] { read("1,2\n", options); }),
             ContainsSubstring("taken for two purposes"));
}

TEST_CASE("a file that is not there and a folder are errors of the system") {
  const temp_folder folder;
  CHECK_THAT(error_text<io_error>([&] { read_ratings(folder / "none.csv"); }),
             ContainsSubstring("none.csv: No such file"));
  CHECK_THAT(error_text<io_error>([&] { read_ratings(folder.path()); }),
             ContainsSubstring("is a directory"));
}

TEST_CASE("a dense array is refused with the name of its reader") {
  CHECK_THAT(read_error("\x93NUMPY\x01\x02rest"), ContainsSubstring("use read_npy"));
}

TEST_CASE("long and unprintable fields are shortened in messages") {
  CHECK(read_error("1,2,3\n1,3,\x01" + std::string(100, 'x') + "\n") ==
        "ratings.txt:2:5: the rating \"?" + std::string(39, 'x') + "...\" is not a finite number");
}

TEST_CASE("the error of the earliest line is thrown whatever the pieces and threads") {
  std::string text;
  for (int k = 0; k < 400; ++k) {
    text += std::to_string(k) + ",1," + (k == 123 || k == 124 || k == 390 ? "x" : "5") + "\n";
  }
  text += "1,2\n";
  const temp_folder folder;
  const auto file = folder.file("ratings.txt", text);
  for (const int threads : {1, 2, 5}) {
    for (const std::size_t bytes : {1u, 20u, 1000u, 100000u}) {
      const auto error = error_text<parse_error>([&] {
        detail::read_ratings_tuned(file, {.policy = {.threads = threads}}, {.piece_bytes = bytes});
      });
      CHECK_THAT(error, ContainsSubstring("ratings.txt:124:7: the rating \"x\""));
    }
  }
}

TEST_CASE("an earlier error is thrown although a later line first shows that ids are strings") {
  const temp_folder folder;
  const auto file = folder.file("ratings.txt", "1,1,1\n2,2,bad\n3,3,3\nfour,4,4\n5,5\n");
  for (const int threads : {1, 2}) {
    for (const std::size_t bytes : {1u, 8u, 100u}) {
      const auto error = error_text<parse_error>([&] {
        detail::read_ratings_tuned(file, {.policy = {.threads = threads}}, {.piece_bytes = bytes});
      });
      CHECK_THAT(error, ContainsSubstring("ratings.txt:2:5: the rating \"bad\""));
    }
  }
}

TEST_CASE("more users or items than an index can count are refused") {
  const temp_folder folder;
  const auto file = folder.file("ratings.txt", "1,1\n2,1\n3,1\n");
  const auto read_most = [&](std::int64_t most) {
    return detail::read_ratings_tuned(file, {}, {.piece_bytes = 4, .most_ids = most});
  };
  CHECK(read_most(3).rows() == 3);
  CHECK_THAT(error_text<value_error>([&] { read_most(2); }),
             ContainsSubstring("number of users in ") &&
                 ContainsSubstring("ratings.txt = 3: must not exceed 2"));
}
