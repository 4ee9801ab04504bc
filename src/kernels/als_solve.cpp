// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/als_solve.hpp>

namespace recokit::inline RECOKIT_ABI::kernels {

template void als_solve(const cpu&, const csr_view<>&, const row_major_matrix<float>&,
                        const als_side<float>&, row_major_matrix<float>&,
                        const std::function<bool()>&);
template void als_solve(const cpu&, const csr_view<>&, const row_major_matrix<double>&,
                        const als_side<double>&, row_major_matrix<double>&,
                        const std::function<bool()>&);

}  // namespace recokit::inline RECOKIT_ABI::kernels
