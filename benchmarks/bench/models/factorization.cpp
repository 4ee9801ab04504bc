// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "add.hpp"
#include "families.hpp"

#include <recokit/factorization/ials.hpp>

namespace recokit_bench {

void add_factorization_models(std::vector<model_entry>& entries) {
  add_model(entries, "ials", "implicit alternating least squares", recokit::ials::fit);
}

}  // namespace recokit_bench
