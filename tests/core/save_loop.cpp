// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Saves one model over the other without end, for a test that kills it.
// usage: save_loop save FILE        the models 1 and 2 in turn
//        save_loop checkpoint FILE  checkpoints of a fit without end, a model an epoch
#include "numbered_model.hpp"

#include <recokit/core/start.hpp>

#include <limits>

namespace rk = recokit;
using recokit_test::numbered_model;

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::filesystem::path file = argv[2];
  if (std::string_view(argv[1]) == "save") {
    const numbered_model first(1);
    const numbered_model second(2);
    for (;;) {
      first.save(file);
      second.save(file);
    }
  }
  rk::checkpoint save{[&](const numbered_model& model, const rk::epoch_info&) { model.save(file); },
                      1};
  rk::detail::run_epochs(
      "fit", numbered_model(), 0, std::numeric_limits<int>::max(),
      [](numbered_model& model, int epoch) { model.become(epoch); }, save);
}
