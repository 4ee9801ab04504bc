// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/row_plan.hpp"

#include "support/catch.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace {

namespace ck = recokit::cuda_kernels;

std::vector<std::int64_t> offsets_of(const std::vector<std::int64_t>& lengths) {
  std::vector<std::int64_t> offsets{0};
  for (const std::int64_t n : lengths) offsets.push_back(offsets.back() + n);
  return offsets;
}

ck::row_batch all_rows(const std::vector<std::int64_t>& offsets) {
  return {0, static_cast<std::uint32_t>(offsets.size() - 1), 0, offsets.back()};
}

}  // namespace

TEST_CASE("a plan has every row once, longest first") {
  const auto offsets = offsets_of({3, 0, 9000, 40, 0, 5, 4096, 4097});
  const auto plan = ck::plan_rows(offsets, all_rows(offsets), 64, false, false, 100);
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
  const auto plan = ck::plan_rows(offsets, all_rows(offsets), 32, false, false, 4);
  REQUIRE(plan.in_parts.size() == 3);
  CHECK(plan.in_parts[0].rests.size() == 1);
  CHECK(plan.in_parts[1].rests.size() == 2);
}

TEST_CASE("a segment knows the number of its row in its group") {
  const auto offsets = offsets_of({5000, 4096, 20000, 9000});
  const auto order = ck::order_rows(offsets, all_rows(offsets));
  REQUIRE(ck::count_long(offsets, order.full) == 3);
  const auto groups = ck::cut_rows(offsets, std::span(order.full).first(3), 8);
  REQUIRE(groups.size() == 2);
  REQUIRE(groups[0].rests.size() == 2);
  for (const auto& group : groups) {
    for (const auto& task : group.segments) {
      CHECK(group.rests[task.count].row == task.row);
      CHECK(task.slot >= group.rests[task.count].slot);
      CHECK(task.slot < group.rests[task.count].slot + group.rests[task.count].count);
    }
  }
}

TEST_CASE("short rows take the dual form of the least size, the others the primal") {
  const auto offsets = offsets_of({30, 33, 256, 257});
  const auto plan = ck::plan_rows(offsets, all_rows(offsets), 1024, true, false, 1);
  CHECK(plan.dual[0] == std::vector<std::uint32_t>{0});
  CHECK(plan.dual[1] == std::vector<std::uint32_t>{1});
  CHECK(plan.dual[5] == std::vector<std::uint32_t>{2});
  REQUIRE(plan.whole.size() == 1);
  CHECK(plan.whole[0].row == 3);
  CHECK(ck::plan_rows(offsets, all_rows(offsets), 1024, false, false, 1).whole.size() == 4);
}

TEST_CASE("eigenvectors on the host pay for very many short rows alone") {
  CHECK_FALSE(ck::dual_pays(offsets_of(std::vector<std::int64_t>(1000, 10)), 128, 1000));
  CHECK(ck::dual_pays(offsets_of(std::vector<std::int64_t>(3'000'000, 10)), 128, 1000));
}

TEST_CASE("batches are whole rows, in order, and no larger than asked unless a row is") {
  const auto offsets = offsets_of({3, 0, 4, 20, 0, 5, 5, 1});
  std::vector<std::uint32_t> begins;
  std::int64_t at = 0;
  for (const auto& batch : ck::cut_batches(offsets, all_rows(offsets), 10)) {
    begins.push_back(batch.begin_row);
    CHECK(batch.begin == at);
    CHECK(batch.begin == offsets[batch.begin_row]);
    CHECK(batch.end == offsets[batch.end_row]);
    CHECK((batch.end - batch.begin <= 10 || batch.end_row == batch.begin_row + 1));
    at = batch.end;
  }
  CHECK(begins == std::vector<std::uint32_t>{0, 3, 4, 7});
  CHECK(at == offsets.back());
  CHECK(ck::cut_batches(offsets, all_rows(offsets), 1000).size() == 1);
  CHECK(ck::cut_batches(std::vector<std::int64_t>{0}, {0, 0, 0, 0}, 5).size() == 1);
}

TEST_CASE("the plan of a batch has its rows under their own numbers") {
  const auto offsets = offsets_of({3, 0, 9000, 40, 0, 5});
  const auto plan = ck::plan_rows(offsets, {2, 5, offsets[2], offsets[5]}, 64, false, false, 100);
  CHECK(plan.empty == std::vector<std::uint32_t>{4});
  REQUIRE(plan.whole.size() == 1);
  CHECK(plan.whole[0].row == 3);
  CHECK(plan.whole[0].begin == 9003);
  REQUIRE(plan.in_parts.size() == 1);
  CHECK(plan.in_parts[0].segments[0].begin == 3);
}

TEST_CASE("shares of devices are all rows, with about as much work each") {
  const auto offsets = offsets_of({1000, 0, 0, 1000, 3000, 1000, 500, 500, 1000});
  const auto shares = ck::share_rows(offsets, 3);
  REQUIRE(shares.size() == 3);
  std::uint32_t row = 0;
  for (const auto& share : shares) {
    CHECK(share.begin_row == row);
    CHECK(share.begin == offsets[share.begin_row]);
    CHECK(share.end == offsets[share.end_row]);
    CHECK(share.end - share.begin >= 1500);
    row = share.end_row;
  }
  CHECK(row == 9);
  CHECK(ck::share_rows({}, 2)[1].end_row == 0);
  const auto more = ck::share_rows(offsets_of({5}), 3);
  CHECK(more[0].end_row + more[1].end_row - more[1].begin_row + more[2].end_row -
            more[2].begin_row ==
        1);
}
