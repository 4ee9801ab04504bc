// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "reference/random_matrix.hpp"
#include "reference/ranking.hpp"
#include "support/catch.hpp"

#include <recokit/kernels/score_top_k.hpp>

#include <cmath>
#include <limits>
#include <numeric>

namespace rk = recokit;
using recokit_test::check_lists;
using recokit_test::random_matrix;

namespace {

// Small whole numbers: products are exact in float, so ties are real and order is defined.
rk::row_major_matrix<float> whole_numbers(int rows, int cols, std::uint64_t seed) {
  rk::row_major_matrix<float> matrix(rows, cols);
  rk::random_stream random(seed, rk::random_purpose::user);
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < cols; ++c) matrix(r, c) = static_cast<float>(random.below(5)) - 2;
  }
  return matrix;
}

}  // namespace

TEST_CASE("tiled scoring agrees with scoring and sorting everything") {
  // 1300 items cross the tiles of 256; 150 queries cross the blocks of 32.
  const auto queries = whole_numbers(150, 9, 1);
  const auto items = whole_numbers(1300, 9, 2);
  const auto seen = random_matrix(150, 1300, 0.05, 3);
  const Eigen::MatrixXd scores = queries.cast<double>() * items.cast<double>().transpose();
  std::vector<rk::index_t> which;
  for (rk::index_t q = 149; q >= 0; --q) which.push_back(q);
  which.push_back(7);  // rows may come in any order and twice
  const std::vector<rk::index_t> exclude{0, 511, 512, 513, 1299};
  for (const int k : {1, 10, 600, 1300}) {
    for (const bool with_filter : {false, true}) {
      const rk::item_filter filter(
          with_filter ? rk::recommend_options{.exclude = exclude} : rk::recommend_options{}, 1300);
      for (const rk::csr_view<>* known :
           {&seen.view(), static_cast<const rk::csr_view<>*>(nullptr)}) {
        const auto lists = rk::kernels::score_top_k(rk::cpu{.threads = 2}, queries, which, known,
                                                    items, filter, k);
        check_lists(lists, scores, known, which, filter, k);
      }
    }
  }
}

TEST_CASE("items of very different lengths are ranked as if all were scored") {
  const auto queries = whole_numbers(300, 6, 1);
  auto items = whole_numbers(4000, 6, 2);
  // Powers of two keep products exact. Rows fall steeply, so most queries stop early.
  for (int i = 0; i < 4000; ++i) {
    items.row(i) *= static_cast<float>(std::ldexp(1.0, -((i * 37) % 9)));
  }
  const auto seen = random_matrix(300, 4000, 0.02, 3);
  const Eigen::MatrixXd scores = queries.cast<double>() * items.cast<double>().transpose();
  std::vector<rk::index_t> which;
  // Enough for large blocks: every query many times.
  for (rk::index_t n = 0; n < 4200; ++n) which.push_back(n % 300);
  std::vector<rk::index_t> only;
  for (rk::index_t i = 0; i < 4000; i += 3) only.push_back(i);
  for (const int k : {1, 250}) {
    for (const bool with_filter : {false, true}) {
      const rk::item_filter filter(
          with_filter ? rk::recommend_options{.only = only} : rk::recommend_options{}, 4000);
      const auto lists = rk::kernels::score_top_k(rk::cpu{.threads = 2}, queries, which,
                                                  &seen.view(), items, filter, k);
      REQUIRE(lists.size() == which.size());
      const rk::ranked_lists first =
          rk::kernels::score_top_k(rk::cpu{.threads = 1}, queries, std::span(which).first(300),
                                   &seen.view(), items, filter, k);
      check_lists(first, scores, &seen.view(), std::span(which).first(300), filter, k);
      for (std::size_t n = 0; n < which.size(); ++n) {
        REQUIRE(std::equal(lists[n].begin(), lists[n].end(), first[n % 300].begin(),
                           first[n % 300].end()));
      }
    }
  }
}

TEST_CASE("many queries find the items that one query alone finds, NaN factors and zeros too") {
  auto queries = whole_numbers(70, 4, 5);
  queries.row(3).setZero();
  auto items = whole_numbers(640, 4, 6);
  items(17, 2) = std::numeric_limits<float>::quiet_NaN();
  items(18, 0) = std::numeric_limits<float>::infinity();
  std::vector<rk::index_t> which;
  for (rk::index_t q = 0; q < 70; ++q) which.push_back(q);
  const rk::item_filter all({}, 640);
  const auto many =
      rk::kernels::score_top_k(rk::cpu{.threads = 1}, queries, which, nullptr, items, all, 30);
  for (const rk::index_t q : which) {
    const auto one = rk::kernels::score_top_k(rk::cpu{.threads = 1}, queries, std::span(&q, 1),
                                              nullptr, items, all, 30);
    REQUIRE(many[static_cast<std::size_t>(q)].size() == 30);
    for (std::size_t i = 0; i < 30; ++i) {
      CHECK(many[static_cast<std::size_t>(q)][i].item == one[0][i].item);
    }
  }
}

namespace {

template <class Scalar>
rk::row_major_matrix<Scalar> normal_numbers(int rows, int cols, std::uint64_t seed) {
  rk::row_major_matrix<Scalar> matrix(rows, cols);
  rk::random_stream random(seed, rk::random_purpose::user);
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < cols; ++c) matrix(r, c) = static_cast<Scalar>(random.normal());
  }
  return matrix;
}

std::vector<rk::index_t> numbers_to(rk::index_t n) {
  std::vector<rk::index_t> numbers(static_cast<std::size_t>(n));
  std::iota(numbers.begin(), numbers.end(), rk::index_t{0});
  return numbers;
}

void check_same_bits(const rk::ranked_lists& a, std::size_t first_a, const rk::ranked_lists& b,
                     std::size_t count) {
  for (std::size_t n = 0; n < count; ++n) {
    REQUIRE(std::equal(a[first_a + n].begin(), a[first_a + n].end(), b[n].begin(), b[n].end()));
  }
}

}  // namespace

TEST_CASE("lists have the same bits for any number of threads and of other queries") {
  const auto queries = normal_numbers<float>(700, 33, 1);
  const auto items = normal_numbers<float>(1111, 33, 2);
  const auto seen = random_matrix(700, 1111, 0.1, 3);
  const auto which = numbers_to(700);
  const rk::item_filter filter({}, 1111);
  const auto rank = [&](int threads, std::span<const rk::index_t> rows) {
    return rk::kernels::score_top_k(rk::cpu{.threads = threads}, queries, rows, &seen.view(), items,
                                    filter, 20);
  };
  const auto one = rank(1, which);
  for (const int threads : {2, 5}) check_same_bits(one, 0, rank(threads, which), 700);
  // 100 are sorted by norm, 20 are not.
  for (const std::size_t count : {std::size_t{100}, std::size_t{20}}) {
    check_same_bits(one, 300, rank(2, std::span(which).subspan(300, count)), count);
  }
}

TEST_CASE("lists of doubles agree with scoring and sorting everything") {
  const auto queries = whole_numbers(90, 7, 1).cast<double>().eval();
  const auto items = whole_numbers(900, 7, 2).cast<double>().eval();
  const auto seen = random_matrix(90, 900, 0.1, 3);
  const rk::item_filter filter({}, 900);
  const auto which = numbers_to(90);
  for (const int k : {1, 25, 300}) {
    const auto lists = rk::kernels::score_top_k<double>(rk::cpu{.threads = 2}, queries, which,
                                                        &seen.view(), items, filter, k);
    check_lists(lists, queries * items.transpose(), &seen.view(), which, filter, k);
  }
}

TEST_CASE("items that all score the same rank by index, however many") {
  const rk::row_major_matrix<float> queries = rk::row_major_matrix<float>::Ones(100, 3);
  const rk::row_major_matrix<float> items = rk::row_major_matrix<float>::Ones(2000, 3);
  const auto seen = random_matrix(100, 2000, 0.3, 3);
  const rk::item_filter filter({}, 2000);
  const auto which = numbers_to(100);
  for (const int k : {1, 10, 500}) {
    const auto lists = rk::kernels::score_top_k(rk::cpu{.threads = 2}, queries, which, &seen.view(),
                                                items, filter, k);
    check_lists(lists, (queries * items.transpose()).cast<double>(), &seen.view(), which, filter,
                k);
  }
}

TEST_CASE("minus infinity and NaN rank last but fill a list, and what was seen never does") {
  constexpr float infinite = std::numeric_limits<float>::infinity();
  auto items = normal_numbers<float>(600, 2, 4);
  // Two items have numbers for scores; of the others, even ones minus infinity and odd ones NaN.
  for (int i = 2; i < 600; ++i) {
    items(i, 0) = i % 2 == 0 ? -infinite : std::numeric_limits<float>::quiet_NaN();
  }
  const rk::row_major_matrix<float> queries = rk::row_major_matrix<float>::Ones(70, 2);
  const auto seen = random_matrix(70, 600, 0.2, 5, 5, true);
  const rk::item_filter filter({}, 600);
  const auto which = numbers_to(70);
  for (const int k : {1, 3, 40, 280, 600}) {
    const auto lists = rk::kernels::score_top_k(rk::cpu{.threads = 1}, queries, which, &seen.view(),
                                                items, filter, k);
    for (const rk::index_t q : which) {
      const auto known = seen.row(q).indices;
      std::vector<rk::scored_item<>> expected;
      for (rk::index_t i = 0; i < 600; ++i) {
        if (std::binary_search(known.begin(), known.end(), i)) continue;
        expected.push_back({i, items(i, 0) + items(i, 1)});
      }
      std::sort(expected.begin(), expected.end(), rk::by_rank{});
      const auto list = lists[static_cast<std::size_t>(q)];
      REQUIRE(list.size() == std::min(expected.size(), static_cast<std::size_t>(k)));
      for (std::size_t n = 0; n < list.size(); ++n) CHECK(list[n].item == expected[n].item);
    }
  }
}

TEST_CASE("no items, no factors and no queries make lists too") {
  const auto which = numbers_to(80);
  const auto queries = normal_numbers<float>(80, 4, 1);
  const rk::row_major_matrix<float> none(0, 4);
  const auto empty =
      rk::kernels::score_top_k(rk::cpu{}, queries, which, nullptr, none, rk::item_filter({}, 0), 1);
  REQUIRE(empty.size() == 80);
  CHECK(empty[79].empty());
  const rk::item_filter filter({}, 30);
  const auto flat =
      rk::kernels::score_top_k(rk::cpu{}, rk::row_major_matrix<float>(80, 0), which, nullptr,
                               rk::row_major_matrix<float>(30, 0), filter, 5);
  CHECK(flat[0][4] == rk::scored_item<>{4, 0.0f});
  CHECK(rk::kernels::score_top_k(rk::cpu{}, queries, {}, nullptr, normal_numbers<float>(30, 4, 1),
                                 filter, 5)
            .empty());
}
