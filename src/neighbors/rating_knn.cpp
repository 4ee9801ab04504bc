// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/pair_groups.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/top_k.hpp>
#include <recokit/neighbors/rating_knn.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

namespace recokit::inline RECOKIT_ABI::rating_knn {

// Work space of one thread.
struct scratch {
  explicit scratch(index_t size) : similarities(static_cast<std::size_t>(size)) {}

  std::vector<double> similarities;  // of the subject to all
  std::vector<double> sums;
  std::vector<float> values;             // the subject's ratings as the measure takes them
  std::vector<double> gathered, sample;  // of the raters of one item
  top_k_selector<double, index_t> best;
  std::vector<scored_item<double, index_t>> order;
  std::vector<double> above, below;  // one an item
  std::vector<int> taken;
};

namespace {

// Bytes of scores or similarities that ranking by items holds at once.
constexpr std::int64_t tile_bytes = std::int64_t{64} << 20;

std::size_t at(index_t index) noexcept { return static_cast<std::size_t>(index); }

// The matrix with values of its own, written by value_of(row, column, value).
template <class ValueOf>
csr_matrix<> with_values(const cpu& policy, const csr_matrix<>& matrix, const ValueOf& value_of) {
  struct arrays {
    std::shared_ptr<const void> pattern;
    std::vector<float> values;
  };
  auto owned = std::make_shared<arrays>();
  owned->pattern = matrix.owner();
  owned->values.resize(static_cast<std::size_t>(matrix.nonzeros()));
  const auto view = matrix.view();
  parallel_for(policy, view.rows(), 256, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      const auto row = view.row(r);
      float* const out = owned->values.data() + view.offsets()[static_cast<std::size_t>(r)];
      for (std::size_t n = 0; n < row.size(); ++n) {
        out[n] = static_cast<float>(
            value_of(static_cast<index_t>(r), row.indices[n], double{row.value(n)}));
      }
    }
  });
  const auto changed = csr_view<>::trusted(view.rows(), view.cols(), view.offsets().data(),
                                           view.indices().data(), owned->values.data());
  return {changed, std::shared_ptr<const void>(std::move(owned))};
}

double mean_of_row(const csr_row<float, index_t>& row, double without) {
  if (row.size() == 0) return without;
  double sum = 0;
  for (const float value : row.values) sum += double{value};
  return sum / static_cast<double>(row.size());
}

double deviation_of_row(const csr_row<float, index_t>& row, double mean, double without) {
  double squares = 0;
  for (const float value : row.values) {
    squares += (double{value} - mean) * (double{value} - mean);
  }
  return squares > 0 ? std::sqrt(squares / static_cast<double>(row.size())) : without;
}

std::vector<double> row_means(const csr_matrix<>& rows, double without) {
  std::vector<double> means;
  means.reserve(at(rows.rows()));
  for (index_t r = 0; r < rows.rows(); ++r) means.push_back(mean_of_row(rows.row(r), without));
  return means;
}

bool is_adjusted(rating_measure measure) {
  return measure == rating_measure::adjusted_cosine ||
         measure == rating_measure::adjusted_cosine_full;
}

}  // namespace

model model::learn(const cpu& policy, const csr_matrix<>& ratings, const params& params) {
  if (params.min_neighbors > params.neighbors) {
    throw value_error("params.min_neighbors", std::to_string(params.min_neighbors),
                      "must be at most params.neighbors = " + std::to_string(params.neighbors));
  }
  model fitted;
  fitted.params_ = params;
  fitted.scale_ = detail::scale_of(ratings.view());
  fitted.clip_ = params.clip;
  fitted.history_ =
      ratings.has_values()
          ? ratings
          : with_values(policy, ratings, [](index_t, index_t, double v) { return v; });
  fitted.by_item_ = transpose(policy, fitted.history_.view());
  fitted.mean_ = recokit::detail::mean_of(ratings.view());
  const bool by_user = params.by == side::user;
  const csr_matrix<>& by_own = by_user ? fitted.history_ : fitted.by_item_;
  const csr_matrix<>& by_other = by_user ? fitted.by_item_ : fitted.history_;
  fitted.means_ = row_means(by_own, fitted.mean_);
  if (params.form == form::z_score) {
    double squares = 0;
    for (const float value : fitted.history_.view().values()) {
      squares += (double{value} - fitted.mean_) * (double{value} - fitted.mean_);
    }
    // All ratings equal: whatever it is, it is multiplied with 0.
    fitted.deviation_ =
        squares > 0 ? std::sqrt(squares / static_cast<double>(ratings.nonzeros())) : 1;
    for (index_t x = 0; x < by_own.rows(); ++x) {
      fitted.deviations_.push_back(
          deviation_of_row(by_own.row(x), fitted.means_[at(x)], fitted.deviation_));
    }
  }
  const bool less_baseline = params.similarity == rating_measure::pearson_baseline;
  if (params.form == form::baseline || less_baseline) {
    fitted.baseline_ = bias::fit(policy, fitted.history_,
                                 {.regularization_user = params.regularization_user,
                                  .regularization_item = params.regularization_item,
                                  .epochs = params.baseline_epochs,
                                  .keep_history = false});
  }
  const rating_similarity_options options{params.similarity,         params.min_support,
                                          params.baseline_shrinkage, params.shrinkage,
                                          params.significance,       params.amplification};
  csr_matrix<> compared = by_other;
  if (less_baseline) {
    const auto own = by_user ? fitted.baseline_.user_biases() : fitted.baseline_.item_biases();
    const auto other = by_user ? fitted.baseline_.item_biases() : fitted.baseline_.user_biases();
    compared = with_values(policy, by_other, [&](index_t y, index_t x, double value) {
      return value - (fitted.mean_ + own[at(x)] + other[at(y)]);
    });
  } else if (is_adjusted(params.similarity)) {
    fitted.other_means_ = row_means(by_other, fitted.mean_);
    compared = with_values(policy, by_other, [&](index_t y, index_t, double value) {
      return value - fitted.other_means_[at(y)];
    });
  } else if (params.similarity == rating_measure::centered_cosine_full) {
    compared = with_values(policy, by_other, [&](index_t, index_t x, double value) {
      return value - fitted.means_[at(x)];
    });
  }
  fitted.similarity_ = rating_similarity(options, std::move(compared));
  return fitted;
}

void model::write(model_writer& out) const {
  out.params(params_);
  out.required_history(history_, "rating_knn predicts from the ratings of its users");
}

model model::read(model_reader& in) {
  const auto params = in.params<rating_knn::params>();
  const csr_matrix<> ratings = in.csr<>("history");
  if (ratings.nonzeros() == 0) in.fail("history", "has no rating");
  try {
    return learn({}, ratings, params);
  } catch (const value_error& problem) {
    in.fail("params", problem.what());
  }
}

model::subject model::known_subject(index_t x) const {
  subject result;
  result.self = x;
  result.known = (by_user() ? history_ : by_item_).row(x).size() > 0;
  result.mean = means_[at(x)];
  if (!deviations_.empty()) result.deviation = deviations_[at(x)];
  const auto biases = by_user() ? baseline_.user_biases() : baseline_.item_biases();
  if (!biases.empty()) result.bias = biases[at(x)];
  return result;
}

model::subject model::new_user(const csr_row<float, index_t>& history) const {
  subject result;
  result.known = history.size() > 0;
  result.mean = mean_of_row(history, mean_);
  if (params_.form == form::z_score) {
    result.deviation = deviation_of_row(history, result.mean, deviation_);
  }
  result.bias = user_bias(history, -1);
  return result;
}

// Of a known user, or solved for a new one (-1); 0 where there is no baseline.
double model::user_bias(const csr_row<float, index_t>& history, index_t known) const {
  if (baseline_.items() == 0) return 0;
  return known >= 0 ? baseline_.user_biases()[at(known)] : baseline_.fold_in(history);
}

// Fills space.similarities; that to itself is 0, which leaves it out.
void model::compare(const csr_row<float, index_t>& row, const subject& x, scratch& space) const {
  space.values.assign(row.values.begin(), row.values.end());
  const auto shift = [&](const auto& by) {
    for (std::size_t n = 0; n < row.size(); ++n) {
      space.values[n] = static_cast<float>(double{row.values[n]} - by(row.indices[n]));
    }
  };
  if (params_.similarity == rating_measure::pearson_baseline) {
    const auto other = by_user() ? baseline_.item_biases() : baseline_.user_biases();
    shift([&](index_t y) { return mean_ + x.bias + other[at(y)]; });
  } else if (is_adjusted(params_.similarity)) {
    shift([&](index_t y) { return other_means_[at(y)]; });
  } else if (params_.similarity == rating_measure::centered_cosine_full) {
    shift([&](index_t) { return x.mean; });
  }
  similarity_.compare(row.indices, space.values, space.similarities, space.sums);
  if (x.self >= 0) space.similarities[at(x.self)] = 0;
}

// What of a neighbour's rating is averaged.
double model::deviation_of(index_t neighbor, float rating, double other_bias) const {
  switch (params_.form) {
    case form::plain:
      return rating;
    case form::mean_centered:
      return double{rating} - means_[at(neighbor)];
    case form::z_score:
      return (double{rating} - means_[at(neighbor)]) / deviations_[at(neighbor)];
    case form::baseline:
      break;
  }
  const auto biases = by_user() ? baseline_.user_biases() : baseline_.item_biases();
  return double{rating} - (mean_ + biases[at(neighbor)] + other_bias);
}

double model::fall_back(const subject& x, bool other_known, double other_bias) const {
  if (params_.form == form::baseline) return mean_ + x.bias + other_bias;
  if (params_.form == form::plain || !x.known || !other_known) return mean_;
  return x.mean;
}

double model::from_neighbors(const subject& x, double sum, double weight, double other_bias) const {
  const double average = sum / weight;
  if (params_.form == form::plain) return average;
  if (params_.form == form::baseline) return mean_ + x.bias + other_bias + average;
  return x.mean + average * x.deviation;
}

// `raters` holds the ratings to choose neighbours from; their places rise with their index, so ties
// go to the lower index. Sums in falling similarity.
double model::aggregate(const subject& x, const csr_row<float, index_t>& raters, double other_bias,
                        scratch& space) const {
  const auto k = static_cast<std::size_t>(
      std::min<std::int64_t>(params_.neighbors, std::ssize(raters.indices) + 1));
  space.gathered.resize(raters.size());
  for (std::size_t n = 0; n < raters.size(); ++n) {
    space.gathered[n] = space.similarities[at(raters.indices[n])];
  }
  const double floor = std::max(top_k_floor<double>(space.gathered, k, space.sample),
                                std::numeric_limits<double>::denorm_min());
  space.best.reset(k);
  for (std::size_t n = 0; n < raters.size(); ++n) {
    if (space.gathered[n] >= floor) space.best.push(static_cast<index_t>(n), space.gathered[n]);
  }
  const auto best = space.best.finish();
  if (std::cmp_less(best.size(), params_.min_neighbors)) {
    return fall_back(x, raters.size() > 0, other_bias);
  }
  double sum = 0, weight = 0;
  for (const auto& [place, similarity] : best) {
    sum +=
        similarity * deviation_of(raters.indices[at(place)], raters.values[at(place)], other_bias);
    weight += similarity;
  }
  return from_neighbors(x, sum, weight, other_bias);
}

void model::estimate_pairs(const cpu& policy, const csr_view<>* histories,
                           std::span<const index_t> users, std::span<const index_t> items,
                           std::span<float> estimates) const {
  const csr_view<>& by_user_rows = histories != nullptr ? *histories : history_.view();
  scratch_pool<scratch> pool([this] { return scratch(similarity_.size()); });
  const auto item_biases = baseline_.item_biases();
  if (by_user()) {
    const pair_groups groups(users, by_user_rows.rows());
    parallel_for(policy, groups.size(), 1, [&](std::int64_t g, std::int64_t) {
      const auto space = pool.borrow();
      const index_t user = groups.key(static_cast<std::size_t>(g));
      const auto row = by_user_rows.row(user);
      const subject x = histories != nullptr ? new_user(row) : known_subject(user);
      compare(row, x, *space);
      for (const std::size_t n : groups.positions(static_cast<std::size_t>(g))) {
        const double bias = item_biases.empty() ? 0 : item_biases[at(items[n])];
        estimates[n] = static_cast<float>(aggregate(x, by_item_.row(items[n]), bias, *space));
      }
    });
    return;
  }
  std::vector<double> biases;
  if (histories != nullptr) {
    for (index_t r = 0; r < histories->rows(); ++r) {
      biases.push_back(user_bias(histories->row(r), -1));
    }
  }
  const pair_groups groups(items, this->items());
  parallel_for(policy, groups.size(), 1, [&](std::int64_t g, std::int64_t) {
    const auto space = pool.borrow();
    const index_t item = groups.key(static_cast<std::size_t>(g));
    const subject x = known_subject(item);
    compare(by_item_.row(item), x, *space);
    for (const std::size_t n : groups.positions(static_cast<std::size_t>(g))) {
      const auto row = by_user_rows.row(users[n]);
      const double bias = histories != nullptr ? biases[at(users[n])] : user_bias(row, users[n]);
      estimates[n] = static_cast<float>(aggregate(x, row, bias, *space));
    }
  });
}

void model::estimate(const cpu& policy, std::span<const index_t> users,
                     std::span<const index_t> items, std::span<float> estimates) const {
  estimate_pairs(policy, nullptr, users, items, estimates);
}

void model::estimate_for(const cpu& policy, const csr_view<>& histories,
                         std::span<const index_t> rows, std::span<const index_t> items,
                         std::span<float> estimates) const {
  if (histories.has_values()) return estimate_pairs(policy, &histories, rows, items, estimates);
  const csr_matrix<> valued = with_values(policy, csr_matrix<>(histories, nullptr),
                                          [](index_t, index_t, double v) { return v; });
  estimate_pairs(policy, &valued.view(), rows, items, estimates);
}

void model::score_row(index_t user, std::span<const index_t> items, std::span<float> scores) const {
  const std::vector<index_t> users(items.size(), user);
  estimate_pairs({.threads = 1}, nullptr, users, items, scores);
}

// Walks the neighbours from the most similar on; each rates its items until they have had enough.
ranked_lists model::rank_by_users(const cpu& policy, const csr_view<>* histories,
                                  std::span<const index_t> which, const item_filter& filter, int k,
                                  bool exclude_seen) const {
  const csr_view<>& known = histories != nullptr ? *histories : history_.view();
  const auto item_biases = baseline_.item_biases();
  const auto bias_of = [&](std::size_t i) { return item_biases.empty() ? 0 : item_biases[i]; };
  scratch_pool<scratch> pool([this] { return scratch(similarity_.size()); });
  return rank_rows(
      policy, known, which, filter, k, exclude_seen, [&](index_t user, std::span<float> scores) {
        const auto space = pool.borrow();
        const auto row = known.row(user);
        const subject x = histories != nullptr ? new_user(row) : known_subject(user);
        compare(row, x, *space);
        space->order.clear();
        for (index_t v = 0; v < similarity_.size(); ++v) {
          const double similarity = space->similarities[at(v)];
          if (similarity > 0) space->order.push_back({v, similarity});
        }
        std::sort(space->order.begin(), space->order.end(), by_rank{});
        space->above.assign(scores.size(), 0);
        space->below.assign(scores.size(), 0);
        space->taken.assign(scores.size(), 0);
        for (const auto& [v, similarity] : space->order) {
          const auto rated = history_.row(v);
          for (std::size_t n = 0; n < rated.size(); ++n) {
            const auto i = at(rated.indices[n]);
            if (space->taken[i] == params_.neighbors) continue;
            ++space->taken[i];
            space->above[i] += similarity * deviation_of(v, rated.values[n], bias_of(i));
            space->below[i] += similarity;
          }
        }
        for (std::size_t i = 0; i < scores.size(); ++i) {
          const bool enough = space->taken[i] >= params_.min_neighbors;
          scores[i] = static_cast<float>(
              enough ? from_neighbors(x, space->above[i], space->below[i], bias_of(i))
                     : fall_back(x, by_item_.row(static_cast<index_t>(i)).size() > 0, bias_of(i)));
        }
      });
}

// Tiles of users: the similarities of an item serve all users of a tile. For few users only those
// of the items they have rated are summed (a similarity is the same both ways).
ranked_lists model::rank_by_items(const cpu& policy, const csr_view<>* histories,
                                  std::span<const index_t> which, const item_filter& filter, int k,
                                  bool exclude_seen) const {
  const csr_view<>& known = histories != nullptr ? *histories : history_.view();
  const auto items = static_cast<std::int64_t>(this->items());
  const auto queries = std::ssize(which);
  ranked_lists lists(which.size(), static_cast<std::size_t>(k));
  if (queries == 0) return lists;
  const std::int64_t tile = std::clamp<std::int64_t>(
      tile_bytes / (std::max<std::int64_t>(items, 1) * std::int64_t{sizeof(float)}), 1, queries);
  std::vector<float> scores(static_cast<std::size_t>(tile * items));
  scratch_pool<scratch> pool([this] { return scratch(similarity_.size()); });
  std::int64_t all_cost = 0;
  for (index_t i = 0; i < items; ++i) all_cost += similarity_.cost(by_item_.row(i).indices);

  for (std::int64_t first = 0; first < queries; first += tile) {
    const std::int64_t last = std::min(queries, first + tile);
    std::vector<double> biases;
    std::vector<index_t> rated;
    for (std::int64_t q = first; q < last; ++q) {
      const index_t user = which[static_cast<std::size_t>(q)];
      const auto row = known.row(user);
      biases.push_back(user_bias(row, histories != nullptr ? -1 : user));
      rated.insert(rated.end(), row.indices.begin(), row.indices.end());
    }
    std::sort(rated.begin(), rated.end());
    rated.erase(std::unique(rated.begin(), rated.end()), rated.end());
    std::int64_t rated_cost = 0;
    for (const index_t j : rated) rated_cost += similarity_.cost(by_item_.row(j).indices);
    const bool from_rated = 2 * rated_cost < all_cost &&
                            std::ssize(rated) * items * std::int64_t{sizeof(double)} <= tile_bytes;
    std::vector<double> table;  // rated × items
    if (from_rated) {
      table.resize(rated.size() * static_cast<std::size_t>(items));
      parallel_for(policy, std::ssize(rated), 1, [&](std::int64_t n, std::int64_t) {
        const auto space = pool.borrow();
        const index_t j = rated[static_cast<std::size_t>(n)];
        compare(by_item_.row(j), known_subject(j), *space);
        std::copy(space->similarities.begin(), space->similarities.end(),
                  table.begin() + n * items);
      });
    }
    parallel_for(policy, items, 8, [&](std::int64_t begin, std::int64_t end) {
      const auto space = pool.borrow();
      for (auto i = static_cast<index_t>(begin); i < end; ++i) {
        if (!filter.allows(i)) continue;
        const subject x = known_subject(i);
        if (from_rated) {
          for (std::size_t n = 0; n < rated.size(); ++n) {
            space->similarities[at(rated[n])] = table[n * static_cast<std::size_t>(items) + at(i)];
          }
        } else {
          compare(by_item_.row(i), x, *space);
        }
        for (std::int64_t q = first; q < last; ++q) {
          const auto row = known.row(which[static_cast<std::size_t>(q)]);
          scores[static_cast<std::size_t>((q - first) * items + i)] = static_cast<float>(
              aggregate(x, row, biases[static_cast<std::size_t>(q - first)], *space));
        }
      }
    });
    parallel_for(policy, last - first, 16, [&](std::int64_t begin, std::int64_t end) {
      top_k_selector<> selector;
      for (std::int64_t q = begin; q < end; ++q) {
        const auto n = static_cast<std::size_t>(first + q);
        const auto seen = exclude_seen ? known.row(which[n]).indices : std::span<const index_t>{};
        const auto row = std::span<const float>(scores).subspan(static_cast<std::size_t>(q * items),
                                                                static_cast<std::size_t>(items));
        lists.assign(n, best_of(row, seen, filter, k, selector));
      }
    });
  }
  return lists;
}

ranked_lists model::rank(const cpu& policy, std::span<const index_t> users,
                         const item_filter& filter, int k, bool exclude_seen) const {
  return by_user() ? rank_by_users(policy, nullptr, users, filter, k, exclude_seen)
                   : rank_by_items(policy, nullptr, users, filter, k, exclude_seen);
}

ranked_lists model::rank_histories(const cpu& policy, const csr_view<>& histories,
                                   const item_filter& filter, int k, bool exclude_seen) const {
  if (!histories.has_values() && histories.nonzeros() > 0) {
    const csr_matrix<> valued = with_values(policy, csr_matrix<>(histories, nullptr),
                                            [](index_t, index_t, double v) { return v; });
    return rank_histories(policy, valued.view(), filter, k, exclude_seen);
  }
  const auto rows = detail::all_rows(histories.rows());
  return by_user() ? rank_by_users(policy, &histories, rows, filter, k, exclude_seen)
                   : rank_by_items(policy, &histories, rows, filter, k, exclude_seen);
}

std::vector<scored_item<>> model::similar(index_t x, int k) const {
  check::in_range("k", k, 1, std::numeric_limits<int>::max());
  scratch space(similarity_.size());
  compare((by_user() ? history_ : by_item_).row(x), known_subject(x), space);
  top_k_selector<> best(static_cast<std::size_t>(std::min<std::int64_t>(k, similarity_.size())));
  for (index_t v = 0; v < similarity_.size(); ++v) {
    const double similarity = space.similarities[at(v)];
    if (v != x && similarity != 0) best.push(v, static_cast<float>(similarity));
  }
  const auto list = best.finish();
  return {list.begin(), list.end()};
}

std::vector<scored_item<>> model::similar_users(index_t user, int k) const {
  if (!by_user()) {
    throw value_error("params.by", "item", "similar_users needs a model fitted with by = user");
  }
  check::index_in("user", user, users());
  return similar(user, k);
}

std::vector<scored_item<>> model::similar_items(index_t item, int k) const {
  if (by_user()) {
    throw value_error("params.by", "user", "similar_items needs a model fitted with by = item");
  }
  check::index_in("item", item, items());
  return similar(item, k);
}

rating_explanation model::explain_rating(index_t user, index_t item) const {
  check::index_in("user", user, users());
  check::index_in("item", item, items());
  return explain_row(history_.row(user), user, item);
}

rating_explanation model::explain_row(const csr_row<float, index_t>& given, index_t user,
                                      index_t item) const {
  csr_row<float, index_t> history = given;
  std::vector<float> ones;
  if (history.values.empty()) {
    ones.assign(history.size(), 1);
    history.values = ones;
  }
  scratch space(similarity_.size());
  const auto item_row = by_item_.row(item);
  const subject x = !by_user()  ? known_subject(item)
                    : user >= 0 ? known_subject(user)
                                : new_user(history);
  compare(by_user() ? history : item_row, x, space);
  const auto raters = by_user() ? item_row : history;
  const double other_bias = !by_user()                        ? user_bias(history, user)
                            : baseline_.item_biases().empty() ? 0
                                                              : baseline_.item_biases()[at(item)];
  rating_explanation result;
  result.estimate = aggregate(x, raters, other_bias, space);
  result.base = fall_back(x, raters.size() > 0, other_bias);
  const auto best = space.best.finish();
  if (std::cmp_less(best.size(), params_.min_neighbors)) return result;
  if (params_.form == form::plain) result.base = 0;
  double weight = 0;
  for (const auto& each : best) weight += each.score;
  for (const auto& [place, similarity] : best) {
    const index_t v = raters.indices[at(place)];
    const float rating = raters.values[at(place)];
    result.neighbors.push_back(
        {v, similarity, rating,
         similarity / weight * deviation_of(v, rating, other_bias) * x.deviation});
  }
  return result;
}

std::vector<scored_item<>> model::shares(const csr_row<float, index_t>& history,
                                         index_t item) const {
  if (by_user()) {
    throw value_error("params.by", "user",
                      "users, not items of the history, carry a prediction; call explain_rating");
  }
  std::vector<scored_item<>> list;
  for (const auto& each : explain_row(history, -1, item).neighbors) {
    list.push_back({each.neighbor, static_cast<float>(each.share)});
  }
  return list;
}

}  // namespace recokit::inline RECOKIT_ABI::rating_knn
