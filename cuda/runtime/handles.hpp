// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Devices, streams and cuBLAS handles as plain functions; the emulator has its own
/// implementation of them.
#pragma once

#include "runtime/stream.hpp"

namespace recokit::cuda_kernels {

/// Makes a device current for the calling thread and the earlier one again at the end.
class current_device {
 public:
  /// @throws backend_error
  explicit current_device(int ordinal);
  ~current_device();
  current_device(const current_device&) = delete;
  current_device& operator=(const current_device&) = delete;

 private:
  [[maybe_unused]] int earlier_ = 0;  // not of the emulator
};

/// Of the current device; all @throws backend_error
stream_t make_stream();
blas_t make_blas();
void set_stream(blas_t blas, stream_t stream);
void wait_for(stream_t stream);

/// Null is allowed.
void destroy_stream(stream_t stream) noexcept;
void destroy_blas(blas_t blas) noexcept;

}  // namespace recokit::cuda_kernels
