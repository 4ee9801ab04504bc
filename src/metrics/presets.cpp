// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/metrics/presets.hpp>

#include <algorithm>
#include <limits>
#include <optional>

namespace recokit::inline RECOKIT_ABI {
namespace {

// Where a library lets the cut stand.
enum class cut { at, underscore, none, maybe };

struct row {
  std::string_view theirs;
  std::string_view ours;  // without its cut
  cut where = cut::maybe;
  void (*change)(ranking_options&) = nullptr;  // of the options of the library
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
       {{"P", "precision", cut::underscore},
        {"recall", "recall", cut::underscore},
        {"relative_P", "recall(truncated)", cut::underscore},
        {"success", "hit_rate", cut::underscore},
        {"map_cut", "map(all)", cut::underscore},
        {"ndcg_cut", "ndcg(linear)", cut::underscore},
        {"map", "map(all)", cut::none},
        {"ndcg", "ndcg(linear)", cut::none},
        {"recip_rank", "mrr", cut::none},
        {"Rprec", "r_precision", cut::none},
        {"bpref", "bpref", cut::none},
        {"set_P", "precision", cut::none},
        {"set_recall", "recall", cut::none}}},
      {"ranx",
       {{"hit_rate", "hit_rate"},
        {"precision", "precision"},
        {"recall", "recall"},
        {"f1", "f1"},
        {"r-precision", "r_precision", cut::none},
        {"mrr", "mrr"},
        {"map", "map(all)"},
        {"dcg", "dcg(linear)"},
        {"dcg_burges", "dcg(exponential)"},
        {"ndcg", "ndcg(linear)"},
        {"ndcg_burges", "ndcg(exponential)"},
        {"rbp.50", "rbp(linear,p=0.5,max=1)", cut::none},
        {"rbp.80", "rbp(linear,p=0.8,max=1)", cut::none},
        {"rbp.90", "rbp(linear,p=0.9,max=1)", cut::none},
        {"rbp.95", "rbp(linear,p=0.95,max=1)", cut::none},
        {"bpref", "bpref", cut::none}}},
      {"recbole",
       {{"Hit", "hit_rate", cut::at},
        {"MRR", "mrr", cut::at},
        {"Precision", "precision", cut::at},
        {"Recall", "recall", cut::at},
        {"MAP", "map", cut::at},
        {"NDCG", "ndcg", cut::at},
        {"GAUC", "gauc", cut::none, average_ties_of_listed}}},
      {"rectools",
       {{"Precision", "precision", cut::at},
        {"Precision(r_precision=True)", "precision(truncated)", cut::at},
        {"Recall", "recall", cut::at},
        {"HitRate", "hit_rate", cut::at},
        {"F1Beta", "f1", cut::at},
        {"MAP", "map(all)", cut::at},
        {"MAP(divide_by_k=True)", "map(k)", cut::at},
        {"NDCG", "ndcg(ideal_filled)", cut::at},
        {"NDCG(divide_by_achievable=True)", "ndcg", cut::at},
        {"MRR", "mrr", cut::at},
        {"PartialAUC", "partial_auc(listed)", cut::at},
        {"PAP", "partial_auc(truncated)", cut::at}}},
      {"lenskit",
       {{"Precision", "precision(listed)"},
        {"Recall", "recall(truncated)"},
        {"Hit", "hit_rate"},
        {"RecipRank", "mrr"},
        {"AveragePrecision", "map(truncated_listed)"},
        {"DCG", "dcg(log2_rank)"},
        {"NDCG", "ndcg(log2_rank)"},
        {"NDCG(gain)", "ndcg(linear,log2_rank)"},
        {"NDCG(LogRankWeight(offset=1))", "ndcg"},
        {"RBP", "rbp(p=0.85)"}}},
      {"lenskit_0.14",
       {{"precision", "precision"},
        {"recall", "recall(truncated)", cut::maybe, skip_empty},
        {"hit", "hit_rate"},
        {"recip_rank", "mrr"},
        {"ndcg", "ndcg(linear,log2_rank)", cut::maybe, skip_empty}}},
      {"torchmetrics",
       {{"retrieval_precision", "precision(positive)"},
        {"retrieval_recall", "recall(positive)"},
        {"retrieval_average_precision", "map(hits,positive)"},
        {"retrieval_reciprocal_rank", "mrr(positive)"},
        {"retrieval_hit_rate", "hit_rate"},
        {"retrieval_r_precision", "r_precision", cut::none},
        {"retrieval_normalized_dcg", "ndcg(linear)", cut::maybe, average_ties}}},
      {"implicit",
       {{"precision", "precision(truncated,micro)", cut::at},
        {"map", "map", cut::at},
        {"ndcg", "ndcg", cut::at}}},
      {"irspack",
       {{"hit", "hit_rate", cut::at},
        {"recall", "recall", cut::at},
        {"precision", "precision(listed)", cut::at},
        {"map", "map(all)", cut::at},
        {"ndcg", "ndcg(ideal_listed)", cut::at}}},
      {"scikit-learn",
       {{"ndcg_score", "ndcg(linear)"},
        {"dcg_score", "dcg(linear)"},
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
  const auto whole = [](const std::string& ours) {
    const bool no_cut = ours == "bpref" || ours == "auc" || ours == "gauc" || ours == "r_precision";
    return parse_metric(no_cut ? ours : ours + "@all");
  };
  const auto& rows = rows_of(name);
  const auto changed = [&](const row* found) {
    ranking_options result = options;
    if (found != nullptr && found->change != nullptr) found->change(result);
    return result;
  };
  for (const auto& row : rows) {
    if (!text.starts_with(row.theirs)) continue;
    const std::string ours(row.ours);
    const std::string_view rest = text.substr(row.theirs.size());
    if (rest.empty() && (row.where == cut::none || row.where == cut::maybe)) {
      return {std::string(text), whole(ours), changed(&row)};
    }
    const char mark = row.where == cut::underscore ? '_' : '@';
    const bool digits = rest.size() > 1 && rest.front() == mark &&
                        rest.find_first_not_of("0123456789", 1) == std::string_view::npos;
    if (digits && row.where != cut::none) {
      return {std::string(text), parse_metric(ours + "@" + std::string(rest.substr(1))),
              changed(&row)};
    }
  }
  try {
    const ranking_metric metric = parse_metric(text);
    // The library's way with the measure, where it has one.
    const auto same = std::find_if(rows.begin(), rows.end(), [&](const row& r) {
      return whole(std::string(r.ours)).measure == metric.measure;
    });
    return {std::string(text), metric, changed(same == rows.end() ? nullptr : &*same)};
  } catch (const value_error& own) {
    std::string known;
    for (const auto& each : metrics) known += each + ", ";
    throw value_error("metric", "\"" + std::string(text) + "\"",
                      "is not known to " + library +
                          (known.empty() ? ""
                                         : " (" + known +
                                               "K a "
                                               "number)") +
                          ", and not to recokit: " + own.requirement());
  }
}

}  // namespace recokit::inline RECOKIT_ABI
