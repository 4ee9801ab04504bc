// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "both_backends.hpp"
#include "support/data_dir.hpp"

#include <recokit/data/read.hpp>
#include <recokit/data/split.hpp>
#include <recokit/evaluation/evaluate.hpp>
#include <recokit/factorization/ials.hpp>

#include <cmath>

namespace {

namespace rk = recokit;

/// NDCG of lists and factors that were all made at one precision.
double ndcg(const rk::holdout& split, const rk::ials::params& params,
            rk::cuda_precision precision) {
  const rk::cuda policy{.precision = precision};
  const auto model = rk::ials::fit(policy, split.train, params);
  return rk::evaluate(policy, model, split, {rk::ndcg(10)})["ndcg@10"];
}

}  // namespace

// Minutes on the emulator, whose precisions are those of a GPU; with -s it prints the numbers.
TEST_CASE("lower precisions cost little NDCG on ml-100k", "[.precision]") {
  RECOKIT_REQUIRE_TARGET();
  RECOKIT_REQUIRE_DATA(file, "ml-100k/u.data");
  const auto split = rk::split::leave_last_out(rk::read_ratings(file), {.k = 10});
  const int factors = 32;
  const rk::ials::params params{.factors = factors,
                                .epochs = 4,
                                .regularization = 0.05,
                                .unobserved_weight = 0.1,
                                .solver = rk::ials::solver_kind::exact};
  const double exact = ndcg(split, params, rk::cuda_precision::fp32);
  REQUIRE(exact > 0.05);
  for (const auto precision :
       {rk::cuda_precision::tf32, rk::cuda_precision::bf16, rk::cuda_precision::fp16}) {
    const double found = ndcg(split, params, precision);
    CAPTURE(factors, enum_names(precision)[static_cast<std::size_t>(precision)], exact, found);
    CHECK(std::abs(found - exact) <= 0.005);
  }
}
