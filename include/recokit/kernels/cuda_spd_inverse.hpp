// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The inverse of a symmetric positive definite matrix on a GPU, also of one that is larger.
#pragma once

#include <recokit/core/backend.hpp>

#include <cstddef>
#include <functional>

namespace recokit::inline RECOKIT_ABI::kernels {

/// spd_inverse of kernels/spd_inverse.hpp on a GPU: the same sweep of blocks of pivots, its
/// products by cuBLAS, the factors of its diagonal blocks in double, by cuSOLVER where recokit was
/// built with it, else on the host while the device updates. Implemented in recokit::cuda.
///
/// A matrix that does not fit into nine tenths of the free memory, or of what is left under the cap
/// of the context, is swept in large blocks of b pivots, each of which is inverted on
/// the device; then the rest of the triangle goes through the device in chunks of rows, once a
/// block: 8 n² bytes over the bus for each of n / b blocks.
///
/// @throws error naming the first pivot that is not finite and above 0, memory_error where not even
///         192 pivots fit, backend_error
/// n³ flops; 4 n² bytes up and down when it fits, and 768 n bytes beside it.
void spd_inverse(const cuda& policy, std::ptrdiff_t n, float* a, std::ptrdiff_t leading,
                 const std::function<bool()>& stop);

}  // namespace recokit::inline RECOKIT_ABI::kernels
