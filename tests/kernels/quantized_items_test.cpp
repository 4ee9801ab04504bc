// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "reference/ranking.hpp"
#include "support/catch.hpp"

#include <recokit/factorization/ials.hpp>
#include <recokit/kernels/list_recall.hpp>
#include <recokit/kernels/quantized_items.hpp>
#include <recokit/kernels/score_top_k.hpp>

#include <cmath>
#include <limits>

namespace rk = recokit;
using recokit_test::check_lists;
using recokit_test::random_matrix;

namespace {

rk::row_major_matrix<float> normal_numbers(int rows, int cols, std::uint64_t seed) {
  rk::row_major_matrix<float> matrix(rows, cols);
  rk::random_stream random(seed, rk::random_purpose::user);
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < cols; ++c) matrix(r, c) = static_cast<float>(random.normal());
  }
  return matrix;
}

// The quick pass with a kernel of choice, or the exact one.
rk::ranked_lists quick(int threads, const rk::row_major_matrix<float>& queries,
                       std::span<const rk::index_t> which, const rk::csr_view<>* seen,
                       const rk::row_major_matrix<float>& items, const rk::item_filter& filter,
                       std::size_t k, float oversampling,
                       const rk::kernels::quantized_kernel& kernel) {
  rk::ranked_lists lists(which.size(), k);
  REQUIRE(rk::kernels::detail::score_by_bytes(rk::cpu{.threads = threads}, queries, which, seen,
                                              items, filter, k, oversampling, kernel, lists));
  return lists;
}

void check_same(const rk::ranked_lists& a, const rk::ranked_lists& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t n = 0; n < a.size(); ++n) {
    REQUIRE(std::equal(a[n].begin(), a[n].end(), b[n].begin(), b[n].end()));
  }
}

}  // namespace

TEST_CASE("scores of eight bits are products of the rounded factors") {
  for (const int d : {1, 3, 4, 33, 64}) {
    const auto items = normal_numbers(75, d, 1);
    const auto queries = normal_numbers(30, d, 2);
    const auto rounded = [](const rk::row_major_matrix<float>& rows) {
      Eigen::MatrixXd made(rows.rows(), rows.cols());
      for (Eigen::Index r = 0; r < rows.rows(); ++r) {
        const float unit = rows.row(r).cwiseAbs().maxCoeff() / 127;
        for (Eigen::Index c = 0; c < rows.cols(); ++c) {
          made(r, c) = std::round(static_cast<double>(rows(r, c)) / static_cast<double>(unit)) *
                       static_cast<double>(unit);
        }
      }
      return made;
    };
    const Eigen::MatrixXd expected = rounded(queries) * rounded(items).transpose();
    std::vector<rk::index_t> places(75);
    for (std::size_t p = 0; p < places.size(); ++p) places[p] = static_cast<rk::index_t>(74 - p);
    for (const auto& kernel : rk::kernels::quantized_kernels()) {
      CAPTURE(kernel.name, d);
      const rk::kernels::quantized_items packed(rk::cpu{.threads = 2}, items, places, kernel);
      REQUIRE(packed.usable());
      rk::kernels::quantized_items::packed_queries block(packed, 36);
      rk::row_major_matrix<float> rows(36, d);
      rows.topRows(30) = queries;
      block.pack(rows, 30);
      block.move(29, 4);
      std::vector<float> scores(36 * 112);
      block.score(30, 0, 75, scores.data(), 112);
      for (Eigen::Index r = 0; r < 30; ++r) {
        const Eigen::Index q = r == 4 ? 29 : r;
        REQUIRE(block.usable(static_cast<std::size_t>(q)));
        for (Eigen::Index p = 0; p < 75; ++p) {
          const auto found = static_cast<double>(scores[static_cast<std::size_t>(r * 112 + p)]);
          REQUIRE(std::abs(found - expected(q, 74 - p)) < 0.02 * std::sqrt(d));
        }
      }
    }
  }
}

TEST_CASE("the quick pass gives the same bits with every kernel and any number of threads") {
  const auto queries = normal_numbers(200, 30, 1);
  const auto items = normal_numbers(900, 30, 2);
  const auto seen = random_matrix(200, 900, 0.1, 3);
  const auto which = rk::detail::all_rows(200);
  const rk::item_filter filter({}, 900);
  const auto portable = rk::kernels::quantized_kernels().back();
  const auto one = quick(1, queries, which, &seen.view(), items, filter, 20, 1.25f, portable);
  for (const auto& kernel : rk::kernels::quantized_kernels()) {
    for (const int threads : {1, 2, 5}) {
      check_same(one,
                 quick(threads, queries, which, &seen.view(), items, filter, 20, 1.25f, kernel));
    }
  }
  const auto exact =
      rk::kernels::score_top_k(rk::cpu{}, queries, which, &seen.view(), items, filter, 20);
  CHECK(rk::kernels::list_recall(one, exact) > 0.99);
  for (std::size_t n = 0; n < 200; ++n) {
    const auto known = seen.row(static_cast<rk::index_t>(n)).indices;
    REQUIRE(one[n].size() == exact[n].size());
    for (const auto& entry : one[n]) {
      CHECK_FALSE(std::binary_search(known.begin(), known.end(), entry.item));
      const float own = queries.row(static_cast<Eigen::Index>(n)).dot(items.row(entry.item));
      CHECK(std::abs(entry.score - own) <= 1e-4f);
    }
  }
}

TEST_CASE("factors that eight bits hold give exact lists, with filters and lists of any length") {
  // Whole numbers up to 127 in every row are rounded to themselves.
  auto queries = normal_numbers(70, 5, 1);
  auto items = normal_numbers(500, 5, 2);
  for (auto* rows : {&queries, &items}) {
    *rows = (rows->array() * 3).round().matrix();
    rows->col(0).setConstant(127);
  }
  const auto seen = random_matrix(70, 500, 0.1, 3);
  const auto which = rk::detail::all_rows(70);
  const std::vector<rk::index_t> exclude{0, 255, 256, 499};
  const rk::item_filter filter(rk::recommend_options{.exclude = exclude}, 500);
  const Eigen::MatrixXd scores = queries.cast<double>() * items.cast<double>().transpose();
  for (const std::size_t k : {1u, 10u, 300u, 500u}) {
    const auto lists = quick(2, queries, which, &seen.view(), items, filter, k, 1.5f,
                             rk::kernels::quantized_kernels().front());
    check_lists(lists, scores, &seen.view(), which, filter, static_cast<int>(k));
  }
}

TEST_CASE("scores of eight bits with their bounds are no less than whole scores") {
  auto items = normal_numbers(300, 40, 1);
  auto queries = normal_numbers(48, 40, 2);
  // One large element leaves few steps to the rest.
  for (int r = 0; r < 300; r += 3) items(r, r % 40) *= 300;
  for (int r = 0; r < 48; r += 5) queries(r, r % 40) *= 300;
  const auto places = rk::detail::all_rows(300);
  for (const auto& kernel : rk::kernels::quantized_kernels()) {
    const rk::kernels::quantized_items packed(rk::cpu{}, items, places, kernel,
                                              rk::kernels::byte_scores::upper);
    rk::kernels::quantized_items::packed_queries block(packed, 48);
    block.pack(queries, 48);
    std::vector<float> scores(48 * 320);
    block.score(48, 0, 300, scores.data(), 320);
    for (int q = 0; q < 48; ++q) {
      const auto row = static_cast<std::size_t>(q);
      for (int i = 0; i < 300; ++i) {
        const double whole = queries.row(q).cast<double>().dot(items.row(i).cast<double>());
        const auto upper = static_cast<double>(scores[row * 320 + static_cast<std::size_t>(i)]);
        REQUIRE(upper >= whole);
        REQUIRE(upper - whole <=
                static_cast<double>(block.slack(row, static_cast<std::size_t>(i))));
        REQUIRE(block.slack(row, static_cast<std::size_t>(i)) <= block.slack(row));
      }
    }
  }
}

TEST_CASE("lists by bounds of eight bits are those of whole factors to the bit") {
  const auto seen = random_matrix(130, 2000, 0.05, 3);
  const auto which = rk::detail::all_rows(130);
  const std::vector<rk::index_t> exclude{0, 255, 256, 1999};
  const rk::item_filter filter(rk::recommend_options{.exclude = exclude}, 2000);
  const int shape = GENERATE(0, 1, 2, 3);
  auto queries = normal_numbers(130, 33, 1);
  auto items = normal_numbers(2000, 33, 2);
  if (shape == 1) {  // lengths that differ a lot, and rows of zeros
    for (int i = 0; i < 2000; ++i) items.row(i) *= std::ldexp(1.0f, -(i * 37 % 13));
    items.middleRows(100, 50).setZero();
    queries.row(4).setZero();
  } else if (shape == 2) {  // one large element
    for (int i = 0; i < 2000; i += 2) items(i, i % 33) *= 500;
  } else if (shape == 3) {  // equal scores, and more items in question than are kept
    for (auto* rows : {&queries, &items}) {
      *rows = rows->unaryExpr([](float x) { return x > 1 ? 1.0f : 0.0f; });
    }
  }
  for (const std::size_t k : {1u, 10u, 300u}) {
    CAPTURE(shape, k);
    rk::ranked_lists whole(130, k);
    rk::kernels::detail::score_by_factors<float>(
        rk::cpu{}, queries, which, &seen.view(), items,
        rk::kernels::items_by_norm<float>(rk::cpu{}, items, filter, true), k,
        rk::kernels::best_gemm_kernel<float>(), {}, whole);
    for (const auto& kernel : rk::kernels::quantized_kernels()) {
      check_same(whole, quick(2, queries, which, &seen.view(), items, filter, k, 0, kernel));
    }
  }
}

TEST_CASE("queries and items that cannot be rounded are scored exactly") {
  auto queries = normal_numbers(70, 5, 1);
  const auto items = normal_numbers(500, 5, 2);
  queries.row(7) *= 1e-36f;
  queries.row(8).setZero();
  queries(9, 1) = std::numeric_limits<float>::infinity();
  const auto which = rk::detail::all_rows(70);
  const rk::item_filter filter({}, 500);
  const auto kernel = rk::kernels::quantized_kernels().front();
  const auto lists = quick(2, queries, which, nullptr, items, filter, 10, 2, kernel);
  for (const rk::index_t q : {7, 8, 9}) {
    const auto exact =
        rk::kernels::score_top_k(rk::cpu{}, queries, std::span(&q, 1), nullptr, items, filter, 10);
    for (std::size_t n = 0; n < 10; ++n) {
      CHECK(lists[static_cast<std::size_t>(q)][n].item == exact[0][n].item);
    }
  }
  auto broken = items;
  broken(3, 3) = std::numeric_limits<float>::quiet_NaN();
  rk::ranked_lists none(70, 10);
  CHECK_FALSE(rk::kernels::detail::score_by_bytes(rk::cpu{}, queries, which, nullptr, broken,
                                                  filter, 10, 2, kernel, none));
}

TEST_CASE("a model of factors takes the quick pass where it is asked for") {
  const auto data = random_matrix(120, 400, 0.1, 3);
  const auto model = rk::ials::fit(data, {.factors = 16, .epochs = 3});
  const auto users = rk::detail::all_rows(120);
  const auto exact = model.recommend(users, {.k = 10});
  const auto quickly = model.recommend(users, {.k = 10, .precision = rk::scoring::int8});
  CHECK(rk::kernels::list_recall(quickly, exact) > 0.95);
  const auto folded = model.recommend_for(data, {.k = 10, .precision = rk::scoring::int8});
  CHECK(folded.size() == 120);
  CHECK_THROWS_AS(model.recommend(users, {.oversampling = 0.5f}), rk::value_error);
  CHECK_THROWS_AS(model.recommend(users, {.oversampling = std::numeric_limits<float>::quiet_NaN()}),
                  rk::value_error);
}

TEST_CASE("the recall of lists counts the items of the exact ones that were found") {
  rk::ranked_lists exact(3, 2), found(3, 2);
  const std::vector<rk::scored_item<>> ab{{1, 2.0f}, {2, 1.0f}}, ba{{2, 2.0f}, {1, 1.0f}},
      bc{{2, 2.0f}, {3, 1.0f}};
  exact.assign(0, ab);
  found.assign(0, ba);
  exact.assign(1, ab);
  found.assign(1, bc);
  CHECK(rk::kernels::list_recall(found, exact) == 0.75);
  CHECK(rk::kernels::list_recall({}, {}) == 1.0);
  CHECK_THROWS_AS(rk::kernels::list_recall(found, rk::ranked_lists(2, 2)), rk::dimension_error);
}
