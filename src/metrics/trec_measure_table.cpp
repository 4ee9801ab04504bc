// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "trec_measure_table.hpp"

#include <array>

namespace recokit::inline RECOKIT_ABI::trec::detail {
namespace {

constexpr std::array<double, 9> ranks{5, 10, 15, 20, 30, 100, 200, 500, 1000};
constexpr std::array<double, 3> success_ranks{1, 5, 10};
constexpr std::array<double, 3> unjudged_ranks{5, 10, 20};
constexpr std::array<double, 11> tenths{0, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1};
constexpr std::array<double, 10> fifths{.2, .4, .6, .8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0};
constexpr std::array<double, 4> utility_weights{1, -1, 0, 0};
constexpr std::array<double, 1> one{1};
constexpr std::array<double, 1> ten{10};
constexpr std::span<const double> nothing{};

using enum parameter_kind;
constexpr auto mean = summary::mean;
constexpr auto sum = summary::sum;
constexpr auto geometric = summary::geometric_mean;

constexpr measure_entry table[] = {
    {"runid", summary::run_id, none, nothing, no_value, "run id of the last line of the run"},
    {"num_q", summary::query_count, none, nothing, count_query, "number of queries evaluated"},
    {"num_ret", sum, none, nothing, count_retrieved, "documents retrieved"},
    {"num_rel", sum, none, nothing, count_relevant, "relevant documents, retrieved or not"},
    {"num_rel_ret", sum, none, nothing, count_hits, "relevant documents retrieved"},
    {"map", mean, none, nothing, average_precision,
     "average precision: mean over the relevant documents of the precision at their rank"},
    {"gm_map", geometric, none, nothing, log_average_precision,
     "geometric mean over queries of the average precision, at least .00001 each"},
    {"Rprec", mean, none, nothing, r_precision, "precision at rank R, R relevant documents"},
    {"bpref", mean, none, nothing, bpref,
     "share of judged pairs in the right order: relevant over nonrelevant"},
    {"recip_rank", mean, none, nothing, reciprocal_rank,
     "1 / rank of the first relevant document; no cutoff (take -M)"},
    {"iprec_at_recall", mean, fractions, tenths, interpolated_precision,
     "highest precision at this recall or beyond: iprec_at_recall.0,.1,.2"},
    {"P", mean, cutoffs, ranks, precision_at,
     "precision at cutoffs, divided by the cutoff: P.5,10"},
    {"relstring", summary::rank_string, numbers, ten, no_value,
     "relevance of the first ranks as characters; - not in pool, . not judged, > above 9: "
     "relstring.20"},
    {"recall", mean, cutoffs, ranks, recall_at,
     "share of the relevant documents in the top: recall.5"},
    {"infAP", mean, none, nothing, inferred_average_precision,
     "average precision inferred from a judged sample of the pool (relevance -1: not judged)"},
    {"gm_bpref", geometric, none, nothing, log_bpref, "geometric mean over queries of bpref"},
    {"Rprec_mult", mean, fractions, fifths, r_precision_multiples,
     "precision at multiples of R: Rprec_mult.0.5,1"},
    {"utility", mean, numbers, utility_weights, utility,
     "a·relevant retrieved + b·nonrelevant retrieved + c·relevant missed + d·the rest of the "
     "collection (-N): utility.1,-1,0,0"},
    {"11pt_avg", mean, numbers, tenths, eleven_point_average,
     "interpolated precision averaged over recall points: 11pt_avg.0.2,0.5,0.8"},
    {"binG", mean, none, nothing, binary_g,
     "mean over relevant documents of 1 / log2(2 + nonrelevant documents above)"},
    {"G", mean, pairs, nothing, graded_g,
     "gain over log2(2 + gain lost above), normalised: G.1=3,2=9"},
    {"dcg", mean, pairs, nothing, dcg, "discounted cumulative gain of the whole list: dcg.1=3,2=9"},
    {"ideal_dcg", mean, pairs, nothing, ideal_dcg, "DCG of the best possible list"},
    {"ndcg", mean, pairs, nothing, ndcg,
     "DCG / ideal DCG over whole lists; gain is the relevance or what is given: ndcg.1=3.5,2=9"},
    {"ndcg_rel", mean, pairs, nothing, ndcg_over_relevant,
     "NDCG averaged over the ranks of documents with gain"},
    {"Rndcg", mean, pairs, nothing, ndcg_over_levels,
     "NDCG averaged over the ranks where the ideal gain falls"},
    {"ndcg_cut", mean, cutoffs, ranks, ndcg_at,
     "NDCG at cutoffs, ideal cut there too, gain is the relevance: ndcg_cut.5,10"},
    {"map_cut", mean, cutoffs, ranks, average_precision_at,
     "average precision of the top, divided by all relevant documents: map_cut.5,10"},
    {"relative_P", mean, cutoffs, ranks, relative_precision_at,
     "relevant documents in the top over min(cutoff, relevant): relative_P.5,10"},
    {"success", mean, cutoffs, success_ranks, success_at,
     "1 when the top has a relevant document: success.1,5,10"},
    {"set_P", mean, none, nothing, set_precision, "relevant retrieved / retrieved"},
    {"set_relative_P", mean, none, nothing, set_relative_precision,
     "relevant retrieved / min(retrieved, relevant)"},
    {"set_recall", mean, none, nothing, set_recall, "relevant retrieved / relevant"},
    {"set_map", mean, none, nothing, set_average_precision, "set_P · set_recall"},
    {"set_F", mean, numbers, one, set_f, "(x+1)·P·R / (x·P + R) of the set, x = 1: set_F.0.5"},
    {"num_nonrel_judged_ret", sum, none, nothing, count_nonrelevant_hits,
     "documents retrieved that were judged not relevant"},
    {"yaap", mean, none, nothing, yet_another_average_precision,
     "log((1 + s) / (1 + R - s)), s the sum of the precisions at relevant documents"},
    {"rbp", mean, pairs, nothing, rank_biased_precision,
     "rank-biased precision, persistence .9; gains are scaled into [0, 1]: rbp.p=0.8"},
    {"rbp_resid", mean, pairs, nothing, rank_biased_residual,
     "how much rbp could rise if unjudged documents were relevant: rbp_resid.p=0.8"},
    {"unj", mean, cutoffs, unjudged_ranks, unjudged_at,
     "unjudged documents in the top, divided by the cutoff: unj.5,10,20"},
};

}  // namespace

std::span<const measure_entry> measure_table() noexcept { return table; }

}  // namespace recokit::inline RECOKIT_ABI::trec::detail
