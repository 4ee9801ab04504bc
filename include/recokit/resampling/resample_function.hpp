// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The call `resample([policy,] rows, labels [, params])`, the same for every sampler.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/cuda_context.hpp>
#include <recokit/core/dense_view.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/params.hpp>
#include <recokit/resampling/class_rows.hpp>
#include <recokit/resampling/mixed_rows.hpp>

#include <cmath>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>

namespace recokit::inline RECOKIT_ABI {
namespace detail {

/// A view of what the caller has: dense_view, csr_view, mixed_view or category_view.
template <class Source>
auto sampled_rows(const Source& source) {
  if constexpr (csr_source<Source>) {
    return to_csr(source);
  } else if constexpr (requires { dense_view(source); }) {
    return dense_view(source);
  } else if constexpr (requires { category_view(source); }) {
    return category_view(source);
  } else if constexpr (is_mixed_view<Source>) {
    return source;
  } else {
    static_assert(
        csr_source<Source>,
        "recokit: expected rows as a recokit::dense_view, a row-major Eigen matrix, map or "
        "block of one, or as compressed sparse rows (csr_view, csr_matrix, a row-major "
        "Eigen::SparseMatrix), of float or double.");
    return dense_view<float>{};  // unreachable: keeps the compiler from reporting anything further
  }
}

/// @throws value_error naming the first entry that is not finite
template <class Scalar>
void check_values(const cpu& policy, const dense_view<Scalar>& rows) {
  parallel_for(policy, rows.rows(), 1024, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      const Scalar* const row = rows.row(r);
      for (std::int64_t c = 0; c < rows.cols(); ++c) {
        if (std::isfinite(row[c])) continue;
        throw value_error("value at row " + std::to_string(r) + ", column " + std::to_string(c),
                          std::isnan(row[c]) ? "nan"
                          : row[c] > 0       ? "inf"
                                             : "-inf",
                          "must be finite");
      }
    }
  });
}

/// Sparse rows were checked when their view was made.
template <class Value, class Index, class Offset>
void check_values(const cpu&, const csr_view<Value, Index, Offset>&) {}
/// @throws value_error naming the first code below 0
inline void check_values(const cpu& policy, const category_view& rows) {
  const row_major_matrix<index_t>& codes = rows.codes();
  parallel_for(policy, codes.rows(), 1024, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      for (std::int64_t c = 0; c < codes.cols(); ++c) {
        if (codes(r, c) >= 0) continue;
        throw value_error("category at row " + std::to_string(r) + ", column " + std::to_string(c),
                          std::to_string(codes(r, c)), "must not be negative");
      }
    }
  });
}
template <class Scalar>
void check_values(const cpu& policy, const mixed_view<Scalar>& rows) {
  check_values(policy, rows.numeric());
  check_values(policy, category_view(rows.categories()));
}

/// The classes of the rows. @throws dimension_error unless there is a label for each of `rows`,
/// value_error when there are fewer than two classes
inline class_table classes_of(std::int64_t rows, std::span<const index_t> labels) {
  check::equal("labels.size()", static_cast<std::int64_t>(labels.size()), "rows.rows()", rows,
               "give each row one label");
  class_table classes(labels);
  if (classes.classes() < 2) {
    throw value_error(
        "labels",
        classes.classes() == 0 ? "no rows" : "class " + std::to_string(classes.label(0)) + " only",
        "must hold at least two classes");
  }
  return classes;
}

}  // namespace detail

/// The function object behind `resample` and `select` of a sampler. `Sampler` has params_type, a
/// static constexpr bools takes_nan and has_cuda (whether run takes cuda, too), and
///   static auto run(const cpu&, const Rows&, std::span<const index_t> labels, const class_table&,
///                   const params_type&)
/// for Rows a dense_view or csr_view (mixed_view, category_view), which gets params that passed
/// check_params, as many labels as rows, at least two classes and, unless takes_nan, finite values.
template <class Sampler>
struct resample_function {
  using params_type = typename Sampler::params_type;

  /// @param policy where to run
  /// @param source rows × columns: what a dense_view takes, a csr_source, a mixed_view or codes of
  /// categories, by what the sampler works on
  /// @param labels the class of each row
  template <backend Policy, class Source>
  auto operator()(const Policy& policy, const Source& source, std::span<const index_t> labels,
                  const params_type& params = {}) const {
    detail::require_backend<Policy, Sampler::has_cuda>();
    check_params("params", params);
    const auto rows = detail::sampled_rows(source);
    const class_table classes = detail::classes_of(rows.rows(), labels);
    if constexpr (!Sampler::takes_nan) detail::check_values(detail::host_of(policy), rows);
    const detail::policy_for_calls<Policy> kept(policy);
    return Sampler::run(kept.policy(), rows, labels, classes, params);
  }

  template <class Source>
    requires(!backend<Source>)
  auto operator()(const Source& source, std::span<const index_t> labels,
                  const params_type& params = {}) const {
    return (*this)(default_backend{}, source, labels, params);
  }
};

}  // namespace recokit::inline RECOKIT_ABI
