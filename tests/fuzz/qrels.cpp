// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// TREC judgements.
#include "fuzz.hpp"

#include <recokit/metrics/trec_files.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return recokit_fuzz::attempt([&] {
    const auto judged = recokit::trec::parse_qrels(std::string(recokit_fuzz::text_of(data, size)),
                                                   "qrels", {.threads = 1});
    recokit_fuzz::require(!judged.empty() && !judged.lines(0).empty());
    recokit_fuzz::require(judged.find(judged.query(0)) == std::size_t{0});
  });
}
