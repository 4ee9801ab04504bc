// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Item-item products of a sparse matrix with the selection of neighbours fused in.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/top_k.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// For every item i, the k items j ≠ i with the largest similarity(i, j, Σ_u x_ui · x_uj) among
/// those that share a user with i.
///
/// @param users      users × items
/// @param items      its transpose, items × users
/// @param similarity called with (i, j, dot); must not return NaN
/// @returns items × items, row i holding the neighbours of i in ascending order of index
///
/// Σ_u n_u² multiply-adds (Gustavson's row products into a dense accumulator); scratch a thread:
/// items + 2k entries. No items × items array. Sums run in ascending order of users, so the result
/// is the same bits for any number of threads.
template <class Value, class Index, class Offset, class Similarity>
csr_matrix<> item_similarity(const cpu& policy, const csr_view<Value, Index, Offset>& users,
                             const csr_view<Value, Index, Offset>& items, std::size_t k,
                             const Similarity& similarity) {
  const auto count = static_cast<std::size_t>(items.rows());
  struct scratch {
    std::vector<Value> dot;
    std::vector<char> is_touched;
    std::vector<Index> touched;
    top_k_selector<float> selector;
    std::vector<scored_item<>> row;
  };
  scratch_pool<scratch> pool([count] {
    return scratch{std::vector<Value>(count), std::vector<char>(count), {}, {}, {}};
  });
  // Rows are held apart until their lengths are known: most items of a long tail have fewer than k.
  std::vector<std::vector<scored_item<>>> rows(count);

  std::vector<std::int64_t> work(count + 1, 0);
  parallel_for(policy, static_cast<std::int64_t>(count), 1024,
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t i = begin; i < end; ++i) {
                   std::int64_t products = 0;
                   for (const Index u : items.row(i).indices) {
                     products += static_cast<std::int64_t>(users.row(u).size());
                   }
                   work[static_cast<std::size_t>(i) + 1] = products;
                 }
               });
  for (std::size_t i = 0; i < count; ++i) work[i + 1] += work[i];

  parallel_for_rows(policy, work.data(), static_cast<std::int64_t>(count), 1'000'000, 100,
                    [&](std::int64_t begin, std::int64_t end) {
                      const auto space = pool.borrow();
                      for (std::int64_t i = begin; i < end; ++i) {
                        const auto item = items.row(i);
                        for (std::size_t n = 0; n < item.size(); ++n) {
                          const Value weight = item.value(n);
                          const auto user = users.row(item.indices[n]);
                          for (std::size_t m = 0; m < user.size(); ++m) {
                            const auto j = static_cast<std::size_t>(user.indices[m]);
                            if (!space->is_touched[j]) {
                              space->is_touched[j] = 1;
                              space->touched.push_back(user.indices[m]);
                            }
                            space->dot[j] += weight * user.value(m);
                          }
                        }
                        space->selector.reset(k);
                        for (const Index j : space->touched) {
                          const auto at = static_cast<std::size_t>(j);
                          if (j != static_cast<Index>(i)) {
                            space->selector.push(
                                static_cast<index_t>(j),
                                static_cast<float>(similarity(i, j, space->dot[at])));
                          }
                          space->dot[at] = 0;
                          space->is_touched[at] = 0;
                        }
                        space->touched.clear();
                        const auto best = space->selector.finish();
                        auto& row = rows[static_cast<std::size_t>(i)];
                        row.assign(best.begin(), best.end());
                        std::sort(row.begin(), row.end(),
                                  [](const auto& a, const auto& b) { return a.item < b.item; });
                      }
                    });

  std::vector<offset_t> offsets(count + 1, 0);
  for (std::size_t i = 0; i < count; ++i) {
    offsets[i + 1] = offsets[i] + static_cast<offset_t>(rows[i].size());
  }
  struct arrays {
    std::vector<offset_t> offsets;
    std::unique_ptr<index_t[]> indices;
    std::unique_ptr<float[]> values;
  };
  auto owned = std::make_shared<arrays>();
  const auto total = static_cast<std::size_t>(offsets[count]);
  owned->offsets = std::move(offsets);
  owned->indices = std::make_unique_for_overwrite<index_t[]>(total);
  owned->values = std::make_unique_for_overwrite<float[]>(total);
  parallel_for(policy, static_cast<std::int64_t>(count), 1024,
               [&](std::int64_t begin, std::int64_t end) {
                 for (auto i = static_cast<std::size_t>(begin); std::cmp_less(i, end); ++i) {
                   auto at = static_cast<std::size_t>(owned->offsets[i]);
                   for (const auto& neighbour : rows[i]) {
                     owned->indices[at] = neighbour.item;
                     owned->values[at] = neighbour.score;
                     ++at;
                   }
                   rows[i] = {};
                 }
               });
  const auto view = csr_view<>::trusted(items.rows(), items.rows(), owned->offsets.data(),
                                        owned->indices.get(), owned->values.get());
  return {view, std::shared_ptr<const void>(std::move(owned))};
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
