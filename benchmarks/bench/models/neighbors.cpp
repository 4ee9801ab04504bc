// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "add.hpp"
#include "families.hpp"

#include <recokit/neighbors/association_rules.hpp>
#include <recokit/neighbors/item_knn.hpp>
#include <recokit/neighbors/p3alpha.hpp>
#include <recokit/neighbors/rp3beta.hpp>
#include <recokit/neighbors/user_knn.hpp>

namespace recokit_bench {

void add_neighbors_models(std::vector<model_entry>& entries) {
  add_model(entries, "item_knn", "items near those the user took", recokit::item_knn::fit);
  add_model(entries, "user_knn", "what users of like taste took", recokit::user_knn::fit);
  add_model(entries, "p3alpha", "where random walks of three steps end", recokit::p3alpha::fit);
  add_model(entries, "rp3beta", "the same, popular items held back", recokit::rp3beta::fit);
  add_model(entries, "association_rules", "what tends to go with the items the user took",
            recokit::association_rules::fit);
}

}  // namespace recokit_bench
