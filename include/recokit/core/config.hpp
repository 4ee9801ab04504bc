// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Compile-time choices (executor, default backend) and the ABI namespace that records them.
#pragma once

#include <recokit/core/version.hpp>

#include <Eigen/Core>

#include <cstdint>

/// RECOKIT_PARALLEL_STD selects the plain std::thread executor in place of oneTBB.
/// It exists so that ThreadSanitizer sees every synchronisation; see core/parallel.hpp.
#if defined(RECOKIT_PARALLEL_STD)
#define RECOKIT_DETAIL_EXECUTOR std
#else
#define RECOKIT_DETAIL_EXECUTOR tbb
#endif

#define RECOKIT_DETAIL_ABI_(align, executor) abi1_align##align##_##executor
#define RECOKIT_DETAIL_ABI(align, executor) RECOKIT_DETAIL_ABI_(align, executor)

/// Inline namespace around every public name. Eigen's allocator depends on the -m flags of the
/// translation unit, so objects that cross from a TU with AVX to one without corrupt the heap; with
/// the alignment in the name such a mix is a link error that names both sides. The executor is part
/// of it for the same reason: inline functions differ with it.
#define RECOKIT_ABI RECOKIT_DETAIL_ABI(EIGEN_MAX_ALIGN_BYTES, RECOKIT_DETAIL_EXECUTOR)

namespace recokit::inline RECOKIT_ABI {

/// Row and column ids inside recokit.
using index_t = std::int32_t;
/// Positions in a list of interactions; more than 2^31 of them must work.
using offset_t = std::int64_t;

/// Dense results and factor matrices: one row a user or an item.
template <class Scalar>
using row_major_matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace recokit::inline RECOKIT_ABI
