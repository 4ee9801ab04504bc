// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/nearest_mixed_rows.hpp>

namespace recokit::inline RECOKIT_ABI::kernels {

template neighbor_table nearest_mixed_rows(const cpu&, dense_view<float>, const category_codes&,
                                           double, std::span<const index_t>,
                                           std::span<const index_t>, int);
template neighbor_table nearest_mixed_rows(const cpu&, dense_view<double>, const category_codes&,
                                           double, std::span<const index_t>,
                                           std::span<const index_t>, int);

}  // namespace recokit::inline RECOKIT_ABI::kernels
