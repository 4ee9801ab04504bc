// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// A train and a test file, divided by the first byte 0.
#include "ratings.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const recokit_fuzz::memory_file test;
  const auto text = recokit_fuzz::text_of(data, size);
  const auto end = text.find('\0');
  if (end == std::string_view::npos) return 0;
  const auto& first = recokit_fuzz::ratings_file().holding(text.substr(0, end));
  const auto& second = test.holding(text.substr(end + 1));
  return recokit_fuzz::attempt([&] {
    const auto both = recokit::read_train_test(first, second, {.policy = {.threads = 1}});
    recokit_fuzz::require_whole(both.first);
    recokit_fuzz::require_whole(both.second);
    recokit_fuzz::require(both.first.rows() == both.second.rows());
    recokit_fuzz::require(both.first.cols() == both.second.cols());
  });
}
