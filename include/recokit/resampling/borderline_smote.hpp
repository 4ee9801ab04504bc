// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Borderline-SMOTE: new rows only around rows of a class that other classes surround.
#pragma once

#include <recokit/core/all_rows.hpp>
#include <recokit/core/backend.hpp>
#include <recokit/core/params.hpp>
#include <recokit/kernels/nearest_rows.hpp>
#include <recokit/resampling/danger.hpp>
#include <recokit/resampling/draws.hpp>
#include <recokit/resampling/interpolate.hpp>
#include <recokit/resampling/new_rows.hpp>
#include <recokit/resampling/resample_function.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::borderline_smote {

enum class kind {
  borderline_1,  ///< neighbours are of the class
  borderline_2,  ///< neighbours are of any class; those of others are kept at half the distance
};
constexpr std::array<std::string_view, 2> enum_names(kind) {
  return {"borderline_1", "borderline_2"};
}

struct params {
  sampling_strategy strategy{};  ///< not in the table of fields: no number and no switch
  int k_neighbors = 5;           ///< neighbours of a row that it may be joined with
  int m_neighbors = 10;          ///< neighbours, of every class, that say where a row lies
  borderline_smote::kind kind = kind::borderline_1;
  std::uint64_t seed = 42;

  static constexpr auto fields() {
    return std::tuple{
        field("k_neighbors", &params::k_neighbors, 1, 65536,
              "neighbours of a row that it may be joined with"),
        field("m_neighbors", &params::m_neighbors, 1, 65536,
              "neighbours, of every class, that say where a row lies"),
        field("kind", &params::kind, "whose neighbours a row may be joined with"),
        field("seed", &params::seed, "of the draws"),
    };
  }
};

/// What resample runs.
struct sampler : detail::drawing_sampler<sampler, params> {
  static constexpr bool has_cuda = true;

  template <backend Policy, class Rows, class Draws>
  static auto draw(const Policy& policy, const Rows& rows, std::span<const index_t> labels,
                   const class_table& classes, const params& params, Draws& draws) {
    const cpu host = detail::host_of(policy);
    const bool own_class = params.kind == kind::borderline_1;
    const auto wanted = detail::wanted_rows(params.strategy, classes);
    detail::check_all_neighbors("params.m_neighbors", params.m_neighbors, classes.rows());
    if (own_class) {
      detail::check_class_neighbors("params.k_neighbors", params.k_neighbors, wanted, classes);
    } else {
      detail::check_all_neighbors("params.k_neighbors", params.k_neighbors, classes.rows());
    }

    const auto all = detail::all_rows(static_cast<index_t>(classes.rows()));
    detail::new_rows made;
    for (const auto& target : wanted) {
      const auto members = classes.rows_of(target.position);
      const auto danger = detail::rows_by_place(policy, rows, classes, all, members,
                                                target.position, params.m_neighbors)
                              .danger;
      if (danger.empty()) {
        made.unmet.push_back({target.label, target.rows, 0});
        continue;
      }
      const auto neighbors =
          kernels::nearest_rows(policy, rows, own_class ? members : std::span<const index_t>(all),
                                std::span<const index_t>(danger), params.k_neighbors);
      const auto added = made.add(target.label, target.rows);
      detail::draw_origins(host, draws, target.label, 0, danger, neighbors, 1, added);
      if (own_class) continue;
      parallel_for(host, target.rows, 4096, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          origin& drawn = added[static_cast<std::size_t>(i)];
          if (labels[static_cast<std::size_t>(drawn.neighbor)] == target.label) continue;
          auto&& random = draws.stream(random_purpose::resampled_damping, target.label, i);
          drawn.step *= 0.5 * random.uniform();
        }
      });
    }
    return detail::interpolate(host, rows, labels, std::move(made));
  }
};

/// Adds rows to the classes that the strategy names, as smote does, but only from rows in danger:
/// those of whose m nearest rows at least half, and not all, are of other classes. A row whose m
/// nearest are all of other classes counts as noise.
///
/// borderline_1 joins a row in danger with one of its k nearest of its class, borderline_2 with one
/// of its k nearest of all: when that is of another class, the step is halved and drawn once more,
///   base + u · v · (neighbor − base),  u uniform in [0, 1), v in [0, ½).
/// Han, Wang and Mao, "Borderline-SMOTE", ICIC 2005, with the draws of imbalanced-learn.
///
/// A class without a row in danger gets no rows, and stands in `unmet` of the result; where
/// imbalanced-learn leaves it without a word. A row is left out of its neighbours by its id.
///
/// @param source rows × columns, dense or sparse; new sparse rows have entries where either of
/// their
///               two rows has one
/// @param labels the class of each row
/// @return resampled or sparse_resampled of the scalar of the rows
/// @throws value_error for params or values out of range, fewer than two classes, a strategy that
///         does not fit them, m_neighbors not below the number of rows, or k_neighbors not below
///         that of the class (borderline_1) or of all rows (borderline_2): the text has the largest
///         that is legal; dimension_error unless each row has a label; memory_error
///
/// The neighbours are nearly all of the time: see kernels/nearest_rows.hpp. Memory beside the
/// result: 12 · max(k, m) bytes a row of the class. The same bits for any number of threads.
inline constexpr resample_function<sampler> resample{};

}  // namespace recokit::inline RECOKIT_ABI::borderline_smote
