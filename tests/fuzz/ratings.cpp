// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Ratings of any format as read_ratings detects it, and the format it names.
#include "ratings.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto& file = recokit_fuzz::ratings_file().holding(recokit_fuzz::text_of(data, size));
  recokit_fuzz::attempt([&] { recokit::detect_format(file); });
  return recokit_fuzz::read_and_check(file, {.policy = {.threads = 1}});
}
