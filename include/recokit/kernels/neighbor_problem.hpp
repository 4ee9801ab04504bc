// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What a search for nearest rows is given, what it hands back, and how neighbours rank.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/config.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// The neighbours of some queries: queries × k.
struct neighbor_table {
  row_major_matrix<index_t> rows;      ///< row ids, best first
  row_major_matrix<double> distances;  ///< Euclidean
};

enum class neighbor_order { nearest, farthest };

namespace detail {

/// A candidate with its squared distance, or with minus that where the farthest are sought.
struct ranked_neighbor {
  double key = 0;
  index_t row = 0;

  friend bool operator<(const ranked_neighbor& a, const ranked_neighbor& b) noexcept {
    return a.key < b.key || (a.key == b.key && a.row < b.row);
  }
};

inline double signed_key(neighbor_order order, double squared) noexcept {
  return order == neighbor_order::nearest ? squared : -squared;
}

/// A search; its parts outlive it.
template <class Rows>
struct neighbor_problem {
  const Rows& points;
  std::span<const index_t> among;    ///< rows of `points`, ascending
  const Rows& asked;                 ///< where the queries are rows
  std::span<const index_t> queries;  ///< rows of `asked`
  bool leaves_self_out = true;       ///< a query is no neighbour of itself
  std::size_t k = 1;
  neighbor_order order = neighbor_order::nearest;

  index_t query(std::size_t q) const noexcept { return queries[q]; }
  std::vector<index_t> rows_of(std::span<const std::size_t> which) const {
    std::vector<index_t> rows(which.size());
    for (std::size_t n = 0; n < which.size(); ++n) rows[n] = queries[which[n]];
    return rows;
  }
  double distance(double key) const noexcept { return std::sqrt(std::abs(key)); }
  /// The row of `points` that is left out for query q, or −1.
  index_t left_out(std::size_t q) const noexcept { return leaves_self_out ? queries[q] : -1; }
  /// Every query is a candidate for the others, and asked once: their pairs serve both.
  bool is_nested() const {
    return leaves_self_out &&
           std::adjacent_find(queries.begin(), queries.end(), std::greater_equal<>{}) ==
               queries.end() &&
           std::includes(among.begin(), among.end(), queries.begin(), queries.end());
  }
};

/// The k best of the candidates that are pushed.
class neighbor_heap {
 public:
  void reset(std::size_t k) {
    k_ = k;
    best_.clear();
  }
  bool full() const noexcept { return best_.size() == k_; }
  /// The last of the best; only while full().
  const ranked_neighbor& last() const noexcept { return best_.front(); }
  void push(const ranked_neighbor& candidate) {
    if (full()) {
      if (!(candidate < best_.front())) return;
      std::pop_heap(best_.begin(), best_.end());
      best_.back() = candidate;
    } else {
      best_.push_back(candidate);
    }
    std::push_heap(best_.begin(), best_.end());
  }
  /// Best first; empties the heap's order.
  std::span<const ranked_neighbor> sorted() {
    std::sort_heap(best_.begin(), best_.end());
    return best_;
  }

 private:
  std::size_t k_ = 1;
  std::vector<ranked_neighbor> best_;
};

/// Writes the neighbours of query q, best first.
template <class Problem>
void write_neighbors(const Problem& problem, std::size_t q, std::span<const ranked_neighbor> best,
                     neighbor_table& table) {
  const auto row = static_cast<Eigen::Index>(q);
  for (Eigen::Index n = 0; n < table.rows.cols(); ++n) {
    const auto& neighbor = best[static_cast<std::size_t>(n)];
    table.rows(row, n) = neighbor.row;
    table.distances(row, n) = problem.distance(neighbor.key);
  }
}

/// Room for the neighbours of a problem. @throws memory_error
template <class Problem>
neighbor_table table_for(const Problem& problem) {
  const std::string what = "the table of neighbours";
  check::fits_memory(what, check::bytes(what, problem.queries.size(), problem.k,
                                        sizeof(index_t) + sizeof(double)));
  const auto queries = static_cast<Eigen::Index>(problem.queries.size());
  const auto k = static_cast<Eigen::Index>(problem.k);
  return {row_major_matrix<index_t>(queries, k), row_major_matrix<double>(queries, k)};
}

/// The numbers of all queries of a problem.
template <class Problem>
std::vector<std::size_t> every_query(const Problem& problem) {
  std::vector<std::size_t> which(problem.queries.size());
  std::iota(which.begin(), which.end(), std::size_t{0});
  return which;
}

}  // namespace detail

}  // namespace recokit::inline RECOKIT_ABI::kernels
