// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/metrics/trec_measures.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temp_folder.hpp"

using recokit::trec::zscore_table;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::temp_folder;

TEST_CASE("z-scores are deviations from the mean in standard deviations") {
  const auto table = zscore_table::parse("301 map 0.5 0.25\n\n# no\n 301\tP_5 0.2 0\r\n");
  CHECK(table.convert("301", "map", 1.0) == 2.0);
  CHECK(table.convert("301", "P_5", 0.2) == 0.0);
  CHECK(table.convert("301", "P_5", 0.3) == zscore_table::missing);
  CHECK(table.convert("302", "map", 1.0) == zscore_table::missing);
  CHECK(table.convert("301", "ndcg", 1.0) == zscore_table::missing);
}

TEST_CASE("wrong z-score lines are refused with their place") {
  const auto refusal = [](const std::string& text) {
    return error_text<recokit::parse_error>([&] { zscore_table::parse(text, "z"); });
  };
  CHECK_THAT(refusal("1 map 0.5 1\n1 map 0.5\n"), ContainsSubstring("z:2"));
  CHECK_THAT(refusal("1 map 0.5 1 7\n"), ContainsSubstring("5 fields"));
  CHECK_THAT(refusal("1 map half 1\n"), ContainsSubstring("\"half\""));
}

TEST_CASE("z-scores are read from a file") {
  const temp_folder folder;
  CHECK(zscore_table::read(folder.file("z", "1 map 1 2")).convert("1", "map", 5) == 2);
  CHECK_THROWS_AS(zscore_table::read(folder / "nowhere"), recokit::io_error);
}
