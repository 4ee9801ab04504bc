// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Id maps in files.
#include "sealed.hpp"

#include <recokit/data/id_file.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const recokit_fuzz::memory_file file;
  const auto& path =
      file.holding(recokit_fuzz::sealed(std::string(recokit_fuzz::text_of(data, size))));
  return recokit_fuzz::attempt([&] {
    const auto ids = recokit::load_ids(path);
    if (ids.size() == 0) return;
    const auto last = ids.size() - 1;
    recokit_fuzz::require(ids.find(ids.name(0)) == 0);
    recokit_fuzz::require(ids.find(ids.name(last)) == last);
  });
}
