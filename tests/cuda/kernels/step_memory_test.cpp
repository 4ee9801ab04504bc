// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/step_memory.hpp"

#include "support/catch.hpp"

#include <array>
#include <cstdint>

namespace {

namespace ck = recokit::cuda_kernels;

struct wanted {
  std::uint64_t budget;
  bool samples;
  std::array<bool, 2> factors;
};

}  // namespace

TEST_CASE("samples leave the device first, then the larger side, then both") {
  for (const wanted& each : {wanted{90, true, {true, true}}, wanted{89, false, {true, true}},
                             wanted{50, false, {true, true}}, wanted{49, false, {true, false}},
                             wanted{20, false, {true, false}}, wanted{19, false, {false, false}},
                             wanted{0, false, {false, false}}}) {
    CAPTURE(each.budget);
    const auto plan = ck::plan_step_memory({40, {20, 30}}, each.budget);
    CHECK(plan.samples == each.samples);
    CHECK(plan.factors == each.factors);
    const auto turned = ck::plan_step_memory({40, {30, 20}}, each.budget);
    CHECK(turned.samples == each.samples);
    CHECK(turned.factors == std::array{each.factors[1], each.factors[0]});
  }
}
