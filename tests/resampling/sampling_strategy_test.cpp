// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/resampling/sampling_strategy.hpp>

#include <limits>
#include <vector>

namespace rk = recokit;
using ids = std::vector<rk::index_t>;
using recokit_test::ContainsSubstring;
using rk::class_counts;
using rk::sampling_strategy;

namespace {

rk::class_table classes_of(const class_counts& sizes) {
  ids labels;
  for (const auto& [label, rows] : sizes) {
    labels.insert(labels.end(), static_cast<std::size_t>(rows), label);
  }
  return rk::class_table(labels);
}

const rk::class_table three = classes_of({{1, 50}, {2, 100}, {3, 25}});
const rk::class_table two = classes_of({{0, 100}, {1, 25}});

class_counts over(const sampling_strategy& strategy, const rk::class_table& classes = three) {
  return rk::over_targets(strategy, classes);
}
class_counts under(const sampling_strategy& strategy, const rk::class_table& classes = three) {
  return rk::under_targets(strategy, classes);
}
ids cleaned(const sampling_strategy& strategy) { return rk::cleaned_classes(strategy, three); }

template <class Call>
void refused(const Call& call, const std::string& first, const std::string& second) {
  const auto text = recokit_test::error_text<rk::value_error>(call);
  CHECK_THAT(text, ContainsSubstring("params.strategy") && ContainsSubstring(first) &&
                       ContainsSubstring(second));
}

}  // namespace

TEST_CASE("an over-sampler gets the counts of imbalanced-learn's table") {
  CHECK(over({}) == class_counts{{1, 50}, {3, 75}});
  CHECK(over(sampling_strategy::automatic()) == over(sampling_strategy::not_majority()));
  CHECK(over(sampling_strategy::all()) == class_counts{{1, 50}, {2, 0}, {3, 75}});
  CHECK(over(sampling_strategy::minority()) == class_counts{{3, 75}});
  CHECK(over(sampling_strategy::not_minority()) == class_counts{{1, 50}, {2, 0}});
  CHECK(over(sampling_strategy::counts({{1, 70}, {2, 100}, {3, 70}})) ==
        class_counts{{1, 20}, {2, 0}, {3, 45}});
  CHECK(over(sampling_strategy::ratio(0.5), two) == class_counts{{1, 25}});
}

TEST_CASE("an under-sampler gets the counts of imbalanced-learn's table") {
  CHECK(under({}) == class_counts{{1, 25}, {2, 25}});
  CHECK(under(sampling_strategy::all()) == class_counts{{1, 25}, {2, 25}, {3, 25}});
  CHECK(under(sampling_strategy::majority()) == class_counts{{2, 25}});
  CHECK(under(sampling_strategy::not_majority()) == class_counts{{1, 25}, {3, 25}});
  CHECK(under(sampling_strategy::counts({{1, 30}, {2, 45}, {3, 25}})) ==
        class_counts{{1, 30}, {2, 45}, {3, 25}});
  CHECK(under(sampling_strategy::ratio(0.5), two) == class_counts{{0, 50}});
}

TEST_CASE("a ratio is rounded down") {
  CHECK(over(sampling_strategy::ratio(0.3), classes_of({{0, 99}, {1, 10}})) ==
        class_counts{{1, 19}});
  CHECK(under(sampling_strategy::ratio(0.3), classes_of({{0, 99}, {1, 10}})) ==
        class_counts{{0, 33}});
  // 25 / 0.2499 is 100.04: what is there.
  CHECK(under(sampling_strategy::ratio(0.2499), two) == class_counts{{0, 100}});
}

TEST_CASE("a callable sees the classes and its answer is held to the rules of counts") {
  const auto twice = sampling_strategy::callable([](const rk::class_table& classes) {
    class_counts counts;
    for (std::size_t c = 0; c < classes.classes(); ++c) {
      counts[classes.label(c)] = 2 * classes.count(c);
    }
    return counts;
  });
  CHECK(over(twice) == class_counts{{1, 50}, {2, 100}, {3, 25}});
  refused([&] { under(twice); }, "100 rows of class 1", "50");
  refused([] { over(sampling_strategy::callable({})); }, "callable", "no function");
}

TEST_CASE("a cleaner looks at the classes that are named") {
  CHECK(cleaned({}) == ids{1, 2});
  CHECK(cleaned(sampling_strategy::all()) == ids{1, 2, 3});
  CHECK(cleaned(sampling_strategy::majority()) == ids{2});
  CHECK(cleaned(sampling_strategy::not_majority()) == ids{1, 3});
  CHECK(cleaned(sampling_strategy::classes({3, 1, 3})) == ids{1, 3});
}

TEST_CASE("a class that does not exist is named beside those that do") {
  const auto strategy = sampling_strategy::counts({{10, 5}});
  refused([&] { over(strategy); }, "class 10", "1, 2, 3");
  refused([&] { under(strategy); }, "class 10", "1, 2, 3");
  refused([&] { cleaned(sampling_strategy::classes({10})); }, "class 10", "1, 2, 3");
}

TEST_CASE(
    "counts below 0, below what an over-sampler finds and above what an under-sampler finds "
    "are refused") {
  refused([] { over(sampling_strategy::counts({{1, -1}})); }, "-1 rows of class 1", "negative");
  refused([] { under(sampling_strategy::counts({{1, -1}})); }, "-1 rows of class 1", "negative");
  refused([] { over(sampling_strategy::counts({{1, 45}})); }, "45 rows of class 1", "50");
  refused([] { under(sampling_strategy::counts({{3, 70}})); }, "70 rows of class 3", "25");
}

TEST_CASE("a ratio is for two classes") {
  refused([] { over(sampling_strategy::ratio(0.5)); }, "ratio(0.5)", "there are 3");
  refused([] { under(sampling_strategy::ratio(0.5)); }, "ratio(0.5)", "there are 3");
}

TEST_CASE("a ratio is above 0 and at most 1") {
  for (const double ratio : {0.0, -0.5, 1.5, std::numeric_limits<double>::quiet_NaN()}) {
    refused([&] { over(sampling_strategy::ratio(ratio), two); }, "ratio(", "(0, 1]");
    refused([&] { under(sampling_strategy::ratio(ratio), two); }, "ratio(", "(0, 1]");
  }
}

TEST_CASE("a ratio that leaves nothing to make or asks for rows that are not there is refused") {
  refused([] { over(sampling_strategy::ratio(0.25), two); }, "class 1 has 25 rows", "0.25");
  refused([] { over(sampling_strategy::ratio(0.1), two); }, "class 1 has 25 rows", "0.25");
  refused([] { under(sampling_strategy::ratio(0.1), two); }, "class 0 has 100 rows", "0.25");
}

TEST_CASE("strategies of the other kind of sampler are refused") {
  refused([] { over(sampling_strategy::majority()); }, "majority", "over-sampler");
  refused([] { under(sampling_strategy::minority()); }, "minority", "under-sampler");
  refused([] { cleaned(sampling_strategy::minority()); }, "minority", "cleaner");
  refused([] { over(sampling_strategy::classes({1})); }, "classes", "over-sampler counts");
  refused([] { under(sampling_strategy::classes({1})); }, "classes", "under-sampler counts");
  refused([] { cleaned(sampling_strategy::ratio(0.5)); }, "ratio(0.5)", "classes({");
  refused([] { cleaned(sampling_strategy::counts({{1, 5}})); }, "counts", "classes({");
  const auto callable = sampling_strategy::callable([](const auto&) { return class_counts{}; });
  refused([&] { cleaned(callable); }, "callable", "classes({");
}
