// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/target.hpp"

#include <recokit/core/cuda_context.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/kernels/item_similarity.hpp>
#include <recokit/kernels/similarity_device.hpp>
#include <recokit/neighbors/item_knn.hpp>
#include <recokit/neighbors/p3alpha.hpp>
#include <recokit/neighbors/rp3beta.hpp>
#include <recokit/neighbors/user_knn.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <stop_token>
#include <vector>

namespace {

namespace rk = recokit;
using recokit_test::error_text;
using recokit_test::random_matrix;

bool same_bits(const rk::csr_matrix<>& a, const rk::csr_matrix<>& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         std::ranges::equal(a.view().offsets(), b.view().offsets()) &&
         std::ranges::equal(a.view().indices(), b.view().indices()) &&
         std::ranges::equal(a.view().values(), b.view().values());
}

template <class Fit>
bool agree(const Fit& fit, const rk::csr_matrix<>& data, const typename Fit::params_type& params) {
  const auto cpu = fit(rk::cpu{.threads = 1}, data, params).similarity();
  REQUIRE(cpu.nonzeros() > 0);
  return same_bits(fit(rk::cuda{}, data, params).similarity(), cpu);
}

/// Interactions without whole numbers, so that every order of a sum has bits of its own.
rk::csr_matrix<> uneven(int users, int items, std::uint64_t seed) {
  const auto whole = random_matrix(users, items, 0.3, seed, 9, true);
  std::vector<float> values;
  for (const float x : whole.view().values()) values.push_back(std::sqrt(x) - 1.3f);
  return {users,
          items,
          {whole.view().offsets().begin(), whole.view().offsets().end()},
          {whole.view().indices().begin(), whole.view().indices().end()},
          values};
}

}  // namespace

TEST_CASE("item_knn and user_knn: every measure and weighting gives the neighbours of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  const auto ratings = random_matrix(24, 31, 0.35, 7);
  const auto values = uneven(24, 31, 7);
  for (std::size_t m = 0; m < enum_names(rk::similarity_measure{}).size(); ++m) {
    const auto measure = static_cast<rk::similarity_measure>(m);
    const auto weighting = static_cast<rk::similarity_weighting>(m % 3);
    CAPTURE(enum_names(measure)[m]);
    CHECK(agree(rk::item_knn::fit, values, {.neighbors = 6, .measure = measure}));
    CHECK(agree(rk::item_knn::fit, ratings,
                {.neighbors = 5,
                 .measure = measure,
                 .weighting = weighting,
                 .shrinkage = 3.5,
                 .minimum_support = 2,
                 .significance = 4,
                 .alpha = 0.3,
                 .beta = 0.7}));
    CHECK(agree(rk::user_knn::fit, ratings,
                {.neighbors = 5, .measure = measure, .weighting = weighting}));
  }
}

TEST_CASE("item_knn: models of both backends score alike, patterns and short lists too") {
  RECOKIT_REQUIRE_TARGET();
  const auto data = random_matrix(30, 26, 0.2, 3);
  const rk::csr_matrix<> pattern(data.view().pattern(), data.owner());
  for (const int neighbors : {1, 3, 26, 5000}) {
    CAPTURE(neighbors);
    CHECK(agree(rk::item_knn::fit, pattern, {.neighbors = neighbors}));
    CHECK(agree(rk::user_knn::fit, pattern, {.neighbors = neighbors}));
  }
  const rk::item_knn::params params{
      .neighbors = 4, .side = rk::item_knn::neighbors_of::candidate, .normalize_neighbors = true};
  const auto gpu = rk::item_knn::fit(rk::cuda{}, data, params);
  const auto cpu = rk::item_knn::fit(rk::cpu{}, data, params);
  CHECK(same_bits(gpu.weights(), cpu.weights()));
  const auto more = random_matrix(30, 26, 0.05, 8);
  CHECK(same_bits(gpu.update(more).similarity(), cpu.update(more).similarity()));
}

TEST_CASE("p3alpha and rp3beta: walks have the weights of the CPU, from either side") {
  RECOKIT_REQUIRE_TARGET();
  const auto data = random_matrix(30, 26, 0.3, 4);
  for (const auto side : {rk::walk_side::history, rk::walk_side::candidate, rk::walk_side::both}) {
    CAPTURE(enum_names(side)[static_cast<std::size_t>(side)]);
    const rk::p3alpha::params walks{.neighbors = 6, .alpha = 1.4, .side = side};
    CHECK(same_bits(rk::p3alpha::fit(rk::cuda{}, data, walks).weights(),
                    rk::p3alpha::fit(rk::cpu{}, data, walks).weights()));
    const rk::rp3beta::params held{.neighbors = 50, .beta = 0.4, .side = side};
    const auto cpu = rk::rp3beta::fit(rk::cpu{}, data, held);
    CHECK(cpu.weights().nonzeros() > 100);
    CHECK(same_bits(rk::rp3beta::fit(rk::cuda{}, data, held).weights(), cpu.weights()));
  }
}

TEST_CASE("item_knn: amplified similarities are those of the CPU to the last place") {
  RECOKIT_REQUIRE_TARGET();
  const auto data = uneven(30, 26, 5);
  const rk::item_knn::params params{
      .neighbors = 26, .measure = rk::similarity_measure::pearson, .amplification = 2.5};
  const auto gpu = rk::item_knn::fit(rk::cuda{}, data, params).similarity();
  const auto cpu = rk::item_knn::fit(rk::cpu{}, data, params).similarity();
  REQUIRE(std::ranges::equal(gpu.view().indices(), cpu.view().indices()));
  bool negative = false;
  for (std::size_t n = 0; n < cpu.view().values().size(); ++n) {
    const float expected = cpu.view().values()[n];
    negative |= expected < 0;
    REQUIRE(std::abs(gpu.view().values()[n] - expected) <= 1.3e-7f * std::abs(expected));
  }
  CHECK(negative);
}

TEST_CASE("neighbours do not depend on how rows are tiled, split and brought back") {
  RECOKIT_REQUIRE_TARGET();
  const auto by_user = uneven(30, 40, 2);
  const auto by_item = rk::transpose(rk::cpu{}, by_user.view());
  std::vector<double> facts;
  for (int i = 0; i < 40; ++i) facts.push_back(1 + 0.01 * i);
  const auto check = [&](const auto& measure) {
    using sums = typename std::decay_t<decltype(measure)>::sums_type;
    const auto expected =
        rk::kernels::item_similarity<sums>(rk::cpu{}, by_user.view(), by_item.view(), 9, measure);
    using limits_of = rk::kernels::similarity_limits;
    // With 1280 bytes a tile has all 40 counts, 15 products or 5 correlations.
    for (const limits_of limits :
         {limits_of{}, limits_of{.shared_bytes = 1280}, limits_of{.row_work = 120},
          limits_of{.shared_bytes = 1180, .row_work = 250, .batch_rows = 7}}) {
      CAPTURE(limits.shared_bytes, limits.row_work, limits.batch_rows);
      const auto device = rk::kernels::make_similarity_device(rk::cuda{}, limits);
      CHECK(same_bits(
          device->neighbors(by_item.view(), by_user.view(), measure, 9, 1, [] { return false; }),
          expected));
    }
  };
  namespace measures = rk::pair_measures;
  check(measures::product_measure<measures::pair_count>{facts.data(), facts.data(), 1, 0, {}});
  check(measures::product_measure<measures::pair_dot>{facts.data(), facts.data(), 1, 0, {}});
  check(measures::common_measure{true, 0, {}});
}

TEST_CASE("similarity says what memory it lacks, and does with little") {
  RECOKIT_REQUIRE_TARGET();
  const auto data = random_matrix(40, 50, 0.2, 6);
  const rk::item_knn::params params{.neighbors = 20};
  const auto expected = rk::item_knn::fit(rk::cpu{}, data, params).similarity();
  const auto with_cap = [&](std::uint64_t bytes) {
    rk::cuda_context context(rk::cuda{}, {.max_memory_bytes = bytes});
    return rk::item_knn::fit(rk::cuda{.context = &context}, data, params).similarity();
  };
  CHECK_THAT(error_text<rk::memory_error>([&] { with_cap(4096); }),
             recokit_test::ContainsSubstring("interactions and neighbours on the GPU"));
  std::optional<rk::csr_matrix<>> found;
  std::uint64_t cap = 4096;
  while (!found) {
    cap += 256;
    try {
      found = with_cap(cap);
    } catch (const rk::memory_error&) {
      REQUIRE(cap < 1 << 20);
    }
  }
  CHECK(same_bits(*found, expected));
  // The lists of all items would not have fitted beside the interactions.
  const auto entries = static_cast<std::uint64_t>(data.nonzeros());
  CHECK(cap < 2 * entries * 8 + (40 + 50) * 8 + 50 * 20 * 8);
}

TEST_CASE("similarity refuses what a GPU does not do, and stops when told") {
  RECOKIT_REQUIRE_TARGET();
  const rk::csr_matrix<> wide(1, 1100, {0, 2}, {0, 1}, {1.0f, 1.0f});
  const auto text = [&](int neighbors) {
    return error_text<rk::value_error>(
        [&] { rk::item_knn::fit(rk::cuda{}, wide, {.neighbors = neighbors}); });
  };
  CHECK(text(1025) == "params.neighbors = 1025: must be at most 1024 on a GPU");
  CHECK(text(0) == "params.neighbors = 0: must be in [1, 1000000]");
  const rk::csr_matrix<> empty(0, 0, {0}, {}, std::vector<float>{});
  CHECK(rk::user_knn::fit(rk::cuda{}, empty, {}).similarity().nonzeros() == 0);
  std::stop_source source;
  source.request_stop();
  CHECK_THROWS_AS(rk::item_knn::fit(rk::cuda{}, random_matrix(20, 20, 0.3, 1), {},
                                    rk::cancel_on{source.get_token()}),
                  rk::cancelled_error);
}
