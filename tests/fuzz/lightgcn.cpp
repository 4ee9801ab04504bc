// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Lines of a user and items, whatever they look like.
#include "ratings.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto& file = recokit_fuzz::ratings_file().holding(recokit_fuzz::text_of(data, size));
  return recokit_fuzz::read_and_check(
      file, {.format = recokit::file_format::lightgcn, .policy = {.threads = 1}});
}
