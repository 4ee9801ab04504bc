// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Reference scores of TREC measures.
#include "fuzz.hpp"

#include <recokit/metrics/trec_measures.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return recokit_fuzz::attempt([&] {
    recokit::trec::zscore_table::parse(std::string(recokit_fuzz::text_of(data, size)))
        .convert("q", "map", 0.5);
  });
}
