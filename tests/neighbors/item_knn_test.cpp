// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/similarity.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/saved.hpp"

#include <recokit/data/weighting.hpp>
#include <recokit/evaluation/scorer.hpp>
#include <recokit/neighbors/item_knn.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::dense;
using recokit_test::error_text;
using recokit_test::random_matrix;

namespace {

bool same_bits(const rk::csr_matrix<>& a, const rk::csr_matrix<>& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         std::ranges::equal(a.view().offsets(), b.view().offsets()) &&
         std::ranges::equal(a.view().indices(), b.view().indices()) &&
         std::ranges::equal(a.view().values(), b.view().values());
}

std::string text_of(const rk::similarity_options& o) {
  return std::string(rk::enum_names(o.measure)[static_cast<std::size_t>(o.measure)]) +
         (o.shrinkage > 0 ? " with options" : "");
}

}  // namespace

TEST_CASE("every measure is what a loop over the dense columns gives") {
  for (const auto& data : recokit_test::odd_matrices()) {
    const recokit_test::dense_entries x(data.view());
    for (const auto& options : recokit_test::all_similarities()) {
      INFO(text_of(options) << " on " << data.rows() << " x " << data.cols());
      const auto model =
          rk::item_knn::fit(data, recokit_test::with_similarity<rk::item_knn::params>(options));
      const recokit_test::dense_entries found(model.similarity().view());
      for (int i = 0; i < data.cols(); ++i) {
        for (int j = 0; j < data.cols(); ++j) {
          const double expected = recokit_test::naive_similarity(x, options, i, j);
          REQUIRE(found.stored(i, j) == (i != j && !std::isnan(expected) ? 1 : 0));
          if (found.stored(i, j) != 0) {
            REQUIRE(found.value(i, j) == Approx(expected).epsilon(1e-5).margin(1e-6));
          }
        }
      }
    }
  }
}

TEST_CASE("weighted similarities are those of reweighted interactions, scores sum the values") {
  const auto data = random_matrix(50, 20, 0.3, 8);
  for (const auto& [weighting, scheme] :
       {std::pair{rk::similarity_weighting::tf_idf, rk::weighting_scheme(rk::weighting::tf_idf{})},
        std::pair{rk::similarity_weighting::bm25,
                  rk::weighting_scheme(rk::weighting::bm25{2.0f, 0.3f})}}) {
    const auto model =
        rk::item_knn::fit(data, {.weighting = weighting, .bm25_k1 = 2.0, .bm25_b = 0.3f});
    const auto weighed = rk::reweight(rk::interactions(data), scheme);
    CHECK(same_bits(model.similarity(), rk::item_knn::fit(weighed).similarity()));
    const auto plain = rk::item_knn::model(rk::item_knn::params{}, model.similarity(), 50, data);
    const std::vector<rk::index_t> items{0, 3, 7, 19};
    CHECK(model.score(4, items) == plain.score(4, items));
  }
}

TEST_CASE("the weights follow from the similarities by side and normalisation") {
  const auto data = random_matrix(50, 20, 0.3, 9);
  const auto plain = rk::item_knn::fit(data, {.neighbors = 5});
  CHECK(same_bits(plain.weights(), plain.similarity()));
  const Eigen::MatrixXd similarity = dense(plain.similarity().view());
  Eigen::MatrixXd shares = similarity;
  for (int i = 0; i < 20; ++i) {
    const double sum = shares.row(i).cwiseAbs().sum();
    if (sum > 0) shares.row(i) /= sum;
  }
  const auto weights = [&](rk::item_knn::neighbors_of side, bool normalize) {
    return dense(
        rk::item_knn::fit(data, {.neighbors = 5, .side = side, .normalize_neighbors = normalize})
            .weights()
            .view());
  };
  using rk::item_knn::neighbors_of;
  CHECK(weights(neighbors_of::candidate, false).isApprox(similarity.transpose(), 1e-6));
  CHECK(weights(neighbors_of::history, true).isApprox(shares, 1e-6));
  CHECK(weights(neighbors_of::candidate, true).isApprox(shares.transpose(), 1e-6));
}

TEST_CASE("normalised scores are means of the values by similarity") {
  const auto data = random_matrix(50, 20, 0.3, 10);
  const auto model = rk::item_knn::fit(data, {.neighbors = 6, .normalize_scores = true});
  const Eigen::MatrixXd x = dense(data.view());
  const Eigen::MatrixXd w = dense(model.weights().view());
  for (rk::index_t u = 0; u < 50; ++u) {
    for (const auto& entry : model.recommend(u, {.k = 20, .exclude_seen = false})) {
      const double above = x.row(u).dot(w.col(entry.item));
      const double below =
          (x.row(u).array() != 0).select(w.col(entry.item).transpose().cwiseAbs(), 0).sum();
      REQUIRE(entry.score == Approx(below > 0 ? above / below : 0).epsilon(1e-4));
    }
  }
}

TEST_CASE("shares of the history explain a score") {
  for (const bool normalize : {false, true}) {
    const auto data = random_matrix(50, 20, 0.3, 11);
    const auto model = rk::item_knn::fit(data, {.neighbors = 6, .normalize_scores = normalize});
    for (rk::index_t u = 0; u < 10; ++u) {
      for (const auto& entry : model.recommend(u, {.k = 5})) {
        const auto shares = model.explain(u, entry.item, 20);
        CHECK(std::is_sorted(shares.begin(), shares.end(), rk::by_rank{}));
        double sum = 0;
        for (const auto& share : shares) {
          const auto known = data.row(u).indices;
          CHECK(std::binary_search(known.begin(), known.end(), share.item));
          sum += static_cast<double>(share.score);
        }
        CHECK(sum == Approx(entry.score).epsilon(1e-5));
        CHECK(model.explain(u, entry.item, 1).size() <= 1);
        const rk::index_t row[] = {u};
        CHECK(model.explain_for(rk::gather_rows(data.view(), row), entry.item, 20) == shares);
      }
    }
    CHECK_THROWS_AS(model.explain(50, 0), rk::value_error);
    CHECK_THROWS_AS(model.explain(0, 20), rk::value_error);
    CHECK_THROWS_AS(model.explain(0, 0, 0), rk::value_error);
    CHECK_THROWS_AS(model.explain_for(data, 0), rk::dimension_error);
  }
}

TEST_CASE("an updated model has the bits of one fitted on everything") {
  const auto everything = random_matrix(120, 60, 0.15, 12);
  for (const auto& options : recokit_test::all_similarities()) {
    for (const int neighbors : {3, 8, 60}) {
      INFO(text_of(options) << ", " << neighbors << " neighbours");
      const auto params = recokit_test::with_similarity<rk::item_knn::params>(
          options, {.neighbors = neighbors, .normalize_neighbors = neighbors == 8});
      // The last three users are new, two items more are new with them.
      std::vector<rk::index_t> known(117), added{117, 118, 119};
      std::iota(known.begin(), known.end(), 0);
      auto model = rk::item_knn::fit(rk::gather_rows(everything.view(), known), params);
      rk::csr_matrix<> so_far = rk::gather_rows(everything.view(), known);
      for (const rk::index_t user : added) {
        std::vector<rk::offset_t> offsets(static_cast<std::size_t>(user) + 2, 0);
        offsets.back() = 3;
        const auto& u = user;
        const rk::csr_matrix<> additions(user + 1, 62, offsets,
                                         {u % 7, 20 + u % 5, u == 119 ? 61 : 40}, {4, 1, 2});
        model = model.update(additions);
        so_far = rk::merge(so_far.view(), additions.view());
        const auto again = rk::item_knn::fit(so_far, params);
        REQUIRE(model.users() == user + 1);
        REQUIRE(same_bits(model.similarity(), again.similarity()));
        REQUIRE(same_bits(model.weights(), again.weights()));
        REQUIRE(same_bits(model.history(), again.history()));
      }
    }
  }
}

TEST_CASE("an update changes known values by its rule") {
  const auto data = random_matrix(60, 40, 0.2, 13);
  const rk::csr_matrix<> additions(2, 40, {0, 0, 2}, {data.row(1).indices[0], 39}, {9, 2});
  REQUIRE(data.row(1).indices[0] != 39);
  for (const auto rule : {rk::duplicate_rule::last, rk::duplicate_rule::sum}) {
    const auto updated = rk::item_knn::fit(data, {.neighbors = 4}).update(additions, rule);
    const auto again =
        rk::item_knn::fit(rk::merge(data.view(), additions.view(), rule), {.neighbors = 4});
    CHECK(same_bits(updated.similarity(), again.similarity()));
  }
  const auto without = rk::item_knn::fit(data, {.keep_history = false});
  CHECK_THAT(error_text<rk::value_error>([&] { without.update(additions); }),
             ContainsSubstring("interactions known so far"));
}

TEST_CASE("a saved item_knn comes back with its bits and can be updated") {
  const auto data = random_matrix(60, 40, 0.2, 14);
  const auto model = rk::item_knn::fit(
      data,
      {.neighbors = 5, .shrinkage = 3, .normalize_neighbors = true, .normalize_scores = true});
  const auto again = recokit_test::saved_and_loaded(model);
  CHECK(again.settings() == model.settings());
  CHECK(same_bits(again.similarity(), model.similarity()));
  CHECK(same_bits(again.weights(), model.weights()));
  CHECK(again.recommend(3) == model.recommend(3));
  const rk::csr_matrix<> additions(1, 40, {0, 1}, {7}, {2});
  CHECK(same_bits(again.update(additions).similarity(), model.update(additions).similarity()));
  const auto bare = recokit_test::saved_and_loaded(model, {.history = false});
  CHECK(bare.history().rows() == 0);
  CHECK_THROWS_AS(bare.recommend(0), rk::value_error);
}

TEST_CASE("users of like history are found by cosine") {
  const auto data = random_matrix(30, 20, 0.3, 15);
  const auto model = rk::item_knn::fit(data);
  const Eigen::MatrixXd x = dense(data.view());
  for (rk::index_t u = 0; u < 30; ++u) {
    for (const auto& entry : model.similar_users(u, 30)) {
      CHECK(entry.item != u);
      CHECK(entry.score ==
            Approx(x.row(u).dot(x.row(entry.item)) / (x.row(u).norm() * x.row(entry.item).norm())));
    }
  }
}

TEST_CASE("a cancelled fit throws") {
  std::stop_source source;
  source.request_stop();
  CHECK_THROWS_AS(
      rk::item_knn::fit(random_matrix(20, 20, 0.3, 1), {}, rk::cancel_on{source.get_token()}),
      rk::cancelled_error);
}

TEST_CASE("an item is never its own neighbour and neighbours come best first") {
  const auto data = random_matrix(50, 20, 0.4, 2);
  const auto model = rk::item_knn::fit(data, {.neighbors = 7});
  for (rk::index_t i = 0; i < 20; ++i) {
    const auto similar = model.similar_items(i, 5);
    CHECK(similar.size() <= 5);
    CHECK(std::is_sorted(similar.begin(), similar.end(), rk::ranks_before<float, rk::index_t>));
    for (const auto& entry : similar) CHECK(entry.item != i);
    CHECK(model.weights().row(i).size() <= 7);
  }
  CHECK_THROWS_AS(model.similar_items(20), rk::value_error);
  CHECK_THROWS_AS(model.similar_items(0, 0), rk::value_error);
}

TEST_CASE("a score is the sum of similarities to the history, weighted with its values") {
  const auto data = random_matrix(50, 20, 0.3, 3);
  const auto model = rk::item_knn::fit(data, {.neighbors = 20});
  const Eigen::MatrixXd expected = dense(data.view()) * dense(model.weights().view());
  for (rk::index_t u = 0; u < 50; ++u) {
    for (const auto& entry : model.recommend(u, {.k = 20, .exclude_seen = false})) {
      REQUIRE(entry.score == Approx(expected(u, entry.item)).epsilon(1e-4));
    }
  }
}

TEST_CASE("a user's own history gives the same list as the user's index") {
  const auto data = random_matrix(50, 20, 0.3, 4);
  const auto model = rk::item_knn::fit(data);
  const auto lists = model.recommend_for(data, {.k = 5});
  for (rk::index_t u = 0; u < 50; ++u) {
    const auto known = model.recommend(u, {.k = 5});
    const auto list = lists[static_cast<std::size_t>(u)];
    CHECK(std::equal(known.begin(), known.end(), list.begin(), list.end()));
  }
}

TEST_CASE("interactions without values count as 1") {
  const auto data = random_matrix(50, 20, 0.3, 5, 1);
  const auto valued = rk::item_knn::fit(data);
  const auto pattern = rk::item_knn::fit(data.view().pattern());
  CHECK(dense(valued.weights().view()) == dense(pattern.weights().view()));
}

TEST_CASE("any scalar and index type gives the same neighbours") {
  const auto narrow = random_matrix<float, std::int32_t, std::int32_t>(50, 20, 0.3, 6);
  const auto wide = random_matrix<double, std::int64_t, std::int64_t>(50, 20, 0.3, 6);
  const auto a = rk::item_knn::fit(narrow.view());
  const auto b = rk::item_knn::fit(wide.view());
  CHECK(dense(a.weights().view()).isApprox(dense(b.weights().view()), 1e-6));
}

TEST_CASE("scores have the bits of those in the lists, and unreached items score 0") {
  STATIC_REQUIRE(rk::scorer<rk::item_knn::model>);
  const auto data = random_matrix(50, 20, 0.3, 7);
  const auto model = rk::item_knn::fit(data, {.neighbors = 4});
  bool unreached = false;
  for (rk::index_t u = 0; u < 50; ++u) {
    const auto list = model.recommend(u, {.k = 20, .exclude_seen = false});
    REQUIRE(list.size() == 20);
    std::vector<rk::index_t> items;
    std::vector<float> expected;
    for (const auto& entry : list) {
      items.push_back(entry.item);
      expected.push_back(entry.score);
      unreached |= entry.score == 0;
    }
    CHECK(model.score(u, items) == expected);
  }
  CHECK(unreached);
}

TEST_CASE("without its history a model cannot score by user") {
  const auto model = rk::item_knn::fit(random_matrix(5, 5, 0.5, 1), {.keep_history = false});
  CHECK_THAT(error_text<rk::value_error>([&] { model.score(0, std::vector<rk::index_t>{1}); }),
             ContainsSubstring("params.keep_history = false"));
}

TEST_CASE("params out of range are refused") {
  const auto data = random_matrix(5, 5, 0.5, 1);
  CHECK_THROWS_AS(rk::item_knn::fit(data, {.neighbors = 0}), rk::value_error);
  CHECK_THROWS_AS(rk::item_knn::fit(data, {.shrinkage = -1}), rk::value_error);
  CHECK_THROWS_AS(rk::item_knn::fit(data, {.minimum_support = 0}), rk::value_error);
  CHECK_THROWS_AS(rk::item_knn::fit(data, {.amplification = 0}), rk::value_error);
  CHECK_THROWS_AS(rk::item_knn::model({}, random_matrix(3, 4, 0.5, 1), 2, {}), rk::dimension_error);
}
