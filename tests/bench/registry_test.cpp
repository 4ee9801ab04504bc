// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/catalogue.hpp"
#include "bench/models.hpp"
#include "bench/splits.hpp"
#include "bench/weightings.hpp"
#include "support/catch.hpp"

#include <recokit/data/synthetic.hpp>

#include <set>

using namespace recokit_bench;
using recokit_test::ContainsSubstring;

TEST_CASE("names of models are unique and each can be made with its defaults") {
  std::set<std::string> names;
  for (const auto& entry : model_entries()) {
    CAPTURE(entry.name);
    CHECK(names.insert(entry.name).second);
    const auto model = entry.make(parse_spec("--model", entry.name), 1);
    CHECK(model->settings().size() == entry.fields.size());
  }
  CHECK(names.count("popularity") == 1);
}

TEST_CASE("every split but the given one divides a small set into as many folds as it says") {
  const auto data = recokit::synthetic::generate({.users = 60, .items = 40});
  for (const auto& entry : split_entries()) {
    CAPTURE(entry.name);
    const auto plan = make_split(entry.name, 3);
    CHECK(static_cast<bool>(plan.make) == (entry.name != "given"));
    if (!plan.make) continue;
    for (int fold = 0; fold < plan.folds; ++fold) {
      const auto parts = plan.make(data, fold);
      CHECK(parts.test.nonzeros() > 0);
      CHECK(parts.train.nonzeros() > 0);
      CHECK(parts.fold_in.has_value() == plan.strong_generalisation);
    }
  }
  CHECK(make_split("k_fold:folds=4", 3).folds == 4);
}

TEST_CASE("every weighting but none has a scheme") {
  for (const auto& entry : weighting_entries()) {
    CAPTURE(entry.name);
    CHECK(make_weighting(entry.name).scheme.has_value() == (entry.name != "none"));
  }
}

TEST_CASE("the catalogue names every model, split and weighting with all fields") {
  const auto text = catalogue_text();
  const auto check = [&](const auto& entries) {
    for (const auto& entry : entries) {
      CHECK_THAT(text, ContainsSubstring("  " + entry.name + ": " + entry.summary));
      for (const auto& field : entry.fields) CHECK_THAT(text, ContainsSubstring(field.meaning));
    }
  };
  check(model_entries());
  check(split_entries());
  check(weighting_entries());
  CHECK_THAT(text, ContainsSubstring("recall(truncated)@10"));
  CHECK_THAT(text, ContainsSubstring("map(all)@10"));
}
