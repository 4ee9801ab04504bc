// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Watches a fit: progress, early stopping, checkpoints, and going on after an interruption.
// Observers are further arguments of fit; without them a fit is silent.
#include <recokit/recokit.hpp>

#include <filesystem>
#include <iomanip>
#include <iostream>

namespace rk = recokit;

int main() {
  const auto data = rk::synthetic::generate({.users = 300, .items = 200, .mean_interactions = 20});
  const auto outer = rk::split::leave_last_out(rk::reweight(data, rk::weighting::binary{}));
  // Early stopping chooses, so it gets a validation part of its own and never the test part.
  const auto inner = rk::split::random(outer.train, {.test_fraction = 0.1});

  const rk::bpr::params params{.factors = 16, .epochs = 60, .learning_rate = 0.2};
  std::cout << std::fixed << std::setprecision(2);
  rk::early_stopping stop(
      [&](const rk::bpr::model& model) {
        return rk::evaluate(model, inner, {rk::ndcg(10)})["ndcg@10"];
      },
      3, 0.0, 5);  // patience 3, any gain counts, measured every 5 epochs
  const auto model =
      rk::bpr::fit(inner.train, params, stop, rk::progress{[](const rk::epoch_info& at) {
                     if (at.epoch % 20 == 0)
                       std::cout << "epoch " << at.epoch << " of " << at.epochs << '\n';
                   }});
  std::cout << "best after " << stop.best_epoch << " epochs; the model has " << model.epochs_done()
            << '\n';

  // A fit that is cut off after 10 of 20 epochs, with a checkpoint every 5 …
  rk::bpr::params shorter = params;
  shorter.epochs = 20;
  const std::filesystem::path file = "bpr.rkm";
  rk::bpr::params half = shorter;
  half.epochs = 10;
  rk::bpr::fit(inner.train, half,
               rk::checkpoint{[&](const auto& so_far, const auto&) { so_far.save(file); }, 5});
  // … goes on from its file and ends with the bits of one that was never interrupted.
  const auto before = rk::bpr::model::load(file);
  const auto resumed = rk::bpr::fit(inner.train, shorter, rk::resume{before});
  const auto whole = rk::bpr::fit(inner.train, shorter);
  std::cout << "resumed at epoch " << before.epochs_done() << ", the same bits? "
            << (resumed.user_rows() == whole.user_rows() ? "yes" : "no") << '\n';

  // Another thread could ask for the end; here the wish is there from the start.
  std::stop_source button;
  button.request_stop();
  try {
    rk::bpr::fit(inner.train, params, rk::cancel_on{button.get_token()});
  } catch (const rk::cancelled_error& stopped) {
    std::cout << stopped.what() << '\n';
  }
}

// clang-format off
// Expected output:
// epoch 20 of 60
// best after 10 epochs; the model has 10
// resumed at epoch 10, the same bits? yes
// bpr::fit was cancelled
