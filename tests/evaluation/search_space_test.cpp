// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "evaluation/known_objective.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/evaluation/search_space.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace rk = recokit;
using known_objective::mode;
using known_objective::params;
using recokit_test::Approx;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using space = rk::search_space<params>;

namespace {

template <class T>
std::vector<T> draws(const space& s, T params::*member, int count) {
  std::vector<T> values;
  for (int t = 0; t < count; ++t) values.push_back(s.draw(5, t, 0, params{}).*member);
  return values;
}

template <class T>
double median(std::vector<T> values) {
  std::sort(values.begin(), values.end());
  return static_cast<double>(values[values.size() / 2]);
}

std::string refusal(const std::string& text) {
  return error_text<rk::value_error>([&] { space::from_text(text); });
}

}  // namespace

TEST_CASE("a grid runs like nested loops, the last field fastest") {
  space s;
  s.values(&params::b, {5, -2}).choice(&params::how).choice(&params::flag, {true});
  REQUIRE(s.grid_size() == 6);
  std::vector<std::string> points;
  for (std::int64_t i = 0; i < 6; ++i) points.push_back(s.text(s.grid_point(i, params{})));
  CHECK(points == std::vector<std::string>{"b=5, how=fast, flag=true", "b=5, how=slow, flag=true",
                                           "b=5, how=careful, flag=true",
                                           "b=-2, how=fast, flag=true", "b=-2, how=slow, flag=true",
                                           "b=-2, how=careful, flag=true"});
  CHECK(s.grid_point(0, params{.a = 77}).a == 77);
  CHECK_THROWS_AS(s.grid_point(6, params{}), rk::value_error);
}

TEST_CASE("integers are points of a grid, ranges of reals are not") {
  space s;
  s.integers(&params::b, -2, 3);
  CHECK(s.grid_size() == 6);
  CHECK(s.grid_point(0, params{}).b == -2);
  CHECK(s.grid_point(5, params{}).b == 3);
  s.uniform(&params::x, 0, 1);
  CHECK(s.grid_size() == 0);
  CHECK_THAT(error_text<rk::value_error>([&] { s.grid_point(0, params{}); }),
             ContainsSubstring("space.x = uniform(0,1)") && ContainsSubstring("random_search"));
}

TEST_CASE("the size of a huge grid is capped") {
  space s;
  const auto most = std::numeric_limits<std::uint64_t>::max();
  s.integers(&params::seed, 0, most).integers(&params::a, 0, 1000);
  CHECK(s.grid_size() == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("log-uniform draws lie in their bounds with the geometric mean in the middle") {
  space s;
  s.log_uniform(&params::x, 1e-4, 1);
  const auto values = draws(s, &params::x, 4000);
  for (const double v : values) {
    REQUIRE(v >= 1e-4);
    REQUIRE(v <= 1);
  }
  // The median of 4000 uniforms over 4 decades is off by 0.03 decades (one sigma).
  CHECK(std::log10(median(values)) == Approx(-2).margin(0.12));
  const auto below = std::count_if(values.begin(), values.end(), [](double v) { return v < 1e-3; });
  CHECK(static_cast<double>(below) / 4000 == Approx(0.25).margin(0.03));
}

TEST_CASE("uniform draws lie in their bounds with their mean in the middle") {
  space s;
  s.uniform(&params::x, 10, 30).uniform(&params::y, 0.25f, 0.5f);
  const auto values = draws(s, &params::x, 4000);
  CHECK(*std::min_element(values.begin(), values.end()) >= 10);
  CHECK(*std::max_element(values.begin(), values.end()) <= 30);
  CHECK(median(values) == Approx(20).margin(0.7));
  for (const float y : draws(s, &params::y, 500)) CHECK((y >= 0.25f && y <= 0.5f));
}

TEST_CASE("whole numbers on a log scale come by the logarithm of (n + 1) / n") {
  space s;
  s.log_uniform(&params::a, 1, 7);
  std::map<int, int> counts;
  for (const int a : draws(s, &params::a, 6000)) ++counts[a];
  CHECK(counts.begin()->first == 1);
  CHECK(counts.rbegin()->first == 7);
  CHECK(counts[1] / 6000.0 == Approx(std::log(2) / std::log(8)).margin(0.02));
  CHECK(counts[7] / 6000.0 == Approx(std::log(8.0 / 7) / std::log(8)).margin(0.02));
}

TEST_CASE("values and integers are drawn equally often") {
  space s;
  s.values(&params::a, {3, 50, 9}).integers(&params::b, -1, 1);
  std::map<int, int> a_counts, b_counts;
  for (const int a : draws(s, &params::a, 3000)) ++a_counts[a];
  for (const int b : draws(s, &params::b, 3000)) ++b_counts[b];
  REQUIRE(a_counts.size() == 3);
  REQUIRE(b_counts.size() == 3);
  for (const auto& [value, count] : a_counts) CHECK(count / 3000.0 == Approx(1.0 / 3).margin(0.04));
  for (const auto& [value, count] : b_counts) CHECK(count / 3000.0 == Approx(1.0 / 3).margin(0.04));
}

TEST_CASE("a field that comes or goes leaves the draws of the others") {
  space alone, both;
  alone.uniform(&params::x, 0, 1);
  both.values(&params::a, {1, 2, 3}).uniform(&params::x, 0, 1);
  for (int t = 0; t < 20; ++t) {
    CHECK(alone.draw(9, t, 0, params{}).x == both.draw(9, t, 0, params{}).x);
    CHECK(alone.draw(9, t, 0, params{}).x != alone.draw(10, t, 0, params{}).x);
    CHECK(alone.draw(9, t, 0, params{}).x != alone.draw(9, t, 1, params{}).x);
  }
}

TEST_CASE("text makes the same space as members do") {
  space s;
  s.values(&params::a, {16, 32, 64})
      .log_uniform(&params::x, 1e-4, 1e-1)
      .choice(&params::how)
      .choice(&params::flag, {true})
      .integers(&params::b, -8, 128)
      .uniform(&params::y, 0.1f, 2)
      .log_uniform(&params::epochs, 2, 16);
  const auto read = space::from_text(
      " a = 16|32 | 64, x=log(1e-4, 1e-1), how=*, flag=true,b=integers(-8,128), y=uniform(0.1,2),"
      "epochs=log(2,16) ");
  CHECK(read.to_string() ==
        "a=16|32|64, x=log(1e-04,0.1), how=fast|slow|careful, flag=true, b=integers(-8,128), "
        "y=uniform(0.1,2), epochs=log(2,16)");
  CHECK(read.to_string() == s.to_string());
  CHECK(space::from_text(s.to_string()).to_string() == s.to_string());
  for (int t = 0; t < 5; ++t) {
    CHECK(read.text(read.draw(1, t, 0, params{})) == s.text(s.draw(1, t, 0, params{})));
  }
  CHECK(space::from_text("  ").size() == 0);
  CHECK(read.has(&params::x));
  CHECK_FALSE(read.has(&params::seed));
}

TEST_CASE("text that is no space is refused with the field and the way out") {
  CHECK_THAT(refusal("facors=16"), ContainsSubstring("\"facors\"") && ContainsSubstring("a, b, x"));
  CHECK_THAT(refusal("a"), ContainsSubstring("field=domain"));
  CHECK_THAT(refusal("a=1,"), ContainsSubstring("field=domain"));
  CHECK_THAT(refusal("a=1||2"), ContainsSubstring("a value is missing"));
  CHECK_THAT(refusal("a="), ContainsSubstring("a value is missing"));
  CHECK_THAT(refusal("a=1.5"), ContainsSubstring("must be a whole number"));
  CHECK_THAT(refusal("a=99999999999"), ContainsSubstring("space.a"));
  CHECK_THAT(refusal("seed=-1"), ContainsSubstring("not negative"));
  CHECK_THAT(refusal("x=one"), ContainsSubstring("must be a number"));
  CHECK_THAT(refusal("x=inf"), ContainsSubstring("must be a number"));
  CHECK_THAT(refusal("how=quick"), ContainsSubstring("fast, slow, careful"));
  CHECK_THAT(refusal("flag=maybe"), ContainsSubstring("false, true"));
  CHECK_THAT(refusal("x=normal(0,1)"), ContainsSubstring("log(low,high)"));
  CHECK_THAT(refusal("x=log(1)"), ContainsSubstring("needs two bounds"));
  CHECK_THAT(refusal("x=log(1,2"), ContainsSubstring("must end with )"));
  CHECK_THAT(refusal("x=integers(1,2)"), ContainsSubstring("a real field takes"));
  CHECK_THAT(refusal("a=uniform(1,2)"), ContainsSubstring("a whole number takes"));
  CHECK_THAT(refusal("a=*"), ContainsSubstring("a whole number takes"));
  CHECK_THAT(refusal("how=log(1,2)"), ContainsSubstring("takes values a|b or *"));
  CHECK_THAT(refusal("a=1, a=2"), ContainsSubstring("is there already"));
}

TEST_CASE("bounds and values that cannot be are refused") {
  space s;
  CHECK_THAT(error_text<rk::value_error>([&] { s.uniform(&params::x, 2, 1); }),
             ContainsSubstring("space.x = 2 to 1"));
  CHECK_THROWS_AS(s.uniform(&params::x, 1, 1), rk::value_error);
  CHECK_THAT(error_text<rk::value_error>([&] { s.log_uniform(&params::x, 0, 1); }),
             ContainsSubstring("above 0"));
  CHECK_THROWS_AS(s.log_uniform(&params::b, -3, 3), rk::value_error);
  CHECK_THROWS_AS(s.log_uniform(&params::x, 1, std::numeric_limits<double>::infinity()),
                  rk::value_error);
  CHECK_THROWS_AS(s.uniform(&params::x, std::nan(""), 1), rk::value_error);
  CHECK_THAT(error_text<rk::value_error>([&] { s.integers(&params::a, 3, 2); }),
             ContainsSubstring("reversed"));
  CHECK_THAT(error_text<rk::value_error>([&] { s.integers(&params::a, 0, 1001); }),
             ContainsSubstring("space.a = 1001") && ContainsSubstring("[0, 1000]"));
  CHECK_THROWS_AS(s.uniform(&params::x, -1, 1), rk::value_error);
  CHECK_THROWS_AS(s.values(&params::a, {}), rk::value_error);
  CHECK_THAT(error_text<rk::value_error>([&] {
               s.values(&params::a, {4, 5, 4});
             }),
             ContainsSubstring("space.a = 4: is listed twice"));
  CHECK_THROWS_AS(s.values(&params::a, {-1}), rk::value_error);
  CHECK_THAT(error_text<rk::value_error>([&] { s.values(&params::hidden, {1}); }),
             ContainsSubstring("Params::fields()"));
  CHECK(s.size() == 0);  // nothing of the refused was added
}
