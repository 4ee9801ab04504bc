// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "entries.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/data/synthetic.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <numeric>
#include <vector>

namespace rk = recokit;
namespace synthetic = recokit::synthetic;
using recokit_test::ContainsSubstring;
using recokit_test::entries_of;
using recokit_test::entry;
using recokit_test::error_text;

namespace {

std::vector<double> user_counts(const rk::interactions& data) {
  std::vector<double> counts;
  for (int u = 0; u < data.rows(); ++u) {
    counts.push_back(static_cast<double>(data.view().row(u).size()));
  }
  return counts;
}

// The numbers of users of the items, highest first.
std::vector<double> item_counts(const rk::interactions& data) {
  std::vector<double> counts(static_cast<std::size_t>(data.cols()));
  for (const auto i : data.view().indices()) counts[static_cast<std::size_t>(i)] += 1;
  std::sort(counts.begin(), counts.end(), std::greater<>{});
  return counts;
}

double mean(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

// How many more users two items have in common than independent choices would give: the best
// partner of each of the 30 most popular items, averaged over these.
double strongest_lift(const rk::interactions& data) {
  const auto by_item = rk::transpose(rk::cpu{}, data.view());
  std::vector<int> popular(static_cast<std::size_t>(data.cols()));
  std::iota(popular.begin(), popular.end(), 0);
  std::sort(popular.begin(), popular.end(),
            [&](int a, int b) { return by_item.row(a).size() > by_item.row(b).size(); });
  popular.resize(30);
  double total = 0;
  for (const int a : popular) {
    double best = 0;
    for (const int b : popular) {
      if (a == b) continue;
      const auto x = by_item.row(a).indices;
      const auto y = by_item.row(b).indices;
      std::vector<rk::index_t> both;
      std::set_intersection(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(both));
      best = std::max(best, static_cast<double>(both.size()) * data.rows() /
                                (static_cast<double>(x.size()) * static_cast<double>(y.size())));
    }
    total += best;
  }
  return total / 30;
}

void check_well_formed(const rk::interactions& data, const synthetic::params& params) {
  REQUIRE(data.rows() == params.users);
  REQUIRE(data.cols() == params.items);
  REQUIRE(data.has_timestamps());
  const auto view = data.view();
  // Ascending columns in range, without repeats: csr_view looks.
  const rk::csr_view<> checked(view.rows(), view.cols(), view.offsets(), view.indices(),
                               view.values());
  CHECK(checked.nonzeros() == data.nonzeros());
  const auto counts = user_counts(data);
  CHECK(*std::min_element(counts.begin(), counts.end()) >= 1);
  CHECK(*std::max_element(counts.begin(), counts.end()) <=
        std::max(1.0, static_cast<double>(params.items / 2)));
  const auto rating = [](float v) { return v == 1 || v == 2 || v == 3 || v == 4 || v == 5; };
  CHECK(std::all_of(view.values().begin(), view.values().end(), rating));
  const auto end = params.begin_time + params.days * 86'400;
  const auto in_time = [&](std::int64_t t) { return t >= params.begin_time && t < end; };
  CHECK(std::all_of(data.timestamps().begin(), data.timestamps().end(), in_time));
}

}  // namespace

TEST_CASE("synthetic interactions are well formed at any shape") {
  for (const synthetic::params& params : {
           synthetic::params{},
           synthetic::params{.users = 1, .items = 1},
           synthetic::params{.users = 50, .items = 2, .mean_interactions = 9},
           synthetic::params{.users = 50, .items = 3, .mean_interactions = 0.01},
           synthetic::params{.users = 300, .items = 100, .mean_interactions = 1e6},
           synthetic::params{.users = 300, .items = 500, .taste = 100},
           synthetic::params{.users = 300, .items = 500, .popularity_exponent = 10},
           synthetic::params{.users = 300, .items = 500, .activity_sigma = 10},
           synthetic::params{.users = 300,
           .items = 500,
           .factors = 1,
           .taste = 0,
           .popularity_exponent = 0,
           .activity_sigma = 0},
           synthetic::params{.users = 300, .items = 500, .begin_time = -1'000'000, .days = 1},
       }) {
    INFO(params.users << " users, " << params.items << " items");
    check_well_formed(synthetic::generate(params), params);
  }
}

TEST_CASE("synthetic interactions are the same for any number of threads") {
  // Both ways of drawing occur: proposals, and races for users of half of the catalogue.
  const synthetic::params params{
      .users = 700, .items = 300, .mean_interactions = 60, .activity_sigma = 1.5};
  const auto one = entries_of(synthetic::generate(params, rk::cpu{.threads = 1}));
  for (const int threads : {2, 3, 8}) {
    CHECK(entries_of(synthetic::generate(params, rk::cpu{.threads = threads})) == one);
  }
}

TEST_CASE("synthetic seeds give different interactions") {
  const auto first = entries_of(synthetic::generate({.users = 50, .items = 200, .seed = 1}));
  CHECK(first == entries_of(synthetic::generate({.users = 50, .items = 200, .seed = 1})));
  CHECK(first != entries_of(synthetic::generate({.users = 50, .items = 200, .seed = 2})));
}

TEST_CASE("more synthetic users leave the first ones as they were") {
  const auto few = entries_of(synthetic::generate({.users = 50, .items = 200}));
  auto many = entries_of(synthetic::generate({.users = 80, .items = 200}));
  many.resize(few.size());
  CHECK(many == few);
}

TEST_CASE("synthetic activity has the mean and the spread that were asked for") {
  const synthetic::params params{
      .users = 4000, .items = 5000, .mean_interactions = 40, .activity_sigma = 0.8};
  auto counts = user_counts(synthetic::generate(params));
  // Sigma of a user's number is about 37, of the mean of 4000 about 0.6.
  CHECK(std::abs(mean(counts) - 40) < 3);
  std::vector<double> logs;
  for (const double n : counts) logs.push_back(std::log(std::max(n - 1, 0.5)));
  const double middle = mean(logs);
  double variance = 0;
  for (const double x : logs) variance += (x - middle) * (x - middle) / 4000;
  CHECK(std::abs(std::sqrt(variance) - 0.8) < 0.05);
  // The median of a log-normal lies below its mean by exp(-sigma² / 2).
  std::nth_element(counts.begin(), counts.begin() + 2000, counts.end());
  CHECK(std::abs(counts[2000] - (1 + 39 * std::exp(-0.32))) < 3);
}

TEST_CASE("without spread all synthetic users are equally active") {
  for (const double n : user_counts(synthetic::generate({.users = 100, .activity_sigma = 0}))) {
    CHECK(n == 40);
  }
}

TEST_CASE("synthetic popularity follows Zipf-Mandelbrot when taste does not matter") {
  // One pick a user, so that drawing without replacement does not flatten the head.
  const synthetic::params params{
      .users = 200'000, .items = 1000, .mean_interactions = 1, .taste = 0};
  const auto counts = item_counts(synthetic::generate(params));
  double norm = 0;
  for (int rank = 1; rank <= 1000; ++rank) norm += 1.0 / (rank + 10);
  for (const int rank : {1, 5, 20, 100, 400, 900}) {
    const double expected = 200'000 / norm / (rank + 10);
    INFO("rank " << rank << ", expected " << expected);
    // Sorting counts that are close shifts them a little more than their own noise.
    CHECK(std::abs(counts[static_cast<std::size_t>(rank) - 1] - expected) <
          6 * std::sqrt(expected));
  }
}

TEST_CASE("picks by proposal and by race follow the same probabilities") {
  // Three picks of six items go beyond the six proposals for many users, for others they do not.
  // Against Zipf-Mandelbrot picks without replacement, summed over all orders.
  const synthetic::params params{.users = 100'000,
                                 .items = 6,
                                 .mean_interactions = 3,
                                 .taste = 0,
                                 .popularity_exponent = 10,
                                 .activity_sigma = 0};
  const auto counts = item_counts(synthetic::generate(params));
  std::vector<double> weight;
  for (int rank = 1; rank <= 6; ++rank) weight.push_back(std::pow(rank + 10, -10.0));
  const double all = std::accumulate(weight.begin(), weight.end(), 0.0);
  for (std::size_t i = 0; i < 6; ++i) {
    double share = weight[i] / all;
    for (std::size_t a = 0; a < 6; ++a) {
      if (a == i) continue;
      const double first = weight[a] / all;
      share += first * weight[i] / (all - weight[a]);
      for (std::size_t b = 0; b < 6; ++b) {
        if (b == i || b == a) continue;
        share += first * weight[b] / (all - weight[a]) * weight[i] / (all - weight[a] - weight[b]);
      }
    }
    CHECK(std::abs(counts[i] - 100'000 * share) < 5 * std::sqrt(100'000 * share * (1 - share)));
  }
}

TEST_CASE("the popular synthetic items are not the first ones") {
  const auto data = synthetic::generate({.users = 500, .items = 1000});
  std::vector<int> counts(1000);
  for (const auto i : data.view().indices()) ++counts[static_cast<std::size_t>(i)];
  const auto top = std::max_element(counts.begin(), counts.end()) - counts.begin();
  const auto first_tenth = std::accumulate(counts.begin(), counts.begin() + 100, 0.0);
  CHECK(top > 0);
  CHECK(first_tenth < 0.3 * static_cast<double>(data.nonzeros()));
}

TEST_CASE("synthetic users of one taste pick the same items") {
  // Equally active users, because active ones alone make items share users.
  CHECK(strongest_lift(synthetic::generate({.taste = 0, .activity_sigma = 0})) < 1.3);
  CHECK(strongest_lift(synthetic::generate({.activity_sigma = 0})) > 1.6);
}

TEST_CASE("all synthetic ratings occur and their mean lies in the upper half") {
  const auto data = synthetic::generate({});
  std::vector<double> counts(6);
  double sum = 0;
  for (const float v : data.view().values()) {
    counts[static_cast<std::size_t>(v)] += 1;
    sum += static_cast<double>(v);
  }
  const auto n = static_cast<double>(data.nonzeros());
  for (std::size_t v = 1; v <= 5; ++v) CHECK(counts[v] > 0.005 * n);
  CHECK(sum / n > 3);
  CHECK(sum / n < 4.2);
}

TEST_CASE("synthetic ratings rise with the affinity that taste picks by") {
  const auto mean_rating = [](double taste) {
    const auto values = synthetic::generate({.taste = taste});
    double sum = 0;
    for (const float v : values.view().values()) sum += static_cast<double>(v);
    return sum / static_cast<double>(values.nonzeros());
  };
  const double indifferent = mean_rating(0);
  CHECK(std::abs(indifferent - 2.7) < 0.1);
  CHECK(mean_rating(2) > indifferent + 0.3);
  CHECK(mean_rating(8) > mean_rating(2) + 0.3);
}

TEST_CASE("synthetic users come at different times and stay to the end") {
  const synthetic::params params{.users = 400, .items = 500};
  const auto data = synthetic::generate(params);
  int early = 0;
  int late = 0;
  std::size_t at = 0;
  for (int u = 0; u < data.rows(); ++u) {
    const auto n = data.view().row(u).size();
    const auto times = data.timestamps().subspan(at, n);
    at += n;
    const auto first = *std::min_element(times.begin(), times.end()) - params.begin_time;
    const auto last = *std::max_element(times.begin(), times.end()) - params.begin_time;
    if (n >= 20) CHECK(last - first > (params.days * 86'400 - first) / 2);
    early += first < 100 * 86'400 ? 1 : 0;
    late += first >= 250 * 86'400 ? 1 : 0;
  }
  CHECK(early > 50);
  CHECK(late > 50);
}

TEST_CASE("synthetic params are checked by name, value and range") {
  const auto text = [](const synthetic::params& params) {
    return error_text<rk::value_error>([&] { synthetic::generate(params); });
  };
  CHECK(text({.users = 0}) == "synthetic::params.users = 0: must be in [1, 2000000000]");
  CHECK_THAT(text({.items = -4}), ContainsSubstring("synthetic::params.items = -4"));
  CHECK_THAT(text({.taste = std::numeric_limits<double>::quiet_NaN()}),
             ContainsSubstring("synthetic::params.taste = nan"));
  CHECK_THAT(text({.factors = 0}), ContainsSubstring("synthetic::params.factors = 0"));
  CHECK_THAT(text({.begin_time = std::numeric_limits<std::int64_t>::max() - 1000, .days = 1}),
             ContainsSubstring("synthetic::params.begin_time") &&
                 ContainsSubstring("leaves no room for 1 days"));
}

TEST_CASE("synthetic sizes that cannot fit are refused before anything is allocated") {
  const synthetic::params params{
      .users = 2'000'000'000, .items = 2'000'000'000, .mean_interactions = 1e8};
  CHECK_THAT(error_text<rk::memory_error>([&] { synthetic::generate(params); }),
             ContainsSubstring("synthetic::generate needs "));
}
