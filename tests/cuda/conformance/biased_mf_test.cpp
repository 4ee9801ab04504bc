// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/factorization/biased_mf.hpp>

#include "both_backends.hpp"
#include "reference/rating_descent.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/core/observer.hpp>
#include <recokit/factorization/pmf.hpp>

#include <vector>

namespace {

namespace rk = recokit;
using recokit_test::random_matrix;

/// Ratings 1 and 2 for losses of two classes.
rk::csr_matrix<> two_classes() { return random_matrix(40, 30, 0.3, 4, 2); }

/// Rows 1 to 3 have every item, item 5 every user but the empty ones.
rk::csr_matrix<> ragged() {
  std::vector<rk::offset_t> offsets{0};
  std::vector<rk::index_t> indices;
  std::vector<float> values;
  for (rk::index_t u = 0; u < 40; ++u) {
    for (rk::index_t i = 0; u % 7 != 4 && i < 29; ++i) {  // item 29 has no user
      if (u > 0 && u < 4 ? false : i != 5 && (3 * u + 5 * i) % 11 > 2) continue;
      indices.push_back(i);
      values.push_back(static_cast<float>((u * i + u) % 9) / 2 - 1);
    }
    offsets.push_back(static_cast<rk::offset_t>(indices.size()));
  }
  return {40, 30, std::move(offsets), std::move(indices), std::move(values)};
}

/// Rows, factors and all, agree to rounding.
template <class Fit, class Params>
void require_same_rows(const Fit& fit, const rk::csr_matrix<>& data, const Params& params) {
  const auto gpu = fit(rk::cuda{}, data, params);
  const auto cpu = fit(rk::cpu{.threads = 2}, data, params);
  CHECK(gpu.epochs_done() == params.epochs);
  CHECK(gpu.mean() == cpu.mean());
  CHECK(gpu.scale().high == cpu.scale().high);
  CHECK((gpu.user_rows() - cpu.user_rows()).cwiseAbs().maxCoeff() < 1e-5f);
  CHECK((gpu.item_rows() - cpu.item_rows()).cwiseAbs().maxCoeff() < 1e-5f);
}

}  // namespace

TEST_CASE("biased_mf: factors and biases are those of the CPU, for every loss and rule") {
  RECOKIT_REQUIRE_TARGET();
  using rk::sgd::loss;
  const auto rule = GENERATE(rk::sgd::step_rule::decay, rk::sgd::step_rule::adaptive);
  const auto which =
      GENERATE(loss::squared, loss::absolute, loss::hinge, loss::logistic, loss::sigmoid);
  CAPTURE(rule, which);
  const bool classes = which == loss::hinge || which == loss::logistic;
  require_same_rows(rk::biased_mf::fit, classes ? two_classes() : ragged(),
                    rk::biased_mf::params{.factors = 5,
                                          .epochs = 2,
                                          .learning_rate = 0.05,
                                          .loss = which,
                                          .step_rule = rule,
                                          .bands = 3});
}

TEST_CASE("biased_mf: what a GPU has no room for lies on the host, with the same bits") {
  RECOKIT_REQUIRE_TARGET();
  recokit_test::require_same_bits_over_the_bus(rk::biased_mf::fit, random_matrix(60, 96, 0.4, 3),
                                               rk::biased_mf::params{.factors = 8, .epochs = 2});
}

TEST_CASE("biased_mf: any number of factors, one block, l1 and no biases are those of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  const int factors = GENERATE(33, 70);
  CAPTURE(factors);
  require_same_rows(rk::biased_mf::fit, ragged(),
                    rk::biased_mf::params{.factors = factors, .epochs = 2, .l1 = 0.01});
  require_same_rows(rk::biased_mf::fit, ragged(),
                    rk::biased_mf::params{.factors = factors,
                                          .epochs = 2,
                                          .l1 = 0.002,
                                          .biases = false,
                                          .mean = false,
                                          .step_rule = rk::sgd::step_rule::decay,
                                          .bands = 2});
}

TEST_CASE("biased_mf: lists of a model from a GPU are those of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  recokit_test::conform(rk::biased_mf::fit, ragged(),
                        rk::biased_mf::params{.factors = 8, .epochs = 2, .bands = 2});
}

TEST_CASE("pmf: factors are those of the CPU, logistic or not") {
  RECOKIT_REQUIRE_TARGET();
  const bool logistic = GENERATE(false, true);
  require_same_rows(rk::pmf::fit, ragged(),
                    rk::pmf::params{.factors = 8, .epochs = 2, .logistic = logistic});
}

TEST_CASE("biased_mf: a GPU gives the same bits again, and goes on where either backend stopped") {
  RECOKIT_REQUIRE_TARGET();
  const auto data = ragged();
  const rk::biased_mf::params once{.factors = 4, .epochs = 1, .bands = 3};
  rk::biased_mf::params twice = once;
  twice.epochs = 2;
  const auto whole = rk::biased_mf::fit(rk::cuda{}, data, twice);
  CHECK(whole.item_rows() == rk::biased_mf::fit(rk::cuda{}, data, twice).item_rows());
  const auto first = rk::biased_mf::fit(rk::cuda{}, data, once);
  CHECK(whole.item_rows() ==
        rk::biased_mf::fit(rk::cuda{}, data, twice, rk::resume{first}).item_rows());
  recokit_test::require_same_scores(whole,
                                    rk::biased_mf::fit(rk::cpu{}, data, twice, rk::resume{first}));
  const auto begun = rk::biased_mf::fit(rk::cpu{}, data, once);
  recokit_test::require_same_scores(rk::biased_mf::fit(rk::cuda{}, data, twice, rk::resume{begun}),
                                    whole);
  // Only a resumed fit has the squares of the steps before.
  const auto warm = rk::biased_mf::fit(rk::cuda{}, data, once, rk::warm_start{first});
  CHECK((warm.item_rows() - whole.item_rows()).cwiseAbs().maxCoeff() > 1e-3f);
}

TEST_CASE("biased_mf: observers see the rows of their epoch, and can stop a fit on a GPU") {
  RECOKIT_REQUIRE_TARGET();
  const auto data = ragged();
  const rk::biased_mf::params params{.factors = 4, .epochs = 5, .bands = 2};
  rk::biased_mf::params shorter = params;
  shorter.epochs = 2;
  struct stop_after_two {
    std::vector<rk::row_major_matrix<float>>& seen;
    rk::fit_action on_epoch(const rk::epoch_info& info, const rk::biased_mf::model& model) const {
      seen.push_back(model.item_rows());
      return info.epoch == 2 ? rk::fit_action::stop : rk::fit_action::proceed;
    }
  };
  std::vector<rk::row_major_matrix<float>> seen;
  const auto model = rk::biased_mf::fit(rk::cuda{}, data, params, stop_after_two{seen});
  REQUIRE(seen.size() == 2);
  CHECK(seen[0] != seen[1]);
  CHECK(model.epochs_done() == 2);
  CHECK(model.item_rows() == rk::biased_mf::fit(rk::cuda{}, data, shorter).item_rows());
}

TEST_CASE("biased_mf: hogwild on a GPU takes every rating of an epoch") {
  RECOKIT_REQUIRE_TARGET();
  // In one block, levels are about as long as a block of the device has warps: few steps meet.
  const auto data = recokit_test::ratings_of_factors(80, 60, 2, 0.1, 6).first;
  rk::biased_mf::params params{.factors = 4, .epochs = 6, .bands = 1};
  const auto rmse_of = [&] {
    return recokit_test::prediction_rmse(rk::biased_mf::fit(rk::cuda{}, data, params), data);
  };
  const double blocks = rmse_of();
  params.schedule = rk::sgd::schedule::hogwild;
  const double racing = rmse_of();
  params.epochs = 1;
  const double begun = rmse_of();
  // No bits are promised; the errors on what was rated are about as small.
  CAPTURE(blocks, racing, begun);
  CHECK(racing < 1.2 * blocks);
  CHECK(racing < 0.8 * begun);
}

TEST_CASE("biased_mf: a descent that diverges on a GPU names its epoch and what to lower") {
  RECOKIT_REQUIRE_TARGET();
  const rk::biased_mf::params params{
      .factors = 4, .epochs = 30, .learning_rate = 10, .step_rule = rk::sgd::step_rule::decay};
  const auto text_of = [&](const auto& policy) {
    return recokit_test::error_text<rk::error>(
        [&] { rk::biased_mf::fit(policy, ragged(), params); });
  };
  CHECK_THAT(text_of(rk::cuda{}),
             recokit_test::ContainsSubstring("diverged, factors are not finite"));
  CHECK(text_of(rk::cuda{}) == text_of(rk::cpu{}));
}
