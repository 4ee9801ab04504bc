// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/resampling.hpp"

#include <recokit/resampling/smote_nc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace rk = recokit;
using namespace recokit_test;
using rk::mixed_view;
using rk::sampling_strategy;
using rk::smote_nc::resample;

namespace {

using codes_t = rk::row_major_matrix<rk::index_t>;

/// Categories that go with the numbers, more or less.
codes_t codes_of(const rows_t<>& rows) {
  codes_t codes(rows.rows(), 3);
  for (Eigen::Index r = 0; r < rows.rows(); ++r) {
    codes(r, 0) = rows(r, 0) > 0 ? 2 : 5;
    codes(r, 1) = static_cast<rk::index_t>(std::abs(std::lround(rows(r, 1) * 2)));
    codes(r, 2) = static_cast<rk::index_t>(r % 3) * 1'000'000;
  }
  return codes;
}

}  // namespace

TEST_CASE("without spread in the numbers, categories are those of the class") {
  // imbalanced-learn, issue 662: the last column of the rows is A A A B | C C | C C C.
  rows_t<> numeric(9, 3);
  numeric << 1, 2, 1, 2, 1, 2, 2, 1, 2, 1, 2, 3, 1, 2, 4, 1, 2, 5, 1, 2, 4, 1, 2, 4, 1, 2, 4;
  codes_t codes(9, 1);
  codes << 0, 0, 0, 1, 2, 2, 2, 2, 2;
  const labels_t labels{1, 1, 1, 1, 2, 2, 3, 3, 3};
  const auto result = resample(mixed_view(numeric, codes), labels, {.k_neighbors = 1});
  CHECK(result.labels == labels_t{1, 1, 1, 1, 2, 2, 3, 3, 3, 2, 2, 3});
  CHECK(result.rows.categories.topRows(9) == codes);
  CHECK((result.rows.categories.bottomRows(3).array() == 2).all());
  const rk::class_table classes(labels);
  for (const std::size_t position : {1u, 2u}) {
    CHECK(rk::smote_nc::detail_smote_nc::mismatch_square(rk::cpu{}, rk::dense_view(numeric),
                                                         classes.rows_of(position)) == 0);
  }
}

TEST_CASE("a differing category counts as the median deviation of the class") {
  rows_t<> numeric(5, 2);
  numeric << 0, 0, 2, 6, 4, 12, 100, 7, 200, -9;
  const labels_t members{0, 1, 2};
  // Deviations √(8/3) and √24; their mean is the median.
  const double median = (std::sqrt(8.0 / 3) + std::sqrt(24.0)) / 2;
  CHECK(rk::smote_nc::detail_smote_nc::mismatch_square(
            rk::cpu{}, rk::dense_view(numeric), members) == Approx(median * median).epsilon(1e-14));
  CHECK(rk::smote_nc::detail_smote_nc::median(Eigen::Vector3d(3, 1, 2)) == 2);
  CHECK(rk::smote_nc::detail_smote_nc::median(Eigen::Vector4d(4, 1, 3, 2)) == 2.5);
}

TEST_CASE("numbers lie between base and neighbour, categories are voted by the neighbours") {
  const auto data = three_clouds(4);
  const auto codes = codes_of(data.rows);
  const auto result = resample(mixed_view(data.rows, codes), data.labels);
  const rk::class_table classes(data.labels);
  REQUIRE(result.origins.size() == 55);
  CHECK(result.rows.numeric.topRows(125) == data.rows);
  CHECK(result.rows.categories.topRows(125) == codes);
  CHECK(result.unmet.empty());
  for (const int label : {0, 1, 2}) CHECK(count_of(result.labels, label) == 60);
  for (std::size_t i = 0; i < result.origins.size(); ++i) {
    const auto& from = result.origins[i];
    const auto at = 125 + static_cast<Eigen::Index>(i);
    const auto base = data.rows.row(from.base);
    const auto neighbor = data.rows.row(from.neighbor);
    CHECK((result.rows.numeric.row(at) - (base + from.step * (neighbor - base))).norm() < 1e-12);
    const auto position = *classes.find(result.labels[std::size_t(at)]);
    const auto members = classes.rows_of(position);
    const auto voters =
        rk::kernels::nearest_mixed_rows(rk::cpu{}, rk::dense_view(data.rows), codes,
                                        rk::smote_nc::detail_smote_nc::mismatch_square(
                                            rk::cpu{}, rk::dense_view(data.rows), members),
                                        members, std::span<const int>(&from.base, 1), 5);
    CHECK(std::count(voters.rows.data(), voters.rows.data() + 5, from.neighbor) == 1);
    for (int c = 0; c < 3; ++c) {
      std::map<int, int> votes;
      for (int v = 0; v < 5; ++v) ++votes[codes(voters.rows(0, v), c)];
      int most = 0;
      for (const auto& [code, times] : votes) most = std::max(most, times);
      CHECK(votes[result.rows.categories(at, c)] == most);
    }
  }
}

TEST_CASE("of equally frequent categories each is drawn about as often") {
  const std::vector<rk::index_t> voters{0, 1, 2, 3};
  codes_t codes(4, 1);
  codes << 9, 4, 4, 9;
  std::vector<rk::index_t> ballot;
  std::map<int, int> drawn;
  for (int i = 0; i < 1000; ++i) {
    auto random = rk::random_stream(1, rk::random_purpose::resampled_category, std::uint64_t(i));
    std::vector<rk::index_t> winner(1);
    const auto put = [&](auto&& row) { rk::detail::vote(codes, voters, ballot, random, row); };
    put(winner.data());
    ++drawn[winner[0]];
  }
  CHECK(drawn.size() == 2);
  CHECK(std::abs(drawn[4] - 500) < 80);
}

TEST_CASE("mixed rows give the same bits for any number of threads, as float too") {
  const auto data = three_clouds(4);
  const auto codes = codes_of(data.rows);
  const rk::smote_nc::params params{.strategy = sampling_strategy::counts({{0, 5000}, {2, 1000}})};
  const auto one =
      resample(rk::cpu{.threads = 1}, mixed_view(data.rows, codes), data.labels, params);
  for (const int threads : {2, 5}) {
    const auto other =
        resample(rk::cpu{.threads = threads}, mixed_view(data.rows, codes), data.labels, params);
    CHECK(other.rows.numeric == one.rows.numeric);
    CHECK(other.rows.categories == one.rows.categories);
    CHECK(other.origins == one.origins);
  }
  const rows_t<float> small = data.rows.cast<float>();
  const auto result = resample(mixed_view(small, codes), data.labels, params);
  CHECK(result.rows.numeric.rows() == one.rows.numeric.rows());
  CHECK(result.rows.numeric.topRows(125) == small);
}

TEST_CASE("numbers and categories must both be there, of as many rows, and codes not negative") {
  const auto data = three_clouds(4);
  auto codes = codes_of(data.rows);
  const rows_t<> no_numbers(125, 0);
  const codes_t no_codes(125, 0);
  CHECK_THAT(
      error_text<rk::value_error>([&] { resample(mixed_view(no_numbers, codes), data.labels); }),
      ContainsSubstring("numeric.cols()") && ContainsSubstring("smote_n"));
  CHECK_THAT(
      error_text<rk::value_error>([&] { resample(mixed_view(data.rows, no_codes), data.labels); }),
      ContainsSubstring("categories.cols()") && ContainsSubstring("take smote"));
  const codes_t fewer = codes.topRows(124);
  CHECK_THAT(error_text<rk::dimension_error>([&] { mixed_view(data.rows, fewer); }),
             ContainsSubstring("124"));
  codes(7, 1) = -1;
  CHECK_THAT(
      error_text<rk::value_error>([&] { resample(mixed_view(data.rows, codes), data.labels); }),
      ContainsSubstring("row 7, column 1 = -1"));
  codes(7, 1) = 0;
  auto rows = data.rows;
  rows(3, 2) = std::numeric_limits<double>::infinity();
  CHECK_THAT(error_text<rk::value_error>([&] { resample(mixed_view(rows, codes), data.labels); }),
             ContainsSubstring("row 3, column 2"));
  CHECK_THAT(error_text<rk::value_error>(
                 [&] { resample(mixed_view(data.rows, codes), data.labels, {.k_neighbors = 25}); }),
             ContainsSubstring("class 0 has 25 rows") && ContainsSubstring("at most 24"));
}
