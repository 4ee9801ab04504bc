// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "read_support.hpp"

#include <core/mapped_file.hpp>

#include <thread>
#include <utility>

#include <sys/stat.h>

using namespace recokit;
using namespace recokit_test;

TEST_CASE("a mapped file shows its bytes, also after they were released") {
  const temp_folder folder;
  std::string content;
  for (int k = 0; k < 100000; ++k) content += std::to_string(k);
  const detail::mapped_file file(folder.file("x", content));
  CHECK(file.bytes() == content);
  file.release(0, content.size());
  file.release(5000, 90000);
  CHECK(file.bytes() == content);
}

TEST_CASE("a moved mapped file keeps its bytes") {
  const temp_folder folder;
  detail::mapped_file first(folder.file("x", "abc"));
  const detail::mapped_file second(std::move(first));
  CHECK(second.bytes() == "abc");
}

TEST_CASE("an empty file has no bytes") {
  const temp_folder folder;
  CHECK(detail::mapped_file(folder.file("x", "")).bytes().empty());
}

TEST_CASE("a pipe is read to its end") {
  const temp_folder folder;
  const auto pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::string content = "user,item,rating\n";
  for (int k = 0; k < 20000; ++k) content += std::to_string(k) + ",1,5\n";
  std::thread writer([&] { std::ofstream(pipe, std::ios::binary) << content; });
  const auto data = read_ratings(pipe);
  writer.join();
  CHECK(data.nonzeros() == 20000);
}
