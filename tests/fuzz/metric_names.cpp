// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Names of metrics as people type them. A name that is understood has a name that is understood.
#include "fuzz.hpp"

#include <recokit/metrics/beyond_metric.hpp>
#include <recokit/metrics/ranking_metric.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = recokit_fuzz::text_of(data, size);
  std::string name;
  recokit_fuzz::attempt([&] { name = recokit::parse_metric(text).name(); });
  if (!name.empty()) recokit_fuzz::require(recokit::parse_metric(name).name() == name);
  name.clear();
  recokit_fuzz::attempt([&] { name = recokit::parse_beyond_metric(text).name(); });
  if (!name.empty()) recokit_fuzz::require(recokit::parse_beyond_metric(name).name() == name);
  return 0;
}
