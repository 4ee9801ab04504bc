// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "add.hpp"
#include "families.hpp"

#include <recokit/baseline/bias.hpp>
#include <recokit/neighbors/rating_knn.hpp>
#include <recokit/neighbors/slope_one.hpp>

namespace recokit_bench {

void add_rating_models(std::vector<model_entry>& entries) {
  add_model(entries, "bias", "ratings as mean + bias of the user + bias of the item",
            recokit::bias::fit);
  add_model(entries, "rating_knn", "ratings from those of similar users or items",
            recokit::rating_knn::fit);
  add_model(entries, "slope_one", "ratings from mean differences between pairs of items",
            recokit::slope_one::fit);
}

}  // namespace recokit_bench
