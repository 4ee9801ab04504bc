// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "add.hpp"
#include "families.hpp"

#include <recokit/factorization/als.hpp>
#include <recokit/factorization/biased_mf.hpp>
#include <recokit/factorization/bpr.hpp>
#include <recokit/factorization/ials.hpp>
#include <recokit/factorization/logistic.hpp>
#include <recokit/factorization/nmf.hpp>
#include <recokit/factorization/pmf.hpp>
#include <recokit/factorization/pure_svd.hpp>
#include <recokit/factorization/svdpp.hpp>
#include <recokit/factorization/warp.hpp>

namespace recokit_bench {

void add_factorization_models(std::vector<model_entry>& entries) {
  add_model(entries, "ials", "implicit alternating least squares", recokit::ials::fit);
  add_model(entries, "als", "ratings by alternating least squares with biases", recokit::als::fit);
  add_model(entries, "biased_mf", "ratings from factors and biases, by gradient descent",
            recokit::biased_mf::fit);
  add_model(entries, "svdpp", "ratings from factors of users and of the items they rated",
            recokit::svdpp::fit);
  add_model(entries, "pmf", "ratings from factors alone: probabilistic matrix factorization",
            recokit::pmf::fit);
  add_model(entries, "pure_svd", "truncated singular value decomposition of the interactions",
            recokit::pure_svd::fit);
  add_model(entries, "nmf", "nonnegative factors, of ratings or of all cells", recokit::nmf::fit);
  add_model(entries, "bpr", "taken items ranked above others, pair by pair", recokit::bpr::fit);
  add_model(entries, "warp", "the same, violations at the top of the list first",
            recokit::warp::fit);
  add_model(entries, "logistic", "the probability that a user takes an item",
            recokit::logistic::fit);
}

}  // namespace recokit_bench
