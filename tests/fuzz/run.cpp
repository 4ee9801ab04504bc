// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// TREC runs: every query found again, its documents best first.
#include "fuzz.hpp"

#include <recokit/metrics/trec_files.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return recokit_fuzz::attempt([&] {
    const auto run = recokit::trec::parse_run(std::string(recokit_fuzz::text_of(data, size)), "run",
                                              {.threads = 1});
    for (std::size_t query = 0; query < run.size(); ++query) {
      recokit_fuzz::require(run.find(run.query(query)) == query);
      const auto lines = run.lines(query);
      for (std::size_t n = 1; n < lines.size(); ++n) {
        recokit_fuzz::require(lines[n - 1].score >= lines[n].score);
      }
    }
  });
}
