// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/ratings.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/evaluation/scorer.hpp>
#include <recokit/factorization/nmf.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <stop_token>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::dense;
using recokit_test::error_text;
using recokit_test::one_row;
using recokit_test::random_matrix;
using rk::nmf::loss;
using rk::nmf::missing;
using rk::nmf::solver;

namespace {

// Which cells count, as 0 and 1. Stored values of the test matrices are above 0.
Eigen::MatrixXd counted(const Eigen::MatrixXd& x, missing m) {
  return m == missing::zero ? Eigen::MatrixXd::Ones(x.rows(), x.cols())
                            : Eigen::MatrixXd((x.array() > 0).cast<double>());
}

// The loss as the doc comment of fit states it, cell by cell.
double naive_loss(const Eigen::MatrixXd& x, const Eigen::MatrixXd& w, const Eigen::MatrixXd& h,
                  const rk::nmf::params& p) {
  const Eigen::MatrixXd counts = counted(x, p.missing);
  const Eigen::MatrixXd e = w * h.transpose();
  double sum = 0;
  for (Eigen::Index u = 0; u < x.rows(); ++u) {
    for (Eigen::Index i = 0; i < x.cols(); ++i) {
      if (counts(u, i) == 0) continue;
      if (p.loss == loss::frobenius) {
        sum += std::pow(x(u, i) - e(u, i), 2) / 2;
      } else {
        sum += (x(u, i) > 0 ? x(u, i) * std::log(x(u, i) / e(u, i)) : 0) - x(u, i) + e(u, i);
      }
    }
  }
  const auto add = [&](const auto& row, double cells, double regularization) {
    sum += cells * regularization *
           (p.l1_ratio * row.sum() + (1 - p.l1_ratio) / 2 * row.squaredNorm());
  };
  for (Eigen::Index u = 0; u < x.rows(); ++u) {
    add(w.row(u), counts.row(u).sum(), p.regularization_user);
  }
  for (Eigen::Index i = 0; i < x.cols(); ++i) {
    add(h.row(i), counts.col(i).sum(), p.regularization_item);
  }
  return sum;
}

// One update of w for fixed h by the rules as papers state them, on dense matrices.
Eigen::MatrixXd naive_update(const Eigen::MatrixXd& x, Eigen::MatrixXd w, const Eigen::MatrixXd& h,
                             double regularization, const rk::nmf::params& p) {
  const Eigen::MatrixXd counts = counted(x, p.missing);
  const double l1 = regularization * p.l1_ratio;
  const double l2 = regularization * (1 - p.l1_ratio);
  for (Eigen::Index u = 0; u < x.rows(); ++u) {
    if (x.row(u).sum() == 0) {
      w.row(u).setZero();
      continue;
    }
    const double cells = counts.row(u).sum();
    if (p.solver == solver::coordinate) {
      for (Eigen::Index t = 0; t < w.cols(); ++t) {
        double gradient = l1 * cells + l2 * cells * w(u, t);
        double curvature = l2 * cells;
        for (Eigen::Index i = 0; i < x.cols(); ++i) {
          gradient -= counts(u, i) * (x(u, i) - w.row(u).dot(h.row(i))) * h(i, t);
          curvature += counts(u, i) * h(i, t) * h(i, t);
        }
        if (curvature > 0) w(u, t) = std::max(0.0, w(u, t) - gradient / curvature);
      }
      continue;
    }
    const Eigen::RowVectorXd before = w.row(u);
    for (Eigen::Index t = 0; t < w.cols(); ++t) {
      double above = 0, below = l1 * cells + l2 * cells * before[t];
      for (Eigen::Index i = 0; i < x.cols(); ++i) {
        const double e = before.dot(h.row(i));
        if (p.loss == loss::frobenius) {
          above += counts(u, i) * x(u, i) * h(i, t);
          below += counts(u, i) * e * h(i, t);
        } else {
          if (x(u, i) > 0) above += counts(u, i) * x(u, i) / e * h(i, t);
          below += counts(u, i) * h(i, t);
        }
      }
      w(u, t) = before[t] * above / below;
    }
  }
  return w;
}

std::vector<rk::nmf::params> all_ways(int factors, int epochs) {
  std::vector<rk::nmf::params> ways;
  for (const auto unknown : {missing::zero, missing::ignored}) {
    for (const double l1_ratio : {0.0, 0.3}) {
      rk::nmf::params p{.factors = factors,
                        .epochs = epochs,
                        .missing = unknown,
                        .regularization_user = 0.02,
                        .regularization_item = 0.01,
                        .l1_ratio = l1_ratio};
      ways.push_back(p);
      p.solver = solver::multiplicative;
      ways.push_back(p);
      p.loss = loss::kullback_leibler;
      ways.push_back(p);
    }
  }
  return ways;
}

struct watch {
  std::function<void(const rk::nmf::model&)> see;
  rk::fit_action on_epoch(const rk::epoch_info&, const rk::nmf::model& model) {
    see(model);
    return rk::fit_action::proceed;
  }
};

}  // namespace

TEST_CASE(
    "an epoch of NMF is the update of dense loops, for every solver, loss and kind of cells") {
  const auto data = random_matrix(25, 18, 0.4, 1, 5, true);
  const Eigen::MatrixXd x = dense(data.view());
  for (const auto& p : all_ways(4, 3)) {
    std::optional<rk::nmf::model> before;
    int compared = 0;
    rk::nmf::fit(data, p, watch{[&](const rk::nmf::model& m) {
                   if (before) {
                     const Eigen::MatrixXd w = m.user_factors().cast<double>();
                     const Eigen::MatrixXd h = m.item_factors().cast<double>();
                     const Eigen::MatrixXd items = before->item_factors().cast<double>();
                     const Eigen::MatrixXd users = before->user_factors().cast<double>();
                     Eigen::MatrixXd next = naive_update(x, users, items, p.regularization_user, p);
                     Eigen::MatrixXd after =
                         naive_update(x.transpose(), items, w, p.regularization_item, p);
                     for (Eigen::Index u = 0; u < x.rows(); ++u) {
                       if (x.row(u).sum() > 0) CHECK((next.row(u) - w.row(u)).norm() < 1e-4);
                     }
                     for (Eigen::Index i = 0; i < x.cols(); ++i) {
                       if (x.col(i).sum() > 0) CHECK((after.row(i) - h.row(i)).norm() < 1e-4);
                     }
                     ++compared;
                   }
                   before = m;
                 }});
    CHECK(compared == 2);
  }
}

TEST_CASE("no epoch of NMF raises the loss, which is that of a loop over all cells") {
  const auto data = random_matrix(30, 20, 0.3, 2);
  const Eigen::MatrixXd x = dense(data.view());
  for (const auto& p : all_ways(3, 25)) {
    double last = std::numeric_limits<double>::infinity();
    rk::nmf::fit(data, p, watch{[&](const rk::nmf::model& m) {
                   REQUIRE(m.user_factors().minCoeff() >= 0);
                   REQUIRE(m.item_factors().minCoeff() >= 0);
                   const double now = m.loss(rk::cpu{}, data);
                   const double cells = naive_loss(x, m.user_factors().cast<double>(),
                                                   m.item_factors().cast<double>(), p);
                   REQUIRE(now == Approx(cells).epsilon(1e-9));
                   REQUIRE(now <= last * (1 + 1e-5));
                   last = now;
                 }});
  }
}

TEST_CASE("a row folded into NMF cannot be bettered by any small step") {
  const auto data = random_matrix(30, 20, 0.3, 3);
  for (const auto& p : all_ways(4, 10)) {
    const auto model = rk::nmf::fit(data, p);
    const auto rows = model.fold_in(rk::cpu{}, data);
    const Eigen::MatrixXd x = dense(data.view());
    const Eigen::MatrixXd h = model.item_factors().cast<double>();
    for (const Eigen::Index u : {0, 7, 21}) {
      if (x.row(u).sum() == 0) continue;
      rk::nmf::params users_only = p;
      users_only.regularization_item = 0;
      const auto of = [&](const Eigen::MatrixXd& w) {
        return naive_loss(x.row(u), w, h, users_only);
      };
      // Multiplicative steps of the divergence come near slowly.
      const double near = p.loss == loss::frobenius ? 1e-6 : 2e-5;
      const Eigen::MatrixXd w = rows.row(u).cast<double>();
      for (Eigen::Index t = 0; t < 4; ++t) {
        for (const double step : {1e-2, -1e-2}) {
          Eigen::MatrixXd moved = w;
          moved(0, t) = std::max(0.0, moved(0, t) + step);
          CHECK(of(moved) >= of(w) - near * (1 + of(w)));
        }
      }
    }
  }
}

TEST_CASE("NMF has the same bits on any number of threads, and the seed matters") {
  const auto data = random_matrix(700, 300, 0.05, 4);
  for (auto p : all_ways(7, 3)) {
    const auto one = rk::nmf::fit(rk::cpu{.threads = 1}, data, p);
    for (const int threads : {2, 5}) {
      const auto many = rk::nmf::fit(rk::cpu{.threads = threads}, data, p);
      CHECK(many.user_rows() == one.user_rows());
      CHECK(many.item_rows() == one.item_rows());
    }
    p.seed = 9;
    CHECK(rk::nmf::fit(data, p).user_rows() != one.user_rows());
  }
}

TEST_CASE("NMF that is interrupted and resumed has the bits of one that was not") {
  const auto data = random_matrix(60, 40, 0.2, 5);
  for (auto p : all_ways(5, 6)) {
    const auto whole = rk::nmf::fit(data, p);
    p.epochs = 2;
    const auto part = recokit_test::saved_and_loaded(rk::nmf::fit(data, p));
    p.epochs = 6;
    const auto joined = rk::nmf::fit(data, p, rk::resume{part});
    CHECK(joined.user_rows() == whole.user_rows());
    CHECK(joined.item_rows() == whole.item_rows());
    CHECK(joined.epochs_done() == 6);
    p.solver = solver::multiplicative;
    CHECK(rk::nmf::fit(data, p, rk::warm_start{part}).loss(rk::cpu{}, data) <=
          part.loss(rk::cpu{}, data) * (1 + 1e-5));
  }
}

TEST_CASE("users without interactions are zeros where missing means 0, else the mean user") {
  const rk::csr_matrix<> data(3, 3, {0, 2, 2, 3}, {0, 1, 0}, {5, 3, 2});
  const auto zero = rk::nmf::fit(data, {.factors = 2});
  CHECK(zero.user_rows().row(1).isZero());
  CHECK(zero.item_rows().row(2).isZero());
  const auto ignored = rk::nmf::fit(data, {.factors = 2, .missing = missing::ignored});
  const Eigen::RowVectorXf mean = (ignored.user_rows().row(0) + ignored.user_rows().row(2)) / 2.0f;
  CHECK(ignored.user_rows().row(1).isApprox(mean, 1e-5f));
  CHECK(ignored.predict(1, 2) > 1);
  const rk::csr_matrix<> nothing(1, 3, {0, 0}, {});
  CHECK(ignored.fold_in(rk::cpu{}, nothing).row(0).isApprox(mean, 1e-5f));
  CHECK(zero.fold_in(rk::cpu{}, nothing).isZero());
}

TEST_CASE("NMF finds the product that the ratings are made of") {
  STATIC_REQUIRE(rk::scorer<rk::nmf::model>);
  STATIC_REQUIRE(rk::rating_predictor<rk::nmf::model>);
  STATIC_REQUIRE(rk::fold_in_recommender<rk::nmf::model>);
  constexpr int users = 80, items = 60;
  rk::random_stream random(6, rk::random_purpose::user);
  Eigen::MatrixXd w(users, 2), h(items, 2);
  for (auto& x : w.reshaped()) x = random.uniform();
  for (auto& x : h.reshaped()) x = random.uniform();
  std::vector<rk::offset_t> offsets{0};
  std::vector<rk::index_t> indices;
  std::vector<float> values;
  for (int u = 0; u < users; ++u) {
    for (int i = 0; i < items; ++i) {
      if (random.uniform() > 0.4) continue;
      indices.push_back(i);
      values.push_back(static_cast<float>(1 + w.row(u).dot(h.row(i))));
    }
    offsets.push_back(static_cast<rk::offset_t>(indices.size()));
  }
  const rk::csr_matrix<> data(users, items, offsets, indices, values);
  const auto model =
      rk::nmf::fit(data, {.factors = 3, .epochs = 400, .missing = missing::ignored, .clip = false});
  double error = 0, spread = 0;
  for (rk::index_t u = 0; u < users; ++u) {
    for (rk::index_t i = 0; i < items; ++i) {
      const double true_value = 1 + w.row(u).dot(h.row(i));
      error += std::pow(true_value - double{model.predict(u, i)}, 2);
      spread += std::pow(true_value - 1.5, 2);
    }
  }
  CHECK(error < 0.05 * spread);
  const std::vector<rk::index_t> asked{0, 5};
  const auto found = model.predict_for(one_row(data, 3), asked);
  CHECK(found[0] == Approx(model.predict(3, 0)).epsilon(0.05));
}

TEST_CASE("more factors than users or items is fine for NMF") {
  const auto data = random_matrix(6, 5, 0.6, 7);
  for (auto p : all_ways(40, 3)) CHECK(rk::nmf::fit(data, p).user_rows().allFinite());
}

TEST_CASE("what NMF cannot be fitted to is refused") {
  const auto data = random_matrix(10, 8, 0.5, 1);
  CHECK_THROWS_AS(rk::nmf::fit(data, {.factors = 0}), rk::value_error);
  CHECK_THROWS_AS(rk::nmf::fit(data, {.l1_ratio = 1.5}), rk::value_error);
  CHECK_THAT(
      error_text<rk::value_error>([&] { rk::nmf::fit(data, {.loss = loss::kullback_leibler}); }),
      ContainsSubstring("must be multiplicative"));
  const rk::csr_matrix<> negative(1, 2, {0, 2}, {0, 1}, {1, -2});
  CHECK_THAT(error_text<rk::value_error>([&] { rk::nmf::fit(negative); }),
             ContainsSubstring("-2") && ContainsSubstring("must not be negative"));
  CHECK_THAT(error_text<rk::value_error>([] {
               rk::nmf::fit(rk::csr_matrix<>(2, 2, {0, 0, 0}, {}));
             }),
             ContainsSubstring("there is no rating"));
  const auto model = rk::nmf::fit(data, {.factors = 2});
  CHECK_THROWS_AS(model.fold_in(rk::cpu{}, rk::csr_matrix<>(1, 8, {0, 1}, {0}, {-1})),
                  rk::value_error);
  CHECK_THROWS_AS(model.loss(rk::cpu{}, random_matrix(9, 8, 0.5, 1)), rk::dimension_error);
  const rk::csr_matrix<> huge(2, 2, {0, 2, 4}, {0, 1, 0, 1}, {3e38f, 3e38f, 3e38f, 3e38f});
  CHECK_THAT(error_text<rk::error>([&] { rk::nmf::fit(huge, {.factors = 2}); }),
             ContainsSubstring("no longer finite"));
  const rk::csr_matrix<> wide(1, 2'000'000'000, {0, 1}, {7}, {1});
  CHECK_THROWS_AS(rk::nmf::fit(wide, {.factors = 65536}), rk::memory_error);
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(rk::nmf::fit(data, {}, rk::cancel_on{stop.get_token()}), rk::cancelled_error);
}

TEST_CASE("NMF answers alike before and after a file") {
  const auto data = random_matrix(40, 30, 0.2, 8);
  const auto unseen = random_matrix(9, 30, 0.2, 2);
  for (const auto& p : all_ways(5, 4)) {
    const auto model = rk::nmf::fit(data, p);
    const auto loaded = recokit_test::saved_and_loaded(model);
    recokit_test::check_same_answers(model, loaded, unseen);
    CHECK(loaded.scale() == model.scale());
    CHECK(loaded.fold_in(rk::cpu{}, unseen) == model.fold_in(rk::cpu{}, unseen));
    CHECK(recokit_test::all_predictions(rk::cpu{}, loaded) ==
          recokit_test::all_predictions(rk::cpu{}, model));
  }
}
