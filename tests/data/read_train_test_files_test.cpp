// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "read_support.hpp"

#include <recokit/data/write.hpp>

using namespace recokit;
using namespace recokit_test;

namespace {

std::pair<interactions, interactions> read_both(std::string_view train, std::string_view test,
                                                const read_options& options = {}) {
  const temp_folder folder;
  return read_train_test(folder.file("train.txt", train), folder.file("test.txt", test), options);
}

}  // namespace

TEST_CASE("train and test share their id maps") {
  const auto [train, test] = read_both("1,10,5\n3,30,4\n", "2,10,3\n1,20,2\n");
  CHECK(train.users() == test.users());
  CHECK(train.items() == test.items());
  CHECK(train.rows() == 3);
  CHECK(train.cols() == 3);
  CHECK(test.rows() == 3);
  CHECK(test.cols() == 3);
  CHECK(lines_of(train) == lines{"1 10 5", "3 30 4"});
  CHECK(lines_of(test) == lines{"1 20 2", "2 10 3"});
}

TEST_CASE("users without items in a LightGCN test file are rows of both") {
  const auto [train, test] = read_both("0 1 2 3\n1 5\n", "0 4\n1\n2\n3 1 2 4 5 6 7\n");
  CHECK(train.rows() == 4);
  CHECK(test.rows() == 4);
  CHECK(train.cols() == 7);
  CHECK(test.view().row(1).size() == 0);
  CHECK(test.view().row(2).size() == 0);
}

TEST_CASE("a string id in one file makes that side strings in both") {
  const auto [train, test] = read_both("10,1,5\n9,2,4\n", "x,1,3\n9,3,3\n");
  CHECK(train.users().ids() == id_map::kind::string);
  CHECK(train.items().ids() == id_map::kind::integer);
  CHECK(lines_of(train) == lines{"10 1 5", "9 2 4"});
  CHECK(lines_of(test) == lines{"9 3 3", "x 1 3"});
  const auto [test2, train2] = read_both("x,1,3\n9,3,3\n", "10,1,5\n9,2,4\n");
  CHECK(lines_of(train2) == lines_of(train));
  CHECK(lines_of(test2) == lines_of(test));
}

TEST_CASE("train and test may have different formats when both have ids") {
  const auto [train, test] = read_both("0 1 2 3\n1 5\n", "user,item\n7,5\n");
  CHECK(train.rows() == 3);
  CHECK(lines_of(test) == lines{"7 5"});
}

TEST_CASE("an error in either file names that file") {
  CHECK_THAT(error_text<parse_error>([] { read_both("1,2,x\n3,4,5\n", "1,2\n"); }),
             ContainsSubstring("train.txt:1:5"));
  CHECK_THAT(error_text<parse_error>([] { read_both("1,2,3\n", "1,2,3\n1,2\n"); }),
             ContainsSubstring("test.txt:2:4"));
  CHECK_THAT(error_text<parse_error>([] { read_both("1,2,3\n", ""); }),
             ContainsSubstring("test.txt:1:1: the file is empty"));
}

TEST_CASE("two matrices of different sizes get the larger size of each side") {
  const temp_folder folder;
  const auto train =
      folder.file("train.mtx", "%%MatrixMarket matrix coordinate real general\n3 2 1\n3 2 5\n");
  const auto test = folder / "test.npz";
  write_npz(test, csr_matrix<>(1, 4, {0, 1}, {3}, {2.0f}));
  const auto [a, b] = read_train_test(train, test);
  CHECK(a.rows() == 3);
  CHECK(a.cols() == 4);
  CHECK(b.rows() == 3);
  CHECK(b.cols() == 4);
  CHECK(lines_of(a) == lines{"2 1 5"});
  CHECK(lines_of(b) == lines{"0 3 2"});
  CHECK(b.view().row(2).size() == 0);
}

TEST_CASE("a matrix and a file of ids do not go together") {
  CHECK_THAT(error_text<value_error>([] {
               read_both("%%MatrixMarket matrix coordinate pattern general\n1 1 1\n1 1\n", "1,2\n");
             }),
             ContainsSubstring("must both have ids, or both be matrices"));
}
