// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "read_support.hpp"

using namespace recokit;
using namespace recokit_test;

TEST_CASE("the format is told by the content of the file") {
  const temp_folder folder;
  const auto format = [&](const std::string& content, const std::string& name = "x.txt") {
    return detect_format(folder.file(name, content));
  };
  CHECK(format("1::2::3::4\n") == file_format::movielens);
  CHECK(format("1\t2\t3\t4\n") == file_format::delimited);
  CHECK(format("user,item\nx,y\n") == file_format::delimited);
  CHECK(format("0 1 2 3\n1 5\n") == file_format::lightgcn);
  CHECK(format("0 1 2 3 4 5\n") == file_format::lightgcn);
  CHECK(format("0 1 2 3\r\n1\r\n") == file_format::lightgcn);
  CHECK(format("0 1 2\n1 5 4\n") == file_format::delimited);
  CHECK(format("0 1 2.5\n1 5\n") == file_format::delimited);
  CHECK(format("%%MatrixMarket matrix coordinate real general\n") == file_format::matrix_market);
  CHECK(format("PK\x03\x04rest") == file_format::npz);
}

TEST_CASE("the name of a file decides where its content does not") {
  const temp_folder folder;
  CHECK(detect_format(folder.file("x.npz", "damaged")) == file_format::npz);
  CHECK(detect_format(folder.file("x.mtx", "damaged")) == file_format::matrix_market);
  CHECK_THROWS_AS(read_ratings(folder.file("x.npz", "damaged")), parse_error);
  CHECK_THROWS_AS(read_ratings(folder.file("x.mtx", "damaged")), parse_error);
}

TEST_CASE("the format of an empty file is an error") {
  const temp_folder folder;
  CHECK_THROWS_AS(detect_format(folder.file("x.txt", "")), parse_error);
}

TEST_CASE("a column named by the caller means a table") {
  read_options options;
  options.user = 1;
  options.item = 0;
  CHECK(lines_of(read("1 2 3 4 5\n6 7 8 9 10\n", options)) == lines{"2 1", "7 6"});
}
