// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/factor_array.hpp"

#include "runtime/memory.hpp"
#include "support/target.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

namespace ck = recokit::cuda_kernels;

/// What comes back of one row of floats from an array of this storage.
std::vector<float> through(ck::storage type, const std::vector<float>& row) {
  const auto width = static_cast<std::uint32_t>(row.size());
  const std::uint32_t stride = ck::padded_width(width);
  ck::device_buffer<unsigned char> bytes(3 * stride * ck::bytes_of(type));
  const ck::factor_array array{bytes.data(), type, 3, stride};
  const ck::device_buffer<float> from(row, nullptr);
  ck::store_rows(from.data(), 1, width, width, array, 1, nullptr);
  ck::device_buffer<float> to(row.size());
  ck::load_rows(array, 1, 1, width, to.data(), width, nullptr);
  return to.to_host(nullptr);
}

}  // namespace

TEST_CASE("rows are padded to the widths that kernels are made for") {
  for (std::uint32_t width = 1; width <= ck::most_width; ++width) {
    const std::uint32_t stride = ck::padded_width(width);
    REQUIRE(stride >= width);
    REQUIRE(stride % 32 == 0);
    REQUIRE(stride - width < 64);
  }
  CHECK(ck::padded_width(96) == 96);
  CHECK(ck::padded_width(129) == 192);
  CHECK(ck::padded_width(1000) == 1024);
}

TEST_CASE("factors in fp32 come back as they were") {
  RECOKIT_REQUIRE_TARGET();
  const std::vector<float> row = {1.5f, -0.0f, 1e-40f, 3e38f, 0.1f};
  CHECK(through(ck::storage::fp32, row) == row);
}

TEST_CASE("bf16 rounds to the nearest of 8 bits, ties to even") {
  RECOKIT_REQUIRE_TARGET();
  CHECK(through(ck::storage::bf16, {1.0f, 1.00390625f, 1.01171875f, -1.005f, 3.0f}) ==
        std::vector<float>{1.0f, 1.0f, 1.015625f, -1.0078125f, 3.0f});
}

TEST_CASE("fp16 rounds to the nearest of 11 bits, with its small and its large numbers") {
  RECOKIT_REQUIRE_TARGET();
  constexpr float inf = std::numeric_limits<float>::infinity();
  CHECK(through(ck::storage::fp16, {1.0f, 1.00048828125f, 1.00146484375f, -65504.0f, 65519.0f,
                                    65520.0f, 0x1p-24f, 0x1.8p-24f, 0x1p-26f, 0x1.ffcp-15f}) ==
        std::vector<float>{1.0f, 1.0f, 1.001953125f, -65504.0f, 65504.0f, inf, 0x1p-24f, 0x1p-23f,
                           0.0f, 0x1p-14f});
  CHECK(std::isnan(through(ck::storage::fp16, {std::numeric_limits<float>::quiet_NaN()})[0]));
}

TEST_CASE("scaled rows have the roots of their weights") {
  RECOKIT_REQUIRE_TARGET();
  ck::device_buffer<float> rows(std::vector<float>(64, 2.0f), nullptr);
  const ck::device_buffer<float> weights(std::vector<float>{4.0f, 0.25f}, nullptr);
  ck::device_buffer<float> out(64);
  ck::scale_rows({rows.data(), ck::storage::fp32, 2, 32}, weights.data(), out.data(), nullptr);
  const auto found = out.to_host(nullptr);
  CHECK(found[31] == 4.0f);
  CHECK(found[32] == 1.0f);
}
