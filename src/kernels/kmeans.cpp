// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/kmeans.hpp>

namespace recokit::inline RECOKIT_ABI::kernels {

template kmeans_result kmeans(const cpu&, const dense_view<float>&, std::span<const index_t>,
                              const kmeans_options&);
template kmeans_result kmeans(const cpu&, const dense_view<double>&, std::span<const index_t>,
                              const kmeans_options&);
template kmeans_result kmeans(const cpu&, const csr_view<float>&, std::span<const index_t>,
                              const kmeans_options&);
template kmeans_result kmeans(const cpu&, const csr_view<double>&, std::span<const index_t>,
                              const kmeans_options&);

}  // namespace recokit::inline RECOKIT_ABI::kernels
