// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// MatrixMarket files, as a matrix and as ratings.
#include "ratings.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto& file = recokit_fuzz::ratings_file().holding(recokit_fuzz::text_of(data, size));
  recokit_fuzz::attempt(
      [&] { recokit_fuzz::require_sound(recokit::read_matrix_market(file, {.threads = 1})); });
  return recokit_fuzz::read_and_check(
      file, {.format = recokit::file_format::matrix_market, .policy = {.threads = 1}});
}
