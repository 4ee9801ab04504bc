// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "models.hpp"

#include <recokit/baseline/bias.hpp>
#include <recokit/factorization/biased_mf.hpp>
#include <recokit/factorization/pmf.hpp>
#include <recokit/factorization/svdpp.hpp>
#include <recokit/neighbors/rating_knn.hpp>
#include <recokit/neighbors/slope_one.hpp>

namespace recokit_fuzz {

namespace rk = recokit;

void try_rating_models(const std::filesystem::path& file, const std::string& kind) {
  load_and_ask<true, false, rk::bias::model>(file, kind);
  load_and_ask<true, true, rk::rating_knn::model, rk::slope_one::model>(file, kind);
  load_and_ask<false, false, rk::biased_mf::model, rk::pmf::model, rk::svdpp::model>(file, kind);
}

}  // namespace recokit_fuzz
