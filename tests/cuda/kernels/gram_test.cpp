// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/gram.hpp"

#include "runtime/memory.hpp"
#include "support/error_text.hpp"
#include "support/gram_cases.hpp"
#include "support/target.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/kernels/gram.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace {

namespace ck = recokit::cuda_kernels;
using recokit_test::gram_case;

template <class T>
std::vector<T> run(const gram_case<T>& c) {
  const ck::device_buffer<T> y(c.y, nullptr);
  ck::device_buffer<T> scratch(static_cast<std::size_t>(ck::gram_scratch(c.rows, c.columns)));
  ck::device_buffer<T> out(static_cast<std::size_t>(c.columns * c.columns));
  ck::gram(y.data(), c.rows, c.columns, c.alpha, c.beta, out.data(), scratch.data(), nullptr);
  return out.to_host(nullptr);
}

}  // namespace

TEMPLATE_TEST_CASE("gram adds what a naive loop in double adds", "", float, double) {
  RECOKIT_REQUIRE_TARGET();
  const auto [rows, columns] = GENERATE(table<std::int64_t, std::int64_t>({{1, 1},
                                                                           {5, 3},
                                                                           {31, 16},
                                                                           {32, 17},
                                                                           {100, 33},
                                                                           {1023, 5},
                                                                           {1024, 5},
                                                                           {1025, 5},
                                                                           {2500, 20}}));
  CAPTURE(rows, columns);
  const gram_case<TestType> c(rows, columns, 0.5, 0.25);
  recokit_test::require_gram(c, run(c));
}

TEST_CASE("gram adds rows in slices of 1024, each in order, and the slices in double") {
  RECOKIT_REQUIRE_TARGET();
  const std::int64_t rows = 2100;
  const std::int64_t columns = 6;
  const gram_case<float> c(rows, columns, 1.5, 0.125);
  const auto at = [&](std::int64_t r, std::int64_t i) {
    return c.y[static_cast<std::size_t>(r * columns + i)];
  };
  std::vector<float> expected;
  for (std::int64_t i = 0; i < columns; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) {
      double total = 0;
      for (std::int64_t first = 0; first < rows; first += 1024) {
        float part = 0;
        for (std::int64_t r = first; r < std::min<std::int64_t>(rows, first + 1024); ++r) {
          part = std::fma(at(r, i), at(r, j), part);
        }
        total += static_cast<double>(part);
      }
      expected.push_back(static_cast<float>(std::fma(1.5, total, i == j ? 0.125 : 0.0)));
    }
  }
  CHECK(run(c) == expected);
}

TEST_CASE("gram on the device agrees with the CPU kernel") {
  RECOKIT_REQUIRE_TARGET();
  const gram_case<float> c(1500, 24, 2.0, 0.0);
  const auto device = run(c);
  recokit::row_major_matrix<float> y(c.rows, c.columns);
  std::copy(c.y.begin(), c.y.end(), y.data());
  const recokit::row_major_matrix<float> host =
      recokit::kernels::gram(recokit::cpu{}, y, static_cast<float>(c.alpha));
  for (std::size_t e = 0; e < device.size(); ++e) {
    CAPTURE(e);
    CHECK(static_cast<double>(std::abs(device[e] - host.data()[e])) <= 1e-5 * c.magnitude(e));
  }
}

TEST_CASE("gram of no rows is beta on the diagonal") {
  RECOKIT_REQUIRE_TARGET();
  const gram_case<float> c(0, 3, 2.0, 0.5);
  CHECK(run(c) == std::vector<float>{0.5f, 0, 0, 0, 0.5f, 0, 0, 0, 0.5f});
}

TEST_CASE("gram of a bad size is refused before anything runs") {
  RECOKIT_REQUIRE_TARGET();
  CHECK(recokit_test::error_text<recokit::value_error>([] { ck::gram_scratch(-1, 4); }) ==
        "rows = -1: must be in [0, 2^40]");
  CHECK(recokit_test::error_text<recokit::value_error>([] { ck::gram_scratch(4, 16385); }) ==
        "columns = 16385: must be in [0, 16384]");
}

TEST_CASE("the scratch of gram stays within 1024 slices") {
  RECOKIT_REQUIRE_TARGET();
  const std::uint64_t tile = 16 * 16;
  CHECK(ck::gram_scratch(1024, 16) == tile);
  CHECK(ck::gram_scratch(1025, 17) == 2 * 3 * tile);
  CHECK(ck::gram_scratch(std::int64_t{1} << 40, 16) == 1024 * tile);
}

TEST_CASE("mirroring copies the upper triangle down and adds to the diagonal") {
  RECOKIT_REQUIRE_TARGET();
  const std::vector<double> upper{1, 2, 3, -1, 4, 5, -1, -1, 6};
  ck::device_buffer<double> matrix(upper, nullptr);
  ck::mirror_upper(matrix.data(), 3, 0.5, nullptr);
  CHECK(matrix.to_host(nullptr) == std::vector<double>{1.5, 2, 3, 2, 4.5, 5, 3, 5, 6.5});
}
