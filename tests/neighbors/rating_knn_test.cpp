// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/rating_prediction.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/ratings.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/core/observer.hpp>
#include <recokit/evaluation/scorer.hpp>
#include <recokit/neighbors/rating_knn.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <stop_token>

namespace rk = recokit;
namespace knn = recokit::rating_knn;
using recokit_test::all_predictions;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::naive_rating_knn;
using recokit_test::one_row;
using recokit_test::random_matrix;
using recokit_test::rating_table;
using recokit_test::signed_ratings;

namespace {

constexpr std::array sides{knn::side::user, knn::side::item};
constexpr std::array forms{knn::form::plain, knn::form::mean_centered, knn::form::z_score,
                           knn::form::baseline};

rk::rating_measure measure_number(std::size_t n) { return static_cast<rk::rating_measure>(n); }
constexpr std::size_t measures = enum_names(rk::rating_measure{}).size();

double largest_difference(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  return (a - b).cwiseAbs().maxCoeff();
}

void compare_with_naive(const rk::csr_matrix<>& data, knn::params params) {
  params.clip = false;
  const auto model = knn::fit(data, params);
  const auto found = all_predictions(rk::cpu{}, model);
  const auto expected = naive_rating_knn(rating_table(data.view()), params);
  INFO("by " << enum_names(params.by)[static_cast<std::size_t>(params.by)] << ", form "
             << enum_names(params.form)[static_cast<std::size_t>(params.form)] << ", measure "
             << enum_names(params.similarity)[static_cast<std::size_t>(params.similarity)]);
  REQUIRE(largest_difference(found, expected) < 2e-5);
}

std::vector<rk::index_t> numbers(rk::index_t n) {
  std::vector<rk::index_t> list(static_cast<std::size_t>(n));
  std::iota(list.begin(), list.end(), 0);
  return list;
}

}  // namespace

TEST_CASE("every measure in every form predicts what dense loops do") {
  const auto data = random_matrix(24, 17, 0.5, 11);
  for (const auto by : sides) {
    for (const auto form : forms) {
      for (std::size_t m = 0; m < measures; ++m) {
        compare_with_naive(
            data, {.by = by, .form = form, .similarity = measure_number(m), .neighbors = 100});
      }
    }
  }
}

TEST_CASE("negative ratings and rows of equal ratings are as any others") {
  const auto data = signed_ratings(20, 14, 5);
  for (const auto by : sides) {
    for (const auto form : forms) {
      for (std::size_t m = 0; m < measures; ++m) {
        compare_with_naive(data, {.by = by,
                                  .form = form,
                                  .similarity = measure_number(m),
                                  .neighbors = 100,
                                  .min_neighbors = 3});
      }
    }
  }
}

TEST_CASE("only the most similar neighbours count, ties going to the lower index") {
  const auto data = random_matrix(30, 20, 0.5, 3);
  for (const auto by : sides) {
    for (const int k : {1, 3}) {
      // Exact in binary, so that ties are ties in both.
      compare_with_naive(data, {.by = by, .form = knn::form::plain, .neighbors = k});
    }
    compare_with_naive(data, {.by = by,
                              .form = knn::form::baseline,
                              .similarity = rk::rating_measure::pearson_baseline,
                              .neighbors = 4,
                              .min_neighbors = 2});
  }
}

TEST_CASE("supports, shrinkage, significance and amplification damp every measure") {
  const auto data = random_matrix(24, 17, 0.5, 7);
  for (std::size_t m = 0; m < measures; ++m) {
    knn::params params{.similarity = measure_number(m), .neighbors = 100};
    params.min_support = 3;
    compare_with_naive(data, params);
    params.shrinkage = 5;
    compare_with_naive(data, params);
    params.significance = 6;
    compare_with_naive(data, params);
    params.amplification = 2.5;
    compare_with_naive(data, params);
    params.baseline_shrinkage = 0;
    compare_with_naive(data, params);
  }
}

TEST_CASE("a single item, a single user and ratings that are all equal have defined predictions") {
  const rk::csr_matrix<> item(3, 1, {0, 1, 2, 2}, {0, 0}, {4, 2});
  const rk::csr_matrix<> user(1, 3, {0, 2}, {0, 2}, {1, 5});
  const rk::csr_matrix<> equal(3, 3, {0, 2, 4, 5}, {0, 1, 1, 2, 0}, {3, 3, 3, 3, 3});
  const rk::csr_matrix<> zeros(3, 3, {0, 2, 4, 5}, {0, 1, 1, 2, 0}, {0, 0, 3, 4, 1});
  for (const auto& data : {item, user, equal, zeros}) {
    for (const auto by : sides) {
      for (const auto form : forms) {
        for (std::size_t m = 0; m < measures; ++m) {
          compare_with_naive(data, {.by = by, .form = form, .similarity = measure_number(m)});
        }
      }
    }
  }
  CHECK(knn::fit(equal, {.form = knn::form::z_score}).predict(2, 2) == 3);
}

TEST_CASE("predictions are clipped to the ratings seen, unless asked not to be") {
  const auto data = random_matrix(24, 17, 0.5, 2, 3);
  knn::params params{.form = knn::form::baseline, .neighbors = 2};
  params.regularization_user = params.regularization_item = 0;
  const auto clipped = knn::fit(data, params);
  params.clip = false;
  const auto free = knn::fit(data, params);
  CHECK(clipped.scale() == rk::rating_scale{1, 3});
  const auto raw = all_predictions(rk::cpu{}, free);
  CHECK(raw.maxCoeff() > 3);
  CHECK(raw.minCoeff() < 1);
  CHECK(all_predictions(rk::cpu{}, clipped) == raw.cwiseMax(1).cwiseMin(3));
  // What ranks is not clipped.
  CHECK(clipped.score(0, numbers(17)) == free.score(0, numbers(17)));
}

TEST_CASE("any number of threads gives the same bits, in a batch as one by one") {
  const auto data = random_matrix(60, 40, 0.3, 9);
  for (const auto by : sides) {
    const auto model = knn::fit(data, {.by = by, .neighbors = 5});
    const auto one = all_predictions(rk::cpu{.threads = 1}, model);
    CHECK(all_predictions(rk::cpu{.threads = 4}, model) == one);
    CHECK(double{model.predict(7, 3)} == one(7, 3));
    const auto users = numbers(60);
    const auto lists = model.recommend(rk::cpu{.threads = 1}, users, {.k = 6});
    const auto others = model.recommend(rk::cpu{.threads = 3}, users, {.k = 6});
    for (std::size_t u = 0; u < lists.size(); ++u) {
      CHECK(std::equal(lists[u].begin(), lists[u].end(), others[u].begin(), others[u].end()));
    }
  }
}

TEST_CASE("recommend ranks by the estimates, with the bits of score, for one user and for many") {
  STATIC_REQUIRE(rk::scorer<knn::model>);
  STATIC_REQUIRE(rk::fold_in_recommender<knn::model>);
  STATIC_REQUIRE(rk::rating_predictor<knn::model>);
  const auto data = random_matrix(50, 30, 0.3, 4);
  for (const auto by : sides) {
    for (const auto form : forms) {
      const auto model =
          knn::fit(data, {.by = by, .form = form, .neighbors = 3, .min_neighbors = 2});
      const auto users = numbers(50);
      const auto batch = model.recommend(users, {.k = 30, .exclude_seen = false});
      for (const rk::index_t u : users) {
        const auto list = batch[static_cast<std::size_t>(u)];
        REQUIRE(list.size() == 30);
        CHECK(std::is_sorted(list.begin(), list.end(), rk::ranks_before<float, rk::index_t>));
        std::vector<rk::index_t> items;
        std::vector<float> scores;
        for (const auto& [item, score] : list) {
          items.push_back(item);
          scores.push_back(score);
        }
        REQUIRE(model.score(u, items) == scores);
        const auto alone = model.recommend(u, {.k = 30, .exclude_seen = false});
        REQUIRE(std::equal(list.begin(), list.end(), alone.begin(), alone.end()));
        for (const auto& entry : model.recommend(u, {.k = 30})) {
          const auto seen = data.row(u).indices;
          REQUIRE(!std::binary_search(seen.begin(), seen.end(), entry.item));
        }
      }
    }
  }
}

TEST_CASE("filters hold for both sides") {
  const auto data = random_matrix(30, 20, 0.3, 4);
  const std::vector<rk::index_t> only{2, 5, 9}, exclude{5};
  for (const auto by : sides) {
    const auto list =
        knn::fit(data, {.by = by})
            .recommend(3, {.k = 9, .exclude_seen = false, .exclude = exclude, .only = only});
    REQUIRE(list.size() == 2);
    CHECK(list[0].item + list[1].item == 11);
  }
}

TEST_CASE("a history that is folded in is predicted as if its user had been one of training") {
  const auto data = random_matrix(25, 18, 0.4, 6);
  for (const auto by : sides) {
    for (const auto form : forms) {
      for (std::size_t m = 0; m < measures; ++m) {
        const auto model = knn::fit(
            data, {.by = by, .form = form, .similarity = measure_number(m), .neighbors = 50});
        // A known user meets itself as a neighbour when folded in, but only at items it rated.
        for (const rk::index_t user : {2, 3}) {
          const auto history = one_row(data, user);
          const auto found = model.predict_for(history, numbers(18));
          const auto seen = data.row(user).indices;
          for (const rk::index_t i : numbers(18)) {
            if (std::binary_search(seen.begin(), seen.end(), i)) continue;
            REQUIRE(found[static_cast<std::size_t>(i)] == Approx(model.predict(user, i)));
          }
          const auto known = model.recommend(user, {.k = 5});
          const auto list = model.recommend_for(history, {.k = 5});
          REQUIRE(list[0].size() == known.size());
          for (std::size_t n = 0; n < known.size(); ++n) {
            REQUIRE(list[0][n].score == Approx(known[n].score));
          }
        }
      }
    }
  }
}

TEST_CASE("an empty history gets the mean of all ratings, or the baseline") {
  const auto data = random_matrix(25, 18, 0.4, 6);
  const rk::csr_matrix<> nothing(1, 18, {0, 0}, {});
  for (const auto by : sides) {
    const auto plain = knn::fit(data, {.by = by, .form = knn::form::plain});
    CHECK(plain.predict_for(nothing, numbers(2))[0] == Approx(plain.mean()));
    const auto baseline = knn::fit(data, {.by = by, .form = knn::form::baseline});
    const auto bias = rk::bias::fit(data);
    CHECK(baseline.predict_for(nothing, numbers(2))[1] ==
          Approx(bias.mean() + bias.item_biases()[1]));
    CHECK(plain.recommend_for(nothing, {.k = 3})[0].size() == 3);
  }
}

TEST_CASE("an explanation takes a prediction apart") {
  const auto data = random_matrix(30, 20, 0.4, 8);
  for (const auto by : sides) {
    for (const auto form : forms) {
      const auto model = knn::fit(data, {.by = by, .form = form, .neighbors = 4, .clip = false});
      for (const auto& [user, item] : {std::pair<rk::index_t, rk::index_t>{3, 7}, {4, 2}}) {
        const auto found = model.explain_rating(user, item);
        CHECK(found.estimate == Approx(model.predict(user, item)));
        CHECK(found.neighbors.size() <= 4);
        double sum = found.base;
        for (const auto& each : found.neighbors) {
          sum += each.share;
          CHECK(each.similarity > 0);
          const auto rater = by == knn::side::user ? each.neighbor : user;
          const auto rated = by == knn::side::user ? item : each.neighbor;
          CHECK(double{each.rating} == rating_table(data.view())(rater, rated));
        }
        CHECK(sum == Approx(found.estimate));
        const auto folded = model.explain_rating_for(one_row(data, user), item);
        CHECK(folded.base == Approx(found.base));
      }
    }
  }
  const auto items = knn::fit(data, {.by = knn::side::item, .form = knn::form::plain});
  double sum = 0;
  for (const auto& [item, share] : items.explain(3, 7, 100)) sum += double{share};
  CHECK(sum == Approx(items.predict(3, 7)));
  CHECK_THAT(error_text<rk::value_error>([&] { knn::fit(data).explain(3, 7); }),
             ContainsSubstring("call explain_rating"));
}

TEST_CASE("similar users and items are those of the measure") {
  const auto data = random_matrix(30, 20, 0.5, 8);
  const auto table = rating_table(data.view());
  const rk::rating_similarity_options options{rk::rating_measure::pearson};
  const Eigen::VectorXd none;
  const auto users = recokit_test::naive_similarity(table, options, 0, none, none);
  const auto model = knn::fit(data, {.similarity = rk::rating_measure::pearson});
  for (const rk::index_t u : {1, 5, 12}) {
    for (const auto& [other, similarity] : model.similar_users(u, 30)) {
      CHECK(other != u);
      CHECK(double{similarity} == Approx(users(u, other)));
    }
  }
  CHECK(model.similar_users(1, 2).size() == 2);
  const auto items = recokit_test::naive_similarity(table.transpose(), options, 0, none, none);
  const auto by_item =
      knn::fit(data, {.by = knn::side::item, .similarity = rk::rating_measure::pearson});
  const auto list = by_item.similar_items(4, 30);
  CHECK(std::is_sorted(list.begin(), list.end(), rk::ranks_before<float, rk::index_t>));
  for (const auto& [other, similarity] : list) {
    CHECK(double{similarity} == Approx(items(4, other)));
  }
  CHECK_THAT(error_text<rk::value_error>([&] { model.similar_items(1); }),
             ContainsSubstring("needs a model fitted with by = item"));
  CHECK_THAT(error_text<rk::value_error>([&] { by_item.similar_users(1); }),
             ContainsSubstring("needs a model fitted with by = user"));
  CHECK_THROWS_AS(model.similar_users(30), rk::value_error);
  CHECK_THROWS_AS(model.similar_users(1, 0), rk::value_error);
}

TEST_CASE("what cannot be is refused by name") {
  const auto data = random_matrix(10, 8, 0.5, 1);
  const auto text = [](const auto& call) { return error_text<rk::value_error>(call); };
  CHECK_THAT(text([&] { knn::fit(data, {.neighbors = 0}); }),
             ContainsSubstring("params.neighbors = 0"));
  CHECK_THAT(text([&] { knn::fit(data, {.neighbors = 3, .min_neighbors = 4}); }),
             ContainsSubstring("params.min_neighbors = 4"));
  CHECK_THAT(text([&] {
               knn::fit(rk::csr_matrix<>(2, 2, {0, 0, 0}, {}));
             }),
             ContainsSubstring("there is no rating"));
  CHECK_THROWS_AS(knn::fit(data, {.amplification = 0}), rk::value_error);
  CHECK_THROWS_AS(knn::fit(data, {.shrinkage = std::nan("")}), rk::value_error);
  const auto model = knn::fit(data);
  CHECK_THAT(text([&] { model.predict(10, 0); }), ContainsSubstring("user = 10"));
  CHECK_THAT(text([&] { model.predict(0, 8); }), ContainsSubstring("item = 8"));
  CHECK_THROWS_AS(model.recommend(0, {.k = 0}), rk::value_error);
  CHECK_THROWS_AS(model.explain_rating(0, -1), rk::value_error);
  std::vector<float> two(2);
  const std::vector<rk::index_t> three{0, 1, 2};
  CHECK_THROWS_AS(model.predict(rk::cpu{}, three, three, std::span<float>(two)),
                  rk::dimension_error);
  CHECK_THROWS_AS(model.predict_for(data, three), rk::dimension_error);
  CHECK_THROWS_AS(model.predict_for(rk::csr_matrix<>(1, 5, {0, 0}, {}), three),
                  rk::dimension_error);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_AS(knn::fit(rk::csr_matrix<>(1, 2, {0, 1}, {0}, {nan})), rk::value_error);
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(knn::fit(data, {}, rk::cancel_on{stop.get_token()}), rk::cancelled_error);
}

TEST_CASE("interactions without values are ratings of 1") {
  const auto data = random_matrix(12, 9, 0.5, 1);
  for (const auto by : sides) {
    const auto model = knn::fit(data.view().pattern(), {.by = by});
    CHECK(model.predict(3, 4) == 1);
    const rk::csr_matrix<> history(1, 9, {0, 2}, {1, 3});
    CHECK(model.predict_for(history, numbers(9)) == std::vector<float>(9, 1.0f));
    CHECK(model.recommend_for(history, {.k = 9})[0].size() == 7);
  }
}

TEST_CASE("neighbours answer alike before and after a file") {
  const auto data = random_matrix(30, 20, 0.3, 8);
  for (const auto by : sides) {
    for (const auto form : forms) {
      const auto model = knn::fit(data, {.by = by, .form = form, .neighbors = 3, .clip = false});
      const auto loaded = recokit_test::saved_and_loaded(model);
      CHECK(loaded.parameters().form == form);
      CHECK_FALSE(loaded.clips());
      CHECK(all_predictions(rk::cpu{}, loaded) == all_predictions(rk::cpu{}, model));
      const auto list = model.recommend(3, {.k = 5});
      CHECK(loaded.recommend(3, {.k = 5}) == list);
      CHECK_THAT(error_text<rk::value_error>(
                     [&] { recokit_test::saved_and_loaded(model, {.history = false}); }),
                 ContainsSubstring("rating_knn predicts from the ratings"));
    }
  }
}
