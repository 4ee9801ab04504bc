// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/resampling.hpp"

#include <recokit/resampling/borderline_smote.hpp>

#include <algorithm>
#include <array>

namespace rk = recokit;
using namespace recokit_test;
using rk::borderline_smote::kind;
using rk::borderline_smote::resample;

namespace {

/// Two clouds far from each other, of 12 and 20 rows.
labelled_rows far_clouds() {
  labelled_rows data{rows_t<>(32, 2), {}};
  for (int r = 0; r < 32; ++r) {
    data.labels.push_back(r < 12 ? 0 : 1);
    data.rows(r, 0) = r < 12 ? 0 : 1000;
    data.rows(r, 1) = r;
  }
  return data;
}

}  // namespace

TEST_CASE("without a row in danger the data comes back and the result says so") {
  const auto data = far_clouds();
  for (const auto which : {kind::borderline_1, kind::borderline_2}) {
    const auto result = resample(data.rows, data.labels, {.kind = which});
    CHECK(result.rows == data.rows);
    CHECK(result.labels == data.labels);
    CHECK(result.origins.empty());
    CHECK(result.unmet == std::vector<rk::unmet_target>{{0, 8, 0}});
  }
}

TEST_CASE("rows are safe, in danger or noise by their neighbours") {
  // On a line: class 1 everywhere but at four places.
  labelled_rows data{rows_t<>(20, 1), labels_t(20, 1)};
  for (int r = 0; r < 20; ++r) data.rows(r, 0) = r * (1 + 0.001 * r);
  for (const std::size_t r : {3u, 9u, 10u, 11u}) data.labels[r] = 0;
  const rk::class_table classes(data.labels);
  const auto all = rk::detail::all_rows(20);
  const auto place = [&](int m) {
    return rk::detail::rows_by_place(rk::cpu{}, rk::dense_view(data.rows), classes,
                                     std::span<const int>(all), classes.rows_of(0), 0, m);
  };
  const auto two = place(2);
  CHECK(two.noise == labels_t{3});
  CHECK(two.danger == labels_t{9, 11});  // one of two is half
  CHECK(two.safe == labels_t{10});
  CHECK(place(3).danger == labels_t{9});  // the third of row 11 is row 9: the gaps grow
  CHECK(place(4).danger == labels_t{9, 10, 11});
}

TEST_CASE(
    "only rows in danger are bases, and the second kind goes less than half the way to others") {
  const auto data = three_clouds();
  const rk::class_table classes(data.labels);
  const auto all = rk::detail::all_rows(125);
  bool other_class = false;
  for (const auto which : {kind::borderline_1, kind::borderline_2}) {
    const auto result = resample(data.rows, data.labels, {.kind = which});
    for (std::size_t i = 0; i < result.origins.size(); ++i) {
      const auto position = *classes.find(result.labels[125 + i]);
      const auto danger = rk::detail::rows_by_place(rk::cpu{}, rk::dense_view(data.rows), classes,
                                                    std::span<const int>(all),
                                                    classes.rows_of(position), position, 10)
                              .danger;
      const auto& from = result.origins[i];
      CHECK(std::binary_search(danger.begin(), danger.end(), from.base));
      const bool same_class =
          data.labels[std::size_t(from.neighbor)] == data.labels[std::size_t(from.base)];
      if (which == kind::borderline_1) CHECK(same_class);
      if (!same_class) {
        CHECK(from.step < 0.5);
        other_class = true;
      }
    }
  }
  CHECK(other_class);
}

TEST_CASE("more neighbours than there are rows are refused with the largest legal number") {
  const auto data = far_clouds();
  CHECK_THAT(
      error_text<rk::value_error>([&] { resample(data.rows, data.labels, {.m_neighbors = 32}); }),
      ContainsSubstring("params.m_neighbors = 32") && ContainsSubstring("at most 31"));
  CHECK_THAT(error_text<rk::value_error>([&] {
               resample(data.rows, data.labels, {.k_neighbors = 32, .kind = kind::borderline_2});
             }),
             ContainsSubstring("params.k_neighbors = 32") && ContainsSubstring("at most 31"));
  // The second kind takes neighbours from all rows.
  CHECK(resample(data.rows, data.labels, {.k_neighbors = 31, .kind = kind::borderline_2})
            .origins.empty());
}
