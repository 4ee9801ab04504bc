// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "models.hpp"

#include <recokit/baseline/popularity.hpp>
#include <recokit/linear/ease.hpp>
#include <recokit/linear/slim.hpp>
#include <recokit/linear/sparse_ease.hpp>
#include <recokit/neighbors/association_rules.hpp>
#include <recokit/neighbors/item_knn.hpp>
#include <recokit/neighbors/p3alpha.hpp>
#include <recokit/neighbors/rp3beta.hpp>
#include <recokit/neighbors/user_knn.hpp>

namespace recokit_fuzz {

namespace rk = recokit;

void try_item_models(const std::filesystem::path& file, const std::string& kind) {
  load_and_ask<true, false, rk::popularity::model>(file, kind);
  load_and_ask<true, true, rk::item_knn::model, rk::user_knn::model, rk::association_rules::model,
               rk::p3alpha::model, rk::rp3beta::model, rk::ease::model, rk::sparse_ease::model,
               rk::slim::model>(file, kind);
}

}  // namespace recokit_fuzz
