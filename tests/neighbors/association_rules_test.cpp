// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "reference/ranking.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/same_answers.hpp"
#include "support/saved.hpp"

#include <recokit/neighbors/association_rules.hpp>

#include <algorithm>
#include <cmath>

namespace rk = recokit;
using recokit_test::Approx;
using recokit_test::dense;
using recokit_test::random_matrix;
using rk::association_rules::measure;

namespace {

constexpr auto all_measures = {measure::confidence, measure::lift, measure::leverage,
                               measure::conviction, measure::support};

// The counts of a pair, one user after the other.
struct counts {
  double users = 0, first = 0, second = 0, both = 0;

  counts(const Eigen::MatrixXd& x, Eigen::Index i, Eigen::Index j) {
    for (Eigen::Index u = 0; u < x.rows(); ++u) {
      users += 1;
      first += x(u, i) != 0 ? 1 : 0;
      second += x(u, j) != 0 ? 1 : 0;
      both += x(u, i) != 0 && x(u, j) != 0 ? 1 : 0;
    }
  }
  double confidence() const { return both / first; }
  double lift() const { return both * users / (first * second); }
  double score(measure by) const {
    switch (by) {
      case measure::confidence:
        return confidence();
      case measure::lift:
        return lift();
      case measure::leverage:
        return both / users - first * second / (users * users);
      case measure::conviction:
        return both == first ? (1 - second / users) * 2 * first
                             : (1 - second / users) / (1 - confidence());
      case measure::support:
        return both / users;
    }
    return 0;
  }
};

}  // namespace

TEST_CASE("rules are the best by every measure that reach the minimums") {
  const auto data = random_matrix(60, 25, 0.3, 1);
  const Eigen::MatrixXd x = dense(data.view());
  for (const auto by : all_measures) {
    for (const int k : {4, 25}) {
      const auto model = rk::association_rules::fit(data, {.neighbors = k,
                                                           .measure = by,
                                                           .minimum_support = 3,
                                                           .minimum_confidence = 0.2,
                                                           .minimum_lift = 0.9});
      const Eigen::MatrixXd found = dense(model.weights().view());
      for (int i = 0; i < 25; ++i) {
        Eigen::VectorXd scores = Eigen::VectorXd::Zero(25);
        for (int j = 0; j < 25; ++j) scores[j] = counts(x, i, j).score(by);
        const auto expected = recokit_test::rank_all(scores, k, [&](int j) {
          const counts of(x, i, j);
          return j != i && of.both >= 3 && of.confidence() >= 0.2 && of.lift() >= 0.9;
        });
        REQUIRE(model.weights().row(i).size() == expected.size());
        for (const auto& entry : expected) {
          REQUIRE(found(i, entry.item) == Approx(entry.score).epsilon(1e-5).margin(1e-7));
        }
      }
    }
  }
}

TEST_CASE("the list of rules tells support, confidence and lift") {
  const auto data = random_matrix(60, 25, 0.3, 2);
  const Eigen::MatrixXd x = dense(data.view());
  const auto model = rk::association_rules::fit(data, {.neighbors = 6, .measure = measure::lift});
  const auto rules = model.rules();
  REQUIRE(std::cmp_equal(rules.size(), model.weights().nonzeros()));
  CHECK(std::is_sorted(rules.begin(), rules.end(), [](const auto& a, const auto& b) {
    return a.antecedent != b.antecedent ? a.antecedent < b.antecedent : a.score > b.score;
  }));
  for (const auto& rule : rules) {
    const counts of(x, rule.antecedent, rule.consequent);
    REQUIRE(static_cast<double>(rule.support) == of.both);
    REQUIRE(rule.confidence == Approx(of.confidence()));
    REQUIRE(rule.lift == Approx(of.lift()));
    REQUIRE(static_cast<double>(rule.score) == Approx(of.lift()).epsilon(1e-5));
  }
}

TEST_CASE("a rule without exception is convincing but not infinitely so") {
  const rk::csr_matrix<> data(4, 2, {0, 2, 4, 4, 5}, {0, 1, 0, 1, 1});
  const auto model =
      rk::association_rules::fit(data, {.measure = measure::conviction, .minimum_support = 1});
  CHECK(model.weights().row(0).values[0] == Approx((1 - 3.0 / 4) * 2 * 2));
}

TEST_CASE("values of interactions do not count in rules") {
  const auto data = random_matrix(60, 25, 0.3, 3);
  const auto a = rk::association_rules::fit(data);
  const auto b = rk::association_rules::fit(data.view().pattern());
  CHECK(dense(a.weights().view()) == dense(b.weights().view()));
}

TEST_CASE("rules take matrices of nothing, of one item and of equal rows") {
  CHECK(rk::association_rules::fit(rk::csr_matrix<>(0, 0, {0}, {})).rules().empty());
  CHECK(rk::association_rules::fit(rk::csr_matrix<>(2, 1, {0, 1, 2}, {0, 0})).rules().empty());
  CHECK(rk::association_rules::fit(rk::csr_matrix<>(2, 3, {0, 0, 0}, {})).rules().empty());
  const rk::csr_matrix<> equal(3, 3, {0, 3, 6, 9}, {0, 1, 2, 0, 1, 2, 0, 1, 2});
  for (const auto by : all_measures) {
    const auto model = rk::association_rules::fit(equal, {.measure = by});
    CHECK(model.rules().size() == 6);
    CHECK(dense(model.weights().view()).allFinite());
  }
}

TEST_CASE("rules have the same bits for any number of threads") {
  const auto data = random_matrix(300, 200, 0.1, 4);
  for (const auto by : all_measures) {
    const rk::association_rules::params params{.neighbors = 10, .measure = by};
    const auto one = rk::association_rules::fit(rk::cpu{.threads = 1}, data, params);
    const auto many = rk::association_rules::fit(rk::cpu{.threads = 5}, data, params);
    CHECK(dense(one.weights().view()) == dense(many.weights().view()));
  }
}

TEST_CASE("rules answer alike before and after a file") {
  const auto data = random_matrix(40, 20, 0.3, 5);
  const auto model = rk::association_rules::fit(data);
  const auto loaded = recokit_test::saved_and_loaded(model);
  recokit_test::check_same_answers(model, loaded, random_matrix(9, 20, 0.3, 6));
  CHECK(loaded.rules().size() == model.rules().size());
}

TEST_CASE("params of rules out of range and lists without a history are refused by name") {
  const auto data = random_matrix(5, 5, 0.5, 1);
  const auto text = [&](const rk::association_rules::params& params) {
    return recokit_test::error_text<rk::value_error>(
        [&] { rk::association_rules::fit(data, params).rules(); });
  };
  CHECK_THAT(text({.neighbors = 0}), recokit_test::ContainsSubstring("params.neighbors = 0"));
  CHECK_THAT(text({.minimum_support = 0}),
             recokit_test::ContainsSubstring("params.minimum_support = 0"));
  CHECK_THAT(text({.minimum_confidence = 2}),
             recokit_test::ContainsSubstring("params.minimum_confidence = 2"));
  CHECK_THAT(text({.keep_history = false}),
             recokit_test::ContainsSubstring("params.keep_history = false"));
}
