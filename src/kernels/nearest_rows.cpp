// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/nearest_rows.hpp>

namespace recokit::inline RECOKIT_ABI::kernels {

template neighbor_table nearest_rows(const cpu&, const dense_view<float>&, std::span<const index_t>,
                                     std::span<const index_t>, int, neighbor_order);
template neighbor_table nearest_rows_of(const cpu&, const dense_view<float>&,
                                        std::span<const index_t>, const dense_view<float>&, int,
                                        neighbor_order);
template neighbor_table nearest_rows(const cpu&, const dense_view<double>&,
                                     std::span<const index_t>, std::span<const index_t>, int,
                                     neighbor_order);
template neighbor_table nearest_rows_of(const cpu&, const dense_view<double>&,
                                        std::span<const index_t>, const dense_view<double>&, int,
                                        neighbor_order);
template neighbor_table nearest_rows(const cpu&, const csr_view<float>&, std::span<const index_t>,
                                     std::span<const index_t>, int, neighbor_order);
template neighbor_table nearest_rows_of(const cpu&, const csr_view<float>&,
                                        std::span<const index_t>, const csr_view<float>&, int,
                                        neighbor_order);
template neighbor_table nearest_rows(const cpu&, const csr_view<double>&, std::span<const index_t>,
                                     std::span<const index_t>, int, neighbor_order);
template neighbor_table nearest_rows_of(const cpu&, const csr_view<double>&,
                                        std::span<const index_t>, const csr_view<double>&, int,
                                        neighbor_order);

}  // namespace recokit::inline RECOKIT_ABI::kernels
