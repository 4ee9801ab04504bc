// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "sparse_times_dense_x86.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

// Switched on for these functions alone, as in gemm_avx512.cpp.
#define RECOKIT_TARGET __attribute__((target("avx512f")))

#include "sparse_times_dense_micro_kernel.hpp"

namespace recokit::inline RECOKIT_ABI::kernels::detail {

weighted_rows_kernel<float> avx512_weighted_rows_float() noexcept {
  return {"avx512f", weighted_rows<float, 64>};
}
weighted_rows_kernel<double> avx512_weighted_rows_double() noexcept {
  return {"avx512f", weighted_rows<double, 64>};
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
