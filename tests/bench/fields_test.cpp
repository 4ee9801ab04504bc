// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/fields.hpp"

#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <array>

using namespace recokit_bench;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace sample {

enum class mode { fast, slow };
constexpr std::array<std::string_view, 2> enum_names(mode) { return {"fast", "slow"}; }

struct params {
  int count = 3;
  float small = 0.01f;
  double real = 0.003;
  bool keep = true;
  mode how = mode::fast;
  std::uint64_t seed = 42;
  std::optional<std::int64_t> time;

  static constexpr auto fields() {
    using recokit::field;
    return std::tuple{field("count", &params::count, 1, 100, "how many"),
                      field("small", &params::small, 0, 1, "a float"),
                      field("real", &params::real, "a double"),
                      field("keep", &params::keep, "a switch"),
                      field("how", &params::how, "a choice"),
                      field("seed", &params::seed, "of the draws"),
                      field("time", &params::time, "maybe")};
  }
};

params with(const std::string& text, std::optional<std::uint64_t> seed = {}) {
  params p;
  set_fields("sample", parse_fields("--x", text), p, params::fields(), seed);
  return p;
}

std::string refusal(const std::string& text) {
  return error_text<usage_error>([&] { with(text); });
}

}  // namespace sample

TEST_CASE("every type of field reads its value") {
  const auto p = sample::with(
      "count=7,small=0.25,real=1e-9,keep=false,how=slow,seed=18446744073709551615,time=-5");
  CHECK(p.count == 7);
  CHECK(p.small == 0.25f);
  CHECK(p.real == 1e-9);
  CHECK_FALSE(p.keep);
  CHECK(p.how == sample::mode::slow);
  CHECK(p.seed == 18446744073709551615u);
  CHECK(p.time == -5);
}

TEST_CASE("what is not a value of the field is refused with the field's name") {
  CHECK_THAT(sample::refusal("count=3.5"), ContainsSubstring("sample.count = \"3.5\""));
  CHECK_THAT(sample::refusal("count=99999999999"), ContainsSubstring("does not fit"));
  CHECK_THAT(sample::refusal("seed=-1"), ContainsSubstring("not negative"));
  CHECK_THAT(sample::refusal("real=1,5"), ContainsSubstring("got \"5\""));
  CHECK_THAT(sample::refusal("real=abc"), ContainsSubstring("expected a number"));
  CHECK_THAT(sample::refusal("keep=maybe"), ContainsSubstring("true or false"));
  CHECK_THAT(sample::refusal("how=slwo"), ContainsSubstring("did you mean \"slow\""));
}

TEST_CASE("an unknown field is answered with the known ones") {
  const auto text = sample::refusal("cuont=3");
  CHECK_THAT(text, ContainsSubstring("unknown field of sample \"cuont\""));
  CHECK_THAT(text, ContainsSubstring("did you mean \"count\"?"));
  CHECK_THAT(text, ContainsSubstring("count, small, real, keep, how, seed, time"));
}

TEST_CASE("the seed of the run is taken unless the field is given") {
  CHECK(sample::with("", 7).seed == 7);
  CHECK(sample::with("seed=9", 7).seed == 9);
  CHECK(sample::with("").seed == 42);
}

TEST_CASE("settings show all fields, floats as they were written") {
  CHECK(to_text(settings_of(sample::params{}, sample::params::fields())) ==
        "count=3, small=0.01, real=0.003, keep=true, how=fast, seed=42, time=unset");
}

TEST_CASE("a table of fields tells types, ranges and defaults") {
  const auto facts = describe(sample::params{}, sample::params::fields());
  REQUIRE(facts.size() == 7);
  CHECK(facts[0].type == "int");
  CHECK(facts[0].range == "1..100");
  CHECK(facts[0].initial == "3");
  CHECK(facts[0].meaning == "how many");
  CHECK(facts[2].range.empty());
  CHECK(facts[3].type == "bool");
  CHECK(facts[4].type == "fast|slow");
  CHECK(facts[4].initial == "fast");
}
