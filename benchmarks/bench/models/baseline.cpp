// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "add.hpp"
#include "families.hpp"

#include <recokit/baseline/popularity.hpp>

namespace recokit_bench {

void add_baseline_models(std::vector<model_entry>& entries) {
  add_model(entries, "popularity", "the same items for everybody: what most users took",
            recokit::popularity::fit);
}

}  // namespace recokit_bench
