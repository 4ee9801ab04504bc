// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// The usual instantiations of the kernels, compiled once here instead of in every user's file; the
// headers declare them extern when RECOKIT_COMPILED says that this library is linked.
#include <recokit/kernels/gram.hpp>
#include <recokit/kernels/score_top_k.hpp>

namespace recokit::inline RECOKIT_ABI::kernels {

template row_major_matrix<float> gram(const cpu&, const row_major_matrix<float>&, float,
                                      std::span<const float>, const row_kernels<float>&);
template ranked_lists score_top_k(const cpu&, const row_major_matrix<float>&,
                                  std::span<const index_t>, const csr_view<>*,
                                  const row_major_matrix<float>&, const item_filter&, int, float);

}  // namespace recokit::inline RECOKIT_ABI::kernels
