// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/column_counts.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/metrics/popularity_groups.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>

namespace recokit::inline RECOKIT_ABI {
namespace {

constexpr std::array usual_shares{0.2, 0.6, 0.2};

// The last mass at which each group but the last still takes one more member.
std::vector<double> bounds(std::span<const double> shares, double total) {
  if (shares.empty()) shares = usual_shares;
  std::vector<double> bound;
  double sum = 0;
  for (std::size_t g = 0; g < shares.size(); ++g) {
    if (!(shares[g] > 0 && shares[g] <= 1)) {
      throw value_error("shares[" + std::to_string(g) + "]", std::to_string(shares[g]),
                        "must be in (0, 1]");
    }
    sum += shares[g];
    bound.push_back(sum * total);
  }
  if (std::abs(sum - 1) > 1e-9) {
    throw value_error("sum of shares", std::to_string(sum), "must be 1");
  }
  bound.pop_back();
  return bound;
}

// Groups `order`, each of mass[order[i]], at the bounds.
template <class Mass>
std::vector<int> cut(const std::vector<std::size_t>& order, std::size_t size,
                     const std::vector<double>& bound, const Mass& mass) {
  std::vector<int> groups(size, -1);
  double before = 0;
  std::size_t group = 0;
  for (const std::size_t each : order) {
    // Shares such as 0.2 + 0.6 are a little off their sum.
    while (group < bound.size() && before >= bound[group] * (1 - 1e-12)) ++group;
    groups[each] = static_cast<int>(group);
    before += mass(each);
  }
  return groups;
}

}  // namespace

std::vector<std::int64_t> item_counts(const csr_view<>& train) {
  return detail::column_counts(cpu{}, train);
}

std::vector<int> group_items_by_popularity(const csr_view<>& train, std::span<const double> shares,
                                           group_by by) {
  const auto counts = item_counts(train);
  const bool by_interactions = by == group_by::interactions;
  const auto bound = bounds(shares, by_interactions ? static_cast<double>(train.nonzeros())
                                                    : static_cast<double>(counts.size()));
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
  return cut(order, counts.size(), bound, [&](std::size_t item) {
    return by_interactions ? static_cast<double>(counts[item]) : 1.0;
  });
}

std::vector<int> group_users_by_popularity(const csr_view<>& train,
                                           std::span<const double> shares) {
  const auto counts = item_counts(train);
  std::vector<double> popularity(static_cast<std::size_t>(train.rows()), 0.0);
  std::vector<std::size_t> order;
  for (std::size_t u = 0; u < popularity.size(); ++u) {
    const auto history = train.row(static_cast<std::int64_t>(u)).indices;
    if (history.empty()) continue;
    std::int64_t sum = 0;
    for (const auto item : history) sum += counts[static_cast<std::size_t>(item)];
    popularity[u] = static_cast<double>(sum) / static_cast<double>(history.size());
    order.push_back(u);
  }
  const auto bound = bounds(shares, static_cast<double>(order.size()));
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return popularity[a] > popularity[b]; });
  return cut(order, popularity.size(), bound, [](std::size_t) { return 1.0; });
}

}  // namespace recokit::inline RECOKIT_ABI
