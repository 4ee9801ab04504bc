// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/data/split.hpp>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <system_error>

namespace rk = recokit;
using recokit_test::error_text;

namespace {

// Two small files that go away with the object; tests may run at the same time.
struct two_files {
  std::filesystem::path folder = std::filesystem::temp_directory_path() /
                                 ("recokit-split-given-" + std::to_string(std::random_device{}()));
  std::filesystem::path train = folder / "train.csv";
  std::filesystem::path test = folder / "test.csv";

  two_files() {
    std::filesystem::create_directories(folder);
    std::ofstream(train) << "user,item,rating\nann,10,4\nbob,20,5\n";
    std::ofstream(test) << "user,item,rating\nann,30,3\n";
  }
  two_files(const two_files&) = delete;
  two_files& operator=(const two_files&) = delete;
  ~two_files() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
};

}  // namespace

TEST_CASE("given files keep their division under common ids") {
  const two_files files;
  const auto parts = rk::split::given(files.train, files.test);
  CHECK(parts.protocol == "given files");
  CHECK_FALSE(parts.fold_in.has_value());
  CHECK(parts.train.nonzeros() == 2);
  CHECK(parts.test.nonzeros() == 1);
  CHECK(parts.train.users() == parts.test.users());
  CHECK(parts.train.items() == parts.test.items());
  const auto ann = parts.test.users().index("ann");
  REQUIRE(parts.test.view().row(ann).size() == 1);
  CHECK(parts.test.items().integer(parts.test.view().row(ann).indices[0]) == 30);
}

TEST_CASE("given files that are not there are an io_error with the path") {
  const two_files files;
  const auto missing = files.folder / "missing.csv";
  CHECK_THAT(error_text<rk::io_error>([&] { rk::split::given(files.train, missing); }),
             recokit_test::ContainsSubstring(missing.string()));
}
