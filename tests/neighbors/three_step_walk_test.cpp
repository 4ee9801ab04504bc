// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "reference/ranking.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/neighbors/p3alpha.hpp>
#include <recokit/neighbors/rp3beta.hpp>

#include <cmath>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::dense;
using recokit_test::random_matrix;

namespace {

// All weights, by the definition.
Eigen::MatrixXd all_walks(const Eigen::MatrixXd& x, double alpha, double beta) {
  Eigen::MatrixXd w = Eigen::MatrixXd::Zero(x.cols(), x.cols());
  for (Eigen::Index i = 0; i < x.cols(); ++i) {
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      if (i == j) continue;
      const double leaving = static_cast<double>((x.col(i).array() > 0).count());
      const double arriving = static_cast<double>((x.col(j).array() > 0).count());
      for (Eigen::Index u = 0; u < x.rows(); ++u) {
        if (x(u, i) == 0 || x(u, j) == 0) continue;
        w(i, j) += std::pow(1 / leaving, alpha) * std::pow(x(u, j) / x.row(u).sum(), alpha) /
                   std::pow(arriving, beta);
      }
    }
  }
  return w;
}

// Keeps the k largest of every row.
Eigen::MatrixXd best_of_rows(const Eigen::MatrixXd& w, int k) {
  Eigen::MatrixXd kept = Eigen::MatrixXd::Zero(w.rows(), w.cols());
  for (Eigen::Index i = 0; i < w.rows(); ++i) {
    for (const auto& entry :
         recokit_test::rank_all(w.row(i).transpose(), k, [](int) { return true; })) {
      kept(i, entry.item) = w(i, entry.item);
    }
  }
  return kept;
}

Eigen::MatrixXd unit_rows(Eigen::MatrixXd w) {
  for (Eigen::Index i = 0; i < w.rows(); ++i) {
    if (w.row(i).sum() > 0) w.row(i) /= w.row(i).sum();
  }
  return w;
}

}  // namespace

TEST_CASE("weights of rp3beta are the walks of the definition") {
  for (const int levels : {1, 5}) {
    const auto data = random_matrix(60, 25, 0.3, 1, levels);
    const Eigen::MatrixXd x = dense(data.view());
    for (const auto& [alpha, beta] :
         {std::pair{1.0, 0.0}, std::pair{0.6, 0.3}, std::pair{2.0, 1.0}, std::pair{0.0, 0.5}}) {
      const auto model = rk::rp3beta::fit(data, {.neighbors = 25, .alpha = alpha, .beta = beta});
      CHECK(dense(model.weights().view()).isApprox(all_walks(x, alpha, beta), 1e-5));
    }
  }
}

TEST_CASE("p3alpha is rp3beta without the penalty") {
  const auto data = random_matrix(60, 25, 0.3, 2);
  const auto plain = rk::p3alpha::fit(data, {.neighbors = 7, .alpha = 0.8});
  const auto zero = rk::rp3beta::fit(data, {.neighbors = 7, .alpha = 0.8, .beta = 0});
  CHECK(dense(plain.weights().view()) == dense(zero.weights().view()));
}

TEST_CASE("the best of rows, of columns or of both are kept, then rows are normalised") {
  const auto data = random_matrix(60, 25, 0.3, 3);
  const Eigen::MatrixXd all = all_walks(dense(data.view()), 0.7, 0.4);
  const auto found = [&](rk::walk_side side, bool normalize) {
    return dense(rk::rp3beta::fit(data, {.neighbors = 5,
                                         .alpha = 0.7,
                                         .beta = 0.4,
                                         .side = side,
                                         .normalize_weights = normalize})
                     .weights()
                     .view());
  };
  const Eigen::MatrixXd rows = best_of_rows(all, 5);
  const Eigen::MatrixXd columns = best_of_rows(all.transpose(), 5).transpose();
  CHECK(found(rk::walk_side::history, false).isApprox(rows, 1e-5));
  CHECK(found(rk::walk_side::history, true).isApprox(unit_rows(rows), 1e-5));
  CHECK(found(rk::walk_side::candidate, false).isApprox(columns, 1e-5));
  CHECK(found(rk::walk_side::candidate, true).isApprox(unit_rows(columns), 1e-5));
  CHECK(found(rk::walk_side::both, false)
            .isApprox(best_of_rows(rows.transpose(), 5).transpose(), 1e-5));
  CHECK(found(rk::walk_side::both, true)
            .isApprox(best_of_rows(unit_rows(rows).transpose(), 5).transpose(), 1e-5));
}

TEST_CASE("walks take matrices of nothing, of one item and of equal rows") {
  CHECK(rk::rp3beta::fit(rk::csr_matrix<>(0, 0, {0}, {})).items() == 0);
  CHECK(rk::rp3beta::fit(rk::csr_matrix<>(2, 1, {0, 1, 2}, {0, 0})).weights().nonzeros() == 0);
  CHECK(rk::rp3beta::fit(rk::csr_matrix<>(2, 3, {0, 0, 0}, {})).weights().nonzeros() == 0);
  const rk::csr_matrix<> equal(3, 3, {0, 3, 6, 9}, {0, 1, 2, 0, 1, 2, 0, 1, 2});
  const Eigen::MatrixXd w = dense(rk::p3alpha::fit(equal).weights().view());
  CHECK(w.isApprox(all_walks(dense(equal.view()), 1, 0), 1e-6));
  // A user whose values are all zero goes nowhere.
  const rk::csr_matrix<> zeros(2, 2, {0, 2, 4}, {0, 1, 0, 1}, {0, 0, 1, 1});
  CHECK(dense(rk::p3alpha::fit(zeros, {.alpha = 0}).weights().view()).allFinite());
}

TEST_CASE("walks have the same bits for any number of threads") {
  const auto data = random_matrix(300, 200, 0.1, 4);
  for (const auto side : {rk::walk_side::history, rk::walk_side::candidate, rk::walk_side::both}) {
    const rk::rp3beta::params params{.neighbors = 10, .side = side, .normalize_weights = true};
    const auto one = rk::rp3beta::fit(rk::cpu{.threads = 1}, data, params);
    const auto many = rk::rp3beta::fit(rk::cpu{.threads = 5}, data, params);
    CHECK(dense(one.weights().view()) == dense(many.weights().view()));
  }
}

TEST_CASE("walks answer alike before and after a file") {
  const auto data = random_matrix(40, 20, 0.3, 5);
  const auto unseen = random_matrix(9, 20, 0.3, 6);
  const auto p3 = rk::p3alpha::fit(data);
  recokit_test::check_same_answers(p3, recokit_test::saved_and_loaded(p3), unseen);
  const auto rp3 = rk::rp3beta::fit(data);
  recokit_test::check_same_answers(rp3, recokit_test::saved_and_loaded(rp3), unseen);
}

TEST_CASE("walks refuse negative values and params out of range by name") {
  const rk::csr_matrix<> negative(1, 3, {0, 2}, {0, 2}, {1, -2});
  CHECK_THAT(recokit_test::error_text<rk::value_error>([&] { rk::p3alpha::fit(negative); }),
             recokit_test::ContainsSubstring("value at row 0, column 2"));
  const auto data = random_matrix(5, 5, 0.5, 1);
  const auto text = [&](const rk::rp3beta::params& params) {
    return recokit_test::error_text<rk::value_error>([&] { rk::rp3beta::fit(data, params); });
  };
  CHECK_THAT(text({.neighbors = 0}), recokit_test::ContainsSubstring("params.neighbors = 0"));
  CHECK_THAT(text({.alpha = -1}), recokit_test::ContainsSubstring("params.alpha = -1"));
  CHECK_THAT(text({.beta = -1}), recokit_test::ContainsSubstring("params.beta = -1"));
}
