// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"

#include <recokit/core/observer.hpp>
#include <recokit/factorization/ials.hpp>

#include <vector>

namespace rk = recokit;
using recokit_test::random_matrix;

namespace {

const rk::ials::params small{.factors = 4, .epochs = 6};

}  // namespace

TEST_CASE("progress hears of every epoch, in order") {
  const auto data = random_matrix(30, 20, 0.3, 1);
  std::vector<int> epochs;
  rk::ials::fit(rk::cpu{}, data, small, rk::progress{[&](const rk::epoch_info& info) {
                  CHECK(info.epochs == 6);
                  CHECK(info.seconds >= 0);
                  epochs.push_back(info.epoch);
                }});
  CHECK(epochs == std::vector<int>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("a fit without a policy takes observers too") {
  const auto data = random_matrix(30, 20, 0.3, 1);
  int calls = 0;
  rk::ials::fit(data, small, rk::progress{[&](const rk::epoch_info&) { ++calls; }});
  CHECK(calls == 6);
}

TEST_CASE("early stopping ends the fit and gives back the best model, not the last") {
  const auto data = random_matrix(30, 20, 0.3, 1);
  // The score of an epoch is made up, so that epoch 2 is best and 3 and 4 are misses.
  const std::vector<double> scores{0.1, 0.5, 0.4, 0.3, 0.9, 0.9};
  std::size_t measured = 0;
  Eigen::MatrixXf best;
  rk::early_stopping stopping{[&](const rk::ials::model& model) {
                                if (measured == 1) best = model.user_factors();
                                return scores.at(measured++);
                              },
                              2};
  const auto model = rk::ials::fit(rk::cpu{}, data, small, stopping);
  CHECK(measured == 4);
  CHECK(stopping.best_epoch == 2);
  CHECK(stopping.best == 0.5);
  CHECK(model.user_factors() == best);
}

TEST_CASE("early stopping measures every so many epochs, and the last") {
  const auto data = random_matrix(30, 20, 0.3, 1);
  int measured = 0;
  rk::ials::fit(
      rk::cpu{}, data, rk::ials::params{.factors = 2, .epochs = 5},
      rk::early_stopping{[&](const auto&) { return static_cast<double>(++measured); }, 3, 0.0, 2});
  CHECK(measured == 3);  // after epochs 2, 4 and 5
}

TEST_CASE("a stop token cancels the fit with a named error") {
  const auto data = random_matrix(30, 20, 0.3, 1);
  std::stop_source source;
  int epochs = 0;
  CHECK_THROWS_AS(rk::ials::fit(rk::cpu{}, data, small, rk::cancel_on{source.get_token()},
                                rk::progress{[&](const rk::epoch_info&) {
                                  if (++epochs == 2) source.request_stop();
                                }}),
                  rk::cancelled_error);
  CHECK(epochs == 2);
}

TEST_CASE("a checkpoint is saved every so many epochs, and after the last") {
  const auto data = random_matrix(30, 20, 0.3, 1);
  std::vector<int> saved;
  rk::ials::fit(rk::cpu{}, data, rk::ials::params{.factors = 2, .epochs = 5},
                rk::checkpoint{[&](const rk::ials::model& model, const rk::epoch_info& info) {
                                 CHECK(model.users() == 30);
                                 saved.push_back(info.epoch);
                               },
                               2});
  CHECK(saved == std::vector<int>{2, 4, 5});
}

TEST_CASE("an observer that would never be due is refused") {
  const auto data = random_matrix(30, 20, 0.3, 1);
  const auto score = [](const auto&) { return 0.0; };
  const auto save = [](const auto&, const rk::epoch_info&) {};
  CHECK_THROWS_AS(rk::ials::fit(rk::cpu{}, data, small, rk::early_stopping{score, 3, 0.0, 0}),
                  rk::value_error);
  CHECK_THROWS_AS(rk::ials::fit(rk::cpu{}, data, small, rk::early_stopping{score, 0}),
                  rk::value_error);
  CHECK_THROWS_AS(rk::ials::fit(rk::cpu{}, data, small, rk::checkpoint{save, 0}), rk::value_error);
}

TEST_CASE("the wish to keep of one observer and the wish to stop of another both hold") {
  struct keeper {
    rk::fit_action on_epoch(const rk::epoch_info& info, const rk::ials::model&) {
      return info.epoch == 1 ? rk::fit_action::keep : rk::fit_action::proceed;
    }
  };
  struct stopper {
    int* epochs;
    rk::fit_action on_epoch(const rk::epoch_info& info, const rk::ials::model&) {
      *epochs = info.epoch;
      return info.epoch == 3 ? rk::fit_action::stop : rk::fit_action::proceed;
    }
  };
  const auto data = random_matrix(30, 20, 0.3, 1);
  int epochs = 0;
  const auto kept = rk::ials::fit(rk::cpu{}, data, small, keeper{}, stopper{&epochs});
  CHECK(epochs == 3);
  const auto one = rk::ials::fit(rk::cpu{}, data, rk::ials::params{.factors = 4, .epochs = 1});
  CHECK(kept.user_factors() == one.user_factors());
}
