// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// smote_tomek and smote_enn.
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/resampling.hpp"

#include <recokit/resampling/smote_enn.hpp>
#include <recokit/resampling/smote_tomek.hpp>

#include <type_traits>

namespace rk = recokit;
using namespace recokit_test;
using rk::agreement;
using rk::sampling_strategy;

namespace {

struct with_tomek {
  using sampler = rk::smote_tomek::sampler;
  static constexpr auto& resample = rk::smote_tomek::resample;
  static labels_t clean(const auto& rows, const labels_t& labels) {
    return rk::tomek_links::select(rows, labels, {.strategy = sampling_strategy::all()}).rows;
  }
};
struct with_enn {
  using sampler = rk::smote_enn::sampler;
  static constexpr auto& resample = rk::smote_enn::resample;
  static labels_t clean(const auto& rows, const labels_t& labels) {
    return rk::edited_nearest_neighbours::select(rows, labels,
                                                 {.strategy = sampling_strategy::all()})
        .rows;
  }
};

/// imbalanced-learn, test_smote_tomek.py.
labelled_rows moved_points() {
  auto data = twenty_points();
  data.rows =
      points({{0.20622591, 0.0582794},   {0.68481731, 0.51935141},   {1.34192108, -0.13367336},
              {0.62366841, -0.21312976}, {1.61091956, -0.40283504},  {-0.37162401, -2.19400981},
              {0.74680821, 1.63827342},  {0.2184254, 0.24299982},    {0.61472253, -0.82309052},
              {0.19893132, -0.47761769}, {1.06514042, -0.0770537},   {0.97407872, 0.44454207},
              {1.40301027, -0.83648734}, {-1.20515198, -1.02689695}, {-0.27410027, -0.54194484},
              {0.8381014, 0.44085498},   {-0.23374509, 0.18370049},  {-0.32635887, -0.29299653},
              {-0.00288378, 0.84259929}, {1.79580611, -0.02219234}});
  return data;
}

}  // namespace

TEST_CASE("smote_tomek gives imbalanced-learn's rows to the bit") {
  const auto data = moved_points();
  const auto result = replayed<rk::smote_tomek::sampler>(data, 0, {});
  CHECK(result.kept == labels_t{1, 2, 3, 4, 5, 6, 8, 9, 12, 13, 16, 18, 19});
  CHECK(made_rows(result) == points({{0.38307742857303073, -0.05670439321854067},
                                     {0.7031915922848095, -0.02571667294257691},
                                     {0.7505253559411948, -0.1924651759949883}}));
  CHECK(result.labels == labels_t{1, 0, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0});
  const auto one = replayed<rk::smote_tomek::sampler>(
      data, 0, {.strategy = sampling_strategy::counts({{0, 9}, {1, 12}})});
  CHECK(one.kept == labels_t{1, 3, 4, 5, 6, 8, 9, 12, 13, 16, 18, 19});
  CHECK(made_rows(one) == points({{0.45784496061578717, -0.10531610157836893}}));
}

TEST_CASE("smote_enn gives imbalanced-learn's rows to the bit") {
  const auto data = twenty_points();
  const auto result = replayed<rk::smote_enn::sampler>(data, 0, {});
  CHECK(result.kept == labels_t{4, 5, 6, 18});
  CHECK(made_rows(result) == points({{0.8497647345412352, -0.15570175767089672},
                                     {0.6131915922848095, -0.11571667294257691},
                                     {0.6605253559411948, -0.2824651759949883}}));
  CHECK(result.labels == labels_t{0, 1, 1, 1, 0, 0, 0});
  const auto none = replayed<rk::smote_enn::sampler>(
      data, 0, {.strategy = sampling_strategy::counts({{0, 10}, {1, 12}})});
  CHECK(none.kept == labels_t{4, 5, 6, 18});
  CHECK(none.origins.empty());
}

TEMPLATE_TEST_CASE("a combination is smote and then the cleaner, for dense and sparse rows", "",
                   with_tomek, with_enn) {
  const auto data = three_clouds();
  const auto smoted = rk::smote::resample(data.rows, data.labels);
  auto left = TestType::clean(smoted.rows, smoted.labels);
  std::sort(left.begin(), left.end());
  const auto result = TestType::resample(data.rows, data.labels);
  CHECK(result.rows == rk::gather_rows(rk::dense_view(smoted.rows), left));
  CHECK(result.labels == rk::gather_labels(smoted.labels, left));
  REQUIRE(result.kept.size() == static_cast<std::size_t>(result.inputs()));
  REQUIRE(result.kept.size() < 125);
  REQUIRE(left.size() > result.kept.size());
  for (std::size_t n = 0; n < left.size(); ++n) {
    const auto id = static_cast<std::size_t>(left[n]);
    if (n < result.kept.size()) {
      CHECK(result.kept[n] == left[n]);
    } else {
      CHECK(result.origins[n - result.kept.size()] == smoted.origins[id - 125]);
    }
  }
  const auto from_sparse = TestType::resample(sparse(data.rows), data.labels);
  CHECK(dense(from_sparse.rows) == result.rows);
  CHECK(from_sparse.kept == result.kept);
  CHECK(from_sparse.origins == result.origins);
  CHECK(TestType::resample(rk::cpu{.threads = 1}, data.rows, data.labels).rows == result.rows);
}

TEST_CASE("the cleaner can be told which classes to clean and how") {
  const auto data = three_clouds();
  const auto smoted = rk::smote::resample(data.rows, data.labels);
  const rk::smote_enn::params params{
      .cleaned = sampling_strategy::classes({1}), .asked = 5, .keep = agreement::mode};
  auto left = rk::edited_nearest_neighbours::select(
                  smoted.rows, smoted.labels,
                  {.strategy = params.cleaned, .k_neighbors = 5, .keep = agreement::mode})
                  .rows;
  std::sort(left.begin(), left.end());
  const auto result = rk::smote_enn::resample(data.rows, data.labels, params);
  CHECK(result.labels == rk::gather_labels(smoted.labels, left));
  CHECK(count_of(result.labels, 0) == 60);
  const auto links = rk::smote_tomek::resample(data.rows, data.labels,
                                               {.cleaned = sampling_strategy::classes({2})});
  CHECK(count_of(links.labels, 0) == 60);
  CHECK(count_of(links.labels, 2) < 60);
}

TEST_CASE("errors of a combination name its own params") {
  const labelled_rows data{points({{0}, {1}, {2}, {3}, {4}}), {0, 1, 1, 1, 0}};
  CHECK_THAT(
      error_text<rk::value_error>([&] { rk::smote_tomek::resample(data.rows, data.labels); }),
      ContainsSubstring("params.k_neighbors = 5"));
  CHECK_THAT(error_text<rk::value_error>([&] {
               rk::smote_enn::resample(data.rows, data.labels, {.k_neighbors = 1, .asked = 6});
             }),
             ContainsSubstring("params.asked = 6"));
}
