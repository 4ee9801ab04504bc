// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Random over-sampling: rows drawn again, as they are or with noise around them.
#pragma once

#include <recokit/core/params.hpp>
#include <recokit/resampling/column_spread.hpp>
#include <recokit/resampling/draws.hpp>
#include <recokit/resampling/interpolate.hpp>
#include <recokit/resampling/new_rows.hpp>
#include <recokit/resampling/resample_function.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace recokit::inline RECOKIT_ABI::random_over {

/// Of every class, or of each class by label.
using shrinkage = std::variant<double, std::map<index_t, double>>;

struct params {
  // The first two are not in the table of fields: no numbers and no switches.
  sampling_strategy strategy{};
  /// 0: rows are copied. Above: each copy is moved by normal noise whose standard deviation is this
  /// share of a rule of thumb for the column; finite, not negative, and one for every class that
  /// gets rows.
  random_over::shrinkage shrinkage = 0.0;
  std::uint64_t seed = 42;

  static constexpr auto fields() {
    return std::tuple{field("seed", &params::seed, "of the draws")};
  }
};

namespace detail_random_over {

/// The shrinkage of each target. @throws value_error for one that is missing or out of range
std::vector<double> shrinkages(const shrinkage& given,
                               std::span<const detail::class_target> wanted);

/// Standard deviations of the noise around a row of one class.
template <class Rows>
Eigen::VectorXd noise_stddev(const cpu& policy, const Rows& rows, std::span<const index_t> members,
                             double shrinkage) {
  const auto d = static_cast<double>(rows.cols());
  const auto n = static_cast<double>(rows.rows());
  const double width = std::pow(4 / ((d + 2) * n), 1 / (d + 4));
  return shrinkage * width * detail::column_stddev(policy, rows, members);
}

/// The noise of one class.
struct class_noise {
  index_t label;
  std::int64_t first;      ///< its first new row
  Eigen::VectorXd stddev;  ///< of each column; empty: rows are copied
};

/// Standard normal numbers for new row `i`, one a column.
template <class Draws>
void draw_noise(Draws& draws, const class_noise& noise, std::int64_t i,
                std::vector<double>& normals) {
  auto&& random = draws.stream(random_purpose::resampled_noise, noise.label, i - noise.first);
  for (double& value : normals) value = random.normal();
}

/// The noise of the class of new row `i`. @param noises ascending by first row
inline const class_noise& noise_of_row(std::span<const class_noise> noises, std::int64_t i) {
  const auto after = std::upper_bound(
      noises.begin(), noises.end(), i,
      [](std::int64_t row, const class_noise& noise) { return row < noise.first; });
  return *(after - 1);
}

template <class Scalar, class Draws>
resampled<Scalar> make(const cpu& policy, const dense_view<Scalar>& rows,
                       std::span<const index_t> labels, detail::new_rows&& made,
                       std::span<const class_noise> noises, Draws& draws) {
  scratch_pool<std::vector<double>> buffers(
      [&] { return std::vector<double>(static_cast<std::size_t>(rows.cols())); });
  return detail::with_new_rows(
      policy, rows, labels, std::move(made), [&](std::int64_t i, const origin& from, Scalar* row) {
        const Scalar* const base = rows.row(from.base);
        const class_noise& noise = noise_of_row(noises, i);
        if (noise.stddev.size() == 0) {
          std::copy_n(base, rows.cols(), row);
          return;
        }
        const auto normals = buffers.borrow();
        draw_noise(draws, noise, i, *normals);
        for (std::int64_t c = 0; c < rows.cols(); ++c) {
          row[c] = static_cast<Scalar>(static_cast<double>(base[c]) +
                                       noise.stddev[c] * (*normals)[static_cast<std::size_t>(c)]);
        }
      });
}

template <class Value, class Index, class Offset, class Draws>
sparse_resampled<Value> make(const cpu& policy, const csr_view<Value, Index, Offset>& rows,
                             std::span<const index_t> labels, detail::new_rows&& made,
                             std::span<const class_noise> noises, Draws& draws) {
  scratch_pool<std::vector<double>> buffers(
      [&] { return std::vector<double>(static_cast<std::size_t>(rows.cols())); });
  return detail::with_new_rows(
      policy, rows, labels, std::move(made),
      [&](std::int64_t i, const origin& from) {
        const Eigen::VectorXd& stddev = noise_of_row(noises, i).stddev;
        const auto row = rows.row(from.base);
        if (stddev.size() == 0) return static_cast<offset_t>(row.size());
        offset_t entries = (stddev.array() != 0).count();
        for (const auto column : row.indices) entries += stddev[column] == 0;
        return entries;
      },
      [&](std::int64_t i, const origin& from, index_t* columns, Value* values) {
        const class_noise& noise = noise_of_row(noises, i);
        const auto row = rows.row(from.base);
        if (noise.stddev.size() == 0) {
          for (std::size_t e = 0; e < row.size(); ++e) {
            columns[e] = static_cast<index_t>(row.indices[e]);
            values[e] = row.value(e);
          }
          return;
        }
        const auto normals = buffers.borrow();
        draw_noise(draws, noise, i, *normals);
        std::size_t e = 0;
        for (std::int64_t c = 0; c < rows.cols(); ++c) {
          const bool stored = e < row.size() && row.indices[e] == c;
          if (!stored && noise.stddev[c] == 0) continue;
          const double base = stored ? static_cast<double>(row.value(e++)) : 0;
          *columns++ = static_cast<index_t>(c);
          *values++ =
              static_cast<Value>(base + noise.stddev[c] * (*normals)[static_cast<std::size_t>(c)]);
        }
      });
}

}  // namespace detail_random_over

/// What resample runs.
struct sampler : detail::drawing_sampler<sampler, params> {
  static constexpr bool takes_nan = true;

  template <class Rows, class Draws>
  static auto draw(const cpu& policy, const Rows& rows, std::span<const index_t> labels,
                   const class_table& classes, const params& params, Draws& draws) {
    const auto wanted = detail::wanted_rows(params.strategy, classes);
    const auto shrinkages = detail_random_over::shrinkages(params.shrinkage, wanted);
    detail::new_rows made;
    std::vector<detail_random_over::class_noise> noises;
    for (std::size_t t = 0; t < wanted.size(); ++t) {
      const auto& target = wanted[t];
      const auto members = classes.rows_of(target.position);
      noises.push_back({target.label, static_cast<std::int64_t>(made.origins.size()), {}});
      if (shrinkages[t] > 0) {
        noises.back().stddev =
            detail_random_over::noise_stddev(policy, rows, members, shrinkages[t]);
      }
      const auto added = made.add(target.label, target.rows);
      parallel_for(policy, target.rows, 4096, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          auto&& random = draws.stream(random_purpose::resampled_base, target.label, i);
          const index_t base = members[static_cast<std::size_t>(random.below(members.size()))];
          added[static_cast<std::size_t>(i)] = {base, base, 0};
        }
      });
    }
    return detail_random_over::make(policy, rows, labels, std::move(made), noises, draws);
  }
};

/// Adds rows to the classes that the strategy names: rows of the class drawn with replacement, all
/// alike. With shrinkage s above 0 every column c of a copy gets normal noise with standard
/// deviation
///   s · (4 / ((d + 2) · n))^(1 / (d + 4)) · σ_c
/// for n rows (of all classes, as in imbalanced-learn) of d columns and the standard deviation σ_c
/// of the column within the class: a smoothed bootstrap (Menardi and Torelli, "Training and
/// assessing classification rules with imbalanced data", DMKD 28, 2014).
///
/// Origins give the base twice, with step 0, with noise too. Dense rows may hold NaN and
/// infinities.
///
/// @param source rows × columns, dense or sparse; with noise a sparse new row has an entry in every
///               column whose values differ within the class
/// @param labels the class of each row
/// @return resampled or sparse_resampled of the scalar of the rows
/// @throws value_error for fewer than two classes, a strategy that does not fit them, and a
/// shrinkage
///         that is negative, not finite or missing for a class; dimension_error unless each row has
///         a label; memory_error
///
/// O(rows · columns) of the result. The same bits for any number of threads; with noise, on
/// machines whose std::log and std::sin agree.
inline constexpr resample_function<sampler> resample{};

}  // namespace recokit::inline RECOKIT_ABI::random_over
