// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/rows_of.hpp"

#include <recokit/resampling/negative_pairs.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

namespace rk = recokit;
using recokit_test::ContainsSubstring;

namespace {

/// Users with 0, 1, 2, … items, of 40; low items are taken by more users.
rk::csr_matrix<> staircase(int users) {
  std::vector<std::vector<rk::index_t>> rows(static_cast<std::size_t>(users));
  for (std::size_t u = 0; u < rows.size(); ++u) {
    rows[u].resize(u);
    std::iota(rows[u].begin(), rows[u].end(), 0);
  }
  return recokit_test::rows_of(40, rows);
}

/// The negatives of a user, in their order.
std::vector<rk::index_t> negatives(const rk::labelled_pairs& pairs, rk::index_t user) {
  std::vector<rk::index_t> items;
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    if (pairs.users[p] == user && pairs.labels[p] == 0) items.push_back(pairs.items[p]);
  }
  return items;
}

}  // namespace

TEST_CASE("every user gets the asked number of distinct negatives that are not his") {
  const auto matrix = staircase(20);
  for (const auto draw :
       {rk::negative_pairs::chance::uniform, rk::negative_pairs::chance::popularity}) {
    const auto pairs =
        rk::negative_pairs::sample(rk::cpu{}, matrix.view(), {.ratio = 1.5, .draw = draw});
    CHECK(std::is_sorted(pairs.users.begin(), pairs.users.end()));
    for (rk::index_t u = 0; u < 20; ++u) {
      const auto drawn = negatives(pairs, u);
      const std::set<rk::index_t> distinct(drawn.begin(), drawn.end());
      // By popularity only the items 0 to 18 can be drawn: the others belong to nobody.
      const int there = draw == rk::negative_pairs::chance::uniform ? 40 - u : 19 - u;
      CHECK(std::ssize(drawn) == std::min<std::ptrdiff_t>(std::lround(1.5 * u), there));
      CHECK(distinct.size() == drawn.size());
      CHECK((distinct.empty() || *distinct.begin() >= u));
    }
    CHECK(std::count(pairs.labels.begin(), pairs.labels.end(), 1) == 190);
    for (std::size_t p = 0; p < pairs.size(); ++p) {
      CHECK(pairs.labels[p] == (pairs.items[p] < pairs.users[p]));
    }
  }
}

TEST_CASE("each user can have a ratio of his own") {
  const auto matrix = staircase(12);
  rk::negative_pairs::params params;
  params.user_ratios.assign(12, 0.0);
  params.user_ratios[4] = 2;
  params.user_ratios[10] = 0.5;
  const auto pairs = rk::negative_pairs::sample(rk::cpu{}, matrix.view(), params);
  for (rk::index_t u = 0; u < 12; ++u) {
    CHECK(negatives(pairs, u).size() == (u == 4 ? 8u : u == 10 ? 5u : 0u));
  }
}

TEST_CASE("popular items are drawn more often by popularity, all alike when uniform") {
  // Half the users have item 0; of the others nine in ten have item 1, the rest item 2.
  std::vector<std::vector<rk::index_t>> rows;
  for (int u = 0; u < 2000; ++u) rows.push_back({u < 1000 ? 0 : u % 10 == 0 ? 2 : 1});
  const auto matrix = recokit_test::rows_of(3, rows);
  const auto share = [&](rk::negative_pairs::chance draw, double exponent) {
    const auto pairs = rk::negative_pairs::sample(
        rk::cpu{}, matrix.view(), {.ratio = 1, .draw = draw, .popularity_exponent = exponent});
    int ones = 0;
    for (std::size_t p = 0; p < pairs.size(); ++p) {
      ones += pairs.users[p] < 1000 && pairs.labels[p] == 0 && pairs.items[p] == 1;
    }
    return ones / 1000.0;
  };
  CHECK(std::abs(share(rk::negative_pairs::chance::uniform, 1) - 0.5) < 0.06);
  CHECK(std::abs(share(rk::negative_pairs::chance::popularity, 1) - 0.9) < 0.04);
  CHECK(std::abs(share(rk::negative_pairs::chance::popularity, 0.5) - 0.75) < 0.05);
}

TEST_CASE("hard negatives are those of the drawn that lie nearest to the items of the user") {
  const auto matrix = recokit_test::random_matrix(60, 50, 0.1, 3);
  const rk::row_major_matrix<float> rows = rk::row_major_matrix<float>::Random(50, 4);
  // As many candidates as items: all that the user does not have.
  const rk::negative_pairs::params params{.ratio = 2, .candidates = 50, .k_neighbors = 2};
  const auto pairs =
      rk::negative_pairs::sample_hard(rk::cpu{}, matrix.view(), rk::dense_view(rows), params);
  for (rk::index_t u = 0; u < 60; ++u) {
    const auto own = matrix.view().row(u).indices;
    std::vector<std::pair<double, rk::index_t>> wanted;
    for (rk::index_t i = 0; i < 50 && !own.empty(); ++i) {
      if (std::find(own.begin(), own.end(), i) != own.end()) continue;
      std::vector<double> distances;
      for (const auto j : own) {
        distances.push_back((rows.row(i) - rows.row(j)).cast<double>().norm());
      }
      std::sort(distances.begin(), distances.end());
      distances.resize(std::min<std::size_t>(2, distances.size()));
      wanted.emplace_back(std::accumulate(distances.begin(), distances.end(), 0.0), i);
    }
    std::sort(wanted.begin(), wanted.end());
    const auto drawn = negatives(pairs, u);
    REQUIRE(drawn.size() == std::min(2 * own.size(), wanted.size()));
    for (std::size_t n = 0; n < drawn.size(); ++n) CHECK(drawn[n] == wanted[n].second);
  }
}

TEST_CASE("negative pairs are the same for any number of threads, and others for another seed") {
  const auto matrix = recokit_test::random_matrix(500, 80, 0.1, 4);
  const rk::row_major_matrix<double> rows = rk::row_major_matrix<double>::Random(80, 3);
  const auto plain = [&](int threads, std::uint64_t seed) {
    return rk::negative_pairs::sample(rk::cpu{.threads = threads}, matrix.view(), {.seed = seed})
        .items;
  };
  const auto hard = [&](int threads) {
    return rk::negative_pairs::sample_hard(rk::cpu{.threads = threads}, matrix.view(),
                                           rk::dense_view(rows))
        .items;
  };
  CHECK(plain(1, 1) == plain(2, 1));
  // Any source will do, and no policy.
  CHECK(rk::negative_pairs::sample(matrix, {.seed = 1}).items == plain(1, 1));
  CHECK(rk::negative_pairs::sample_hard(matrix, rk::dense_view(rows)).items == hard(1));
  CHECK(plain(1, 1) != plain(1, 2));
  CHECK(hard(1) == hard(2));
}

TEST_CASE("negative pairs refuse ratios and rows that do not fit") {
  const auto matrix = staircase(5);
  const auto refused = [&](const rk::negative_pairs::params& params) {
    return recokit_test::error_text<rk::error>(
        [&] { rk::negative_pairs::sample(rk::cpu{}, matrix.view(), params); });
  };
  CHECK_THAT(refused({.ratio = -1}), ContainsSubstring("ratio"));
  CHECK_THAT(refused({.user_ratios = {1, 2}}), ContainsSubstring("user_ratios.size() is 2"));
  CHECK_THAT(refused({.user_ratios = {1, 2, -3, 1, 1}}), ContainsSubstring("user_ratios[2]"));
  rk::row_major_matrix<float> rows = rk::row_major_matrix<float>::Zero(40, 2);
  rows(7, 1) = std::nanf("");
  const auto hard = [&](const rk::row_major_matrix<float>& item_rows) {
    return recokit_test::error_text<rk::error>([&] {
      rk::negative_pairs::sample_hard(rk::cpu{}, matrix.view(), rk::dense_view(item_rows));
    });
  };
  CHECK_THAT(hard(rows), ContainsSubstring("row 7, column 1"));
  CHECK_THAT(hard(rk::row_major_matrix<float>::Zero(39, 2)),
             ContainsSubstring("item_rows.rows() is 39"));
}
