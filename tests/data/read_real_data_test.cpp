// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "read_support.hpp"

#include "support/data_dir.hpp"

using namespace recokit;
using namespace recokit_test;

namespace {

void check_size(const interactions& data, int users, int items, std::int64_t entries) {
  CHECK(data.rows() == users);
  CHECK(data.cols() == items);
  CHECK(data.nonzeros() == entries);
}

}  // namespace

TEST_CASE("ml-100k is read from its tabs", "[data]") {
  RECOKIT_REQUIRE_DATA(file, "ml-100k/u.data");
  CHECK(detect_format(file) == file_format::delimited);
  const auto data = read_ratings(file);
  check_size(data, 943, 1682, 100000);
  // The first line of the file: 196 242 3 881250949.
  const auto user = data.users().index(196);
  const auto row = data.view().row(user);
  const auto at = std::lower_bound(row.indices.begin(), row.indices.end(), data.items().index(242));
  REQUIRE(at != row.indices.end());
  const auto i = static_cast<std::size_t>(at - row.indices.begin());
  CHECK(row.values[i] == 3.0f);
  CHECK(data.timestamps()[static_cast<std::size_t>(
                              data.view().offsets()[static_cast<std::size_t>(user)]) +
                          i] == 881250949);
}

TEST_CASE("gowalla is read from its LightGCN lines under common ids", "[data]") {
  RECOKIT_REQUIRE_DATA(train_file, "gowalla/train.txt");
  RECOKIT_REQUIRE_DATA(test_file, "gowalla/test.txt");
  CHECK(detect_format(train_file) == file_format::lightgcn);
  const auto [train, test] = read_train_test(train_file, test_file);
  check_size(train, 29858, 40981, 810128);
  check_size(test, 29858, 40981, 217242);
}

TEST_CASE("ml-latest-small is read by its header", "[data]") {
  RECOKIT_REQUIRE_DATA(file, "ml-latest-small/ratings.csv");
  const auto data = read_ratings(file);
  check_size(data, 610, 9724, 100836);
  CHECK(data.has_timestamps());
  CHECK(data.view().values()[0] == 4.0f);
  CHECK(data.timestamps()[0] == 964982703);
}

TEST_CASE("lastfm-2k is read with play counts as ratings", "[data]") {
  RECOKIT_REQUIRE_DATA(file, "lastfm-2k/user_artists.dat");
  const auto data = read_ratings(file);
  check_size(data, 1892, 17632, 92834);
  CHECK_FALSE(data.has_timestamps());
  CHECK(data.view().values()[0] == 13883.0f);
}

TEST_CASE("a fold of ml-1m is read without header and timestamps", "[data]") {
  RECOKIT_REQUIRE_DATA(file, "ml-1m/fold1.csv");
  const auto data = read_ratings(file);
  CHECK(data.nonzeros() == 200042);
  CHECK(data.view().has_values());
  CHECK_FALSE(data.has_timestamps());
}

TEST_CASE("ml-1m of the NCF paper is read from its tabs", "[data]") {
  RECOKIT_REQUIRE_DATA(train_file, "ml-1m-ncf/ml-1m.train.rating");
  RECOKIT_REQUIRE_DATA(test_file, "ml-1m-ncf/ml-1m.test.rating");
  const auto [train, test] = read_train_test(train_file, test_file);
  CHECK(train.rows() == 6040);
  CHECK(train.cols() == 3706);
  CHECK(train.nonzeros() == 994169);
  CHECK(test.nonzeros() == 6040);
}
