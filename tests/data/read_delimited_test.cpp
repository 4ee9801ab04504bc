// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "read_support.hpp"

using namespace recokit;
using namespace recokit_test;

TEST_CASE("the usual delimiters are found by themselves") {
  const lines expected{"1 10 4 100", "2 20 3.5 200"};
  for (const std::string d : {"\t", ",", ";", "|", " ", "::"}) {
    CAPTURE(d);
    const auto data =
        read("1" + d + "10" + d + "4" + d + "100\n2" + d + "20" + d + "3.5" + d + "200\n");
    CHECK(lines_of(data) == expected);
  }
}

TEST_CASE("a delimiter named by the caller is taken even where another one is there") {
  const auto data = read("a,b;x,y;5\na,c;x,z;4\n", {.delimiter = ';'});
  CHECK(lines_of(data) == lines{"a,b x,y 5", "a,c x,z 4"});
  CHECK(lines_of(read("1_2_5\n", {.delimiter = '_'})) == lines{"1 2 5"});
}

TEST_CASE("a delimiter that numbers may hold is refused") {
  CHECK_THROWS_AS(read("1.2.3\n", {.delimiter = '.'}), value_error);
  CHECK_THROWS_AS(read("15253\n", {.delimiter = '5'}), value_error);
}

TEST_CASE("any run of blanks divides columns and a trailing blank does not make a column") {
  CHECK(lines_of(read("1  2   5\n 3 \t 4 2 \n5 6 1\t\r\n")) == lines{"1 2 5", "3 4 2", "5 6 1"});
}

TEST_CASE("two columns are interactions without ratings") {
  const auto data = read("1,2\n1,3\n");
  CHECK_FALSE(data.view().has_values());
  CHECK_FALSE(data.has_timestamps());
  CHECK(lines_of(data) == lines{"1 2", "1 3"});
}

TEST_CASE("three columns have ratings and no timestamps") {
  const auto data = read("1,2,5\n");
  CHECK(data.view().has_values());
  CHECK_FALSE(data.has_timestamps());
}

TEST_CASE("carriage returns, a byte order mark and blank lines at the end do not count") {
  const lines expected{"1 2 5", "3 4 2.5"};
  CHECK(lines_of(read("1,2,5\r\n3,4,2.5\r\n")) == expected);
  CHECK(lines_of(read("\xef\xbb\xbf"
                      "1,2,5\n3,4,2.5\n")) == expected);
  CHECK(lines_of(read("\xef\xbb\xbf"
                      "user,item,rating\n1,2,5\n3,4,2.5")) == expected);
  CHECK(lines_of(read("1,2,5\n3,4,2.5\n\n\r\n  \n")) == expected);
  CHECK(lines_of(read("1,2,5\n3,4,2.5")) == expected);
  CHECK(lines_of(read("1,2,5\r\n3,4,2.5\r")) == expected);
}

TEST_CASE("quoted fields may hold delimiters and doubled quotes") {
  const auto data =
      read("user,item,rating\nann,\"Good, Bad\",5\n\"b\"\"o\"\"b\",\" x \",\"4.5\"\n");
  CHECK(lines_of(data) == lines{"ann Good, Bad 5", "b\"o\"b  x  4.5"});
}

TEST_CASE("blanks around an unquoted field are not part of it") {
  CHECK(lines_of(read("1 , 2 ,\t5 \n3, abc d ,4\n")) == lines{"1 2 5", "3 abc d 4"});
}

TEST_CASE("a quote inside an unquoted field is an ordinary character") {
  CHECK(lines_of(read("u1,12\" vinyl,5\nu2,x,1\n")) == lines{"u1 12\" vinyl 5", "u2 x 1"});
}

TEST_CASE("columns are found by the usual names in any order") {
  CHECK(lines_of(read("timestamp,Rating,movieId,userId\n9,4,10,1\n")) == lines{"1 10 4 9"});
  CHECK(lines_of(read("user_id:token\titem_id:token\trating:float\n1\t2\t3\n")) == lines{"1 2 3"});
  CHECK(lines_of(read("genre,item,comment,uid,plays,x\npop,7,\"so, so\",3,12,0\n")) ==
        lines{"3 7 12"});
}

TEST_CASE("columns are taken by position or name where the caller says so") {
  const std::string wide = "9,1,x,2,5,77\n9,3,x,4,2,78\n";
  read_options options;
  options.user = 1;
  options.item = 3;
  CHECK(lines_of(read(wide, options)) == lines{"1 2", "3 4"});
  options.rating = 4;
  options.timestamp = 5;
  CHECK(lines_of(read(wide, options)) == lines{"1 2 5 77", "3 4 2 78"});

  read_options named;
  named.user = "who";
  named.item = "what";
  named.rating = "liked";
  CHECK(lines_of(read("what,who,liked\n1,2,3\n", named)) == lines{"2 1 3"});
}

TEST_CASE("columns given in part leave the rest to their places") {
  read_options options;
  options.user = 1;
  options.item = 0;
  CHECK(lines_of(read("10,1,5,99\n", options)) == lines{"1 10 5 99"});
}

TEST_CASE("a header is told from data") {
  CHECK(lines_of(read("user,item\nu,i\n")) == lines{"u i"});
  CHECK(lines_of(read("who,what,liked\nu1,i1,3\n")) == lines{"u1 i1 3"});
  CHECK(lines_of(read("a,b\n1,2\n")) == lines{"1 2"});
  // Two columns of names: nothing says that the first line is special.
  CHECK(lines_of(read("u1,i1\nu2,i2\n")) == lines{"u1 i1", "u2 i2"});
  CHECK(lines_of(read("u1,i1,5\n17,i2,4\n")) == lines{"17 i2 4", "u1 i1 5"});
}

TEST_CASE("the caller decides about the header where told to") {
  CHECK(lines_of(read("user,item\nu,i\n", {.header = header_rule::absent})) ==
        lines{"u i", "user item"});
  CHECK(lines_of(read("1,2,3\n4,5,6\n", {.header = header_rule::present})) == lines{"4 5 6"});
}

TEST_CASE("ratings and timestamps are left out when told to") {
  const std::string text = "1,2,5,100\n1,3,4,200\n";
  CHECK(lines_of(read(text, {.ignore_ratings = true})) == lines{"1 2 100", "1 3 200"});
  CHECK(lines_of(read(text, {.ignore_timestamps = true})) == lines{"1 2 5", "1 3 4"});
  // What is left out is not looked at.
  CHECK(lines_of(read("1,2,?,100\n", {.ignore_ratings = true})) == lines{"1 2 100"});
}

TEST_CASE("timestamps may be written as whole decimals") {
  CHECK(lines_of(read("1,2,5,964982703.0\n1,3,5,-5\n1,4,5,1e3\n")) ==
        lines{"1 2 5 964982703", "1 3 5 -5", "1 4 5 1000"});
}

TEST_CASE("ratings are rounded to the nearest float") {
  const auto data = read(
      "1,1,0.1\n1,2,-2.5e-3\n1,3,16777217\n1,4,+3\n1,5,1e-46\n1,6,.5\n1,7,7.\n"
      "1,8,123456789.123456789\n1,9,1e-45\n");
  const auto values = data.view().values();
  CHECK(std::vector<float>(values.begin(), values.end()) ==
        std::vector<float>{0.1f, -2.5e-3f, 16777216.0f, 3.0f, 0.0f, 0.5f, 7.0f, 123456792.0f,
                           1.40129846e-45f});
}

TEST_CASE("options that leave no column for users or items are refused") {
  const auto refusal = [](const std::string& text, const read_options& options) {
    return error_text<value_error>([&] { read(text, options); });
  };
  CHECK_THAT(refusal("1 2\n3 4\n", {.delimiter = ' ', .user = 1, .timestamp = 0}),
             ContainsSubstring("options.item = unset: finds no column: other options take all 2"));
  CHECK_THAT(refusal("1,2,3\n", {.item = 0, .rating = 1, .timestamp = 2}),
             ContainsSubstring("options.user = unset: finds no column: other options take all 3"));
  CHECK_THAT(refusal("1,2\n", {.rating = 0, .timestamp = 1}),
             ContainsSubstring("options.user = unset"));
}
