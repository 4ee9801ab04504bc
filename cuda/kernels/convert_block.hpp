// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Square blocks between float and double on the device.
#pragma once

#include "runtime/stream.hpp"

#include <cstdint>

namespace recokit::cuda_kernels {

/// The n × n row-major block `to` becomes `from`, rows their strides apart. @param lower alone is
/// read of `from`; above the diagonal come zeros
/// @throws value_error for n below 0, backend_error
/// 12 bytes an entry.
void convert_block(const float* from, std::int64_t from_stride, double* to, std::int64_t to_stride,
                   std::int64_t n, bool lower, stream_t stream);
void convert_block(const double* from, std::int64_t from_stride, float* to, std::int64_t to_stride,
                   std::int64_t n, bool lower, stream_t stream);

}  // namespace recokit::cuda_kernels
