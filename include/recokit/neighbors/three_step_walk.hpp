// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Weights of random walks of three steps: what P3alpha and RP3beta share.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/core/scored_item.hpp>
#include <recokit/kernels/item_similarity.hpp>
#include <recokit/kernels/similarity_device.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// Of which item the best neighbours are kept.
enum class walk_side {
  history,    ///< each item of a history keeps the items that it leads to most: rows of the weights
  candidate,  ///< each item keeps those that lead to it most: columns of the weights
  both,       ///< rows first, then columns
};

/// The names of walk_side.
constexpr std::array<std::string_view, 3> enum_names(walk_side) {
  return {"history", "candidate", "both"};
}

namespace detail {

struct walk_options {
  std::size_t neighbors = 100;
  double alpha = 1;
  double beta = 0;
  walk_side side = walk_side::history;
  bool normalize = false;
};

/// What two items share: the steps that users take to either of them.
struct walk_sums {
  static constexpr bool needs_values = true;
  std::int64_t common = 0;
  double to_first = 0;
  double to_second = 0;

  void add(double first, double second) noexcept {
    ++common;
    to_first += first;
    to_second += second;
  }
  walk_sums swapped() const noexcept { return {common, to_second, to_first}; }
};

/// The steps from users to items, (x_uj / Σ_k x_uk)^alpha; indices are those of `users`.
/// @throws value_error for a negative value
template <class Value, class Index, class Offset>
csr_matrix<double, Index, Offset> user_steps(const csr_view<Value, Index, Offset>& users,
                                             double alpha) {
  auto steps = std::make_shared<std::vector<double>>();
  steps->reserve(static_cast<std::size_t>(users.nonzeros()));
  for (std::int64_t u = 0; u < users.rows(); ++u) {
    const auto row = users.row(u);
    double total = 0;
    for (std::size_t n = 0; n < row.size(); ++n) {
      if (row.value(n) < 0) {
        throw value_error(
            "value at row " + std::to_string(u) + ", column " + std::to_string(row.indices[n]),
            std::to_string(row.value(n)),
            "must not be negative: values are weights of steps of a random walk");
      }
      total += static_cast<double>(row.value(n));
    }
    for (std::size_t n = 0; n < row.size(); ++n) {
      const double share = total > 0 ? static_cast<double>(row.value(n)) / total : 0.0;
      steps->push_back(share > 0 ? std::pow(share, alpha) : 0.0);
    }
  }
  const auto view = csr_view<double, Index, Offset>::trusted(
      users.rows(), users.cols(), users.offsets().data(), users.indices().data(), steps->data());
  return {view, std::shared_ptr<const void>(std::move(steps))};
}

/// A matrix whose row r is what `change` makes of the entries of row r.
template <class Change>
csr_matrix<> change_rows(const csr_matrix<>& matrix, const Change& change) {
  std::vector<offset_t> offsets{0};
  std::vector<index_t> indices;
  std::vector<float> values;
  std::vector<scored_item<>> entries;
  for (index_t r = 0; r < matrix.rows(); ++r) {
    const auto row = matrix.row(r);
    entries.clear();
    for (std::size_t n = 0; n < row.size(); ++n) entries.push_back({row.indices[n], row.value(n)});
    change(entries);
    for (const auto& entry : entries) {
      indices.push_back(entry.item);
      values.push_back(entry.score);
    }
    offsets.push_back(static_cast<offset_t>(indices.size()));
  }
  return {matrix.rows(), matrix.cols(), std::move(offsets), std::move(indices), std::move(values)};
}

/// Makes the sum of each row 1.
inline csr_matrix<> with_unit_rows(const csr_matrix<>& weights) {
  return change_rows(weights, [](std::vector<scored_item<>>& entries) {
    double total = 0;
    for (const auto& entry : entries) total += static_cast<double>(entry.score);
    if (!(total > 0)) return;
    for (auto& entry : entries) {
      entry.score = static_cast<float>(static_cast<double>(entry.score) / total);
    }
  });
}

/// Keeps the best entries of each row.
inline csr_matrix<> with_best_of_rows(const csr_matrix<>& weights, std::size_t k) {
  return change_rows(weights, [k](std::vector<scored_item<>>& entries) {
    if (entries.size() <= k) return;
    std::nth_element(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(k),
                     entries.end(), by_rank{});
    entries.resize(k);
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.item < b.item; });
  });
}

/// W(i, j) = Σ_u (1 / n_i)^alpha · (x_uj / Σ_k x_uk)^alpha / n_j^beta over the users u of both i
/// and j, n_i being the users of item i; see rp3beta::fit. 0 on the diagonal.
/// @param device finds the best, for a view of the standard types; null: the CPU does
template <class Value, class Index, class Offset, class Cancelled>
csr_matrix<> walk_weights(const cpu& policy, kernels::similarity_device* device,
                          const csr_view<Value, Index, Offset>& users, const walk_options& options,
                          const Cancelled& cancelled) {
  const auto steps = user_steps(users, options.alpha);
  const auto items = transpose(policy, steps.view());
  std::vector<double> leaving(static_cast<std::size_t>(items.rows()), 0.0);  // n_i^-alpha
  std::vector<double> popular(static_cast<std::size_t>(items.rows()), 0.0);  // n_j^-beta
  for (std::size_t i = 0; i < leaving.size(); ++i) {
    const auto count = static_cast<double>(items.row(static_cast<std::int64_t>(i)).size());
    if (count == 0) continue;
    leaving[i] = std::pow(count, -options.alpha);
    popular[i] = std::pow(count, -options.beta);
  }
  const bool backwards = options.side == walk_side::candidate;
  const pair_measures::walk_measure walk{leaving.data(), popular.data(), backwards};
  const auto best = [&] {
    if constexpr (std::is_same_v<csr_view<double, Index, Offset>, csr_view<double>>) {
      if (device != nullptr) {
        // The steps to an item are its own values or those of what it meets.
        return device->neighbors(backwards ? items.view() : items.view().pattern(),
                                 backwards ? steps.view().pattern() : steps.view(), walk,
                                 std::min(options.neighbors, leaving.size()), cancelled);
      }
    }
    return kernels::item_similarity<walk_sums>(
        policy, steps.view(), items.view(), options.neighbors,
        [&](std::int64_t i, std::int64_t j, const walk_sums& pair) {
          return walk(i, j, {pair.common, backwards ? pair.to_first : pair.to_second});
        },
        kernels::pair_symmetry::none, 1, cancelled);
  };
  csr_matrix<> weights = best();
  if (backwards) weights = transpose(policy, weights.view());
  if (options.normalize) weights = with_unit_rows(weights);
  if (options.side != walk_side::both) return weights;
  const auto columns = transpose(policy, weights.view());
  return transpose(policy, with_best_of_rows(columns, options.neighbors).view());
}

/// The same for any source and policy.
template <class Source, class Cancelled>
csr_matrix<> walk_weights(const cpu& policy, const Source& source, const walk_options& options,
                          const Cancelled& cancelled) {
  return walk_weights(policy, nullptr, to_csr(source), options, cancelled);
}
template <class Source, class Cancelled>
csr_matrix<> walk_weights(const cuda& policy, const Source& source, const walk_options& options,
                          const Cancelled& cancelled) {
  const auto device = kernels::make_similarity_device(policy);
  const csr_matrix<> standard = standard_csr(source);
  return walk_weights(host_of(policy), device.get(), standard.view(), options, cancelled);
}

}  // namespace detail
}  // namespace recokit::inline RECOKIT_ABI
