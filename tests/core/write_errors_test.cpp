// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temp_folder.hpp"

#include <recokit/core/model_file.hpp>
#include <recokit/data/id_file.hpp>
#include <recokit/data/interactions.hpp>
#include <recokit/data/write.hpp>
#include <recokit/metrics/trec_files.hpp>

#include <csignal>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace rk = recokit;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::file_content;
using recokit_test::temp_folder;

namespace {

// As long as it lives no file of this process may grow beyond so many bytes: a disk that is full.
class full_disk {
 public:
  explicit full_disk(::rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const ::rlimit now{bytes, before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &now) == 0);
  }
  ~full_disk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  full_disk(const full_disk&) = delete;
  full_disk& operator=(const full_disk&) = delete;

 private:
  void (*handler_)(int);
  ::rlimit before_{};
};

struct writer {
  const char* name;
  std::function<void(const std::filesystem::path&)> write;
};

// Every function of the library that writes a file, with some 100 KB to write.
std::vector<writer> all_writers() {
  constexpr rk::index_t size = 20'000;
  std::vector<rk::offset_t> offsets(size + 1);
  std::iota(offsets.begin(), offsets.end(), rk::offset_t{0});
  std::vector<rk::index_t> columns(size);
  std::iota(columns.begin(), columns.end(), rk::index_t{0});
  const rk::csr_matrix<> matrix(size, size, offsets, columns, std::vector<float>(size, 0.1f));
  std::string judged;
  std::string ranked;
  for (rk::index_t n = 0; n < size; ++n) {
    judged += "1 0 document" + std::to_string(n) + " 1\n";
    ranked += "1 Q0 document" + std::to_string(n) + " 1 0.5 mine\n";
  }
  std::vector<std::int64_t> ids(columns.begin(), columns.end());
  return {
      {"a model of large arrays",
       [=](const auto& file) {
         rk::model_writer out(file, "large");
         out.add("matrix", matrix);
         out.commit();
       }},
      {"a model of many small arrays",
       [=](const auto& file) {
         rk::model_writer out(file, "small");
         const std::vector<float> part(4000, 1);
         for (int n = 0; n < 8; ++n) out.add("part" + std::to_string(n), part);
         out.commit();
       }},
      {"save_ids", [=](const auto& file) { rk::save_ids(file, rk::id_map::from_integers(ids)); }},
      {"write_matrix_market",
       [=](const auto& file) { rk::write_matrix_market(file, matrix.view()); }},
      {"write_npz", [=](const auto& file) { rk::write_npz(file, matrix.view()); }},
      {"write_npy",
       [=](const auto& file) {
         rk::write_npy(file,
                       rk::row_major_matrix<float>(rk::row_major_matrix<float>::Ones(200, 200)));
       }},
      {"write_csv", [=](const auto& file) { rk::write_csv(file, rk::interactions(matrix)); }},
      {"write_qrels",
       [=](const auto& file) { rk::trec::write_qrels(file, rk::trec::parse_qrels(judged)); }},
      {"write_run",
       [=](const auto& file) { rk::trec::write_run(file, rk::trec::parse_run(ranked)); }},
  };
}

std::size_t files_in(const temp_folder& folder) {
  const auto files = std::filesystem::directory_iterator(folder.path());
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

}  // namespace

TEST_CASE("a full disk is an error that names the file, and the old file stays") {
  const temp_folder folder;
  for (const auto& [name, write] : all_writers()) {
    INFO(name);
    const auto file = folder.file("target", "old");
    // Nothing fits; the first block fits; all but the end fits.
    for (const ::rlim_t bytes : {::rlim_t{0}, ::rlim_t{4096}, ::rlim_t{70'000}}) {
      std::string text;
      {
        const full_disk full(bytes);
        text = error_text<rk::io_error>([&] { write(file); });
      }
      CAPTURE(bytes);
      CHECK_THAT(text, ContainsSubstring(file.string()) && ContainsSubstring("File too large"));
      CHECK(file_content(file) == "old");
      CHECK(files_in(folder) == 1);
    }
    write(file);
    CHECK(std::filesystem::file_size(file) > 70'000);
  }
}

TEST_CASE("targets that take no file are errors that name them") {
  const temp_folder folder;
  const auto plain = folder.file("plain", "x");
  for (const auto& [name, write] : all_writers()) {
    INFO(name);
    const auto refusal = [&, &writes = write](const std::filesystem::path& file) {
      return error_text<rk::io_error>([&] { writes(file); });
    };
    CHECK_THAT(refusal(plain / "below"), ContainsSubstring((plain / "below").string()) &&
                                             ContainsSubstring("Not a directory"));
    CHECK_THAT(refusal(folder / "no" / "file"), ContainsSubstring("No such file"));
    CHECK_THAT(refusal(folder.path()), ContainsSubstring(folder.path().string()) &&
                                           ContainsSubstring("is not a regular file"));
    CHECK_THAT(refusal("/dev/full"),
               ContainsSubstring("/dev/full") && ContainsSubstring("is not a regular file"));
    CHECK(files_in(folder) == 1);
  }
  CHECK(file_content(plain) == "x");
}

TEST_CASE("a folder that may not be written is an error that names the file") {
  if (::geteuid() == 0) {
    WARN("recokit: permissions do not bind root; /proc stands for such a folder");
    CHECK_THAT(error_text<rk::io_error>([] { rk::save_ids("/proc/recokit", {}); }),
               ContainsSubstring("/proc/recokit"));
    return;
  }
  const temp_folder folder;
  std::filesystem::permissions(
      folder.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  const auto text = error_text<rk::io_error>([&] { rk::save_ids(folder / "ids", {}); });
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
  CHECK_THAT(
      text, ContainsSubstring((folder / "ids").string()) && ContainsSubstring("Permission denied"));
}
