// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief An algorithm without learning, whose objective is a known function of its params.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/data/split.hpp>
#include <recokit/evaluation/fold_source.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace known_objective {

constexpr recokit::index_t items = 200;

enum class mode { fast, slow, careful };
constexpr std::array<std::string_view, 3> enum_names(mode) { return {"fast", "slow", "careful"}; }

struct params {
  int a = 1;
  int b = 1;
  double x = 1;
  float y = 1;
  mode how = mode::fast;
  bool flag = false;
  int epochs = 27;
  std::uint64_t seed = 1;
  std::int64_t hidden = 0;  // not in the table

  static constexpr auto fields() {
    using recokit::field;
    return std::tuple{field("a", &params::a, 0, 1000, "a whole number"),
                      field("b", &params::b, -1000, 1000, "another"),
                      field("x", &params::x, 0, 1e6, "a real number"),
                      field("y", &params::y, 0, 100, "a float"),
                      field("how", &params::how, "a choice"),
                      field("flag", &params::flag, "a switch"),
                      field("epochs", &params::epochs, 1, 1000, "passes"),
                      field("seed", &params::seed, "of the draws")};
  }
};

/// Lists item 0 at a given rank, for one user: mrr is 1 / rank.
struct model {
  recokit::index_t rank = 1;

  recokit::index_t users() const { return 1; }
  recokit::index_t items() const { return known_objective::items; }
  recokit::ranked_lists recommend(const recokit::cpu&, std::span<const recokit::index_t> users,
                                  const recokit::recommend_options& options) const {
    const auto k = std::min(options.k, static_cast<int>(items()));
    recokit::ranked_lists lists(users.size(), static_cast<std::size_t>(k));
    std::vector<recokit::scored_item<>> list;
    for (recokit::index_t place = 1, other = 1; place <= k; ++place) {
      list.push_back({place == rank ? 0 : other++, static_cast<float>(-place)});
    }
    for (std::size_t u = 0; u < users.size(); ++u) lists.assign(u, list);
    return lists;
  }
};

/// Fold f: its train part has f + 1 entries, its test part item 0.
inline recokit::holdout fold(int f) {
  std::vector<recokit::index_t> known;
  for (recokit::index_t i = 0; i <= f; ++i) known.push_back(i + 1);
  const auto size = static_cast<recokit::offset_t>(known.size());
  recokit::holdout split;
  split.train =
      recokit::interactions(recokit::csr_matrix<>(1, items, std::vector<recokit::offset_t>{0, size},
                                                  known, std::vector<float>(known.size(), 1)));
  split.test = recokit::interactions(recokit::csr_matrix<>(1, items, {0, 1}, {0}, {1}));
  split.protocol = "fold " + std::to_string(f);
  return split;
}
inline int fold_of(const recokit::interactions& train) {
  return static_cast<int>(train.nonzeros()) - 1;
}
inline std::vector<recokit::holdout> folds(int count) {
  std::vector<recokit::holdout> all;
  for (int f = 0; f < count; ++f) all.push_back(fold(f));
  return all;
}

/// The same folds, built when asked for. Notes which, and whether one was still held at that time.
struct fold_log {
  std::vector<int> made;
  bool held_two = false;
  std::weak_ptr<const int> last;
};
inline recokit::fold_source logged_folds(int count, fold_log& log) {
  return {count, [&log](int f) {
            static constexpr std::array<std::int64_t, 8> times{};
            log.held_two |= !log.last.expired();
            log.made.push_back(f);
            const auto owner = std::make_shared<const int>(f);
            log.last = owner;
            recokit::holdout split = fold(f);
            const auto& train = split.train;
            split.train = recokit::interactions(
                train.matrix(), train.users(), train.items(),
                std::span(times).first(static_cast<std::size_t>(train.nonzeros())), owner);
            return split;
          }};
}

/// A fit in epochs: rank_at(epoch) is the rank after it. Keeps and stops as a library fit does.
template <class RankAt, class... Observers>
model fit_epochs(int epochs, const RankAt& rank_at, Observers&... observers) {
  model now;
  std::optional<model> kept;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    now.rank = rank_at(epoch);
    const auto verdict = recokit::detail::notify({epoch, epochs, 0}, now, observers...);
    if (verdict.keep) kept = now;
    if (verdict.stop) break;
  }
  return kept ? *kept : now;
}

/// The rank is 1 + |a − 3| + |b − 20|.
struct algorithm {
  using params_type = params;
  using model_type = model;
  static constexpr bool has_cuda = false;

  template <class Source, class... Observers>
  static model run(const recokit::cpu&, const Source&, const params& p, Observers&... observers) {
    const int rank = 1 + std::abs(p.a - 3) + std::abs(p.b - 20);
    return fit_epochs(
        p.epochs, [&](int) { return rank; }, observers...);
  }
};
inline constexpr recokit::fit_function<algorithm> fit{};

}  // namespace known_objective
