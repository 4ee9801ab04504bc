// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/rows_of.hpp"

#include <recokit/core/negative_sampler.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace rk = recokit;
using recokit_test::Approx;

namespace {

std::vector<rk::index_t> draw(const rk::negative_sampler& sampler, std::uint64_t row,
                              const std::vector<rk::index_t>& excluded, bool replacement,
                              std::size_t count) {
  rk::random_stream random(1, rk::random_purpose::user, row);
  rk::negative_sampler::scratch space;
  std::vector<rk::index_t> drawn(count);
  sampler.draw(random, excluded, replacement, drawn, space);
  return drawn;
}

// Items 0 … 5 with 8, 4, 2, 1, 1 and no interactions.
rk::negative_sampler by_popularity(double alpha) {
  std::vector<std::vector<rk::index_t>> rows;
  for (int u = 0; u < 8; ++u) {
    std::vector<rk::index_t> row{0};
    if (u < 4) row.push_back(1);
    if (u < 2) row.push_back(2);
    if (u == 7) row.insert(row.end(), {3, 4});
    rows.push_back(row);
  }
  return rk::negative_sampler::popularity(recokit_test::rows_of(6, rows).view(), alpha);
}

}  // namespace

TEST_CASE("excluded items are never drawn and the others with equal chances") {
  const auto sampler = rk::negative_sampler::uniform(12);
  const std::vector<rk::index_t> excluded{0, 1, 5, 6, 11};
  CHECK(sampler.available(excluded) == 7);
  for (const bool replacement : {true, false}) {
    std::vector<double> counts(12);
    for (std::uint64_t row = 0; row < 7000; ++row) {
      for (const auto i : draw(sampler, row, excluded, replacement, 3)) {
        counts[static_cast<std::size_t>(i)] += 1;
      }
    }
    double chi_square = 0;
    for (rk::index_t i = 0; i < 12; ++i) {
      const double count = counts[static_cast<std::size_t>(i)];
      if (std::binary_search(excluded.begin(), excluded.end(), i)) {
        CHECK(count == 0);
      } else {
        chi_square += (count - 3000) * (count - 3000) / 3000;
      }
    }
    CHECK(chi_square < 22.5);  // chance 1e-3 at 6 degrees of freedom
    CHECK(chi_square > 0.1);
  }
}

TEST_CASE("without replacement items are distinct, up to all of them") {
  const auto uniform = rk::negative_sampler::uniform(50);
  const auto popular = by_popularity(1);
  for (std::uint64_t row = 0; row < 50; ++row) {
    auto drawn = draw(uniform, row, {3, 49}, false, 30);
    CHECK(std::set<rk::index_t>(drawn.begin(), drawn.end()).size() == 30);
    drawn = draw(uniform, row, {3, 49}, false, 48);
    CHECK(std::set<rk::index_t>(drawn.begin(), drawn.end()).size() == 48);
    drawn = draw(popular, row, {1}, false, 4);
    std::sort(drawn.begin(), drawn.end());
    CHECK(drawn == std::vector<rk::index_t>{0, 2, 3, 4});
  }
  CHECK_THROWS_AS(draw(uniform, 0, {3, 49}, false, 49), rk::value_error);
  CHECK_THROWS_AS(draw(popular, 0, {1}, false, 5), rk::value_error);
}

TEST_CASE("chances follow the counts to the power alpha") {
  for (const double alpha : {0.0, 0.5, 1.0}) {
    const auto sampler = by_popularity(alpha);
    CHECK(sampler.available({}) == 5);
    const std::vector<rk::index_t> excluded{1};
    CHECK(sampler.available(excluded) == 4);
    std::vector<double> counts(6);
    const int draws = 40'000;
    for (const auto i : draw(sampler, 0, excluded, true, draws)) {
      counts[static_cast<std::size_t>(i)] += 1;
    }
    const std::vector<double> interactions{8, 0, 2, 1, 1, 0};
    double all = 0;
    for (const double c : interactions) all += c > 0 ? std::pow(c, alpha) : 0;
    for (std::size_t i = 0; i < 6; ++i) {
      const double chance = interactions[i] > 0 ? std::pow(interactions[i], alpha) / all : 0;
      CHECK(counts[i] / draws == Approx(chance).margin(0.01));
    }
  }
}

TEST_CASE("weighted draws without replacement take one after the other from what is left") {
  const auto sampler = by_popularity(1);
  // Chance that items 0 and 1 come first and second: 8/16 · 4/8.
  double hits = 0;
  for (std::uint64_t row = 0; row < 20'000; ++row) {
    const auto drawn = draw(sampler, row, {}, false, 2);
    CHECK(drawn[0] != drawn[1]);
    hits += drawn[0] == 0 && drawn[1] == 1 ? 1 : 0;
  }
  CHECK(hits / 20'000 == Approx(0.25).margin(0.012));
}

TEST_CASE("a sampler without anything to draw says so") {
  const std::vector<rk::index_t> all{0, 1, 2};
  const auto sampler = rk::negative_sampler::uniform(3);
  CHECK(sampler.available(all) == 0);
  CHECK_THROWS_AS(draw(sampler, 0, all, true, 1), rk::value_error);
  CHECK(draw(sampler, 0, all, true, 0).empty());
  CHECK_THROWS_AS(rk::negative_sampler::uniform(-1), rk::value_error);
  CHECK_THROWS_AS(by_popularity(-0.1), rk::value_error);
}
