// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Arrays in .npy files.
#include "ratings.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto& file = recokit_fuzz::ratings_file().holding(recokit_fuzz::text_of(data, size));
  return recokit_fuzz::attempt([&] {
    const auto array = recokit::read_npy(file);
    // Every element has at least a byte in the file; an empty array may have rows without number.
    recokit_fuzz::require(array.size() <= static_cast<std::int64_t>(size));
  });
}
