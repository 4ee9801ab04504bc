// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The Gram matrix of the columns of a sparse matrix, written into a dense one.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Where parallel_for_rows may cut loops that form one row of the Gram matrix each: entry i + 1 is
/// the number of multiply-adds of rows 0 to i. `users` is users × items, `items` its transpose.
template <class Value, class Index, class Offset>
std::vector<std::int64_t> gram_row_work(const cpu& policy,
                                        const csr_view<Value, Index, Offset>& users,
                                        const csr_view<Value, Index, Offset>& items) {
  std::vector<std::int64_t> work(static_cast<std::size_t>(items.rows()) + 1, 0);
  parallel_for(policy, items.rows(), 1024, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      std::int64_t products = 0;
      for (const Index u : items.row(i).indices) {
        products += static_cast<std::int64_t>(users.row(u).size());
      }
      work[static_cast<std::size_t>(i) + 1] = products;
    }
  });
  for (std::size_t i = 1; i < work.size(); ++i) work[i] += work[i - 1];
  return work;
}

/// Writes the lower triangle of XᵀX into the items × items matrix `gram`, whose rows lie `leading`
/// apart; the rest is set to 0. `users` is X, `items` its transpose.
///
/// Σ_u n_u²/2 multiply-adds, one cache-resident row at a time. Sums run in ascending order of
/// users: the same bits for any number of threads.
template <class Scalar, class Value, class Index, class Offset>
void sparse_gram_lower(const cpu& policy, const csr_view<Value, Index, Offset>& users,
                       const csr_view<Value, Index, Offset>& items, Scalar* gram,
                       std::ptrdiff_t leading) {
  const std::vector<std::int64_t> work = gram_row_work(policy, users, items);
  parallel_for_rows(policy, work.data(), items.rows(), 1'000'000,
                    static_cast<std::int64_t>(items.rows()) / 8 + 1,
                    [&](std::int64_t begin, std::int64_t end) {
                      for (std::int64_t i = begin; i < end; ++i) {
                        Scalar* const sums = gram + i * leading;
                        std::fill_n(sums, items.rows(), Scalar{0});
                        const auto item = items.row(i);
                        for (std::size_t n = 0; n < item.size(); ++n) {
                          const auto weight = static_cast<Scalar>(item.value(n));
                          const auto user = users.row(item.indices[n]);
                          for (std::size_t m = 0; m < user.size() && user.indices[m] <= i; ++m) {
                            sums[user.indices[m]] += weight * static_cast<Scalar>(user.value(m));
                          }
                        }
                      }
                    });
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
