// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/output_file.hpp"

#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

namespace fs = std::filesystem;
using recokit_bench::output_file;
using recokit_test::ContainsSubstring;

namespace {

// A folder of this test alone, removed at its end.
struct scratch_folder {
  fs::path path =
      fs::temp_directory_path() / ("recokit-bench-" + std::to_string(std::random_device{}()));
  scratch_folder() { fs::create_directory(path); }
  ~scratch_folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

std::string content(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::ptrdiff_t files_in(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

}  // namespace

TEST_CASE("a report replaces the file of before and leaves nothing else") {
  const scratch_folder folder;
  const auto file = folder.path / "report.json";
  std::ofstream(file) << "old";
  const output_file output(file);
  CHECK(content(file) == "old");
  CHECK(files_in(folder.path) == 1);
  output.write("new");
  CHECK(content(file) == "new");
  CHECK(files_in(folder.path) == 1);
}

TEST_CASE("a place that cannot be written is refused when it is named") {
  const scratch_folder folder;
  const auto missing = folder.path / "no" / "report.json";
  CHECK_THAT(recokit_test::error_text<recokit::io_error>([&] { output_file output(missing); }),
             ContainsSubstring(missing.string() + ": cannot write"));
  CHECK_THROWS_AS(output_file(folder.path), recokit::io_error);
}

TEST_CASE("a link stays a link and its target is written") {
  const scratch_folder folder;
  std::ofstream(folder.path / "target") << "old";
  fs::create_symlink(folder.path / "target", folder.path / "link");
  output_file(folder.path / "link").write("new");
  CHECK(fs::is_symlink(folder.path / "link"));
  CHECK(content(folder.path / "target") == "new");
}
