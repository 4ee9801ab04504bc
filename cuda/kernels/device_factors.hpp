// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A factor matrix that kernels use.
#pragma once

#include "kernels/factor_array.hpp"
#include "runtime/context.hpp"
#include "runtime/placed_buffer.hpp"

#include <recokit/core/backend.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace recokit::cuda_kernels {

constexpr storage storage_of(cuda_precision precision) {
  switch (precision) {
    case cuda_precision::bf16:
      return storage::bf16;
    case cuda_precision::fp16:
      return storage::fp16;
    case cuda_precision::fp32:
    case cuda_precision::tf32:
      break;
  }
  return storage::fp32;
}

/// Rows of fp32 that are moved at once: 64 MiB of them.
constexpr std::int64_t rows_at_a_time(std::uint32_t columns) {
  return std::max<std::int64_t>((std::int64_t{1} << 24) / std::max<std::uint32_t>(columns, 1), 1);
}

class device_factors {
 public:
  using context_state = recokit::detail::cuda_context_state;

  /// All zeros. @param stay false: in pinned memory of the host, which kernels reach over the bus
  device_factors(std::int64_t rows, std::uint32_t stride, storage type, stream_t stream,
                 bool stay = true)
      : rows_(rows),
        stride_(stride),
        type_(type),
        bytes_(static_cast<std::size_t>(rows) * stride * bytes_of(type), stay) {
    bytes_.clear(stream);
  }

  factor_array array() noexcept { return {bytes_.data(), type_, rows_, stride_}; }

  /// From and to a dense row-major matrix of the host with `width` columns. Both wait.
  void upload(const float* host, std::uint32_t width, context_state& context) {
    device_arena::scope scope(context.scratch());
    float* const plain = staging(scope, width);
    const std::int64_t chunk = rows_at_a_time(width);
    for (std::int64_t first = 0; first < rows_; first += chunk) {
      const std::int64_t count = std::min(chunk, rows_ - first);
      copy_to_device(plain, host + first * width, bytes_of_rows(count, width), context.stream());
      store_rows(plain, count, width, width, array(), first, context.stream());
    }
  }
  void download(float* host, std::uint32_t width, context_state& context) {
    device_arena::scope scope(context.scratch());
    float* const plain = staging(scope, width);
    const std::int64_t chunk = rows_at_a_time(width);
    for (std::int64_t first = 0; first < rows_; first += chunk) {
      const std::int64_t count = std::min(chunk, rows_ - first);
      load_rows(array(), first, count, width, plain, width, context.stream());
      copy_to_host(host + first * width, plain, bytes_of_rows(count, width), context.stream());
    }
  }

 private:
  static std::size_t bytes_of_rows(std::int64_t rows, std::uint32_t width) {
    return static_cast<std::size_t>(rows) * width * sizeof(float);
  }
  float* staging(device_arena::scope& scope, std::uint32_t width) const {
    return scope.allocate<float>(
        "rows on their way",
        static_cast<std::uint64_t>(std::min(rows_at_a_time(width), rows_)) * width);
  }

  std::int64_t rows_;
  std::uint32_t stride_;
  storage type_;
  placed_buffer<unsigned char> bytes_;
};

}  // namespace recokit::cuda_kernels
