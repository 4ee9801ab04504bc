// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Kernel of convert_block.hpp.
#pragma once

#include "kernels/convert_block.hpp"
#include "simt.hpp"

namespace recokit::cuda_kernels {

/// One thread an entry.
template <class From, class To>
RECOKIT_GLOBAL void convert_block_kernel(const From* from, std::uint64_t from_stride, To* to,
                                         std::uint64_t to_stride, std::uint64_t n, bool lower) {
  for (std::uint64_t at = simt::global_index(); at < n * n; at += simt::global_size()) {
    const std::uint64_t row = at / n;
    const std::uint64_t column = at % n;
    const bool read = !lower || column <= row;
    to[row * to_stride + column] =
        read ? static_cast<To>(from[row * from_stride + column]) : static_cast<To>(0);
  }
}

template <class From, class To>
void launch_convert_block(const From* from, std::int64_t from_stride, To* to,
                          std::int64_t to_stride, std::int64_t n, bool lower, stream_t stream) {
  require_range("n", n, 0, std::int64_t{1} << 31, "must be in [0, 2^31]");
  if (n == 0) return;
  const auto size = static_cast<std::uint64_t>(n);
  const simt::launch_config config{
      .blocks = simt::blocks_for(size * size, 256), .threads = 256, .stream = stream};
  simt::launch("convert_block", config, convert_block_kernel<From, To>, from,
               static_cast<std::uint64_t>(from_stride), to, static_cast<std::uint64_t>(to_stride),
               size, lower);
}

}  // namespace recokit::cuda_kernels
