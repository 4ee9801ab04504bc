// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The popularity baseline: everybody gets what most users took.
#pragma once

#include <recokit/core/column_counts.hpp>
#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/recommender.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::popularity {

/// What makes an item popular.
enum class measure {
  count,  ///< number of interactions
  sum,    ///< sum of the values
  mean,   ///< mean of the values, damped towards the mean of all
};

/// Names of the values of measure, in order.
constexpr std::array<std::string_view, 3> enum_names(measure) { return {"count", "sum", "mean"}; }

struct params {
  measure by = measure::count;
  double damping = 5;        ///< mean only: interactions with the mean value added to each item
  bool keep_history = true;  ///< hold the interactions, so that seen items can be left out

  static constexpr auto fields() {
    return std::tuple{
        field("by", &params::by, "what makes an item popular"),
        field("damping", &params::damping, 0, 1e9, "by=mean: interactions of mean value added"),
        field("keep_history", &params::keep_history,
              "hold the interactions, to leave seen items out"),
    };
  }
};

struct algorithm;

/// An immutable list of items by popularity; every user gets its head, less what they know.
///
/// Not personal: the baseline that every personal model has to beat. recommend costs O(k + seen
/// items) a user.
class model : public recommender_base<model> {
 public:
  static constexpr std::string_view file_kind = "popularity";

  index_t users() const noexcept { return users_; }
  index_t items() const noexcept { return static_cast<index_t>(scores_.size()); }
  /// The training interactions, or 0 × 0 without keep_history.
  const csr_matrix<>& history() const noexcept { return history_; }
  using recommender_base<model>::score;
  /// Popularity of an item. @throws value_error when item is not in [0, items())
  float score(index_t item) const {
    check::index_in("item", item, items());
    return static_cast<float>(scores_[static_cast<std::size_t>(item)]);
  }
  /// All items, most popular first; equals by index.
  std::span<const index_t> ranking() const noexcept { return ranking_; }

 private:
  friend class recommender_base<model>;
  friend struct algorithm;

  void write(model_writer& out) const {
    out.add("users", users_);
    out.add("scores", scores_);
    out.history(history_);
  }
  static model read(model_reader& in) {
    model loaded;
    loaded.users_ = in.count("users");
    loaded.scores_ = in.vector<double>("scores");
    if (std::cmp_greater(loaded.scores_.size(), std::numeric_limits<index_t>::max())) {
      in.fail("scores", "has more items than an index counts");
    }
    loaded.rank_items();
    loaded.history_ = in.history(loaded.users_, loaded.items());
    return loaded;
  }
  // Most popular first; equals by index.
  void rank_items() {
    ranking_.resize(scores_.size());
    std::iota(ranking_.begin(), ranking_.end(), index_t{0});
    std::stable_sort(ranking_.begin(), ranking_.end(), [&](index_t a, index_t b) {
      return scores_[static_cast<std::size_t>(a)] > scores_[static_cast<std::size_t>(b)];
    });
  }

  ranked_lists rank(const cpu& policy, std::span<const index_t> users, const item_filter& filter,
                    int k, bool exclude_seen) const {
    return rank_rows(policy, users, exclude_seen ? &history_.view() : nullptr, filter, k);
  }
  ranked_lists rank_histories(const cpu& policy, const csr_view<>& histories,
                              const item_filter& filter, int k, bool exclude_seen) const {
    return rank_rows(policy, detail::all_rows(histories.rows()),
                     exclude_seen ? &histories : nullptr, filter, k);
  }
  void score_row(index_t, std::span<const index_t> items, std::span<float> scores) const {
    for (std::size_t n = 0; n < items.size(); ++n) {
      scores[n] = static_cast<float>(scores_[static_cast<std::size_t>(items[n])]);
    }
  }
  ranked_lists rank_rows(const cpu& policy, std::span<const index_t> which, const csr_view<>* seen,
                         const item_filter& filter, int k) const {
    ranked_lists lists(which.size(), static_cast<std::size_t>(k));
    parallel_for(
        policy, static_cast<std::int64_t>(which.size()), 256,
        [&](std::int64_t begin, std::int64_t end) {
          std::vector<scored_item<>> list;
          for (auto q = static_cast<std::size_t>(begin); std::cmp_less(q, end); ++q) {
            const auto known = seen ? seen->row(which[q]).indices : std::span<const index_t>{};
            list.clear();
            for (const index_t i : ranking_) {
              if (list.size() == static_cast<std::size_t>(k)) break;
              if (!filter.allows(i)) continue;
              if (std::binary_search(known.begin(), known.end(), i)) continue;
              list.push_back({i, static_cast<float>(scores_[static_cast<std::size_t>(i)])});
            }
            lists.assign(q, list);
          }
        });
    return lists;
  }

  index_t users_ = 0;
  std::vector<double> scores_;
  std::vector<index_t> ranking_;
  csr_matrix<> history_;
};

/// What fit runs.
struct algorithm : one_step_algorithm<algorithm, params, model> {
  // A pass over the entries: too little work to cancel.
  template <class Source, class Cancelled>
  static model make(const cpu& policy, const Source& source, const params& params,
                    const Cancelled&) {
    const auto matrix = to_csr(source);
    model fitted;
    fitted.users_ = static_cast<index_t>(matrix.rows());
    const auto items = static_cast<std::size_t>(matrix.cols());
    const auto counts = detail::column_counts(policy, matrix);
    if (params.by == measure::count || !matrix.has_values()) {
      fitted.scores_.assign(counts.begin(), counts.end());
    } else {
      fitted.scores_.assign(items, 0);
      for (std::size_t n = 0; n < matrix.values().size(); ++n) {
        fitted.scores_[static_cast<std::size_t>(matrix.indices()[n])] += matrix.values()[n];
      }
    }
    if (params.by == measure::mean && matrix.nonzeros() > 0) {
      const double mean = std::accumulate(fitted.scores_.begin(), fitted.scores_.end(), 0.0) /
                          static_cast<double>(matrix.nonzeros());
      for (std::size_t i = 0; i < items; ++i) {
        const double weight = static_cast<double>(counts[i]) + params.damping;
        fitted.scores_[i] =
            weight > 0 ? (fitted.scores_[i] + params.damping * mean) / weight : mean;
      }
    }
    fitted.rank_items();
    if (params.keep_history) fitted.history_ = standard_csr(source);
    return fitted;
  }
};

/// Counts (or sums, or averages) the interactions of every item.
/// @param source users × items; see csr_source
/// @throws value_error for params out of range, and what as_csr throws
/// O(nonzeros + items · log items) time, 12 bytes an item of memory besides the history.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::popularity
