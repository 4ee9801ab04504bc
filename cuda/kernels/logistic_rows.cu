// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/logistic_rows.cuh"

namespace recokit::cuda_kernels {

void logistic_rows(const logistic_step::half_terms& terms, const logistic_matrix& own,
                   const logistic_matrix& others, float* moving, float* squares, const float* fixed,
                   std::uint32_t stride, std::uint32_t* failed, stream_t stream) {
  launch_logistic_rows(terms, own, others, moving, squares, fixed, stride, failed, stream);
}

}  // namespace recokit::cuda_kernels
