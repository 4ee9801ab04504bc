// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "models.hpp"

#include "models/families.hpp"

namespace recokit_bench {

const std::vector<model_entry>& model_entries() {
  static const std::vector<model_entry> entries = [] {
    std::vector<model_entry> all;
    add_baseline_models(all);
    add_neighbors_models(all);
    add_linear_models(all);
    add_factorization_models(all);
    add_rating_models(all);
    return all;
  }();
  return entries;
}

const model_entry& find_model(std::string_view name) {
  std::vector<std::string> known;
  for (const auto& entry : model_entries()) {
    if (entry.name == name) return entry;
    known.push_back(entry.name);
  }
  throw unknown_word("model", name, known);
}

}  // namespace recokit_bench
