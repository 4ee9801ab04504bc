// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// The usual instantiations of the kernels, compiled once here instead of in every user's file; the
// headers declare them extern when RECOKIT_COMPILED says that this library is linked.
#include <recokit/kernels/gram.hpp>
#include <recokit/kernels/ials_solve.hpp>
#include <recokit/kernels/score_top_k.hpp>

namespace recokit::inline RECOKIT_ABI::kernels {

RECOKIT_DETAIL_IALS_SOLVE(, float, std::int32_t)
RECOKIT_DETAIL_IALS_SOLVE(, float, std::int64_t)

template row_major_matrix<float> gram(const cpu&, const row_major_matrix<float>&, float);
template ranked_lists score_top_k(const cpu&, const row_major_matrix<float>&,
                                  std::span<const index_t>, const csr_view<>*,
                                  const row_major_matrix<float>&, const item_filter&, int);

}  // namespace recokit::inline RECOKIT_ABI::kernels
