// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/metrics/presets.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>
#include <utility>

namespace recokit::inline RECOKIT_ABI {
namespace {

// Where a library lets the cut stand.
enum class cut { at, underscore, none, maybe };

struct row {
  std::string_view theirs;
  ranking_metric ours;  // its k is that of the cut, or 0
  cut where = cut::maybe;
  void (*change)(ranking_options&) = nullptr;  // of the options of the library

  row(std::string_view name, std::string_view metric, cut place = cut::maybe,
      void (*to_options)(ranking_options&) = nullptr)
      : theirs(name), ours(parse_metric(metric)), where(place), change(to_options) {}

  ranking_metric at(int k) const {
    ranking_metric metric = ours;
    metric.k = k;
    return metric;
  }
};

struct table {
  std::string_view preset;
  std::vector<row> rows;
};

void average_ties(ranking_options& options) { options.ties = tie_policy::average; }
// Every item has a score in RecBole, so what is not in the list is no candidate.
void average_ties_of_listed(ranking_options& options) {
  options.ties = tie_policy::average;
  options.scope = relevant_scope::listed;
}
void skip_empty(ranking_options& options) { options.empty_users = empty_user_policy::skip; }

// Grades above 0 are relevant.
constexpr double above_zero = std::numeric_limits<double>::denorm_min();

const std::vector<row>& rows_of(std::string_view preset) {
  static const std::vector<table> tables{
      {"recokit", {}},
      {"trec_eval",
       {{"P", "precision@1", cut::underscore},
        {"recall", "recall@1", cut::underscore},
        {"relative_P", "recall(truncated)@1", cut::underscore},
        {"success", "hit_rate@1", cut::underscore},
        {"map_cut", "map(all)@1", cut::underscore},
        {"ndcg_cut", "ndcg(linear)@1", cut::underscore},
        {"map", "map(all)@1", cut::none},
        {"ndcg", "ndcg(linear)@1", cut::none},
        {"recip_rank", "mrr@1", cut::none},
        {"Rprec", "r_precision", cut::none},
        {"bpref", "bpref", cut::none},
        {"set_P", "precision@1", cut::none},
        {"set_recall", "recall@1", cut::none}}},
      {"ranx",
       {{"hit_rate", "hit_rate@1"},
        {"precision", "precision@1"},
        {"recall", "recall@1"},
        {"f1", "f1@1"},
        {"r-precision", "r_precision", cut::none},
        {"mrr", "mrr@1"},
        {"map", "map(all)@1"},
        {"dcg", "dcg(linear)@1"},
        {"dcg_burges", "dcg(exponential)@1"},
        {"ndcg", "ndcg(linear)@1"},
        {"ndcg_burges", "ndcg(exponential)@1"},
        {"rbp.50", "rbp(linear,p=0.5,max=1)@1", cut::none},
        {"rbp.80", "rbp(linear,p=0.8,max=1)@1", cut::none},
        {"rbp.90", "rbp(linear,p=0.9,max=1)@1", cut::none},
        {"rbp.95", "rbp(linear,p=0.95,max=1)@1", cut::none},
        {"bpref", "bpref", cut::none}}},
      {"recbole",
       {{"Hit", "hit_rate@1", cut::at},
        {"MRR", "mrr@1", cut::at},
        {"Precision", "precision@1", cut::at},
        {"Recall", "recall@1", cut::at},
        {"MAP", "map@1", cut::at},
        {"NDCG", "ndcg@1", cut::at},
        {"GAUC", "gauc", cut::none, average_ties_of_listed}}},
      {"rectools",
       {{"Precision", "precision@1", cut::at},
        {"Precision(r_precision=True)", "precision(truncated)@1", cut::at},
        {"Recall", "recall@1", cut::at},
        {"HitRate", "hit_rate@1", cut::at},
        {"F1Beta", "f1@1", cut::at},
        {"MAP", "map(all)@1", cut::at},
        {"MAP(divide_by_k=True)", "map(k)@1", cut::at},
        {"NDCG", "ndcg(ideal_filled)@1", cut::at},
        {"NDCG(divide_by_achievable=True)", "ndcg@1", cut::at},
        {"MRR", "mrr@1", cut::at},
        {"PartialAUC", "partial_auc(listed)@1", cut::at},
        {"PAP", "partial_auc(truncated)@1", cut::at}}},
      {"lenskit",
       {{"Precision", "precision(listed)@1"},
        {"Recall", "recall(truncated)@1"},
        {"Hit", "hit_rate@1"},
        {"RecipRank", "mrr@1"},
        {"AveragePrecision", "map(truncated_listed)@1"},
        {"DCG", "dcg(log2_rank)@1"},
        {"NDCG", "ndcg(log2_rank)@1"},
        {"NDCG(gain)", "ndcg(linear,log2_rank)@1"},
        {"NDCG(LogRankWeight(offset=1))", "ndcg@1"},
        {"RBP", "rbp(p=0.85)@1"}}},
      {"lenskit_0.14",
       {{"precision", "precision@1"},
        {"recall", "recall(truncated)@1", cut::maybe, skip_empty},
        {"hit", "hit_rate@1"},
        {"recip_rank", "mrr@1"},
        {"ndcg", "ndcg(linear,log2_rank)@1", cut::maybe, skip_empty}}},
      {"torchmetrics",
       {{"retrieval_precision", "precision(positive)@1"},
        {"retrieval_recall", "recall(positive)@1"},
        {"retrieval_average_precision", "map(hits,positive)@1"},
        {"retrieval_reciprocal_rank", "mrr(positive)@1"},
        {"retrieval_hit_rate", "hit_rate@1"},
        {"retrieval_r_precision", "r_precision", cut::none},
        {"retrieval_normalized_dcg", "ndcg(linear)@1", cut::maybe, average_ties}}},
      {"implicit",
       {{"precision", "precision(truncated,micro)@1", cut::at},
        {"map", "map@1", cut::at},
        {"ndcg", "ndcg@1", cut::at}}},
      {"irspack",
       {{"hit", "hit_rate@1", cut::at},
        {"recall", "recall@1", cut::at},
        {"precision", "precision(listed)@1", cut::at},
        {"map", "map(all)@1", cut::at},
        {"ndcg", "ndcg(ideal_listed)@1", cut::at}}},
      {"scikit-learn",
       {{"ndcg_score", "ndcg(linear)@1"},
        {"dcg_score", "dcg(linear)@1"},
        {"roc_auc_score", "auc", cut::none}}},
  };
  return std::find_if(tables.begin(), tables.end(),
                      [&](const table& t) { return t.preset == preset; })
      ->rows;
}

ranking_preset preset(std::string name, std::string library, ranking_options options,
                      bool counts_missing_lists, std::string notes) {
  ranking_preset result{std::move(name), std::move(library), options, counts_missing_lists, {},
                        std::move(notes)};
  for (const auto& row : rows_of(result.name)) {
    const char* const suffix = row.where == cut::none         ? ""
                               : row.where == cut::underscore ? "_K"
                               : row.where == cut::at         ? "@K"
                                                              : "[@K]";
    result.metrics.push_back(std::string(row.theirs) + suffix);
  }
  return result;
}

}  // namespace

const std::vector<ranking_preset>& ranking_presets() {
  using enum tie_policy;
  constexpr auto zero = empty_user_policy::zero;
  static const std::vector<ranking_preset> presets{
      preset("recokit", "recokit", {}, true, "The defaults of ranking_options."),
      preset("trec_eval", "trec_eval 10.0",
             {.relevance_level = 1,
              .gain_below_level = true,
              .ties = index_descending,
              .empty_users = zero,
              .negative_grades = negative_grade_policy::unjudged},
             false,
             "Ties are documents in descending order of their names, which index_descending is "
             "where items are numbered in that order. recip_rank and ndcg have no cut."),
      preset(
          "ranx", "ranx 0.3.21", {.relevance_level = 1, .empty_users = zero}, true,
          "Ties keep the order of the list, as ranx does for up to 15 entries. ranx's bpref is NaN "
          "when nothing is judged not relevant; here every listed hit then counts 1."),
      preset("recbole", "RecBole 1.2.1", {.ties = index_ascending}, true,
             "RecBole rounds means to four decimals and leaves the order of ties open."),
      preset("rectools", "RecTools 0.19.0", {}, true,
             "RecTools counts an item once more for each time it is recommended or held out twice; "
             "here repeats are an error."),
      preset("lenskit", "LensKit 2025.8.1", {.empty_users = zero}, false,
             "Means as in list_summary, where users without test items count as 0. Negative gains "
             "are clipped here and not there."),
      preset("lenskit_0.14", "LensKit 0.14.4", {.empty_users = zero}, false,
             "RecListAnalysis on lists with a rank column; recall and ndcg leave out users without "
             "test items."),
      preset("torchmetrics", "torchmetrics 1.9.0",
             {.relevance_level = above_zero, .empty_users = zero, .scope = relevant_scope::listed},
             false, "torchmetrics computes in single precision."),
      preset(
          "implicit", "implicit 0.7.3", {}, true,
          "Its precision is a truncated recall over all users at once. Its auc@K gives half credit "
          "for the items that the list leaves out; auc ranks them."),
      preset("irspack", "irspack 0.5.2", {.ties = index_ascending}, true, ""),
      preset("scikit-learn", "scikit-learn 1.9.1",
             {.relevance_level = above_zero,
              .ties = average,
              .empty_users = zero,
              .negative_grades = negative_grade_policy::error,
              .scope = relevant_scope::listed},
             false,
             "Items without a score do not exist. roc_auc_score has no value for a query of "
             "one class; here it is 0 without and 1 with relevant items alone."),
  };
  return presets;
}

const ranking_preset& find_ranking_preset(std::string_view name) {
  std::string known;
  for (const auto& preset : ranking_presets()) {
    if (preset.name == name) return preset;
    known += (known.empty() ? "" : ", ") + preset.name;
  }
  throw value_error("preset", "\"" + std::string(name) + "\"", "unknown; known are " + known);
}

preset_metric ranking_preset::operator()(std::string_view text) const {
  const auto& rows = rows_of(name);
  const auto made = [&](const ranking_metric& metric, const row* found) {
    preset_metric result{std::string(text), metric, options};
    if (found != nullptr && found->change != nullptr) found->change(result.options);
    return result;
  };
  for (const auto& row : rows) {
    if (!text.starts_with(row.theirs)) continue;
    const std::string_view rest = text.substr(row.theirs.size());
    if (rest.empty() && (row.where == cut::none || row.where == cut::maybe)) {
      return made(row.at(0), &row);
    }
    if (row.where == cut::none || !rest.starts_with(row.where == cut::underscore ? '_' : '@')) {
      continue;
    }
    int k = 0;
    const char* const last = rest.data() + rest.size();
    const auto [end, status] = std::from_chars(rest.data() + 1, last, k);
    if (status == std::errc{} && end == last && k >= 1) return made(row.at(k), &row);
  }
  try {
    const ranking_metric metric = parse_metric(text);
    // The library's way with the measure, where it has one.
    const auto same = std::find_if(rows.begin(), rows.end(),
                                   [&](const row& r) { return r.ours.measure == metric.measure; });
    return made(metric, same == rows.end() ? nullptr : &*same);
  } catch (const value_error& own) {
    std::string known;
    for (const auto& each : metrics) known += (known.empty() ? " has " : ", ") + each;
    throw value_error("metric", "\"" + std::string(text) + "\"",
                      library + known + "; as a name of recokit: " + own.requirement());
  }
}

}  // namespace recokit::inline RECOKIT_ABI
