// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/beyond_accuracy.hpp"

#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/lists.hpp"

#include <recokit/core/random.hpp>
#include <recokit/metrics/beyond_accuracy.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

namespace rk = recokit;
using recokit_test::index_rows;
using recokit_test::lists_of;
using variant = rk::beyond_variant;

namespace {

// Lists of 0 to `longest` distinct items; low items are more frequent.
index_rows random_lists(int users, int items, int longest, std::uint64_t seed) {
  index_rows rows;
  for (int u = 0; u < users; ++u) {
    rk::random_stream random(seed, rk::random_purpose::user, static_cast<std::uint64_t>(u));
    const auto length = random.below(static_cast<std::uint64_t>(longest) + 1);
    std::vector<rk::index_t> row;
    while (row.size() < length) {
      const double x = random.uniform();
      const auto item = static_cast<rk::index_t>(x * x * items);
      if (std::find(row.begin(), row.end(), item) == row.end()) row.push_back(item);
    }
    rows.push_back(row);
  }
  return rows;
}

index_rows rows_of(const rk::csr_view<>& matrix) {
  index_rows rows;
  for (rk::index_t r = 0; r < matrix.rows(); ++r) {
    const auto row = matrix.row(r).indices;
    rows.emplace_back(row.begin(), row.end());
  }
  return rows;
}

std::vector<rk::beyond_metric> every_metric(const std::vector<int>& depths) {
  std::vector<rk::beyond_metric> metrics;
  for (const int k : depths) {
    for (const auto v : {variant::share, variant::seen, variant::count}) {
      metrics.push_back(rk::coverage(k, v));
    }
    for (const auto v : {variant::any, variant::full}) metrics.push_back(rk::user_coverage(k, v));
    metrics.push_back(rk::diversity(k));
    metrics.push_back(rk::diversity(k, rk::undefined_value::left_out));
    for (const auto v : {variant::places, variant::categories}) {
      metrics.push_back(rk::category_diversity(k, v));
    }
    for (const auto v : {variant::users, variant::surprisal, variant::interactions}) {
      metrics.push_back(rk::novelty(k, v));
      metrics.push_back(rk::novelty(k, v));
      metrics.back().unseen = rk::unseen_item::zero;
      metrics.back().divisor = rk::metric_divisor::k;
    }
    for (const auto v : {variant::rank, variant::distance}) {
      metrics.push_back(rk::serendipity(k, v));
    }
    for (const auto v : {variant::set, variant::distance, variant::nearest}) {
      metrics.push_back(rk::unexpectedness(k, v));
      metrics.push_back(rk::unexpectedness(k, v));
      metrics.back().divisor = rk::metric_divisor::k;
    }
    for (const auto v : {variant::items, variant::normalised}) metrics.push_back(rk::gini(k, v));
    for (const auto v : {variant::bits, variant::nats, variant::nats_a_item, variant::normalised}) {
      metrics.push_back(rk::entropy(k, v));
    }
    for (const auto v : {variant::count, variant::users, variant::interactions}) {
      metrics.push_back(rk::average_popularity(k, v));
      metrics.back().undefined = rk::undefined_value::zero;
    }
    metrics.push_back(rk::popularity_lift(k, variant::per_user));
    for (const auto v : {variant::list, variant::profile, variant::change, variant::exposure}) {
      for (const int group : {0, 2}) metrics.push_back(rk::group_share(group, k, v));
    }
    for (const auto v : {variant::overlap, variant::cosine}) {
      metrics.push_back(rk::personalisation(k, v));
    }
    for (const auto v : {variant::kl, variant::js, variant::hellinger, variant::absolute}) {
      metrics.push_back(rk::calibration_error(k, v));
    }
    metrics.push_back(rk::empty_places(k));
    metrics.push_back(rk::duplicates(k));
  }
  return metrics;
}

struct data {
  int users;
  int items;
  rk::csr_matrix<> train = recokit_test::random_matrix(users, items, 0.08, 21);
  rk::csr_matrix<> test = recokit_test::random_matrix(users, items, 0.2, 22);
  rk::csr_matrix<> categories = recokit_test::random_matrix(items, 7, 0.3, 23, 3);
  rk::row_major_matrix<float> features = random_features(items);
  std::vector<int> item_groups = labels(items, 3, 24);
  std::vector<int> user_groups = labels(users, 4, 25);
  index_rows rows = random_lists(users, items, 14, 26);

  static std::vector<int> labels(int size, std::uint64_t groups, std::uint64_t seed) {
    rk::random_stream random(seed, rk::random_purpose::user, 0);
    std::vector<int> all;
    for (int i = 0; i < size; ++i) all.push_back(static_cast<int>(random.below(groups + 1)) - 1);
    return all;
  }
  static rk::row_major_matrix<float> random_features(int items) {
    rk::random_stream random(27, rk::random_purpose::user, 0);
    rk::row_major_matrix<float> all(items, 11);
    for (Eigen::Index i = 0; i < all.size(); ++i) {
      all.data()[i] = static_cast<float>(random.uniform() - 0.3);
    }
    return all;
  }
  rk::beyond_inputs inputs(const rk::item_distance& distance) const {
    return {.relevant = test.view(),
            .categories = categories.view(),
            .distance = distance,
            .item_groups = item_groups,
            .user_groups = user_groups};
  }
};

bool close(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::abs(a - b) <= 1e-10 * std::max(1.0, std::abs(b));
}

bool same_bits(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
           return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
         });
}

}  // namespace

TEST_CASE("all measures beyond accuracy are those of the definitions on random lists") {
  const data given{.users = 90, .items = 50};
  const auto metrics = every_metric({1, 2, 5, 10, 20});
  const auto distance = rk::cosine_distance(given.features);
  recokit_test::naive_beyond naive;
  naive.lists = given.rows;
  naive.history = rows_of(given.train);
  naive.relevant = rows_of(given.test);
  naive.categories = recokit_test::dense(given.categories.view());
  naive.item_group = given.item_groups;
  naive.items = given.items;
  naive.distance = [&](int a, int b) {
    const Eigen::VectorXd x = given.features.row(a).cast<double>();
    const Eigen::VectorXd y = given.features.row(b).cast<double>();
    return 1 - x.dot(y) / (x.norm() * y.norm());
  };
  const auto report =
      rk::beyond_accuracy(lists_of(given.rows), given.train, metrics, given.inputs(distance));
  REQUIRE(report.values.size() == metrics.size());
  for (const auto& value : report.values) {
    CAPTURE(value.metric.name(), value.value);
    if (value.metric.aggregate()) {
      CHECK(close(value.value, naive.all_value(value.metric)));
      continue;
    }
    double sum = 0;
    std::int64_t defined = 0;
    std::vector<double> group_sum(4, 0.0);
    std::vector<double> group_size(4, 0.0);
    bool good = true;
    for (std::size_t u = 0; u < given.rows.size(); ++u) {
      double wanted = naive.user_value(value.metric, u);
      if (std::isnan(wanted) && value.metric.undefined == rk::undefined_value::zero) wanted = 0;
      good = good && close(value.per_user[static_cast<Eigen::Index>(u)], wanted);
      if (std::isnan(wanted)) continue;
      sum += wanted;
      ++defined;
      const int group = given.user_groups[u];
      if (group < 0) continue;
      group_sum[static_cast<std::size_t>(group)] += wanted;
      group_size[static_cast<std::size_t>(group)] += 1;
    }
    CHECK(good);
    CHECK(value.users == defined);
    CHECK(close(value.value, sum / static_cast<double>(defined)));
    REQUIRE(value.by_group.size() == 4);
    for (std::size_t g = 0; g < 4; ++g) {
      CHECK(close(value.by_group[static_cast<Eigen::Index>(g)], group_sum[g] / group_size[g]));
    }
  }
}

TEST_CASE("results beyond accuracy are the same bits for any threads and tiles") {
  const data given{.users = 2200, .items = 120};
  auto metrics = every_metric({3, 10});
  auto micro = rk::novelty(10);
  micro.average = rk::user_average::micro;
  metrics.push_back(micro);
  metrics.push_back(rk::popularity_lift(10));
  const auto euclidean = rk::euclidean_distance(given.features);
  const auto cooccurrence = rk::cooccurrence_distance(given.train);
  for (const auto& distance : {euclidean, cooccurrence}) {
    const auto inputs = given.inputs(distance);
    const auto once = rk::beyond_accuracy(rk::cpu{.threads = 1}, lists_of(given.rows), given.train,
                                          metrics, inputs);
    for (const int threads : {1, 2, 5}) {
      for (const std::size_t tile : {std::size_t{700}, std::size_t{2199}, std::size_t{2200}}) {
        CAPTURE(distance.name(), threads, tile);
        rk::beyond_accumulator accumulator(given.train, metrics, inputs);
        for (std::size_t first = 0; first < given.rows.size(); first += tile) {
          const auto last = std::min(first + tile, given.rows.size());
          std::vector<rk::index_t> users(last - first);
          std::iota(users.begin(), users.end(), static_cast<rk::index_t>(first));
          accumulator.add(rk::cpu{.threads = threads}, users,
                          lists_of({given.rows.begin() + static_cast<std::ptrdiff_t>(first),
                                    given.rows.begin() + static_cast<std::ptrdiff_t>(last)}));
        }
        const auto report = accumulator.finish();
        std::string differs;
        bool same = report.values.size() == once.values.size();
        for (std::size_t m = 0; same && m < metrics.size(); ++m) {
          const auto& a = report.values[m];
          const auto& b = once.values[m];
          same = std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value) &&
                 a.users == b.users && same_bits(a.per_user, b.per_user) &&
                 same_bits(a.by_group, b.by_group);
          if (!same) differs = metrics[m].name();
        }
        CHECK(differs == "");
        CHECK(same);
        CHECK(report.users == once.users);
      }
    }
  }
}
