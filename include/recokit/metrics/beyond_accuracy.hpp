// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Coverage, diversity, novelty, popularity bias and the like, in one pass over ranked
/// lists.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/ranked_lists.hpp>
#include <recokit/metrics/beyond_metric.hpp>
#include <recokit/metrics/item_distance.hpp>

#include <Eigen/Core>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// What some measures need besides the lists and the training interactions. All memory belongs to
/// the caller and must outlive the accumulator. "Users" are the rows of `histories`.
struct beyond_inputs {
  /// Users × items: what each user had before; without it, the training interactions. With strong
  /// generalisation these are the fold-in histories.
  std::optional<csr_view<>> histories{};
  /// Users × items that turned out relevant: serendipity.
  std::optional<csr_view<>> relevant{};
  /// Users × items that were to be expected, such as the lists of a baseline: unexpectedness(set);
  /// without it, the histories.
  std::optional<csr_view<>> expected{};
  /// Items × categories, a weight above 0 an entry (1 without values): category_diversity (which
  /// ignores the weights) and calibration_error, where the weights of an item are scaled to sum 1.
  /// Items without an entry take no part.
  std::optional<csr_view<>> categories{};
  /// Between items: diversity, serendipity(distance), unexpectedness(distance) and (nearest).
  item_distance distance{};
  /// One a item, from 0; -1: in no group. For group_share.
  std::span<const int> item_groups{};
  /// One a user, from 0; -1: in no group. Every mean is then given for each group too.
  std::span<const int> user_groups{};
  /// Keep the value of every user: 8 bytes a user and metric.
  bool per_user = true;
};

/// A metric with what it came to.
struct beyond_value {
  beyond_metric metric;
  /// Of all lists, or the mean over `users`; NaN when nothing defines it.
  double value = 0;
  /// Users in the mean; for an aggregate, the lists that hold an item.
  std::int64_t users = 0;
  /// One a list in the order they were added, NaN where left out. Empty for aggregates and without
  /// beyond_inputs::per_user.
  Eigen::VectorXd per_user{};
  /// The mean of each user group, NaN for a group without users. Empty for aggregates and without
  /// beyond_inputs::user_groups.
  Eigen::VectorXd by_group{};
};

struct beyond_report {
  std::vector<beyond_value> values;
  /// Lists seen, also empty ones.
  std::int64_t lists = 0;
  std::int64_t empty_lists = 0;
  /// The users in the order of per_user; empty without beyond_inputs::per_user.
  std::vector<index_t> users;
  /// Name of the distance; empty without one.
  std::string distance;

  /// A metric by name, such as "novelty@10". @throws value_error when it was not measured
  const beyond_value& at(std::string_view name) const;
  double operator[](std::string_view name) const { return at(name).value; }
};

/// Takes ranked lists tile by tile and measures them.
///
/// Results are the same bits for any number of threads and any cut into tiles, as long as the lists
/// come in the same order: values of users are found in parallel and summed in the order of the
/// lists, exposures are whole numbers.
///
/// Cost a list of k items: O(k) lookups a definition, shared by its K; diversity and other
/// distances as item_distance.hpp says; unexpectedness and serendipity O(k log history);
/// calibration_error O(history + categories × K). finish: O(items log items) for gini, else
/// O(items), a metric. Memory: O(items) tables; with aggregates 4 bytes an item and distinct K for
/// each of up to 8 threads; a thread holds one list; no users × items.
class beyond_accumulator {
 public:
  /// @param train   users × items: counts, popularity and, by default, histories. Values are not
  ///                looked at: each stored entry is an interaction. Must outlive the accumulator.
  /// @param metrics at least one
  /// @throws value_error for no metrics, a choice that does not exist, or an input that a metric
  ///         needs and that is not there; dimension_error for inputs of other shapes than `train`
  beyond_accumulator(const csr_view<>& train, std::vector<beyond_metric> metrics,
                     const beyond_inputs& inputs = {});
  ~beyond_accumulator();
  beyond_accumulator(beyond_accumulator&&) noexcept;
  beyond_accumulator& operator=(beyond_accumulator&&) noexcept;

  const std::vector<beyond_metric>& metrics() const noexcept;
  /// The longest list that any metric looks at: the largest k, at most the number of items.
  int depth() const noexcept;

  /// Adds one list a user, best first; entries beyond depth() are ignored. A user may come once.
  /// @throws dimension_error unless there are as many lists as users, value_error for a user or
  /// item
  ///         out of range or a user who came before; nothing is added then
  void add(const cpu& policy, std::span<const index_t> users, const ranked_lists& lists);
  void add(std::span<const index_t> users, const ranked_lists& lists) { add(cpu{}, users, lists); }

  /// The results so far.
  beyond_report finish() const;

 private:
  class state;
  std::unique_ptr<state> state_;
};

/// Measures ready lists: lists[i] belongs to users[i].
/// @param train any source of interactions; see csr_source
/// @throws what beyond_accumulator throws
template <class Train>
beyond_report beyond_accuracy(const cpu& policy, std::span<const index_t> users,
                              const ranked_lists& lists, const Train& train,
                              std::vector<beyond_metric> metrics,
                              const beyond_inputs& inputs = {}) {
  if constexpr (std::same_as<decltype(to_csr(train)), csr_view<>>) {
    beyond_accumulator accumulator(to_csr(train), std::move(metrics), inputs);
    accumulator.add(policy, users, lists);
    return accumulator.finish();
  } else {
    const csr_matrix<> copy = standard_csr(train);
    return beyond_accuracy(policy, users, lists, copy.view(), std::move(metrics), inputs);
  }
}

/// The same with one list a row of the histories, in order.
template <class Train>
beyond_report beyond_accuracy(const cpu& policy, const ranked_lists& lists, const Train& train,
                              std::vector<beyond_metric> metrics,
                              const beyond_inputs& inputs = {}) {
  const std::int64_t rows =
      inputs.histories ? inputs.histories->rows() : static_cast<std::int64_t>(to_csr(train).rows());
  check::equal("lists.size()", static_cast<std::int64_t>(lists.size()),
               inputs.histories ? "histories.rows()" : "train.rows()", rows,
               "name the users when there are not lists for all");
  std::vector<index_t> users(lists.size());
  for (std::size_t u = 0; u < users.size(); ++u) users[u] = static_cast<index_t>(u);
  return beyond_accuracy(policy, users, lists, train, std::move(metrics), inputs);
}

template <class Train>
beyond_report beyond_accuracy(const ranked_lists& lists, const Train& train,
                              std::vector<beyond_metric> metrics,
                              const beyond_inputs& inputs = {}) {
  return beyond_accuracy(cpu{}, lists, train, std::move(metrics), inputs);
}

}  // namespace recokit::inline RECOKIT_ABI
