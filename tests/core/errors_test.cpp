// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/errors.hpp>

#include <limits>

namespace rk = recokit;
using recokit_test::error_text;

TEST_CASE("a dimension error carries both names and both values") {
  const rk::dimension_error e("test.cols()", 3, "train.cols()", 5, "read them together");
  CHECK(std::string(e.what()) == "test.cols() is 3 but train.cols() is 5: read them together");
  CHECK(e.argument() == "test.cols()");
  CHECK(e.expected() == "train.cols()");
  CHECK(e.actual_value() == 3);
  CHECK(e.expected_value() == 5);
}

TEST_CASE("a parse error names file, line and column, and leaves out what is not known") {
  CHECK(std::string(rk::parse_error("a.csv", 4, 7, "not a number").what()) ==
        "a.csv:4:7: not a number");
  CHECK(std::string(rk::parse_error("a.csv", 4, 0, "short line").what()) == "a.csv:4: short line");
  CHECK(std::string(rk::parse_error("a.npz", 0, 0, "truncated").what()) == "a.npz: truncated");
}

TEST_CASE("every error is a recokit::error") {
  CHECK_THROWS_AS(throw rk::dimension_error("a", 1, "b", 2), rk::error);
  CHECK_THROWS_AS(throw rk::value_error("a", "1", "must be 2"), rk::error);
  CHECK_THROWS_AS(throw rk::parse_error("f", 1, 1, "m"), rk::error);
  CHECK_THROWS_AS(throw rk::io_error("f", "m"), rk::error);
  CHECK_THROWS_AS(throw rk::memory_error("x", 2, 1), rk::error);
  CHECK_THROWS_AS(throw rk::backend_error("m"), rk::error);
  CHECK_THROWS_AS(throw rk::not_built_error("gzip", "-DRECOKIT_ZLIB=ON"), rk::error);
  CHECK_THROWS_AS(throw rk::cancelled_error("fit"), rk::error);
}

TEST_CASE("a feature that was not built names the option that builds it") {
  const rk::not_built_error e("reading gzip", "-DRECOKIT_ZLIB=ON");
  CHECK(std::string(e.what()) ==
        "reading gzip is not part of this build of recokit: configure with -DRECOKIT_ZLIB=ON");
  CHECK(e.option() == "-DRECOKIT_ZLIB=ON");
}

TEST_CASE("a range check prints the value and the range, and NaN is in no range") {
  CHECK(error_text<rk::value_error>([] { rk::check::in_range("params.factors", 0, 1, 512); }) ==
        "params.factors = 0: must be in [1, 512]");
  CHECK(error_text<rk::value_error>([] {
          rk::check::in_range("k", 0, 1, std::numeric_limits<int>::max());
        }) == "k = 0: must be at least 1");
  CHECK(error_text<rk::value_error>([] {
          rk::check::in_range("x", std::numeric_limits<double>::quiet_NaN(), 0.0, 0.5);
        }) == "x = nan: must be in [0, 0.5]");
  CHECK_NOTHROW(rk::check::in_range("x", 0.5, 0.0, 0.5));
}

TEST_CASE("sizes that overflow or exceed the machine are refused before they are allocated") {
  const auto huge = std::numeric_limits<std::uint64_t>::max() / 2;
  CHECK_THROWS_AS(rk::check::bytes("factors", huge, 4, 4), rk::memory_error);
  CHECK_THROWS_AS(rk::check::bytes("factors", 4, huge / 4, 4), rk::memory_error);
  CHECK(rk::check::bytes("factors", 3, 5, 4) == 60);
  CHECK_THROWS_AS(rk::check::fits_memory("factors", huge), rk::memory_error);
  CHECK_NOTHROW(rk::check::fits_memory("factors", 1));
}

TEST_CASE("an index check takes 0 and refuses the size") {
  CHECK_NOTHROW(rk::check::index_in("user", 0, 1));
  CHECK(error_text<rk::value_error>([] { rk::check::index_in("user", 7, 7); }) ==
        "user = 7: must be in [0, 7)");
  CHECK_THROWS_AS(rk::check::index_in("user", -1, 7), rk::value_error);
}
