// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "weightings.hpp"

#include <tuple>
#include <utility>

namespace recokit_bench {
namespace {

using recokit::field;
namespace weighting = recokit::weighting;

// The library checks the ranges when it transforms; here they are only told.
constexpr auto log_fields =
    std::tuple{field("alpha", &weighting::log::alpha, "weight of the logarithm"),
               field("epsilon", &weighting::log::epsilon, "unit of the values, above 0")};
constexpr auto bm25_fields =
    std::tuple{field("k1", &weighting::bm25::k1, "how soon repeated interest saturates"),
               field("b", &weighting::bm25::b, "how much long histories are damped, in [0, 1]")};

template <class Scheme, class Table>
weighting_entry entry(std::string name, std::string summary, const Table& table,
                      bool entry_by_entry) {
  auto make = [name, table, entry_by_entry](const spec& given) {
    Scheme scheme;
    set_fields(name, given.fields, scheme, table);
    return weighting_plan{name, settings_of(scheme, table), scheme, entry_by_entry};
  };
  auto fields = describe(Scheme{}, table);
  return {std::move(name), std::move(summary), std::move(fields), std::move(make)};
}

weighting_entry none_entry() {
  return {"none", "values as they were read", {}, [](const spec& given) {
            if (!given.fields.empty()) throw usage_error("weighting none has no fields");
            return weighting_plan{};
          }};
}

}  // namespace

const std::vector<weighting_entry>& weighting_entries() {
  static const std::vector<weighting_entry> entries{
      none_entry(),
      entry<weighting::binary>("binary", "every interaction counts as 1", std::tuple{}, true),
      entry<weighting::log>("log", "1 + alpha * log(1 + value / epsilon)", log_fields, true),
      entry<weighting::tf_idf>("tf_idf", "sqrt(value) * (log(users / users of the item) + 1)",
                               std::tuple{}, false),
      entry<weighting::bm25>("bm25", "BM25 with users as documents and items as terms", bm25_fields,
                             false),
  };
  return entries;
}

weighting_plan make_weighting(const std::string& text) {
  const spec given = parse_spec("--weighting", text);
  std::vector<std::string> known;
  for (const auto& entry : weighting_entries()) {
    if (entry.name == given.name) return entry.make(given);
    known.push_back(entry.name);
  }
  throw unknown_word("weighting", given.name, known);
}

}  // namespace recokit_bench
