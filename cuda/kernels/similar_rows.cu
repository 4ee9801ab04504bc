// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/similar_rows.cuh"

namespace recokit::cuda_kernels {

std::uint64_t similarity_list_bytes(std::uint32_t threads, std::int64_t k) {
  return (2 * std::uint64_t{similarity_slots(threads, k)} + 2) * sizeof(std::uint64_t);
}

template <class Value, class Measure>
void similar_rows(const similarity_plan<Value>& plan, const Measure& measure, similar_row* lists,
                  stream_t stream) {
  launch_similar_rows(plan, measure, lists, stream);
}

namespace measures = pair_measures;

template void similar_rows(const similarity_plan<float>&,
                           const measures::product_measure<measures::pair_count>&, similar_row*,
                           stream_t);
template void similar_rows(const similarity_plan<float>&,
                           const measures::product_measure<measures::pair_dot>&, similar_row*,
                           stream_t);
template void similar_rows(const similarity_plan<float>&, const measures::ratio_measure&,
                           similar_row*, stream_t);
template void similar_rows(const similarity_plan<float>&, const measures::euclidean_measure&,
                           similar_row*, stream_t);
template void similar_rows(const similarity_plan<float>&, const measures::common_measure&,
                           similar_row*, stream_t);
template void similar_rows(const similarity_plan<double>&, const measures::walk_measure&,
                           similar_row*, stream_t);

}  // namespace recokit::cuda_kernels
