// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Model files of every kind: what load accepts must answer without harm.
#include "models.hpp"
#include "sealed.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const recokit_fuzz::memory_file file;
  const auto& path =
      file.holding(recokit_fuzz::sealed(std::string(recokit_fuzz::text_of(data, size))));
  return recokit_fuzz::attempt([&] {
    const std::string kind = recokit::model_reader(path).kind();
    recokit_fuzz::try_item_models(path, kind);
    recokit_fuzz::try_factor_models(path, kind);
    recokit_fuzz::try_rating_models(path, kind);
  });
}
