// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The k nearest rows of mixed numbers and categories, exact.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/dense_view.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/nearest_direct.hpp>
#include <recokit/kernels/nearest_rows.hpp>
#include <recokit/kernels/neighbor_problem.hpp>
#include <recokit/kernels/row_tile.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// Category codes: rows × categorical columns.
using category_codes = row_major_matrix<index_t>;

namespace detail {

/// The codes of some rows, column by column.
class code_tile {
 public:
  void fill(const category_codes& codes, std::span<const index_t> rows) {
    size_ = rows.size();
    codes_.resize(size_ * static_cast<std::size_t>(codes.cols()));
    for (std::size_t r = 0; r < size_; ++r) {
      for (Eigen::Index c = 0; c < codes.cols(); ++c) {
        codes_[static_cast<std::size_t>(c) * size_ + r] = codes(rows[r], c);
      }
    }
  }
  std::size_t size() const noexcept { return size_; }
  const index_t* column(Eigen::Index c) const noexcept {
    return codes_.data() + static_cast<std::size_t>(c) * size_;
  }

 private:
  std::size_t size_ = 0;
  std::vector<index_t> codes_;
};

/// A block of a search among rows with codes.
struct mixed_block : direct_block {
  code_tile codes;
  std::vector<index_t> mismatches;
};

/// What tiles need of a problem when no matrix of numbers alone is behind it.
struct code_problem {
  std::span<const index_t> among;
  std::span<const index_t> queries;
  bool leaves_self_out = true;
  std::size_t k = 1;
  bool squares = true;  ///< keys are squared distances
  static constexpr neighbor_order order = neighbor_order::nearest;

  index_t query(std::size_t q) const noexcept { return queries[q]; }
  double distance(double key) const noexcept { return squares ? std::sqrt(key) : key; }
  index_t left_out(std::size_t q) const noexcept { return leaves_self_out ? queries[q] : -1; }
};

}  // namespace detail

/// As nearest_rows(), with the squared distance
/// Σ over numeric columns (a − b)² + mismatch_square · (number of columns with other categories).
///
/// @param numeric    rows × numeric columns, both may be none
/// @param categories the same rows
/// @param mismatch_square what one differing category adds, at least 0
/// @throws dimension_error when the rows differ; value_error for a mismatch_square that is negative
/// or not finite, and as nearest_rows()
///
/// queries · among · columns operations in vectors; scratch: a tile of rows a thread.
template <class Scalar>
neighbor_table nearest_mixed_rows(const cpu& policy, dense_view<Scalar> numeric,
                                  const category_codes& categories, double mismatch_square,
                                  std::span<const index_t> among, std::span<const index_t> queries,
                                  int k) {
  check::equal("numeric.rows()", numeric.rows(), "categories.rows()", categories.rows());
  if (!(mismatch_square >= 0 && std::isfinite(mismatch_square))) {
    throw value_error("mismatch_square", std::to_string(mismatch_square),
                      "must be finite and at least 0");
  }
  detail::check_neighbor_search(numeric.rows(), among, numeric.rows(), queries, k, true);
  detail::check_finite_rows(policy, "numeric", numeric, among);
  detail::check_finite_rows(policy, "numeric", numeric, queries);
  const detail::code_problem problem{among, queries, true, static_cast<std::size_t>(k)};
  neighbor_table table = detail::table_for(problem);
  detail::nearest_by_tiles<detail::mixed_block>(
      policy, problem, detail::every_query(problem),
      detail::row_tile::best_width(numeric.cols() + categories.cols()),
      [&](detail::mixed_block& block, std::span<const index_t> rows) {
        block.tile.fill(numeric, rows);
        block.codes.fill(categories, rows);
        block.mismatches.resize(rows.size());
      },
      [&](detail::mixed_block& block, std::size_t q) {
        const index_t query = problem.query(q);
        const Scalar* const row = numeric.row(query);
        block.query.assign(row, row + numeric.cols());
        block.tile.squares(block.query.data(), block.squared.data());
        const std::size_t size = block.tile.size();
        index_t* const mismatches = block.mismatches.data();
        std::fill_n(mismatches, size, 0);
        for (Eigen::Index c = 0; c < categories.cols(); ++c) {
          const index_t code = categories(query, c);
          const index_t* const column = block.codes.column(c);
          for (std::size_t r = 0; r < size; ++r) mismatches[r] += column[r] != code ? 1 : 0;
        }
        for (std::size_t r = 0; r < size; ++r) {
          const double added = rounded_product(mismatch_square, static_cast<double>(mismatches[r]));
          block.squared[r] += added;
        }
      },
      table);
  return table;
}

/// As nearest_rows(), with the distance Σ_c tables[c](code of a, code of b), as the value
/// difference metric has it; `distances` are these sums, not their roots.
///
/// @param tables    one for each column, square, values at least 0
/// @param with_self whether a row may be a neighbour of itself
/// @throws dimension_error unless there is one square table a column; value_error for a code
/// outside its table, a value that is negative or not finite, and as nearest_rows()
///
/// queries · among · columns look-ups; scratch: a tile of rows a thread.
inline neighbor_table nearest_categorical_rows(const cpu& policy, const category_codes& categories,
                                               std::span<const row_major_matrix<double>> tables,
                                               std::span<const index_t> among,
                                               std::span<const index_t> queries, int k,
                                               bool with_self) {
  check::equal("tables.size()", std::ssize(tables), "categories.cols()", categories.cols());
  detail::check_neighbor_search(categories.rows(), among, categories.rows(), queries, k,
                                !with_self);
  for (std::size_t c = 0; c < tables.size(); ++c) {
    const auto& table = tables[c];
    const std::string name = "tables[" + std::to_string(c) + "]";
    check::equal(name + ".cols()", table.cols(), name + ".rows()", table.rows());
    if (!(table.array() >= 0).all() || !table.allFinite()) {
      throw value_error(name, "a value", "must be finite and at least 0");
    }
    for (const auto rows : {among, queries}) {
      for (const index_t r : rows) {
        const index_t code = categories(r, static_cast<Eigen::Index>(c));
        if (code >= 0 && code < table.rows()) continue;
        check::index_in("categories(" + std::to_string(r) + ", " + std::to_string(c) + ")", code,
                        table.rows());
      }
    }
  }
  const detail::code_problem problem{among, queries, !with_self, static_cast<std::size_t>(k),
                                     false};
  neighbor_table found = detail::table_for(problem);
  detail::nearest_by_tiles<detail::mixed_block>(
      policy, problem, detail::every_query(problem),
      detail::row_tile::best_width(categories.cols()),
      [&](detail::mixed_block& block, std::span<const index_t> rows) {
        block.codes.fill(categories, rows);
      },
      [&](detail::mixed_block& block, std::size_t q) {
        const std::size_t size = block.codes.size();
        double* const sums = block.squared.data();
        std::fill_n(sums, size, 0.0);
        for (Eigen::Index c = 0; c < categories.cols(); ++c) {
          const auto& table = tables[static_cast<std::size_t>(c)];
          const double* const row = table.data() + categories(problem.query(q), c) * table.cols();
          const index_t* const column = block.codes.column(c);
          for (std::size_t r = 0; r < size; ++r) sums[r] += row[column[r]];
        }
      },
      found);
  return found;
}

#if defined(RECOKIT_COMPILED)
extern template neighbor_table nearest_mixed_rows(const cpu&, dense_view<float>,
                                                  const category_codes&, double,
                                                  std::span<const index_t>,
                                                  std::span<const index_t>, int);
extern template neighbor_table nearest_mixed_rows(const cpu&, dense_view<double>,
                                                  const category_codes&, double,
                                                  std::span<const index_t>,
                                                  std::span<const index_t>, int);
#endif

}  // namespace recokit::inline RECOKIT_ABI::kernels
