// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/row_plan.hpp"

#include "support/catch.hpp"

#include <cstdint>
#include <vector>

namespace {

namespace ck = recokit::cuda_kernels;

std::vector<std::int64_t> offsets_of(const std::vector<std::int64_t>& lengths) {
  std::vector<std::int64_t> offsets{0};
  for (const std::int64_t n : lengths) offsets.push_back(offsets.back() + n);
  return offsets;
}

}  // namespace

TEST_CASE("a plan has every row once, longest first") {
  const auto offsets = offsets_of({3, 0, 9000, 40, 0, 5, 4096, 4097});
  const auto plan = ck::plan_rows(offsets, 64, false, false, 100);
  CHECK(plan.empty == std::vector<std::uint32_t>{1, 4});
  std::vector<std::uint32_t> whole;
  for (const auto& task : plan.whole) whole.push_back(task.row);
  CHECK(whole == std::vector<std::uint32_t>{6, 3, 5, 0});
  REQUIRE(plan.in_parts.size() == 1);
  REQUIRE(plan.in_parts[0].rests.size() == 2);
  CHECK(plan.in_parts[0].rests[0].row == 2);
  CHECK(plan.in_parts[0].rests[0].count == 3);
  CHECK(plan.in_parts[0].rests[1].slot == 3);
  std::int64_t summed = 0;
  for (const auto& task : plan.in_parts[0].segments) summed += task.end - task.begin;
  CHECK(summed == 9000 + 4097);
}

TEST_CASE("long rows share the scratch in groups") {
  const auto offsets = offsets_of({5000, 5000, 5000, 20000});
  const auto plan = ck::plan_rows(offsets, 32, false, false, 4);
  REQUIRE(plan.in_parts.size() == 3);
  CHECK(plan.in_parts[0].rests.size() == 1);
  CHECK(plan.in_parts[1].rests.size() == 2);
}

TEST_CASE("short rows take the dual form of the least size, and wide ones what is left") {
  const auto offsets = offsets_of({30, 33, 256, 257});
  const auto plan = ck::plan_rows(offsets, 1024, true, false, 1);
  CHECK(plan.dual[0] == std::vector<std::uint32_t>{0});
  CHECK(plan.dual[1] == std::vector<std::uint32_t>{1});
  CHECK(plan.dual[5] == std::vector<std::uint32_t>{2});
  CHECK(plan.wide == std::vector<std::uint32_t>{3});
  CHECK(ck::plan_rows(offsets, 1024, false, false, 1).wide.size() == 4);
}

TEST_CASE("eigenvectors on the host pay for very many short rows alone") {
  CHECK_FALSE(ck::dual_pays(offsets_of(std::vector<std::int64_t>(1000, 10)), 128, 1000));
  CHECK(ck::dual_pays(offsets_of(std::vector<std::int64_t>(3'000'000, 10)), 128, 1000));
}
