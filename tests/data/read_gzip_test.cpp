// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gzip_support.hpp"
#include "read_support.hpp"

using namespace recokit;
using namespace recokit_test;

#if defined(RECOKIT_HAS_ZLIB)

TEST_CASE("gzipped text of any format is read") {
  CHECK(lines_of(read(gzip("1,2,5\n3,4,4\n"))) == lines{"1 2 5", "3 4 4"});
  CHECK(lines_of(read(gzip("0 1 2 3\n1 2\n"))) == lines{"0 1", "0 2", "0 3", "1 2"});
  CHECK(lines_of(read(gzip("1::2::3::4\r\n"))) == lines{"1 2 3 4"});
  CHECK(lines_of(read(gzip("%%MatrixMarket matrix coordinate pattern general\n2 2 1\n1 2\n"))) ==
        lines{"0 1"});
  CHECK(lines_of(read(gzip("\xef\xbb\xbfuser,item\n1,2"))) == lines{"1 2"});
}

TEST_CASE("a gzip file of several members is one text") {
  CHECK(lines_of(read(gzip("1,2,5\n3,") + gzip("4,4\n"))) == lines{"1 2 5", "3 4 4"});
  CHECK(lines_of(read(gzip("1,2,5\n") + std::string(10, '\0'))) == lines{"1 2 5"});
}

TEST_CASE("a gzip file larger than every buffer is read whole") {
  std::string text;
  for (int k = 0; k < 100000; ++k) text += std::to_string(k) + "," + std::to_string(k % 10) + "\n";
  const auto data = read(gzip(text));
  CHECK(data.rows() == 100000);
  CHECK(data.nonzeros() == 100000);
  const temp_folder folder;
  CHECK(detect_format(folder.file("x", gzip(text))) == file_format::delimited);
}

TEST_CASE("lines of gzipped text are counted in the text") {
  CHECK(read_error(gzip("1,2,5\n3,4\n")) == "ratings.txt:2:4: expected 3 columns, found 2");
}

TEST_CASE("a gzip file cut at any byte is an error and never half a data set") {
  const std::string whole = gzip("1,2,5\n3,4,4\n5,6,1\n");
  for (std::size_t size = 3; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THAT(read_error(whole.substr(0, size)), ContainsSubstring("truncated"));
  }
}

TEST_CASE("a damaged gzip stream is an error") {
  std::string damaged = gzip("1,2,5\n3,4,4\n5,6,1\n");
  damaged[damaged.size() - 6] = static_cast<char>(damaged[damaged.size() - 6] ^ 1);  // the checksum
  CHECK_THAT(read_error(damaged), ContainsSubstring("damaged"));
}

TEST_CASE("bytes behind a gzip stream are an error") {
  CHECK_THAT(read_error(gzip("1,2,5\n") + "more"), ContainsSubstring("unknown bytes follow"));
}

TEST_CASE("an empty gzipped text is an empty file") {
  CHECK(read_error(gzip("")) == "ratings.txt:1:1: the file is empty");
}

#else

TEST_CASE("gzip without zlib is an error that names the option") {
  const temp_folder folder;
  const auto file = folder.file("x.csv.gz", "\x1f\x8b\x08rest");
  CHECK_THAT(error_text<not_built_error>([&] { read_ratings(file); }),
             ContainsSubstring("RECOKIT_ZLIB"));
}

#endif
