// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Random matrices on the device, the same bits as recokit::random_stream.
#pragma once

#include "runtime/stream.hpp"

#include <cstdint>

namespace recokit::cuda_kernels {

/// Which streams a matrix is filled from: row r takes (seed, purpose, first_row + r).
struct philox_source {
  std::uint64_t seed;
  std::uint32_t purpose;  ///< recokit::random_purpose
  std::uint64_t first_row = 0;
};

/// Fills the row-major rows × columns matrix `out`: column c holds draw number c of its row's
/// stream. A row takes at most 2^34 words. One write of the matrix, 5 multiplications a word.
///
/// The type says what a draw is: uint32 is random_stream::operator(), float is unit_float of one
/// such word, double is random_stream::uniform(), two words.
/// @throws value_error for sizes out of range, backend_error
void philox_fill(std::uint32_t* out, std::int64_t rows, std::int64_t columns, philox_source source,
                 stream_t stream);
void philox_fill(float* out, std::int64_t rows, std::int64_t columns, philox_source source,
                 stream_t stream);
void philox_fill(double* out, std::int64_t rows, std::int64_t columns, philox_source source,
                 stream_t stream);

}  // namespace recokit::cuda_kernels
