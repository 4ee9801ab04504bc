// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Writers: MatrixMarket, SciPy .npz, .npy and CSV; the counterparts of read.hpp.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/data/interactions.hpp>

#include <Eigen/Core>

#include <filesystem>

namespace recokit::inline RECOKIT_ABI {

// Every writer writes to a temporary file beside the target and renames it over the target at the
// end, so a reader sees the old file or the whole new one. @throws io_error

/// `%%MatrixMarket matrix coordinate real general` (pattern when the matrix has no values); values
/// are printed so that they read back to the same bits.
void write_matrix_market(const std::filesystem::path& file, const csr_view<>& matrix);

/// What scipy.sparse.load_npz reads as csr_matrix: float32 data (ones when pattern-only), int32
/// indices, int64 indptr; stored without compression.
void write_npz(const std::filesystem::path& file, const csr_view<>& matrix);

/// A C-order .npy file of version 1.0.
void write_npy(const std::filesystem::path& file,
               const Eigen::Ref<const row_major_matrix<float>>& matrix);
void write_npy(const std::filesystem::path& file,
               const Eigen::Ref<const row_major_matrix<double>>& matrix);

/// `user,item[,rating][,timestamp]` with a header and external ids, quoted where they need it; no
/// ratings when the matrix is pattern-only. Users and items without interactions leave no trace,
/// and string ids that all look like integers are read back as integers unless told otherwise.
/// @throws value_error for an id with a line feed
void write_csv(const std::filesystem::path& file, const interactions& data);

}  // namespace recokit::inline RECOKIT_ABI
