// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What stands behind recokit::cuda_context; for the glue that implements kernels on CUDA.
#pragma once

#include "runtime/arena.hpp"
#include "runtime/handles.hpp"
#include "runtime/memory.hpp"

#include <recokit/core/cuda_context.hpp>

namespace recokit::cuda_kernels {

/// The Memory of an arena on one device.
struct device_memory {
  int ordinal;
  void* allocate(std::uint64_t bytes) const;
  void release(void* memory) const noexcept;
  std::uint64_t available() const;
};

using device_arena = arena<device_memory>;

}  // namespace recokit::cuda_kernels

namespace recokit::inline RECOKIT_ABI::detail {

class cuda_context_state {
 public:
  cuda_context_state(cuda_device_info device, cuda_context_options options);
  ~cuda_context_state();
  cuda_context_state(const cuda_context_state&) = delete;
  cuda_context_state& operator=(const cuda_context_state&) = delete;

  const cuda_device_info& device() const noexcept { return device_; }
  /// The two handles are made at the first call; the handle works on the stream.
  cuda_kernels::stream_t stream();
  cuda_kernels::blas_t blas();
  cuda_kernels::device_arena& scratch() noexcept { return scratch_; }
  void synchronize();
  /// Bytes that the data of a fit may take now.
  std::uint64_t data_bytes() const;

 private:
  cuda_device_info device_;
  std::uint64_t max_data_bytes_;
  cuda_kernels::stream_t stream_ = nullptr;
  cuda_kernels::blas_t blas_ = nullptr;
  cuda_kernels::device_arena scratch_;
};

}  // namespace recokit::inline RECOKIT_ABI::detail
