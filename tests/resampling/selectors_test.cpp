// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0

// What holds for every selector, and comparisons with plain loops.
#include "reference/selectors.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/resampling.hpp"

#include <recokit/resampling/all_knn.hpp>
#include <recokit/resampling/cluster_centroids.hpp>
#include <recokit/resampling/condensed_nearest_neighbour.hpp>
#include <recokit/resampling/edited_nearest_neighbours.hpp>
#include <recokit/resampling/instance_hardness.hpp>
#include <recokit/resampling/near_miss.hpp>
#include <recokit/resampling/neighbourhood_cleaning_rule.hpp>
#include <recokit/resampling/one_sided_selection.hpp>
#include <recokit/resampling/random_under.hpp>
#include <recokit/resampling/repeated_edited_nearest_neighbours.hpp>
#include <recokit/resampling/tomek_links.hpp>

#include <set>
#include <string>

namespace rk = recokit;
using namespace recokit_test;
using rk::agreement;
using rk::sampling_strategy;

namespace {

/// A selector with some params.
template <const auto& Select>
struct plain {
  using params_type = typename std::remove_cvref_t<decltype(Select)>::params_type;
  static params_type params() { return {}; }
  static auto run(const rk::cpu& policy, const auto& rows, const labels_t& labels,
                  const params_type& params) {
    return Select(policy, rows, labels, params).rows;
  }
};
using random_under = plain<rk::random_under::select>;
struct random_repeats : random_under {
  static params_type params() { return {.replacement = true}; }
};
using near_miss_1 = plain<rk::near_miss::select>;
struct near_miss_2 : near_miss_1 {
  static params_type params() { return {.version = 2}; }
};
struct near_miss_3 : near_miss_1 {
  static params_type params() { return {.version = 3, .candidates = 20}; }
};
using hardness = plain<rk::instance_hardness::select>;
using centroids = plain<rk::cluster_centroids::select>;
using tomek = plain<rk::tomek_links::select>;
using edited = plain<rk::edited_nearest_neighbours::select>;
struct edited_mode : edited {
  static params_type params() { return {.k_neighbors = 4, .keep = agreement::mode}; }
};
using repeated = plain<rk::repeated_edited_nearest_neighbours::select>;
using all_knn = plain<rk::all_knn::select>;
using condensed = plain<rk::condensed_nearest_neighbour::select>;
struct condensed_hart : condensed {
  static params_type params() { return {.k_neighbors = 3, .seeds = 4, .passes = 50}; }
};
using one_sided = plain<rk::one_sided_selection::select>;
using cleaning = plain<rk::neighbourhood_cleaning_rule::select>;

template <class Method, class Rows>
labels_t kept(const Rows& rows, const labels_t& labels, const sampling_strategy& strategy = {},
              int threads = 2) {
  auto params = Method::params();
  params.strategy = strategy;
  return Method::run(rk::cpu{.threads = threads}, rows, labels, params);
}
template <class Method>
labels_t kept(const labelled_rows& data, const sampling_strategy& strategy = {}, int threads = 2) {
  return kept<Method>(data.rows, data.labels, strategy, threads);
}

labels_t labels_of(const labelled_rows& data, const labels_t& rows) {
  return rk::gather_labels(data.labels, rows);
}

/// Points of a small grid: many equal rows, and many equal distances.
labelled_rows grid(int rows, std::uint64_t seed) {
  labelled_rows data{rows_t<>(rows, 3), {}};
  rk::random_stream random(seed, rk::random_purpose::user);
  for (int r = 0; r < rows; ++r) {
    const std::uint64_t draw = random.below(20);
    data.labels.push_back(draw < 4 ? 7 : draw < 10 ? -2 : 3);
    for (int c = 0; c < 3; ++c) {
      data.rows(r, c) = static_cast<double>(random.below(4) + (draw < 4 ? 1u : 0u));
    }
  }
  return data;
}

naive_selectors naive(const labelled_rows& data) { return {data.rows, data.labels}; }

/// The labels that a cleaner looks at by default.
std::set<int> but_smallest(const naive_selectors& reference) {
  std::set<int> cleaned{7, -2, 3};
  cleaned.erase(reference.smallest());
  return cleaned;
}

void append(labels_t& to, const labels_t& more) { to.insert(to.end(), more.begin(), more.end()); }

}  // namespace

#define RECOKIT_TEST_UNDER \
  random_under, random_repeats, near_miss_1, near_miss_2, near_miss_3, hardness, centroids
#define RECOKIT_TEST_GROUPING \
  RECOKIT_TEST_UNDER, edited, edited_mode, repeated, all_knn, condensed, condensed_hart, one_sided
#define RECOKIT_TEST_SELECTORS RECOKIT_TEST_GROUPING, tomek, cleaning

TEMPLATE_TEST_CASE("under-samplers keep exactly as many rows as asked", "", RECOKIT_TEST_UNDER) {
  const auto data = three_clouds();
  const auto rows = kept<TestType>(data);
  for (const int label : {0, 1, 2}) CHECK(count_of(labels_of(data, rows), label) == 25);
  const auto some = kept<TestType>(data, sampling_strategy::counts({{0, 25}, {1, 7}}));
  CHECK(count_of(labels_of(data, some), 0) == 25);
  CHECK(count_of(labels_of(data, some), 1) == 7);
  CHECK(count_of(labels_of(data, some), 2) == 40);
  CHECK(count_of(labels_of(data, kept<TestType>(data, sampling_strategy::counts({{2, 0}}))), 2) ==
        0);
}

TEMPLATE_TEST_CASE("rows come by class, ascending by label", "", RECOKIT_TEST_GROUPING) {
  const auto data = three_clouds();
  const auto labels = labels_of(data, kept<TestType>(data));
  CHECK(std::is_sorted(labels.begin(), labels.end()));
}

TEMPLATE_TEST_CASE("rows stay in the order of the input", "", tomek, cleaning) {
  const auto rows = kept<TestType>(three_clouds());
  CHECK(std::is_sorted(rows.begin(), rows.end()));
}

TEMPLATE_TEST_CASE("classes that are not targeted stay whole, and no row comes twice", "",
                   RECOKIT_TEST_SELECTORS) {
  const auto data = three_clouds();
  const rk::class_table classes(data.labels);
  // What is the majority changes from pass to pass.
  constexpr bool in_passes =
      std::is_same_v<TestType, repeated> || std::is_same_v<TestType, all_knn>;
  for (const auto& [strategy, targeted] :
       {std::pair{sampling_strategy{}, std::set<int>{1, 2}},
        std::pair{sampling_strategy::majority(), std::set<int>{1}}}) {
    if (in_passes && targeted.size() == 1) continue;
    const auto rows = kept<TestType>(data, strategy);
    const std::set<int> distinct(rows.begin(), rows.end());
    if (!std::is_same_v<TestType, random_repeats>) CHECK(distinct.size() == rows.size());
    CHECK(rows.size() < 125);
    for (std::size_t c = 0; c < 3; ++c) {
      if (targeted.count(classes.label(c)) > 0) continue;
      const auto whole = classes.rows_of(c);
      labels_t found;
      for (const int r : rows) {
        if (data.labels[static_cast<std::size_t>(r)] == classes.label(c)) found.push_back(r);
      }
      CHECK(found == labels_t(whole.begin(), whole.end()));
    }
  }
}

TEMPLATE_TEST_CASE("dense and sparse rows, float and double give the same rows", "",
                   RECOKIT_TEST_SELECTORS) {
  auto data = three_clouds();
  // Values that float holds exactly.
  data.rows = data.rows.cast<float>().cast<double>().eval();
  const auto expected = kept<TestType>(data);
  const rows_t<float> narrow = data.rows.cast<float>();
  CHECK(kept<TestType>(narrow, data.labels) == expected);
  CHECK(kept<TestType>(sparse(data.rows), data.labels) == expected);
  CHECK(kept<TestType>(sparse(narrow), data.labels) == expected);
}

TEMPLATE_TEST_CASE("any number of threads keeps the same rows", "", RECOKIT_TEST_SELECTORS) {
  const auto data = grid(700, 3);
  const auto one = kept<TestType>(data, {}, 1);
  for (const int threads : {2, 5}) CHECK(kept<TestType>(data, {}, threads) == one);
}

TEMPLATE_TEST_CASE("labels are names: others in the same order keep the same rows", "", near_miss_1,
                   near_miss_3, tomek, edited, edited_mode, repeated, all_knn, cleaning) {
  auto data = three_clouds();
  const auto expected = kept<TestType>(data);
  for (auto& label : data.labels) label = 100 * label - 50;
  CHECK(kept<TestType>(data) == expected);
}

TEMPLATE_TEST_CASE("draws depend on the seed alone", "", random_under, random_repeats, hardness,
                   centroids, condensed, one_sided) {
  const auto data = three_clouds();
  auto params = TestType::params();
  const auto run = [&] { return TestType::run(rk::cpu{}, data.rows, data.labels, params); };
  const auto first = run();
  CHECK(run() == first);
  std::set<labels_t> results{first};
  for (params.seed = 0; params.seed < 5; ++params.seed) results.insert(run());
  CHECK(results.size() > 3);
}

TEST_CASE("tomek_links, edited neighbours and the cleaning rule are as plain loops say") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const auto data = grid(150, seed);
    const auto reference = naive(data);
    const auto cleaned = but_smallest(reference);
    CAPTURE(seed);
    CHECK(kept<tomek>(data) == reference.tomek(cleaned));
    CHECK(kept<tomek>(data, sampling_strategy::all()) == reference.tomek({7, -2, 3}));
    CHECK(kept<tomek>(data, sampling_strategy::classes({3})) == reference.tomek({3}));
    const auto all = reference.all();
    CHECK(kept<edited>(data) == reference.grouped(reference.edited(all, cleaned, 3, true)));
    CHECK(kept<edited_mode>(data) == reference.grouped(reference.edited(all, cleaned, 4, false)));
    CHECK(kept<cleaning>(data) == reference.cleaned_neighborhoods(cleaned, 3, 0.5));
    for (const double threshold : {1.0, 1.7, 100.0}) {
      for (const int k : {1, 6}) {
        const rk::neighbourhood_cleaning_rule::params params{.k_neighbors = k,
                                                             .threshold = threshold};
        CHECK(rk::neighbourhood_cleaning_rule::select(data.rows, data.labels, params).rows ==
              reference.cleaned_neighborhoods(cleaned, k, threshold));
      }
    }
  }
}

TEST_CASE("repeated editing asks what is left, and whom it cleans anew in each pass") {
  bool majority_changed = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto data = grid(120, seed);
    const auto reference = naive(data);
    const auto least = reference.members(reference.smallest()).size();
    for (const bool growing : {false, true}) {
      labels_t rows = reference.all();
      std::set<int> cleaned_before;
      for (int pass = 1; pass <= (growing ? 4 : 100); ++pass) {
        const auto labels = labels_of(data, rows);
        int largest = labels.front();
        for (const int label : {3, -2, 7}) {
          const auto gain = count_of(labels, label) - count_of(labels, largest);
          if (gain > 0 || (gain == 0 && label < largest)) largest = label;
        }
        majority_changed = majority_changed || (pass > 1 && cleaned_before.count(largest) == 0);
        cleaned_before = {largest};
        const auto left = reference.edited(rows, {largest}, growing ? pass : 3, true);
        const bool same = left.size() == rows.size();
        rows = left;
        bool ends = same && !growing;
        for (const int label : {-2, 3, 7}) {
          const auto count = static_cast<std::size_t>(count_of(labels_of(data, rows), label));
          if (count == 0 || (label != reference.smallest() && count < least)) ends = true;
        }
        if (ends) break;
      }
      CAPTURE(seed, growing);
      const auto strategy = sampling_strategy::majority();
      if (growing) {
        CHECK(rk::all_knn::select(data.rows, data.labels, {.strategy = strategy, .k_neighbors = 4})
                  .rows == reference.grouped(rows));
      } else {
        CHECK(kept<repeated>(data, strategy) == reference.grouped(rows));
      }
    }
  }
  CHECK(majority_changed);
}

TEST_CASE("near_miss is as plain loops say") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const auto data = grid(150, seed);
    const auto reference = naive(data);
    const auto least = reference.members(reference.smallest()).size();
    for (const int version : {1, 2, 3}) {
      for (const int k : {1, 3, 5}) {
        CAPTURE(seed, version, k);
        labels_t expected;
        for (const int label : {-2, 3, 7}) {
          append(expected, label == reference.smallest()
                               ? reference.members(label)
                               : reference.near_miss(version, label, least, k, 2));
        }
        const rk::near_miss::params params{.version = version, .k_neighbors = k, .candidates = 2};
        CHECK(rk::near_miss::select(data.rows, data.labels, params).rows == expected);
      }
    }
  }
}

TEST_CASE("condensed neighbours are as plain loops say, in one pass and in many") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    // Longer than a block of the scan.
    const auto data = grid(seed == 0 ? 1300 : 150, seed);
    const auto reference = naive(data);
    for (const auto& [k, seeds, passes] : {std::tuple{1, 1, 1}, {3, 4, 1}, {2, 1, 20}}) {
      mt19937_draws draws(static_cast<std::uint32_t>(seed));
      labels_t expected;
      for (const int label : {-2, 3, 7}) {
        const auto& members = reference.members(label);
        if (label == reference.smallest()) {
          append(expected, members);
          continue;
        }
        labels_t first;
        for (int n = 0; n < seeds; ++n) {
          const int row = members[static_cast<std::size_t>(draws.below(members.size()))];
          if (std::find(first.begin(), first.end(), row) == first.end()) first.push_back(row);
        }
        append(expected, reference.condensed(label, first, k, passes));
      }
      CAPTURE(seed, k, seeds, passes);
      CHECK(replayed<rk::condensed_nearest_neighbour::sampler>(
                data, static_cast<std::uint32_t>(seed),
                {.k_neighbors = k, .seeds = seeds, .passes = passes})
                .rows == expected);
    }
  }
}

TEST_CASE("one-sided selection is as plain loops say") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const auto data = grid(150, seed);
    const auto reference = naive(data);
    for (const int k : {1, 2}) {
      mt19937_draws draws(static_cast<std::uint32_t>(seed));
      labels_t selected;
      for (const int label : {-2, 3, 7}) {
        const auto& members = reference.members(label);
        if (label == reference.smallest()) {
          append(selected, members);
          continue;
        }
        const int first = members[static_cast<std::size_t>(draws.below(members.size()))];
        labels_t store = reference.members(reference.smallest());
        store.push_back(first);
        selected.push_back(first);
        for (const int row : members) {
          if (row != first && !reference.classified(row, store, k)) selected.push_back(row);
        }
      }
      labels_t expected;
      for (const int row : selected) {
        const int other = reference.neighbors(row, selected)[0].second;
        const bool linked = reference.label(other) != reference.label(row) &&
                            reference.neighbors(other, selected)[0].second == row;
        if (!linked || reference.label(row) == reference.smallest()) expected.push_back(row);
      }
      CAPTURE(seed, k);
      CHECK(replayed<rk::one_sided_selection::sampler>(data, static_cast<std::uint32_t>(seed),
                                                       {.k_neighbors = k})
                .rows == expected);
    }
  }
}

TEST_CASE("of many equal rows of two classes a Tomek link takes two") {
  rows_t<> rows = rows_t<>::Constant(6, 2, 1.5);
  rows.row(5).setConstant(9);
  const labels_t labels{1, 0, 0, 1, 1, 1};
  // Row 1 is the nearest of row 0, and row 0 of all others.
  CHECK(rk::tomek_links::select(rows, labels, {.strategy = sampling_strategy::all()}).rows ==
        labels_t{2, 3, 4, 5});
}

TEMPLATE_TEST_CASE("a number of neighbours that is too large is an error that names the largest",
                   "", edited, repeated, all_knn, cleaning) {
  const labelled_rows data{points({{0}, {1}, {2}, {5}}), {0, 1, 1, 0}};
  auto params = TestType::params();
  params.strategy = sampling_strategy::all();
  params.k_neighbors = 4;
  const auto text = error_text<rk::value_error>(
      [&] { TestType::run(rk::cpu{}, data.rows, data.labels, params); });
  CHECK_THAT(text, ContainsSubstring("params.k_neighbors = 4"));
}

TEST_CASE("selectors that ask the smallest class say how many rows it has") {
  const labelled_rows data{points({{0}, {1}, {2}, {5}, {6}}), {4, 8, 8, 4, 8}};
  const auto text = [&](const auto& select, const auto& params) {
    return error_text<rk::value_error>([&] { select(data.rows, data.labels, params); });
  };
  CHECK(text(rk::near_miss::select, rk::near_miss::params{}) ==
        "params.k_neighbors = 3: must be in [1, 2]: the smallest class 4 has 2 rows");
  CHECK(text(rk::near_miss::select,
             rk::near_miss::params{.version = 3, .k_neighbors = 2, .candidates = 4}) ==
        "params.candidates = 4: must be in [1, 3]: class 8 has 3 rows");
  CHECK(text(rk::condensed_nearest_neighbour::select,
             rk::condensed_nearest_neighbour::params{.k_neighbors = 4}) ==
        "params.k_neighbors = 4: must be in [1, 3]: the smallest class 4 has 2 rows and there are "
        "1 seeds");
  CHECK(text(rk::one_sided_selection::select, rk::one_sided_selection::params{.k_neighbors = 4}) ==
        "params.k_neighbors = 4: must be in [1, 3]: the smallest class 4 has 2 rows and there are "
        "1 seeds");
  CHECK_THAT(text(rk::near_miss::select, rk::near_miss::params{.version = 4}),
             ContainsSubstring("params.version = 4"));
}

TEMPLATE_TEST_CASE("cleaners refuse a ratio and counts, under-samplers a list of classes", "",
                   tomek, edited, cleaning, condensed) {
  const auto data = three_clouds();
  CHECK_THROWS_AS(kept<TestType>(data, sampling_strategy::counts({{1, 10}})), rk::value_error);
  CHECK_THROWS_AS(kept<TestType>(data, sampling_strategy::ratio(0.5)), rk::value_error);
  CHECK_THROWS_AS(kept<near_miss_1>(data, sampling_strategy::classes({1})), rk::value_error);
}
