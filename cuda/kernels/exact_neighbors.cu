// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/exact_neighbors.cuh"

namespace recokit::cuda_kernels {

template <class Scalar>
void centre_rows(const Scalar* rows, const std::int32_t* which, std::int64_t count,
                 std::int64_t columns, const row_centring& moved, double half, float* centred,
                 std::int64_t stride, float* halves, stream_t stream) {
  launch_centre_rows(rows, which, count, columns, moved, half, centred, stride, halves, stream);
}

template <class Scalar>
void exact_neighbors(const neighbor_rows<Scalar>& rows, const chosen_candidates& chosen,
                     const std::int32_t* numbers, std::int64_t queries, std::int64_t k,
                     const exact_lists& lists, stream_t stream) {
  launch_exact_neighbors(rows, chosen, numbers, queries, k, lists, stream);
}

template void centre_rows(const float*, const std::int32_t*, std::int64_t, std::int64_t,
                          const row_centring&, double, float*, std::int64_t, float*, stream_t);
template void centre_rows(const double*, const std::int32_t*, std::int64_t, std::int64_t,
                          const row_centring&, double, float*, std::int64_t, float*, stream_t);
template void exact_neighbors(const neighbor_rows<float>&, const chosen_candidates&,
                              const std::int32_t*, std::int64_t, std::int64_t, const exact_lists&,
                              stream_t);
template void exact_neighbors(const neighbor_rows<double>&, const chosen_candidates&,
                              const std::int32_t*, std::int64_t, std::int64_t, const exact_lists&,
                              stream_t);

}  // namespace recokit::cuda_kernels
