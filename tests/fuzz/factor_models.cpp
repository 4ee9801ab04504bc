// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "models.hpp"

#include <recokit/factorization/als.hpp>
#include <recokit/factorization/bpr.hpp>
#include <recokit/factorization/ials.hpp>
#include <recokit/factorization/logistic.hpp>
#include <recokit/factorization/nmf.hpp>
#include <recokit/factorization/pure_svd.hpp>
#include <recokit/factorization/warp.hpp>

namespace recokit_fuzz {

namespace rk = recokit;

// These learn from a history by code that no file reaches.
void try_factor_models(const std::filesystem::path& file, const std::string& kind) {
  load_and_ask<false, false, rk::als::model, rk::ials::model, rk::bpr::model, rk::warp::model,
               rk::logistic::model, rk::nmf::model, rk::pure_svd::model>(file, kind);
}

}  // namespace recokit_fuzz
