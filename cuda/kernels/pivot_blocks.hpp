// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The diagonal blocks of a sweep of pivots: their factors, in double.
#pragma once

#include "runtime/context.hpp"

#include <cstdint>
#include <memory>

namespace recokit::cuda_kernels {

/// Pivots of a block at most: on the host their factor takes about as long as the update that runs
/// beside it on a large card.
inline constexpr std::int64_t most_pivots = 192;

/// A block of the lower triangle of a row-major matrix on the device.
struct pivot_block {
  float* data;
  std::int64_t stride;
  std::int64_t size;         ///< 1 … most_pivots
  std::int64_t first_pivot;  ///< its number in messages
};

/// Factors one block after the other.
class pivot_blocks {
 public:
  pivot_blocks() = default;
  virtual ~pivot_blocks() = default;
  pivot_blocks(const pivot_blocks&) = delete;
  pivot_blocks& operator=(const pivot_blocks&) = delete;

  /// Says that the stream has, so far, all that changes a block before factor() comes for it: work
  /// that is started between the two may run at the same time. @throws backend_error
  virtual void begin(const pivot_block& block) = 0;
  /// `m` (size × size on the device) gets M, the inverse of the Cholesky factor of the block that
  /// was begun, zeros above the diagonal; the block, both triangles, becomes −MᵀM. All arithmetic
  /// is in double: there is little of it, and the sweep is built on it.
  /// @throws error naming the first pivot that is not finite and above 0, backend_error
  virtual void factor(const pivot_block& block, float* m) = 0;
};

/// On the host. Takes no memory of the device.
std::unique_ptr<pivot_blocks> make_host_pivot_blocks(recokit::detail::cuda_context_state& context);
/// Through cuSOLVER where recokit is built with it, which leaves the host out; else on the host.
/// @param scope what it allocates lives as long. @throws memory_error, backend_error
std::unique_ptr<pivot_blocks> make_pivot_blocks(recokit::detail::cuda_context_state& context,
                                                device_arena::scope& scope);

}  // namespace recokit::cuda_kernels
