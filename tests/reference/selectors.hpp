// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Selectors by plain loops over all distances, to compare with.
#pragma once

#include <recokit/core/config.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace recokit_test {

class naive_selectors {
 public:
  using ids = std::vector<recokit::index_t>;

  naive_selectors(const Eigen::MatrixXd& rows, ids labels)
      : rows_(rows), labels_(std::move(labels)) {
    for (std::size_t r = 0; r < labels_.size(); ++r) {
      members_[labels_[r]].push_back(static_cast<int>(r));
    }
    smallest_ = labels_.front();
    for (const auto& [label, rows_of] : members_) {
      const auto least = members_[smallest_].size();
      if (rows_of.size() < least || (rows_of.size() == least && label < smallest_)) {
        smallest_ = label;
      }
    }
  }

  int label(int row) const { return labels_[static_cast<std::size_t>(row)]; }
  const ids& members(int label) const { return members_.at(label); }
  int smallest() const { return smallest_; }
  ids all() const {
    ids rows;
    for (std::size_t r = 0; r < labels_.size(); ++r) rows.push_back(static_cast<int>(r));
    return rows;
  }

  /// (distance, row), least first, without `row` itself.
  std::vector<std::pair<double, int>> neighbors(int row, const ids& among) const {
    std::vector<std::pair<double, int>> list;
    for (const int other : among) {
      if (other != row) list.emplace_back((rows_.row(row) - rows_.row(other)).norm(), other);
    }
    std::sort(list.begin(), list.end());
    return list;
  }
  /// The most frequent label; of equally frequent ones the least.
  static int mode(const std::map<int, int>& counts) {
    int best = counts.begin()->first;
    for (const auto& [label, count] : counts) {
      if (count > counts.at(best)) best = label;
    }
    return best;
  }

  ids tomek(const std::set<int>& cleaned) const {
    ids kept;
    for (const int row : all()) {
      const int other = neighbors(row, all())[0].second;
      const bool linked = label(other) != label(row) && neighbors(other, all())[0].second == row;
      if (!linked || cleaned.count(label(row)) == 0) kept.push_back(row);
    }
    return kept;
  }

  bool agrees(int row, const ids& among, int k, bool unanimous) const {
    std::map<int, int> counts;
    const auto list = neighbors(row, among);
    for (int n = 0; n < k; ++n) ++counts[label(list.at(static_cast<std::size_t>(n)).second)];
    return unanimous ? counts[label(row)] == k : mode(counts) == label(row);
  }
  /// One pass over `among`; ascending.
  ids edited(const ids& among, const std::set<int>& cleaned, int k, bool unanimous) const {
    ids kept;
    for (const int row : among) {
      if (cleaned.count(label(row)) == 0 || agrees(row, among, k, unanimous)) kept.push_back(row);
    }
    return kept;
  }

  /// Of one class; best first.
  ids near_miss(int version, int target, std::size_t wanted, int k, int candidates) const {
    ids rows = members(target);
    if (version == 3) {
      std::set<int> around;
      for (const int minor : members(smallest_)) {
        const auto list = neighbors(minor, members(target));
        for (int n = 0; n < candidates; ++n)
          around.insert(list[static_cast<std::size_t>(n)].second);
      }
      rows.assign(around.begin(), around.end());
    }
    std::vector<std::pair<double, int>> order;
    for (const int row : rows) {
      const auto list = neighbors(row, members(smallest_));
      const std::size_t first = version == 2 ? list.size() - static_cast<std::size_t>(k) : 0;
      double sum = 0;
      for (std::size_t n = first; n < first + static_cast<std::size_t>(k); ++n) {
        sum += list[n].first;
      }
      order.emplace_back(version == 3 ? -sum : sum, row);
    }
    std::sort(order.begin(), order.end());
    ids best;
    for (std::size_t n = 0; n < std::min(wanted, order.size()); ++n)
      best.push_back(order[n].second);
    return best;
  }

  /// Whether the k nearest of `store` give the row its own label.
  bool classified(int row, const ids& store, int k) const {
    std::map<int, int> counts;
    const auto list = neighbors(row, store);
    for (int n = 0; n < k; ++n) ++counts[label(list.at(static_cast<std::size_t>(n)).second)];
    return mode(counts) == label(row);
  }
  /// Of one class: the seeds, then what each pass adds.
  ids condensed(int target, const ids& seeds, int k, int passes) const {
    ids kept = seeds;
    ids store = members(smallest_);
    store.insert(store.end(), seeds.begin(), seeds.end());
    for (int pass = 0; pass < passes; ++pass) {
      for (const int row : members(target)) {
        if (std::find(kept.begin(), kept.end(), row) != kept.end()) continue;
        if (classified(row, store, k)) continue;
        kept.push_back(row);
        store.push_back(row);
      }
    }
    return kept;
  }

  ids cleaned_neighborhoods(const std::set<int>& cleaned, int k, double threshold) const {
    std::set<int> removed;
    const auto edited_rows = edited(all(), cleaned, k, false);
    for (const int row : all()) {
      if (std::find(edited_rows.begin(), edited_rows.end(), row) == edited_rows.end()) {
        removed.insert(row);
      }
    }
    for (const int row : members(smallest_)) {
      const auto list = neighbors(row, all());
      std::map<int, int> counts{{smallest_, 1}};
      for (int n = 0; n + 1 < k; ++n) ++counts[label(list[static_cast<std::size_t>(n)].second)];
      if (mode(counts) == smallest_) continue;
      for (int n = 0; n < k; ++n) {
        const int other = list[static_cast<std::size_t>(n)].second;
        const auto size = static_cast<double>(members(label(other)).size());
        const auto least = static_cast<double>(members(smallest_).size());
        if (cleaned.count(label(other)) > 0 && size > threshold * least) removed.insert(other);
      }
    }
    ids kept;
    for (const int row : all()) {
      if (removed.count(row) == 0) kept.push_back(row);
    }
    return kept;
  }

  /// By class, in the order given.
  ids grouped(const ids& rows) const {
    ids ordered;
    for (const auto& [label_of, unused] : members_) {
      for (const int row : rows) {
        if (label(row) == label_of) ordered.push_back(row);
      }
    }
    return ordered;
  }

 private:
  Eigen::MatrixXd rows_;
  ids labels_;
  std::map<int, ids> members_;
  int smallest_ = 0;
};

}  // namespace recokit_test
