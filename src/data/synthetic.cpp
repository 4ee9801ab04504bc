// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "alias_table.hpp"
#include "entry_arrays.hpp"
#include "keyed_permutation.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/random.hpp>
#include <recokit/data/synthetic.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::synthetic {
namespace {

// Shift of Zipf-Mandelbrot: (rank + 1 + shift)^-exponent. With exponent 1 the most popular items
// then reach about half of the users, as in the MovieLens sets.
constexpr double popularity_shift = 10;
constexpr std::int64_t seconds_a_day = 86'400;
constexpr double middle_rating = 2.7;
constexpr double rating_slope = 1.4;
constexpr double rating_noise = 0.9;

std::uint64_t key(std::int64_t row) { return static_cast<std::uint64_t>(row); }

std::uint64_t most_interactions(const params& params) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(1, params.items / 2));
}

void check_memory(const params& params, double interactions) {
  const std::string_view what = "synthetic::generate";
  std::uint64_t total = 0;
  const auto add = [&](std::int64_t rows, std::int64_t cols, std::size_t size) {
    const auto part = check::bytes(what, key(rows), key(cols), size);
    check::fits_memory(what, part);  // so that the total cannot overflow
    total += part;
  };
  add(static_cast<std::int64_t>(interactions), 1,
      sizeof(index_t) + sizeof(float) + sizeof(std::int64_t));
  add(params.users, 1, sizeof(offset_t));
  add(params.items, params.factors, sizeof(float));
  add(params.items, 4, sizeof(double));  // popularity, its table and what building that takes
  check::fits_memory(what, total);
}

void check_request(const params& params) {
  check_params("synthetic::params", params);
  const std::int64_t span = params.days * seconds_a_day;
  if (params.begin_time > std::numeric_limits<std::int64_t>::max() - span) {
    throw value_error("synthetic::params.begin_time", std::to_string(params.begin_time),
                      "leaves no room for " + std::to_string(params.days) + " days");
  }
  check_memory(params, static_cast<double>(params.users) *
                           std::min(std::max(1.0, params.mean_interactions),
                                    static_cast<double>(most_interactions(params))));
}

// 1 + a log-normal number with the mean that is left, rounded at random so that the mean stays.
// The first draws of the user's stream.
std::uint64_t activity(const params& params, random_stream& stream) {
  const double rest = std::max(0.0, params.mean_interactions - 1);
  const double sigma = params.activity_sigma;
  const double z = stream.normal();
  const double more = rest * std::exp(sigma * z - sigma * sigma / 2) + stream.uniform();
  const auto most = static_cast<double>(most_interactions(params) - 1);
  return 1 + static_cast<std::uint64_t>(std::min(more, most));
}

// What all users share; built once.
struct catalogue {
  std::size_t factors;
  double taste;
  std::vector<double> popularity;
  std::unique_ptr<float[]> item_factors;  // items × factors
  detail::alias_table by_popularity;

  catalogue(const params& params, const cpu& policy)
      : factors(static_cast<std::size_t>(params.factors)),
        taste(params.taste),
        popularity(weights(params, policy)),
        item_factors(draw_factors(params, policy)),
        by_popularity(popularity) {}

  std::size_t items() const noexcept { return popularity.size(); }

  // In (-1, 1): the dot product of two tastes, N(0, 1) for most pairs, squeezed.
  float affinity(std::span<const float> user, std::size_t item) const noexcept {
    const float* const other = item_factors.get() + item * factors;
    float dot = 0;
    for (std::size_t f = 0; f < factors; ++f) dot += user[f] * other[f];
    return dot / std::sqrt(1 + dot * dot);
  }

  static std::vector<double> weights(const params& params, const cpu& policy) {
    const detail::keyed_permutation rank(params.seed, random_purpose::synthetic_popularity,
                                         key(params.items));
    std::vector<double> result(static_cast<std::size_t>(params.items));
    parallel_for(policy, params.items, 4096, [&](std::int64_t begin, std::int64_t end) {
      for (auto i = begin; i < end; ++i) {
        const double place = static_cast<double>(rank(key(i))) + 1 + popularity_shift;
        result[static_cast<std::size_t>(i)] = std::pow(place, -params.popularity_exponent);
      }
    });
    return result;
  }

  static std::unique_ptr<float[]> draw_factors(const params& params, const cpu& policy) {
    const auto factors = static_cast<std::size_t>(params.factors);
    const auto items = static_cast<std::size_t>(params.items);
    auto result = std::make_unique_for_overwrite<float[]>(items * factors);
    // The scale of both sides is put here, so that a user's dot products have variance about 1.
    const double scale = 1 / std::sqrt(static_cast<double>(params.factors));
    parallel_for(policy, params.items, 256, [&](std::int64_t begin, std::int64_t end) {
      for (auto i = begin; i < end; ++i) {
        random_stream stream(params.seed, random_purpose::synthetic_items, key(i));
        float* const row = result.get() + static_cast<std::size_t>(i) * factors;
        for (std::size_t f = 0; f < factors; ++f) {
          row[f] = static_cast<float>(scale * stream.normal());
        }
      }
    });
    return result;
  }
};

struct pick {
  index_t item;
  float affinity;
};

// Draws the items of one user after the other; one object a thread.
class picker {
 public:
  explicit picker(const catalogue& items) : items_(items), taken_((items.items() + 63) / 64) {}

  /// `count` distinct items in the order of picking, each with probability proportional to
  /// popularity · exp(taste · affinity) among those not yet picked.
  std::span<const pick> draw(std::span<const float> user, std::size_t count,
                             random_stream& stream) {
    picks_.clear();
    // Proposals cost less than a look at every item until about as many of them were made.
    std::size_t tries = items_.items();
    while (picks_.size() < count && tries-- > 0) propose(user, stream);
    if (picks_.size() < count) race(user, count - picks_.size(), stream);
    for (const pick& p : picks_) word(p.item) = 0;
    return picks_;
  }

 private:
  struct runner {
    double time;
    pick item;
  };

  std::uint64_t& word(index_t item) { return taken_[static_cast<std::size_t>(item) / 64]; }
  static std::uint64_t bit(index_t item) { return std::uint64_t{1} << (item % 64); }

  void take(const pick& p) {
    word(p.item) |= bit(p.item);
    picks_.push_back(p);
  }

  // Rejection: an item by popularity, kept with probability exp(taste · (affinity − 1)).
  void propose(std::span<const float> user, random_stream& stream) {
    const index_t item = items_.by_popularity(stream);
    const double level = unit_float(stream());
    if (word(item) & bit(item)) return;
    const float affinity = items_.affinity(user, static_cast<std::size_t>(item));
    if (level < std::exp(items_.taste * (static_cast<double>(affinity) - 1))) {
      take({item, affinity});
    }
  }

  // The first `count` of exponential races with the same odds, over all items not yet taken: what
  // repeated picks without replacement give, in O(items). Efraimidis and Spirakis, IPL 2006.
  void race(std::span<const float> user, std::size_t count, random_stream& stream) {
    runners_.clear();
    for (std::size_t i = 0; i < items_.items(); ++i) {
      const auto item = static_cast<index_t>(i);
      if (word(item) & bit(item)) continue;
      const float affinity = items_.affinity(user, i);
      const double rate =
          items_.popularity[i] * std::exp(items_.taste * (static_cast<double>(affinity) - 1));
      runners_.push_back({-std::log1p(-stream.uniform()) / rate, {item, affinity}});
    }
    const auto last = runners_.begin() + static_cast<std::ptrdiff_t>(count);
    std::partial_sort(runners_.begin(), last, runners_.end(), [](const runner& a, const runner& b) {
      return a.time != b.time ? a.time < b.time : a.item.item < b.item.item;
    });
    for (auto r = runners_.begin(); r != last; ++r) take(r->item);
  }

  const catalogue& items_;
  std::vector<std::uint64_t> taken_;
  std::vector<pick> picks_;
  std::vector<runner> runners_;
};

// Ascending times of a user who comes at a random moment and stays to the end: the order statistics
// of uniform times, by normalised sums of exponential gaps.
void draw_times(const params& params, std::span<std::int64_t> times, random_stream& stream,
                std::vector<double>& sums) {
  const auto total = static_cast<std::uint64_t>(params.days * seconds_a_day);
  const std::uint64_t start = stream.below(total);
  const std::uint64_t span = total - start;
  sums.clear();
  double sum = 0;
  for (std::size_t i = 0; i <= times.size(); ++i) {
    sum -= std::log1p(-stream.uniform());
    sums.push_back(sum);
  }
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double share = sum > 0 ? sums[i] / sum : 0;
    const auto after = static_cast<std::uint64_t>(share * static_cast<double>(span));
    times[i] = params.begin_time + static_cast<std::int64_t>(start + std::min(after, span - 1));
  }
}

float draw_rating(float affinity, random_stream& stream) {
  const double liking =
      middle_rating + rating_slope * static_cast<double>(affinity) + rating_noise * stream.normal();
  return static_cast<float>(std::clamp(std::round(liking), 1.0, 5.0));
}

struct workspace {
  picker items;
  std::vector<float> taste;
  std::vector<std::pair<index_t, std::size_t>> by_item;
  std::vector<std::int64_t> times;
  std::vector<double> sums;
};

// Fills the row of one user.
void draw_user(const params& params, std::int64_t user, detail::entry_arrays& out,
               workspace& work) {
  random_stream profile(params.seed, random_purpose::synthetic_users, key(user));
  const std::uint64_t count = activity(params, profile);
  work.taste.resize(static_cast<std::size_t>(params.factors));
  for (float& f : work.taste) f = static_cast<float>(profile.normal());

  random_stream stream(params.seed, random_purpose::synthetic_draws, key(user));
  const auto picks = work.items.draw(work.taste, count, stream);
  work.times.resize(count);
  draw_times(params, work.times, stream, work.sums);

  work.by_item.clear();
  for (std::size_t i = 0; i < count; ++i) work.by_item.emplace_back(picks[i].item, i);
  std::sort(work.by_item.begin(), work.by_item.end());
  auto to = static_cast<std::size_t>(out.offsets[static_cast<std::size_t>(user)]);
  for (const auto& [item, i] : work.by_item) {
    out.indices[to] = item;
    out.values[to] = draw_rating(picks[i].affinity, stream);
    out.timestamps[to] = work.times[i];
    ++to;
  }
}

}  // namespace

interactions generate(const params& params, const cpu& policy) {
  check_request(params);
  const auto users = static_cast<std::size_t>(params.users);
  detail::entry_arrays out;
  out.offsets = std::make_unique_for_overwrite<offset_t[]>(users + 1);
  out.offsets[0] = 0;
  parallel_for(policy, params.users, 4096, [&](std::int64_t begin, std::int64_t end) {
    for (auto u = begin; u < end; ++u) {
      random_stream profile(params.seed, random_purpose::synthetic_users, key(u));
      out.offsets[static_cast<std::size_t>(u) + 1] =
          static_cast<offset_t>(activity(params, profile));
    }
  });
  for (std::size_t u = 0; u < users; ++u) out.offsets[u + 1] += out.offsets[u];
  const offset_t entries = out.offsets[users];
  check_memory(params, static_cast<double>(entries));
  detail::allocate_entries(out, static_cast<std::size_t>(entries), true, true);

  const catalogue items(params, policy);
  scratch_pool<workspace> pool([&] { return workspace{picker(items), {}, {}, {}, {}}; });
  parallel_for_rows(policy, out.offsets.get(), params.users, 1 << 14, 16,
                    [&](std::int64_t begin, std::int64_t end) {
                      const auto work = pool.borrow();
                      for (auto u = begin; u < end; ++u) draw_user(params, u, out, *work);
                    });
  return detail::to_interactions(std::move(out), id_map::identity(params.users),
                                 id_map::identity(params.items));
}

}  // namespace recokit::inline RECOKIT_ABI::synthetic
