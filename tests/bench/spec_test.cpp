// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/spec.hpp"

#include "bench/text.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace recokit_bench;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace {
std::string refusal(const std::string& text) {
  return error_text<usage_error>([&] { parse_spec("--model", text); });
}
}  // namespace

TEST_CASE("a bare name has no fields") {
  const auto parsed = parse_spec("--model", " ials ");
  CHECK(parsed.name == "ials");
  CHECK(parsed.text == "ials");
  CHECK(parsed.fields.empty());
}

TEST_CASE("fields follow a colon in the order they were written") {
  const auto parsed = parse_spec("--model", "ials:factors=8, regularization = 1e-3");
  CHECK(parsed.name == "ials");
  REQUIRE(parsed.fields.size() == 2);
  CHECK(parsed.fields[0].name == "factors");
  CHECK(parsed.fields[0].value == "8");
  CHECK(parsed.fields[1].name == "regularization");
  CHECK(parsed.fields[1].value == "1e-3");
}

TEST_CASE("a value may hold colons and equals signs") {
  const auto parsed = parse_spec("--x", "name:a=b=c:d");
  REQUIRE(parsed.fields.size() == 1);
  CHECK(parsed.fields[0].value == "b=c:d");
}

TEST_CASE("a spec that is not one names the part that is wrong") {
  CHECK_THAT(refusal(""), ContainsSubstring("expected name"));
  CHECK_THAT(refusal(":a=1"), ContainsSubstring("expected name"));
  CHECK_THAT(refusal("ials:"), ContainsSubstring("after the colon"));
  CHECK_THAT(refusal("ials:factors"), ContainsSubstring("got \"factors\""));
  CHECK_THAT(refusal("ials:factors="), ContainsSubstring("factors has no value"));
  CHECK_THAT(refusal("ials:=3"), ContainsSubstring("expected field=value"));
  CHECK_THAT(refusal("ials:factors=1,,epochs=2"), ContainsSubstring("got \"\""));
  CHECK_THAT(refusal("ials:factors=1,factors=2"), ContainsSubstring("factors is given twice"));
}
