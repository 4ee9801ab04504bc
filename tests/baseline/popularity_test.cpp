// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/baseline/popularity.hpp>
#include <recokit/evaluation/scorer.hpp>

namespace rk = recokit;

namespace {

// Items by user: {0, 1}, {1, 2}, {1, 3}; ratings 5 1, 2 5, 3 4.
rk::csr_matrix<> sample() { return {3, 4, {0, 2, 4, 6}, {0, 1, 1, 2, 1, 3}, {5, 1, 2, 5, 3, 4}}; }

std::vector<rk::index_t> items_of(const std::vector<rk::scored_item<>>& list) {
  std::vector<rk::index_t> items;
  for (const auto& entry : list) items.push_back(entry.item);
  return items;
}

}  // namespace

TEST_CASE("popularity counts interactions and breaks ties by index") {
  const auto model = rk::popularity::fit(sample());
  CHECK(model.score(1) == 3);
  CHECK(items_of(model.recommend(0, {.exclude_seen = false})) ==
        std::vector<rk::index_t>{1, 0, 2, 3});
  CHECK(items_of(model.recommend(0)) == std::vector<rk::index_t>{2, 3});
  CHECK(model.recommend(0)[0].score == 1);
}

TEST_CASE("popularity can sum or average the values") {
  const auto sum = rk::popularity::fit(sample(), {.by = rk::popularity::measure::sum});
  CHECK(sum.score(1) == 6);
  CHECK(items_of(sum.recommend(0, {.exclude_seen = false})) ==
        std::vector<rk::index_t>{1, 0, 2, 3});
  const auto mean =
      rk::popularity::fit(sample(), {.by = rk::popularity::measure::mean, .damping = 0});
  CHECK(mean.score(1) == 2);
  CHECK(items_of(mean.recommend(0, {.exclude_seen = false})) ==
        std::vector<rk::index_t>{0, 2, 3, 1});
}

TEST_CASE("a damped mean pulls rare items towards the mean of all") {
  const auto model =
      rk::popularity::fit(sample(), {.by = rk::popularity::measure::mean, .damping = 2});
  const double mean = 20.0 / 6;
  CHECK(model.score(0) == recokit_test::Approx((5 + 2 * mean) / 3));
  CHECK(model.score(1) == recokit_test::Approx((6 + 2 * mean) / 5));
}

TEST_CASE("popularity recommends to users it has never seen") {
  const auto model = rk::popularity::fit(sample());
  const rk::csr_matrix<> histories(2, 4, {0, 0, 1}, {1}, {1});
  const auto lists = model.recommend_for(histories, {.k = 2});
  CHECK(lists[0][0].item == 1);
  CHECK(lists[1][0].item == 0);
}

TEST_CASE("popularity scores items as it ranks them, for every user and without a history") {
  STATIC_REQUIRE(rk::scorer<rk::popularity::model>);
  const auto model =
      rk::popularity::fit(sample(), {.by = rk::popularity::measure::mean, .keep_history = false});
  const auto list = model.recommend(2, {.k = 4, .exclude_seen = false});
  REQUIRE(list.size() == 4);
  for (const auto& [item, score] : list) {
    CHECK(model.score(2, std::vector<rk::index_t>{item}) == std::vector<float>{score});
  }
}

TEST_CASE("scores are asked for known users and items, into a place of their size") {
  const auto model = rk::popularity::fit(sample());
  const std::vector<rk::index_t> items{0, 3};
  CHECK(model.score(1, items) == std::vector<float>{1, 1});
  CHECK(model.score(1, std::vector<rk::index_t>{}).empty());
  CHECK_THROWS_AS(model.score(3, items), rk::value_error);
  CHECK_THROWS_AS(model.score(-1, items), rk::value_error);
  const std::vector<rk::index_t> unknown{0, 4};
  CHECK_THAT(recokit_test::error_text<rk::value_error>([&] { model.score(0, unknown); }),
             recokit_test::ContainsSubstring("item = 4: must be in [0, 4)"));
  std::vector<float> scores(3);
  CHECK_THAT(recokit_test::error_text<rk::dimension_error>(
                 [&] { model.score(0, items, std::span<float>(scores)); }),
             recokit_test::ContainsSubstring("scores.size() is 3 but items.size() is 2"));
}

TEST_CASE("popularity answers alike before and after a file") {
  for (const auto by : {rk::popularity::measure::count, rk::popularity::measure::mean}) {
    const auto model = rk::popularity::fit(sample(), {.by = by});
    const auto loaded = recokit_test::saved_and_loaded(model);
    recokit_test::check_same_answers(model, loaded, sample());
    CHECK(std::equal(model.ranking().begin(), model.ranking().end(), loaded.ranking().begin(),
                     loaded.ranking().end()));
    const auto open = recokit_test::saved_and_loaded(model, {.history = false});
    CHECK(open.users() == 3);
    CHECK_THAT(recokit_test::error_text<rk::value_error>([&] { open.recommend(0); }),
               recokit_test::ContainsSubstring("saved with its history"));
  }
}
