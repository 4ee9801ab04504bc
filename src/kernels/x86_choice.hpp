// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Which of the kernels for x86-64 the processor can run.
#pragma once

#include <array>
#include <cstddef>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// Those that can run, best first; the rest are empty.
template <class Kernel>
std::array<Kernel, 2> usable(const Kernel& avx512, const Kernel& avx2) noexcept {
  std::array<Kernel, 2> kernels{};
  std::size_t count = 0;
  if (__builtin_cpu_supports("avx512f")) kernels[count++] = avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) kernels[count++] = avx2;
  return kernels;
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
