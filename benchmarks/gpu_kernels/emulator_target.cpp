// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/target.hpp"

#include "simt.hpp"

#include <recokit/core/observer.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace recokit_benchmark {

bool tiny() { return true; }

void launch_each(const std::vector<std::string>& kernels, const std::function<void()>& launch) {
  auto& launched = recokit::simt::emulator::launched();
  auto before = std::exchange(launched, {});
  launch();
  for (const std::string& kernel : kernels) {
    if (launched.count(kernel) == 0) throw std::runtime_error("does not launch " + kernel);
  }
  launched.merge(before);
}

double seconds_of(ck::stream_t /*stream*/, const std::function<void()>& launch) {
  const auto begin = std::chrono::steady_clock::now();
  launch();
  return recokit::detail::seconds_since(begin);
}

const std::optional<card_ceilings>& ceilings(ck::stream_t /*stream*/) {
  static const std::optional<card_ceilings> none;
  return none;
}

}  // namespace recokit_benchmark
