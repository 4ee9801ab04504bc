// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Published candidates, under id maps of numbers and of words.
#include "fuzz.hpp"

#include <recokit/data/read_candidates.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const recokit_fuzz::memory_file file;
  static const recokit::id_map numbers = recokit::id_map::from_integers({0, 1, 2, 5, 30});
  static const recokit::id_map words = recokit::id_map::from_strings({"0", "1", "a", "b,c", "x y"});
  const auto& path = file.holding(recokit_fuzz::text_of(data, size));
  for (const auto* users : {&numbers, &words}) {
    recokit_fuzz::attempt([&] {
      const auto candidates = recokit::read_candidates(path, *users, words);
      recokit_fuzz::require(candidates.rows() == users->size());
      recokit_fuzz::require_sound(candidates);
    });
  }
  return 0;
}
