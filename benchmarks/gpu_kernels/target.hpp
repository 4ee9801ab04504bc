// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What the kernel benchmarks run on: a GPU or the emulator, by what they are linked with.
#pragma once

#include "runtime/stream.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace recokit_benchmark {

namespace ck = recokit::cuda_kernels;

/// Whether shapes are so small that only answers count: on the emulator.
bool tiny();
/// The one or the other.
template <class Number>
Number sized(Number real, Number small) {
  return tiny() ? small : real;
}

/// Launches; on the emulator each of `kernels` must be among what is launched.
/// @throws std::runtime_error
void launch_each(const std::vector<std::string>& kernels, const std::function<void()>& launch);

/// Seconds for which the device works on what `launch` gives to the stream.
double seconds_of(ck::stream_t stream, const std::function<void()>& launch);

/// What a card can do at the best, a second.
struct card_ceilings {
  double bytes;       ///< of a large copy on the device, read and written
  double operations;  ///< of a large product in fp32 by cuBLAS, a multiply-add counted as two
};
/// Measured when it is first asked for; none on the emulator.
const std::optional<card_ceilings>& ceilings(ck::stream_t stream);

}  // namespace recokit_benchmark
