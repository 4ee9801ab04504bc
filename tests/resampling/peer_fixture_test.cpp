// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// Values that imbalanced-learn 0.14.2 gives, with draws of the same generator. Where a sampler of
// it would start the generator again for every step, it was given one that goes on.
#include "support/catch.hpp"
#include "support/resampling.hpp"

#include <recokit/resampling/adasyn.hpp>
#include <recokit/resampling/borderline_smote.hpp>
#include <recokit/resampling/random_over.hpp>
#include <recokit/resampling/smote.hpp>

#include <vector>

namespace rk = recokit;
using namespace recokit_test;
using rk::sampling_strategy;

namespace {

constexpr double rounding = 1e-14;

template <class Row>
std::vector<rk::index_t> list(const Row& row) {
  return {row.begin(), row.end()};
}

}  // namespace

TEST_CASE("NumPy's generator is replayed") {
  mt19937_draws draws(0);
  for (const unsigned expected : {0u, 3u, 3u, 39u}) CHECK(draws.below(40) == expected);
  for (const double expected : {0.4236547993, 0.6458941131, 0.4375872113, 0.8917730008}) {
    CHECK(draws.uniform() == Approx(expected).epsilon(1e-9));
  }
  mt19937_draws other(0);
  CHECK(other.normal() == Approx(1.764052345967664).epsilon(1e-14));
  CHECK(other.normal() == Approx(0.4001572083672233).epsilon(1e-14));
}

TEST_CASE("smote gives imbalanced-learn's rows to the bit") {
  const auto data = twenty_points();
  const auto result = replayed<rk::smote::sampler>(data, 0, {});
  CHECK(made_rows(result) == points({{0.2930774285730307, -0.1467043932185407},
                                     {0.8497647345412352, -0.15570175767089672},
                                     {0.6131915922848095, -0.11571667294257691},
                                     {0.6605253559411948, -0.2824651759949883}}));
  CHECK(result.rows.topRows(20) == data.rows);
  CHECK(std::vector(result.labels.begin() + 20, result.labels.end()) == labels_t(4, 0));
  // Pairs 0, 3, 3 and 39 of eight rows with five neighbours each.
  CHECK(result.origins[0].base == 0);
  CHECK(result.origins[0].neighbor == 3);
  CHECK(result.origins[1].neighbor == 2);
  CHECK(result.origins[3].base == 19);
  CHECK(result.origins[3].neighbor == 3);

  const auto one =
      replayed<rk::smote::sampler>(data, 0, {.strategy = sampling_strategy::counts({{0, 9}})});
  CHECK(made_rows(one) == points({{0.3678449606157872, -0.19531610157836898}}));
}

TEST_CASE("smote gives imbalanced-learn's rows of several classes to the bit") {
  auto data = twenty_points();
  for (const std::size_t r : {5u, 6u, 13u, 16u}) data.labels[r] = 2;
  const auto result = replayed<rk::smote::sampler>(
      data, 7,
      {.strategy = sampling_strategy::counts({{0, 8}, {1, 10}, {2, 7}}), .k_neighbors = 3});
  CHECK(made_rows(result) == points({{0.18482595636422106, -0.40177488686375135},
                                     {0.21140141248538563, 0.5958697628150671},
                                     {-0.5920533812467577, -0.2849952278305572},
                                     {-0.6283601088807418, -0.3302417995616661},
                                     {-0.2137360573779812, 0.1864755724055741}}));
  CHECK(std::vector(result.labels.begin() + 20, result.labels.end()) == labels_t{1, 1, 2, 2, 2});
}

TEST_CASE("neighbours within a class and among all rows are those of the fixture") {
  const auto data = twenty_points();
  const rk::class_table classes(data.labels);
  const auto members = classes.rows_of(0);
  const rk::dense_view rows(data.rows);
  const auto inside = rk::kernels::nearest_rows(rk::cpu{}, rows, members, members, 5);
  const std::vector<std::vector<int>> positions{{2, 6, 4, 1, 3}, {3, 7, 4, 5, 2}, {0, 1, 4, 6, 5},
                                                {1, 7, 5, 2, 4}, {1, 2, 0, 7, 3}, {3, 1, 7, 2, 4},
                                                {0, 2, 4, 1, 5}, {3, 1, 5, 4, 2}};
  for (int r = 0; r < 8; ++r) {
    for (int i = 0; i < 5; ++i) {
      CHECK(inside.rows(r, i) == members[std::size_t(positions[std::size_t(r)][std::size_t(i)])]);
    }
  }
  const auto all = rk::detail::all_rows(20);
  const auto five =
      rk::kernels::nearest_rows(rk::cpu{}, rows, std::span<const int>(all), members, 5);
  CHECK(list(five.rows.row(0)) == labels_t{9, 16, 7, 3, 14});
  CHECK(list(five.rows.row(7)) == labels_t{4, 2, 10, 12, 11});
  CHECK(rk::detail::other_class_counts(five, classes, 0) ==
        std::vector<int>{4, 1, 4, 2, 4, 2, 4, 1});
  const auto ten =
      rk::kernels::nearest_rows(rk::cpu{}, rows, std::span<const int>(all), members, 10);
  CHECK(rk::detail::other_class_counts(ten, classes, 0) ==
        std::vector<int>{7, 5, 7, 5, 6, 4, 7, 5});
}

TEST_CASE("adasyn gives imbalanced-learn's rows to the bit") {
  const auto result = replayed<rk::adasyn::sampler>(twenty_points(), 0, {});
  CHECK(made_rows(result) == points({{0.881619857147529, -0.2829741037930316},
                                     {0.35681689142696926, -0.18814596678145934},
                                     {1.414827603746628, 0.053081062215360963},
                                     {0.3136591009259641, -0.3132787483501681}}));
  for (const std::size_t i : {0u, 1u, 2u, 3u}) {
    CHECK(result.origins[i].base == std::vector{0, 3, 11, 17}[i]);
  }
}

TEST_CASE("borderline_smote gives imbalanced-learn's rows") {
  const auto data = twenty_points();
  const auto strategy = sampling_strategy::counts({{0, 16}});
  const auto first = replayed<rk::borderline_smote::sampler>(data, 0, {.strategy = strategy});
  CHECK(made_rows(first) == points({{0.13990031703383676, -0.04711302153482631},
                                    {0.42588034682473175, -0.08405772827602577},
                                    {0.6587078766193404, -0.12340973762555692},
                                    {0.6685787220664962, -0.2882053633810771},
                                    {1.2152504943638438, -0.08611337080685205},
                                    {0.7464428778350214, 0.09621857435219044},
                                    {1.5711075401959964, -0.03568465841314744},
                                    {1.4050601463928767, -0.18606009189259928}}));
  const auto second = replayed<rk::borderline_smote::sampler>(
      data, 0, {.strategy = strategy, .kind = rk::borderline_smote::kind::borderline_2});
  // It multiplies the difference by one draw after the other, which rounds otherwise.
  CHECK(made_rows(second).isApprox(points({{0.11940021442423912, -0.03826194521530524},
                                           {0.2300442352502589, -0.10572201588070108},
                                           {0.3156236307374176, -0.16136328825348906},
                                           {1.3015358097842245, -0.7944768967022449},
                                           {1.4487891542349514, -0.5140673216951154},
                                           {0.8635399790017417, 0.4024406193432414},
                                           {0.8503039000608803, 0.3532781398018149},
                                           {1.3426801343100814, -0.31448747736346144}}),
                                   rounding));
}

TEST_CASE("random_over picks imbalanced-learn's rows, and moves them by its noise") {
  const auto data = ten_points();
  const auto copies = replayed<rk::random_over::sampler>(data, 0, {});
  CHECK(made_rows(copies) == rk::gather_rows(rk::dense_view(data.rows), labels_t{1, 3, 1, 3}));
  CHECK(copies.origins == std::vector<rk::origin>{{1, 1, 0}, {3, 3, 0}, {1, 1, 0}, {3, 3, 0}});
  const auto moved = replayed<rk::random_over::sampler>(data, 0, {.shrinkage = 0.5});
  CHECK(made_rows(moved).isApprox(points({{0.7712324485772649, 0.8961960885150992},
                                          {0.43867423296727037, 0.4320293865372965},
                                          {0.9100104397364241, 0.6043988728719168},
                                          {0.4613052812737041, 0.5654005496509579}}),
                                  rounding));
}
