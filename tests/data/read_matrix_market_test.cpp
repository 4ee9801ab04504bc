// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "read_support.hpp"

using namespace recokit;
using namespace recokit_test;

namespace {

csr_matrix<> matrix(std::string_view content) {
  const temp_folder folder;
  return read_matrix_market(folder.file("m.mtx", content));
}

std::string matrix_error(std::string_view content) {
  const auto text = error_text<parse_error>([&] { matrix(content); });
  return text.substr(text.find("m.mtx"));
}

const std::string general = "%%MatrixMarket matrix coordinate real general\n";

}  // namespace

TEST_CASE("a MatrixMarket file keeps its size and counts from 1") {
  const auto m = matrix(general + "% a comment\n%\n\n3 4 3\n3 4 1.5\n1 2 -2\n\n1 1 7e-1\n");
  CHECK(m.rows() == 3);
  CHECK(m.cols() == 4);
  REQUIRE(m.nonzeros() == 3);
  CHECK(m.view().row(0).indices[0] == 0);
  CHECK(m.view().row(0).values[0] == 0.7f);
  CHECK(m.view().row(0).values[1] == -2.0f);
  CHECK(m.view().row(1).size() == 0);
  CHECK(m.view().row(2).indices[0] == 3);
}

TEST_CASE("rows of a MatrixMarket file are users and indices are their ids") {
  const auto data = read(general + "2 3 2\n1 3 5\n2 1 4\n");
  CHECK(data.users().ids() == id_map::kind::identity);
  CHECK(lines_of(data) == lines{"0 2 5", "1 0 4"});
}

TEST_CASE("pattern and integer MatrixMarket files are read") {
  const auto pattern =
      matrix("%%MatrixMarket matrix coordinate pattern general\n2 2 2\n1 2\n2 1\n");
  CHECK_FALSE(pattern.view().has_values());
  CHECK(pattern.nonzeros() == 2);
  const auto integer =
      matrix("%%MatrixMarket MATRIX Coordinate Integer General\r\n2 2 1\r\n1 2 41\r\n");
  CHECK(integer.view().values()[0] == 41.0f);
}

TEST_CASE("each entry off the diagonal of a symmetric MatrixMarket file stands for two") {
  const auto data =
      read("%%MatrixMarket matrix coordinate real symmetric\n3 3 3\n1 1 1\n2 1 5\n3 2 6\n");
  CHECK(lines_of(data) == lines{"0 0 1", "0 1 5", "1 0 5", "1 2 6", "2 1 6"});
}

TEST_CASE("duplicates of a MatrixMarket matrix are summed and of ratings merged by the rule") {
  const std::string text = general + "2 2 3\n1 2 5\n2 2 1\n1 2 3\n";
  CHECK(matrix(text).view().values()[0] == 8.0f);
  CHECK(lines_of(read(text)) == lines{"0 1 3", "1 1 1"});
  CHECK(read_error(text, {.duplicates = duplicate_rule::error}) ==
        "ratings.txt:5:1: the user and the item of this line occurred before; another "
        "duplicate_rule would merge them");
  CHECK(lines_of(read(text, {.ignore_ratings = true})) == lines{"0 1", "1 1"});
}

TEST_CASE("a MatrixMarket matrix without entries is a matrix and no interactions") {
  CHECK(matrix(general + "3 2 0\n").rows() == 3);
  CHECK(matrix(general + "0 0 0\n").rows() == 0);
  CHECK_THAT(read_error(general + "3 2 0\n"),
             ContainsSubstring("there are no interactions in the file"));
}

TEST_CASE("bad banners of MatrixMarket files are refused") {
  CHECK_THAT(matrix_error("1 2 3\n"), ContainsSubstring("m.mtx:1:1: expected"));
  CHECK_THAT(matrix_error("%%MatrixMarket matrix array real general\n2 2\n"),
             ContainsSubstring("the format \"array\" is not supported"));
  CHECK_THAT(matrix_error("%%MatrixMarket matrix coordinate complex general\n"),
             ContainsSubstring("the field \"complex\" is not supported"));
  CHECK_THAT(matrix_error("%%MatrixMarket matrix coordinate real hermitian\n"),
             ContainsSubstring("the symmetry \"hermitian\" is not supported"));
  CHECK_THAT(matrix_error("%%MatrixMarket vector coordinate real general\n"),
             ContainsSubstring("expected"));
}

TEST_CASE("bad size lines of MatrixMarket files are refused") {
  CHECK(matrix_error(general + "% only a comment\n") ==
        "m.mtx:3:1: the line with rows, columns and entries is missing");
  for (const std::string sizes : {"3 4", "3 4 x", "-3 4 1", "3 4 1 1", "3 4 1.0"}) {
    CHECK(matrix_error(general + sizes + "\n") ==
          "m.mtx:2:1: expected three sizes: rows, columns, entries");
  }
  CHECK(matrix_error(general + "2147483648 1 0\n") ==
        "m.mtx:2:1: more than 2^31 - 1 rows or columns");
  CHECK(matrix_error(general + "1 99999999999 0\n") ==
        "m.mtx:2:1: more than 2^31 - 1 rows or columns");
  CHECK_THAT(matrix_error(general + "2147483647 2 1\n1 1 1\n"),
             ContainsSubstring("cannot be meant"));
  CHECK_THAT(matrix_error("%%MatrixMarket matrix coordinate real symmetric\n2 3 0\n"),
             ContainsSubstring("as many rows as columns"));
}

TEST_CASE("bad entries of MatrixMarket files name line and column") {
  const std::string head = general + "3 4 1\n";
  CHECK(matrix_error(head + "4 1 1\n") == "m.mtx:3:1: the row \"4\" is not in [1, 3]");
  CHECK(matrix_error(head + "0 1 1\n") == "m.mtx:3:1: the row \"0\" is not in [1, 3]");
  CHECK(matrix_error(head + "1 5 1\n") == "m.mtx:3:3: the column \"5\" is not in [1, 4]");
  CHECK(matrix_error(head + "1 -1 1\n") == "m.mtx:3:3: the column \"-1\" is not in [1, 4]");
  CHECK(matrix_error(head + "1 99999999999999999999 1\n") ==
        "m.mtx:3:3: the column \"99999999999999999999\" is not in [1, 4]");
  CHECK(matrix_error(head + "1 1.5 1\n") == "m.mtx:3:3: the column \"1.5\" is not an integer");
  CHECK(matrix_error(head + "1 2\n") == "m.mtx:3:4: the value is missing");
  CHECK(matrix_error(head + "1\n") == "m.mtx:3:2: the column is missing");
  CHECK(matrix_error(head + "1 2 x\n") == "m.mtx:3:5: the value \"x\" is not a finite number");
  CHECK(matrix_error(head + "1 2 nan\n") == "m.mtx:3:5: the value \"nan\" is not a finite number");
  CHECK(matrix_error(head + "1 2 1e99\n") == "m.mtx:3:5: the value \"1e99\" does not fit float");
  CHECK(matrix_error(head + "1 2 3 4\n") == "m.mtx:3:7: text follows the entry");
  CHECK(matrix_error("%%MatrixMarket matrix coordinate pattern general\n3 4 1\n1 2 3\n") ==
        "m.mtx:3:5: text follows the entry");
}

TEST_CASE("too few and too many entries of MatrixMarket files are refused") {
  CHECK(matrix_error(general + "3 4 2\n1 1 1\n") ==
        "m.mtx:2:1: the header says 2 entries but the file has 1");
  CHECK(matrix_error(general + "3 4 1\n1 1 1\n2 2 2\n") ==
        "m.mtx:2:1: the header says 1 entries but the file has 2");
  CHECK_THAT(matrix_error(general + "3 4 9223372036854775807\n1 1 1\n"),
             ContainsSubstring("but the file has 1"));
}

TEST_CASE("a MatrixMarket file is the same under every cut and number of threads") {
  std::string text = general + "% c\n9 9 20\n";
  for (int k = 0; k < 20; ++k) {
    text += std::to_string(1 + k * 7 % 9) + " " + std::to_string(1 + k * 5 % 9) + " " +
            std::to_string(k) + ".25\n";
  }
  const auto whole = lines_of(read(text, {.policy = {.threads = 1}}));
  CHECK(whole.size() == 9);
  for (std::size_t bytes = 1; bytes < text.size(); bytes += 3) {
    REQUIRE(lines_of(read_pieces(text, bytes, {.policy = {.threads = 2}})) == whole);
  }
}
