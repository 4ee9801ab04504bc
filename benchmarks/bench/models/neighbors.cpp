// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "add.hpp"
#include "families.hpp"

#include <recokit/neighbors/item_knn.hpp>

namespace recokit_bench {

void add_neighbors_models(std::vector<model_entry>& entries) {
  add_model(entries, "item_knn", "items near those the user took, by cosine similarity",
            recokit::item_knn::fit);
}

}  // namespace recokit_bench
