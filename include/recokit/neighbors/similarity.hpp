// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief How alike two items, or two users, are by the interactions that they share.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/core/params.hpp>

#include <array>
#include <string_view>
#include <tuple>

namespace recokit::inline RECOKIT_ABI {

/// The likeness of two vectors x and y: the columns of two items, or the rows of two users. n
/// counts the entries that both have, |X| and |Y| those that each has; what is not there counts as
/// 0 in ‖x‖, and is not looked at in means and in what is summed over common entries. λ is the
/// shrinkage. Every measure is 0 where it would divide by 0.
enum class similarity_measure {
  cosine,           ///< x·y / (‖x‖ ‖y‖ + λ)
  adjusted_cosine,  ///< cosine over common entries, each less the mean of the other side (of the
                    ///< user, for items), · n / (n + λ). Sarwar et al., WWW'01.
  pearson,          ///< correlation over common entries · n / (n + λ)
  jaccard,          ///< n / (|X| + |Y| − n + λ)
  tversky,          ///< n / (n + alpha (|X| − n) + beta (|Y| − n) + λ). Tversky, 1977.
  dice,             ///< 2n / (|X| + |Y| + λ)
  /// x·y / (‖x‖^2alpha ‖y‖^2(1 − alpha) + λ). Aiolli, RecSys'13.
  asymmetric_cosine,
  /// n / (|X| |Y|^beta + λ): the share of those with x that have y too; beta damps the popular.
  /// Deshpande and Karypis, TOIS 2004.
  conditional_probability,
  lift,       ///< n / (|X| |Y| / N + λ) with N users (items): above 1, more often than by chance
  euclidean,  ///< 1 / (1 + ‖x − y‖) · n / (n + λ)
};

constexpr std::array<std::string_view, 10> enum_names(similarity_measure) {
  return {"cosine",
          "adjusted_cosine",
          "pearson",
          "jaccard",
          "tversky",
          "dice",
          "asymmetric_cosine",
          "conditional_probability",
          "lift",
          "euclidean"};
}

/// What interactions weigh while similarities are computed; scores still sum the values themselves.
enum class similarity_weighting {
  none,
  tf_idf,  ///< weighting::tf_idf
  bm25,    ///< weighting::bm25
};

constexpr std::array<std::string_view, 3> enum_names(similarity_weighting) {
  return {"none", "tf_idf", "bm25"};
}

/// A measure and what changes its values, in this order.
struct similarity_options {
  similarity_weighting weighting = similarity_weighting::none;
  double bm25_k1 = 1.2;
  double bm25_b = 0.75;
  similarity_measure measure = similarity_measure::cosine;
  double alpha = 0.5;
  double beta = 0.5;
  double shrinkage = 0;
  int significance = 0;      ///< above 0: · min(n, significance) / significance
  double amplification = 1;  ///< sign(s) |s|^amplification
  int minimum_support = 1;   ///< pairs that share fewer are no neighbours

  friend bool operator==(const similarity_options&, const similarity_options&) = default;
};

namespace detail {

/// The fields of similarity_options for a params struct that has them as its own.
template <class Params>
constexpr auto similarity_fields() {
  return std::tuple{
      field("measure", &Params::measure, "of likeness; see similarity_measure"),
      field("weighting", &Params::weighting, "of interactions while similarities are computed"),
      field("shrinkage", &Params::shrinkage, 0, 1e9,
            "lambda of the measure, damps similarities that rest on few interactions"),
      field("minimum_support", &Params::minimum_support, 1, 1'000'000'000,
            "pairs that share fewer interactions are no neighbours"),
      field("significance", &Params::significance, 0, 1'000'000'000,
            "above 0: pairs that share n fewer weigh n / significance"),
      field("amplification", &Params::amplification, 1e-3, 100,
            "exponent of the similarity, its sign kept"),
      field("alpha", &Params::alpha, 0, 1e6, "of tversky and asymmetric_cosine"),
      field("beta", &Params::beta, 0, 1e6, "of tversky and conditional_probability"),
      field("bm25_k1", &Params::bm25_k1, 0, 1e9, "saturation of the weighting bm25"),
      field("bm25_b", &Params::bm25_b, 0, 1, "of the weighting bm25: weight of the user's length"),
  };
}

template <class Params>
similarity_options similarity_of(const Params& params) {
  return {params.weighting,     params.bm25_k1,        params.bm25_b,    params.measure,
          params.alpha,         params.beta,           params.shrinkage, params.significance,
          params.amplification, params.minimum_support};
}

}  // namespace detail
}  // namespace recokit::inline RECOKIT_ABI
