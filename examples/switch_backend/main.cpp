// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// One line says where a fit runs. Change it to `using backend = rk::cuda;` and link recokit::cuda
// in CMakeLists.txt to fit on a GPU, for the models that have kernels for it (docs/gpu.md); nothing
// else changes. What cannot run is said by the compiler or by an exception; nothing falls back in
// silence.
#include <recokit/recokit.hpp>

#include <iostream>

namespace rk = recokit;
using backend = rk::cpu;  // rk::default_backend: what recokit was configured with

int main() {
  try {
    const auto data =
        rk::synthetic::generate({.users = 500, .items = 300, .mean_interactions = 25});
    const auto split = rk::split::leave_last_out(rk::reweight(data, rk::weighting::binary{}));
    const auto model = rk::ials::fit(backend{}, split.train, {.factors = 16, .epochs = 10});

    // A model is the same type wherever it was fitted: save, recommend and evaluate as ever.
    const auto report = rk::evaluate(model, split, {rk::hit_rate(20)});
    std::cout << model.users() << " users, " << model.items() << " items, " << model.factors()
              << " factors; hit_rate@20 " << int(100 * report["hit_rate@20"]) << " %\n";
  } catch (const rk::backend_error& problem) {  // no driver, no device
    std::cerr << problem.what() << '\n';
    return 1;
  }
}

// clang-format off
// Expected output:
// 500 users, 300 items, 16 factors; hit_rate@20 35 %
