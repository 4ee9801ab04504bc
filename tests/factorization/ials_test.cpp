// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/evaluation/scorer.hpp>
#include <recokit/factorization/ials.hpp>

namespace rk = recokit;
using recokit_test::ContainsSubstring;
using recokit_test::dense;
using recokit_test::error_text;
using recokit_test::random_matrix;

namespace {

// The loss as the doc comment of fit states it, from dense matrices.
double loss(const rk::csr_view<>& data, const Eigen::MatrixXd& w, const Eigen::MatrixXd& h,
            const rk::ials::params& p) {
  const Eigen::MatrixXd scores = w * h.transpose();
  const Eigen::MatrixXd weights = dense(data);
  double sum = p.unobserved_weight * scores.squaredNorm();
  sum += (weights.array() * (1 - scores.array()).square()).sum();
  const auto ridge = [&](double n, double other) {
    return p.regularization * std::pow(n + p.unobserved_weight * other, p.regularization_exponent);
  };
  for (int u = 0; u < w.rows(); ++u) {
    const double n = static_cast<double>((weights.row(u).array() != 0).count());
    sum += ridge(n, static_cast<double>(h.rows())) * w.row(u).squaredNorm();
  }
  for (int i = 0; i < h.rows(); ++i) {
    const double n = static_cast<double>((weights.col(i).array() != 0).count());
    sum += ridge(n, static_cast<double>(w.rows())) * h.row(i).squaredNorm();
  }
  return sum;
}

}  // namespace

TEST_CASE("no epoch raises the loss, and many epochs reach a point where it is flat") {
  const auto data = random_matrix(60, 40, 0.2, 1);
  const rk::ials::params p{.factors = 5, .epochs = 300, .regularization = 0.05};
  double last = std::numeric_limits<double>::infinity();
  struct watch {
    std::function<void(const rk::ials::basic_model<double>&)> see;
    rk::fit_action on_epoch(const rk::epoch_info&, const rk::ials::basic_model<double>& model) {
      see(model);
      return rk::fit_action::proceed;
    }
  };
  const auto model = rk::ials::fit_as<double>(
      rk::cpu{}, data, p, watch{[&](const rk::ials::basic_model<double>& m) {
        const double now = loss(data.view(), m.user_factors(), m.item_factors(), p);
        REQUIRE(now <= last * (1 + 1e-12));
        last = now;
      }});
  // A small step in any direction raises the loss. Items were solved last, so their side is exact.
  const Eigen::MatrixXd w = model.user_factors();
  const Eigen::MatrixXd h = model.item_factors();
  for (const auto& [r, c] : {std::pair{0, 0}, std::pair{7, 3}, std::pair{21, 4}}) {
    for (const double step : {1e-3, -1e-3}) {
      Eigen::MatrixXd moved = w;
      moved(r, c) += step;
      CHECK(loss(data.view(), moved, h, p) >= last * (1 - 1e-6));
      moved = h;
      moved(r, c) += step;
      CHECK(loss(data.view(), w, moved, p) >= last * (1 - 1e-9));
    }
  }
}

TEST_CASE("factors have the same bits for any number of threads") {
  const auto data = random_matrix(300, 200, 0.1, 2);
  const rk::ials::params p{.factors = 12, .epochs = 4};
  const auto one = rk::ials::fit(rk::cpu{.threads = 1}, data, p);
  for (const int threads : {2, 5}) {
    const auto many = rk::ials::fit(rk::cpu{.threads = threads}, data, p);
    CHECK(many.user_factors() == one.user_factors());
    CHECK(many.item_factors() == one.item_factors());
  }
}

TEST_CASE("the seed decides the factors") {
  const auto data = random_matrix(30, 20, 0.3, 3);
  const auto a = rk::ials::fit(data, {.factors = 4, .epochs = 2, .seed = 1});
  const auto b = rk::ials::fit(data, {.factors = 4, .epochs = 2, .seed = 1});
  const auto c = rk::ials::fit(data, {.factors = 4, .epochs = 2, .seed = 2});
  CHECK(a.user_factors() == b.user_factors());
  CHECK(a.user_factors() != c.user_factors());
}

TEST_CASE("folding in a history solves the row that training would solve next") {
  const auto data = random_matrix(30, 20, 0.3, 4);
  const auto before = rk::ials::fit(data, {.factors = 4, .epochs = 5});
  const auto after = rk::ials::fit(data, {.factors = 4, .epochs = 6});
  const auto folded = before.fold_in(rk::cpu{}, data.view());
  CHECK(folded.isApprox(after.user_factors(), 1e-5f));
}

TEST_CASE("lists for histories are ranked by folded-in factors") {
  const auto data = random_matrix(30, 20, 0.3, 5);
  const auto model = rk::ials::fit(data, {.factors = 4, .epochs = 5});
  const auto folded = model.fold_in(rk::cpu{}, data.view());
  const auto lists = model.recommend_for(data, {.k = 3});
  for (std::size_t u = 0; u < lists.size(); ++u) {
    for (const auto& entry : lists[u]) {
      const float expected =
          folded.row(static_cast<Eigen::Index>(u)).dot(model.item_factors().row(entry.item));
      CHECK(entry.score == recokit_test::Approx(expected).margin(1e-5));
    }
  }
}

TEST_CASE("score is the dot product and checks its indices") {
  const auto data = random_matrix(30, 20, 0.3, 6);
  const auto model = rk::ials::fit(data, {.factors = 4, .epochs = 2});
  CHECK(model.score(3, 5) == model.user_factors().row(3).dot(model.item_factors().row(5)));
  CHECK_THROWS_AS(model.score(30, 0), rk::value_error);
  CHECK_THROWS_AS(model.score(0, 20), rk::value_error);
}

TEST_CASE("scores of many items are those of one, and those of lists up to rounding") {
  STATIC_REQUIRE(rk::scorer<rk::ials::model>);
  STATIC_REQUIRE(rk::scorer<rk::ials::basic_model<double>>);
  const auto data = random_matrix(30, 20, 0.3, 6);
  const auto model = rk::ials::fit(data, {.factors = 9, .epochs = 2, .keep_history = false});
  for (rk::index_t u = 0; u < 30; ++u) {
    for (const auto& [item, score] : model.recommend(u, {.k = 20, .exclude_seen = false})) {
      const auto found = model.score(u, std::vector<rk::index_t>{item});
      REQUIRE(found == std::vector<float>{model.score(u, item)});
      CHECK(found[0] == recokit_test::Approx(score).epsilon(1e-5).margin(1e-6));
    }
  }
}

TEST_CASE("users and items without interactions get zero factors") {
  const rk::csr_matrix<> data(3, 3, {0, 1, 1, 2}, {0, 0}, {1, 1});
  const auto model = rk::ials::fit(data, {.factors = 2});
  CHECK(model.user_factors().row(1).isZero());
  CHECK(model.item_factors().row(2).isZero());
  CHECK_FALSE(model.item_factors().row(0).isZero());
}

TEST_CASE("more factors than users or items is fine") {
  const auto data = random_matrix(6, 5, 0.5, 7);
  const auto model = rk::ials::fit(data, {.factors = 40, .epochs = 3});
  CHECK(model.user_factors().allFinite());
}

TEST_CASE("32-bit and 64-bit offsets give the same factors") {
  const auto narrow = random_matrix<float, std::int32_t, std::int32_t>(50, 20, 0.3, 8);
  const auto wide = random_matrix<float, std::int32_t, std::int64_t>(50, 20, 0.3, 8);
  const rk::ials::params p{.factors = 6, .epochs = 3};
  CHECK(rk::ials::fit(narrow.view(), p).user_factors() ==
        rk::ials::fit(wide.view(), p).user_factors());
}

TEST_CASE("negative weights and absurd sizes are refused with the reason") {
  const rk::csr_matrix<> negative(1, 2, {0, 2}, {0, 1}, {1, -2});
  CHECK_THAT(error_text<rk::value_error>([&] { rk::ials::fit(negative); }),
             ContainsSubstring("-2") && ContainsSubstring("must not be negative"));
  const rk::csr_matrix<> wide(1, 2'000'000'000, {0, 1}, {7}, {1});
  CHECK_THROWS_AS(rk::ials::fit(wide, {.factors = 65536}), rk::memory_error);
  const auto data = random_matrix(6, 5, 0.5, 7);
  CHECK_THROWS_AS(rk::ials::fit(data, {.factors = 0}), rk::value_error);
  CHECK_THROWS_AS(rk::ials::fit(data, {.epochs = 0}), rk::value_error);
  CHECK_THROWS_AS(rk::ials::fit(data, {.regularization = std::nan("")}), rk::value_error);
}

TEMPLATE_TEST_CASE("iALS answers alike before and after a file, folding in included", "", float,
                   double) {
  const auto data = random_matrix(40, 30, 0.2, 1);
  const auto unseen = random_matrix(9, 30, 0.2, 2);
  const rk::ials::params params{.factors = 5, .epochs = 2, .regularization = 0.1};
  const auto model = rk::ials::fit_as<TestType>(data, params);
  const auto loaded = recokit_test::saved_and_loaded(model);
  recokit_test::check_same_answers(model, loaded, unseen);
  CHECK(model.user_factors() == loaded.user_factors());
  CHECK(model.fold_in(rk::cpu{}, unseen) == loaded.fold_in(rk::cpu{}, unseen));
  CHECK(loaded.settings().regularization == 0.1);

  const auto open = recokit_test::saved_and_loaded(model, {.history = false});
  CHECK(model.fold_in(rk::cpu{}, unseen) == open.fold_in(rk::cpu{}, unseen));
  CHECK_THAT(error_text<rk::value_error>([&] { open.recommend(0); }),
             ContainsSubstring("saved with its history"));
}

TEST_CASE("a file of iALS is refused with another scalar, and when its parts do not fit") {
  const recokit_test::temp_folder folder;
  const auto data = random_matrix(40, 30, 0.2, 1);
  rk::ials::fit(data, {.factors = 5, .epochs = 1}).save(folder / "m");
  CHECK_THAT(
      error_text<rk::parse_error>([&] { rk::ials::basic_model<double>::load(folder / "m"); }),
      ContainsSubstring("holds a model of kind \"ials\", expected \"ials_f64\""));
  {
    rk::model_writer out(folder / "m", "ials");
    out.params(rk::ials::params{.factors = 5});
    out.add("user_factors", rk::row_major_matrix<float>(3, 4));
    out.commit();
  }
  CHECK_THAT(error_text<rk::parse_error>([&] { rk::ials::model::load(folder / "m"); }),
             ContainsSubstring("section \"user_factors\" is a matrix 3 x 4 of type f32, expected a "
                               "matrix any x 5 of type f32"));
}
