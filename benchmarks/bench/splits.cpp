// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "splits.hpp"

#include <tuple>
#include <utility>

namespace recokit_bench {
namespace {

using recokit::field;
using recokit::holdout;
using recokit::interactions;
using namespace recokit::split;

// The library checks the ranges when it splits; here they are only told.
constexpr auto random_fields =
    std::tuple{field("test_fraction", &random_params::test_fraction,
                     "share of all interactions that goes to test, in (0, 1)"),
               field("seed", &random_params::seed, "of the draws")};
constexpr auto leave_k_fields = std::tuple{
    field("k", &leave_k_params::k, "interactions of each user that go to test, at least 1"),
    field("min_train", &leave_k_params::min_train,
          "users who would keep fewer in train give nothing to test"),
    field("seed", &leave_k_params::seed, "of the draws")};
constexpr auto leave_last_fields =
    std::tuple{std::get<0>(leave_k_fields), std::get<1>(leave_k_fields)};
constexpr auto timeline_fields =
    std::tuple{field("test_fraction", &timeline_params::test_fraction,
                     "share of the interactions after the cut, in (0, 1)"),
               field("time", &timeline_params::time,
                     "the cut in the unit of the timestamps; test_fraction is then unused")};
constexpr auto k_fold_fields = std::tuple{
    field("folds", &k_fold_params::folds, "parts; each is the test part once, in [2, 256]"),
    field("seed", &k_fold_params::seed, "of the draws")};
constexpr auto user_fold_fields =
    std::tuple{field("test_users", &user_fold_params::test_users,
                     "share of the users that training does not see, in (0, 1)"),
               field("fold_in_fraction", &user_fold_params::fold_in_fraction,
                     "share of a test user's interactions that the model is shown, in (0, 1)"),
               field("min_interactions", &user_fold_params::min_interactions,
                     "users with fewer are never held out; at least 2"),
               field("seed", &user_fold_params::seed, "of the draws")};

int folds_of(const k_fold_params& params) { return params.folds; }
template <class Params>
int folds_of(const Params&) {
  return 1;
}

// divide(data, params, fold) makes one holdout.
template <class Params, class Table, class Divide>
split_entry entry(std::string name, std::string summary, const Table& table, const Divide& divide,
                  bool strong_generalisation = false) {
  auto make = [name, table, divide, strong_generalisation](const spec& given, std::uint64_t seed) {
    Params params;
    set_fields(name, given.fields, params, table, seed);
    return split_plan{
        name, settings_of(params, table), folds_of(params),
        [params, divide](const interactions& data, int fold) { return divide(data, params, fold); },
        strong_generalisation};
  };
  auto fields = describe(Params{}, table);
  return {std::move(name), std::move(summary), std::move(fields), std::move(make)};
}

split_entry given_entry() {
  return {"given",
          "two files: --data to train on, --test to evaluate on",
          {},
          [](const spec& given, std::uint64_t) {
            if (!given.fields.empty()) throw usage_error("split given has no fields");
            return split_plan{.name = "given", .settings = {}, .folds = 1, .make = {}};
          }};
}

}  // namespace

const std::vector<split_entry>& split_entries() {
  static const std::vector<split_entry> entries{
      entry<random_params>(
          "random", "each interaction goes to test with one probability", random_fields,
          [](const interactions& d, const random_params& p, int) { return random(d, p); }),
      entry<leave_k_params>(
          "leave_k_out", "k random interactions of each user go to test", leave_k_fields,
          [](const interactions& d, const leave_k_params& p, int) { return leave_k_out(d, p); }),
      entry<leave_k_params>(
          "leave_last_out", "the k latest interactions of each user go to test; needs timestamps",
          leave_last_fields,
          [](const interactions& d, const leave_k_params& p, int) { return leave_last_out(d, p); }),
      entry<timeline_params>("timeline",
                             "one moment for all users divides train from test; needs timestamps",
                             timeline_fields,
                             [](const interactions& d, const timeline_params& p, int) {
                               return global_timeline(d, p);
                             }),
      entry<k_fold_params>(
          "k_fold", "cross-validation over interactions; metrics are averaged over the folds",
          k_fold_fields,
          [](const interactions& d, const k_fold_params& p, int f) { return fold(d, f, p); }),
      entry<user_fold_params>(
          "user_fold", "strong generalisation: test users are unknown, their history is folded in",
          user_fold_fields,
          [](const interactions& d, const user_fold_params& p, int) { return user_fold(d, p); },
          true),
      given_entry(),
  };
  return entries;
}

split_plan make_split(const std::string& text, std::uint64_t seed) {
  const spec given = parse_spec("--split", text);
  std::vector<std::string> known;
  for (const auto& entry : split_entries()) {
    if (entry.name == given.name) return entry.make(given, seed);
    known.push_back(entry.name);
  }
  throw unknown_word("split", given.name, known);
}

}  // namespace recokit_bench
