// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/entry_feed.hpp"
#include "runtime/handles.hpp"

#include "support/target.hpp"

#include <recokit/core/csr.hpp>

#include <cstdint>
#include <vector>

namespace {

namespace ck = recokit::cuda_kernels;

}  // namespace

TEST_CASE("a feed brings every batch whole, through pieces smaller than it") {
  RECOKIT_REQUIRE_TARGET();
  std::vector<std::int64_t> offsets{0};
  std::vector<std::uint32_t> columns;
  std::vector<float> values;
  for (std::uint32_t row = 0; row < 40; ++row) {
    for (std::uint32_t e = 0; e < row * 7 % 23; ++e) {
      columns.push_back(e * 3 + row);
      values.push_back(static_cast<float>(columns.size()));
    }
    offsets.push_back(static_cast<std::int64_t>(columns.size()));
  }
  const recokit::csr_matrix<> matrix(
      40, 200, offsets, std::vector<recokit::index_t>(columns.begin(), columns.end()), values);
  const recokit::csr_view<> view = matrix.view();

  const ck::current_device here(0);
  const ck::own_stream compute;
  ck::entry_feed feed(64, true, 128);  // pieces of 16 entries
  for (int epoch = 0; epoch < 2; ++epoch) {
    for (const ck::row_batch& batch : ck::cut_batches(offsets, {0, 40, 0, offsets.back()}, 64)) {
      const ck::sparse_rows rows = feed.bring(view, batch, nullptr, compute.get());
      CHECK(rows.first == batch.begin);
      const auto count = static_cast<std::size_t>(batch.end - batch.begin);
      std::vector<std::uint32_t> some_columns(count);
      std::vector<float> some_values(count);
      ck::copy_to_host(some_columns.data(), rows.columns, count * 4, compute.get());
      ck::copy_to_host(some_values.data(), rows.values, count * 4, compute.get());
      feed.used(compute.get());
      const auto first = static_cast<std::ptrdiff_t>(batch.begin);
      const auto last = static_cast<std::ptrdiff_t>(batch.end);
      CHECK(some_columns ==
            std::vector<std::uint32_t>(columns.begin() + first, columns.begin() + last));
      CHECK(some_values == std::vector<float>(values.begin() + first, values.begin() + last));
    }
  }
}
