// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "add.hpp"
#include "families.hpp"

#include <recokit/linear/ease.hpp>
#include <recokit/linear/slim.hpp>
#include <recokit/linear/sparse_ease.hpp>

namespace recokit_bench {

void add_linear_models(std::vector<model_entry>& entries) {
  add_model(entries, "ease", "linear autoencoder in closed form; EDLAE with dropout",
            recokit::ease::fit);
  add_model(entries, "sparse_ease", "ease on the nearest neighbours of every item",
            recokit::sparse_ease::fit);
  add_model(entries, "slim", "every item explained by the others with an elastic net",
            recokit::slim::fit);
}

}  // namespace recokit_bench
