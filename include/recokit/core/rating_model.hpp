// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The words of models that predict ratings: predict, its checks, and the scale of ratings.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/model_file.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/core/top_k.hpp>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// The lowest and the highest rating that training saw.
struct rating_scale {
  float low = 0;
  float high = 0;

  /// The nearest rating on the scale.
  float clip(float rating) const noexcept { return std::clamp(rating, low, high); }
  friend bool operator==(const rating_scale&, const rating_scale&) = default;
};

/// A model that predicts the ratings of pairs of known users and items.
template <class Model>
concept rating_predictor = requires(const Model& model, std::span<const index_t> ids,
                                    std::span<float> predictions) {
  { model.users() } -> std::convertible_to<std::int64_t>;
  { model.items() } -> std::convertible_to<std::int64_t>;
  model.predict(cpu{}, ids, ids, predictions);
};

namespace detail {

/// The scale of the ratings. @throws value_error when there is none
inline rating_scale scale_of(const csr_view<>& ratings) {
  if (ratings.nonzeros() == 0) {
    throw value_error("source.nonzeros()", "0", "must be at least 1: there is no rating to learn");
  }
  if (!ratings.has_values()) return {1, 1};
  const auto [low, high] = std::minmax_element(ratings.values().begin(), ratings.values().end());
  return {*low, *high};
}

/// The mean of the ratings, summed in their order; 0 without any.
inline double mean_of(const csr_view<>& ratings) {
  if (ratings.nonzeros() == 0) return 0;
  if (!ratings.has_values()) return 1;
  double sum = 0;
  for (const float rating : ratings.values()) sum += double{rating};
  return sum / static_cast<double>(ratings.nonzeros());
}

}  // namespace detail

/// Gives a model the overloads of predict and predict_for on top of those of recommender_base.
///
/// `Model` derives from it publicly and makes it and recommender_base<Model> friends. Besides the
/// private members that recommender_base asks for it has two, which get checked arguments and write
/// estimates that need not be on the scale:
///   void estimate(const cpu&, std::span<const index_t> users, std::span<const index_t> items,
///                 std::span<float> estimates) const                                        and
///   void estimate_for(const cpu&, const csr_view<>& histories, std::span<const index_t> rows,
///                     std::span<const index_t> items, std::span<float> estimates) const.
///
/// predict clips estimates to the scale of the training ratings (unless params.clip is off);
/// recommend and score rank by the estimates themselves, which keeps apart what the end of the
/// scale would make equal.
template <class Model>
class rating_model : public recommender_base<Model> {
 public:
  /// The lowest and highest rating in training.
  const rating_scale& scale() const noexcept { return scale_; }
  /// Whether predictions are clipped to scale().
  bool clips() const noexcept { return clip_; }

  /// The rating that the user would give to the item.
  /// @throws value_error for a user or item out of range
  float predict(index_t user, index_t item) const {
    float prediction = 0;
    predict(cpu{.threads = 1}, std::span(&user, 1), std::span(&item, 1), {&prediction, 1});
    return prediction;
  }

  /// Writes the predicted rating of items[n] by users[n], in any order of pairs; in parallel. Same
  /// bits as one by one. @throws dimension_error when the sizes differ, else as above
  void predict(const cpu& policy, std::span<const index_t> users, std::span<const index_t> items,
               std::span<float> predictions) const {
    for (const index_t user : users) check::index_in("user", user, self().users());
    check_pairs("users.size()", users.size(), items, predictions);
    self().estimate(policy, users, items, predictions);
    clip(predictions);
  }
  /// The same as a vector.
  std::vector<float> predict(const cpu& policy, std::span<const index_t> users,
                             std::span<const index_t> items) const {
    std::vector<float> predictions(items.size());
    predict(policy, users, items, predictions);
    return predictions;
  }
  std::vector<float> predict(std::span<const index_t> users, std::span<const index_t> items) const {
    return predict(cpu{}, users, items);
  }

  /// The same for users that training did not know: rows[n] is the row of `histories` (rows ×
  /// items) that holds the ratings of the user of pair n.
  /// @throws dimension_error when histories.cols() is not items(), else as predict
  template <class Source>
  void predict_for(const cpu& policy, const Source& histories, std::span<const index_t> rows,
                   std::span<const index_t> items, std::span<float> predictions) const {
    const csr_matrix<> known = standard_csr(histories);
    check::histories(known.cols(), self().items());
    for (const index_t row : rows) check::index_in("row", row, known.rows());
    check_pairs("rows.size()", rows.size(), items, predictions);
    self().estimate_for(policy, known.view(), rows, items, predictions);
    clip(predictions);
  }
  /// Predictions of `items` for one history (1 × items).
  template <class Source>
  std::vector<float> predict_for(const Source& history, std::span<const index_t> items) const {
    const csr_matrix<> known = standard_csr(history);
    check::equal("history.rows()", known.rows(), "one user", 1);
    std::vector<float> predictions(items.size());
    const std::vector<index_t> rows(items.size(), 0);
    predict_for(cpu{.threads = 1}, known, rows, items, predictions);
    return predictions;
  }

 protected:
  rating_model() = default;
  rating_model(const rating_scale& scale, bool clip) : scale_(scale), clip_(clip) {}

  /// What write and read of a model call for the scale.
  void write_scale(model_writer& out) const {
    out.add("scale.low", scale_.low);
    out.add("scale.high", scale_.high);
    out.add("clip", clip_);
  }
  void read_scale(model_reader& in) {
    scale_ = {in.number<float>("scale.low"), in.number<float>("scale.high")};
    clip_ = in.number<bool>("clip");
    if (scale_.low > scale_.high) in.fail("scale.low", "is above scale.high");
  }

  /// The k best of a row of scores, one an item, seen items and what the filter refuses left out.
  static std::span<const scored_item<>> best_of(std::span<const float> scores,
                                                std::span<const index_t> seen,
                                                const item_filter& filter, int k,
                                                top_k_selector<>& selector) {
    selector.reset(static_cast<std::size_t>(k));
    filter.for_each_run(
        0, static_cast<index_t>(scores.size()), seen, [&](index_t begin, index_t end) {
          selector.push_range(begin, scores.data() + begin, static_cast<std::size_t>(end - begin));
        });
    return selector.finish();
  }

  /// Ranks by rows of scores: fill(row, scores) writes one score an item for row which[q] of
  /// `known`, which holds what each has seen. In parallel; scratch: a row of scores a thread.
  template <class Fill>
  ranked_lists rank_rows(const cpu& policy, const csr_view<>& known, std::span<const index_t> which,
                         const item_filter& filter, int k, bool exclude_seen,
                         const Fill& fill) const {
    struct scratch {
      std::vector<float> scores;
      top_k_selector<> selector;
    };
    const auto items = static_cast<std::size_t>(self().items());
    scratch_pool<scratch> pool([items] { return scratch{std::vector<float>(items), {}}; });
    ranked_lists lists(which.size(), static_cast<std::size_t>(k));
    parallel_for(policy, static_cast<std::int64_t>(which.size()), 4,
                 [&](std::int64_t begin, std::int64_t end) {
                   const auto space = pool.borrow();
                   for (auto q = static_cast<std::size_t>(begin); std::cmp_less(q, end); ++q) {
                     fill(which[q], std::span<float>(space->scores));
                     const auto seen =
                         exclude_seen ? known.row(which[q]).indices : std::span<const index_t>{};
                     lists.assign(q, best_of(space->scores, seen, filter, k, space->selector));
                   }
                 });
    return lists;
  }

  rating_scale scale_;
  bool clip_ = true;

 private:
  const Model& self() const noexcept { return static_cast<const Model&>(*this); }
  void check_pairs(const char* what, std::size_t pairs, std::span<const index_t> items,
                   std::span<float> predictions) const {
    for (const index_t item : items) check::index_in("item", item, self().items());
    check::equal("items.size()", static_cast<std::int64_t>(items.size()), what,
                 static_cast<std::int64_t>(pairs));
    check::equal("predictions.size()", static_cast<std::int64_t>(predictions.size()), what,
                 static_cast<std::int64_t>(pairs));
  }
  void clip(std::span<float> predictions) const noexcept {
    if (!clip_) return;
    for (float& prediction : predictions) prediction = scale_.clip(prediction);
  }
};

}  // namespace recokit::inline RECOKIT_ABI
