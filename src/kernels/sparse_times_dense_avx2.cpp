// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "sparse_times_dense_x86.hpp"

#if defined(RECOKIT_DETAIL_X86_KERNELS)

// Switched on for these functions alone, as in gemm_avx2.cpp.
#define RECOKIT_TARGET __attribute__((target("avx2,fma")))

#include "sparse_times_dense_micro_kernel.hpp"

namespace recokit::inline RECOKIT_ABI::kernels::detail {

weighted_rows_kernel<float> avx2_weighted_rows_float() noexcept {
  return {"avx2", weighted_rows<float, 32>};
}
weighted_rows_kernel<double> avx2_weighted_rows_double() noexcept {
  return {"avx2", weighted_rows<double, 32>};
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail

#endif
