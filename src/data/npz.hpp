// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief SciPy's .npz of a CSR matrix.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/data/read.hpp>

#include <string>
#include <string_view>

namespace recokit::inline RECOKIT_ABI::detail {

/// The matrix in the bytes of an .npz file. Rows are sorted; duplicates are merged by
/// `options.duplicates`, where `ignore_ratings` leaves values out.
/// @throws parse_error, not_built_error
csr_matrix<> read_npz_bytes(std::string_view bytes, const std::string& name,
                            const read_options& options);

}  // namespace recokit::inline RECOKIT_ABI::detail
