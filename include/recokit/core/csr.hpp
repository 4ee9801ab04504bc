// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Compressed sparse rows: the view that every fit takes, and the owning, shared matrix.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/config.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/core/parallel.hpp>

#include <Eigen/SparseCore>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// One row of a CSR matrix. `values` is empty when the matrix is pattern-only.
template <class Value, class Index>
struct csr_row {
  std::span<const Index> indices;
  std::span<const Value> values;

  std::size_t size() const noexcept { return indices.size(); }
  /// The value of the i-th stored entry; 1 in a pattern-only matrix.
  Value value(std::size_t i) const noexcept { return values.empty() ? Value{1} : values[i]; }
};

/// A read-only view of a users × items matrix in compressed sparse rows; copies nothing.
///
/// Row r holds the entries [offsets[r], offsets[r + 1]) of `indices` (column ids, strictly
/// ascending) and `values`. Without values every stored entry counts as 1. The memory belongs to
/// the caller and must outlive the view.
///
/// The constructors check everything once, in O(nonzeros) on all cores: offsets start at 0, never
/// fall and end at the number of entries; columns are in range, ascending, without duplicates;
/// values are finite. What passed is trusted by all of recokit afterwards.
///
/// @tparam Value  float or double
/// @tparam Index  column ids: std::int32_t or std::int64_t
/// @tparam Offset positions: std::int32_t or std::int64_t
template <class Value = float, class Index = index_t, class Offset = offset_t>
class csr_view {
  static_assert(std::floating_point<Value>, "recokit::csr_view: values must be float or double");
  static_assert(std::signed_integral<Index> && std::signed_integral<Offset>,
                "recokit::csr_view: indices and offsets must be signed integers");

 public:
  using value_type = Value;
  using index_type = Index;
  using offset_type = Offset;

  /// 0 × 0.
  csr_view() = default;

  /// Binds to rows + 1 offsets and to one column id (and, unless pattern-only, one value) an entry.
  /// @throws dimension_error, value_error naming the first defect and its row
  csr_view(std::int64_t rows, std::int64_t cols, std::span<const Offset> offsets,
           std::span<const Index> indices, std::span<const Value> values = {}) {
    if (rows < 0) throw value_error("rows", std::to_string(rows), "must not be negative");
    if (cols < 0) throw value_error("cols", std::to_string(cols), "must not be negative");
    if (std::cmp_greater(rows, std::numeric_limits<Index>::max()) ||
        std::cmp_greater(cols, std::numeric_limits<Index>::max())) {
      throw value_error("rows, cols", std::to_string(rows) + ", " + std::to_string(cols),
                        "must fit the index type of the view");
    }
    if (std::cmp_not_equal(offsets.size(), rows + 1)) {
      throw dimension_error("offsets.size()", static_cast<std::int64_t>(offsets.size()), "rows + 1",
                            rows + 1, "rows is the number of users");
    }
    if (!values.empty() && values.size() != indices.size()) {
      throw dimension_error("values.size()", static_cast<std::int64_t>(values.size()),
                            "indices.size()", static_cast<std::int64_t>(indices.size()));
    }
    *this = trusted(rows, cols, offsets.data(), indices.data(),
                    values.empty() ? nullptr : values.data());
    if (offsets.front() != 0) {
      throw value_error("offsets[0]", std::to_string(offsets.front()), "must be 0");
    }
    if (std::cmp_not_equal(offsets.back(), indices.size())) {
      throw dimension_error("offsets[rows]", static_cast<std::int64_t>(offsets.back()),
                            "indices.size()", static_cast<std::int64_t>(indices.size()));
    }
    check_rows();
  }

  /// Binds without looking at the entries: for memory that recokit itself built or has checked.
  static csr_view trusted(std::int64_t rows, std::int64_t cols, const Offset* offsets,
                          const Index* indices, const Value* values) noexcept {
    csr_view view;
    view.rows_ = static_cast<Index>(rows);
    view.cols_ = static_cast<Index>(cols);
    view.offsets_ = offsets;
    view.indices_ = indices;
    view.values_ = values;
    return view;
  }

  Index rows() const noexcept { return rows_; }
  Index cols() const noexcept { return cols_; }
  Offset nonzeros() const noexcept { return rows_ == 0 ? Offset{0} : offsets_[rows_]; }
  bool has_values() const noexcept { return values_ != nullptr; }

  /// Row r; r must be in [0, rows()).
  csr_row<Value, Index> row(std::int64_t r) const noexcept {
    const auto begin = static_cast<std::size_t>(offsets_[r]);
    const auto size = static_cast<std::size_t>(offsets_[r + 1]) - begin;
    if (size == 0) return {};
    return {{indices_ + begin, size},
            values_ ? std::span<const Value>{values_ + begin, size} : std::span<const Value>{}};
  }

  std::span<const Offset> offsets() const noexcept {
    return offsets_ ? std::span<const Offset>{offsets_, static_cast<std::size_t>(rows_) + 1}
                    : std::span<const Offset>{};
  }
  std::span<const Index> indices() const noexcept {
    return {indices_, static_cast<std::size_t>(nonzeros())};
  }
  /// Empty when the matrix is pattern-only.
  std::span<const Value> values() const noexcept {
    return values_ ? std::span<const Value>{values_, static_cast<std::size_t>(nonzeros())}
                   : std::span<const Value>{};
  }

  /// The same rows and columns with every value counted as 1.
  csr_view pattern() const noexcept { return trusted(rows_, cols_, offsets_, indices_, nullptr); }

 private:
  void check_rows() const {
    constexpr std::int64_t grain = 4096;
    // Offsets first: the loop over entries may only run on ranges known to be inside the arrays.
    parallel_for(cpu{}, rows_, grain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t r = begin; r < end; ++r) {
        if (offsets_[r + 1] < offsets_[r]) {
          throw value_error("offsets[" + std::to_string(r + 1) + "]",
                            std::to_string(offsets_[r + 1]),
                            "must not be less than offsets[" + std::to_string(r) +
                                "] = " + std::to_string(offsets_[r]));
        }
      }
    });
    parallel_for(cpu{}, rows_, grain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t r = begin; r < end; ++r) check_row(r);
    });
  }

  void check_row(std::int64_t r) const {
    Index previous = -1;
    for (auto k = offsets_[r]; k < offsets_[r + 1]; ++k) {
      const Index column = indices_[k];
      if (column <= previous || column >= cols_) [[unlikely]] {
        bad_column(r, column, previous);
      }
      previous = column;
    }
    if (!values_) return;
    for (auto k = offsets_[r]; k < offsets_[r + 1]; ++k) {
      if (!std::isfinite(values_[k])) [[unlikely]] {
        throw value_error(
            "value at row " + std::to_string(r) + ", column " + std::to_string(indices_[k]),
            std::to_string(values_[k]), "must be finite");
      }
    }
  }

  [[noreturn]] void bad_column(std::int64_t r, Index column, Index previous) const {
    const std::string where = "column id in row " + std::to_string(r);
    if (column < 0 || column >= cols_) {
      throw value_error(where, std::to_string(column),
                        "must be in [0, cols) with cols = " + std::to_string(cols_) +
                            "; rows are users and columns are items: is the matrix transposed?");
    }
    if (column == previous) {
      throw value_error(where, std::to_string(column),
                        "occurs twice; merge duplicate interactions first");
    }
    throw value_error(where, std::to_string(column),
                      "follows " + std::to_string(previous) +
                          "; column ids must ascend within a row, sort them first");
  }

  Index rows_ = 0;
  Index cols_ = 0;
  const Offset* offsets_ = nullptr;
  const Index* indices_ = nullptr;
  const Value* values_ = nullptr;
};

/// An immutable CSR matrix that shares ownership of its memory: copies cost a reference count.
template <class Value = float, class Index = index_t, class Offset = offset_t>
class csr_matrix {
 public:
  using view_type = csr_view<Value, Index, Offset>;

  /// 0 × 0.
  csr_matrix() = default;

  /// Takes the arrays over; an empty `values` makes a pattern-only matrix.
  /// @throws what the constructor of csr_view throws
  csr_matrix(std::int64_t rows, std::int64_t cols, std::vector<Offset> offsets,
             std::vector<Index> indices, std::vector<Value> values = {}) {
    struct arrays {
      std::vector<Offset> offsets;
      std::vector<Index> indices;
      std::vector<Value> values;
    };
    auto owned = std::make_shared<const arrays>(
        arrays{std::move(offsets), std::move(indices), std::move(values)});
    view_ = view_type(rows, cols, owned->offsets, owned->indices, owned->values);
    owner_ = std::move(owned);
  }

  /// Shares memory that `owner` keeps alive. `view` must have been checked.
  csr_matrix(view_type view, std::shared_ptr<const void> owner) noexcept
      : view_(view), owner_(std::move(owner)) {}

  const view_type& view() const noexcept { return view_; }
  // Implicit on purpose: an owning matrix goes wherever a view is taken.
  operator const view_type&() const noexcept { return view_; }

  Index rows() const noexcept { return view_.rows(); }
  Index cols() const noexcept { return view_.cols(); }
  Offset nonzeros() const noexcept { return view_.nonzeros(); }
  bool has_values() const noexcept { return view_.has_values(); }
  csr_row<Value, Index> row(std::int64_t r) const noexcept { return view_.row(r); }

  /// What keeps the memory alive; for building other views of the same memory.
  const std::shared_ptr<const void>& owner() const noexcept { return owner_; }

 private:
  view_type view_;
  std::shared_ptr<const void> owner_;
};

template <class Value, class Index, class Offset>
csr_view<Value, Index, Offset> as_csr(const csr_view<Value, Index, Offset>& view) noexcept {
  return view;
}

template <class Value, class Index, class Offset>
csr_view<Value, Index, Offset> as_csr(const csr_matrix<Value, Index, Offset>& matrix) noexcept {
  return matrix.view();
}

/// Binds to a row-major Eigen::SparseMatrix or a Map of one; copies nothing, checks everything.
/// @throws value_error when the matrix is not compressed, and what csr_view throws
template <class Derived>
auto as_csr(const Eigen::SparseCompressedBase<Derived>& base) {
  using value = std::remove_cv_t<typename Derived::Scalar>;
  using index = std::remove_cv_t<typename Derived::StorageIndex>;
  static_assert(Derived::IsRowMajor,
                "recokit: the Eigen sparse matrix is column-major; rows must be users. Use "
                "Eigen::SparseMatrix<float, Eigen::RowMajor>.");
  const Derived& matrix = base.derived();
  if (!matrix.isCompressed()) {
    throw value_error("matrix.isCompressed()", "false", "call makeCompressed() first");
  }
  const auto entries = static_cast<std::size_t>(matrix.nonZeros());
  return csr_view<value, index, index>(
      matrix.rows(), matrix.cols(),
      {matrix.outerIndexPtr(), static_cast<std::size_t>(matrix.rows()) + 1},
      {matrix.innerIndexPtr(), entries}, {matrix.valuePtr(), entries});
}

/// Anything that as_csr() turns into a view: csr_view, csr_matrix, interactions, row-major Eigen
/// sparse matrices and maps; your own type when as_csr(const your_type&) is found beside it.
template <class Source>
concept csr_source = requires(const Source& source) {
  as_csr(source);
};

/// as_csr with one readable sentence in place of an overload list when `Source` is something else.
template <class Source>
auto to_csr(const Source& source) {
  static_assert(csr_source<Source>,
                "recokit: expected interactions as compressed sparse rows: a recokit::csr_view, "
                "csr_matrix or interactions, or a row-major Eigen::SparseMatrix or Map of one.");
  if constexpr (csr_source<Source>) {
    return as_csr(source);
  } else {
    return csr_view<>{};  // unreachable: keeps the compiler from reporting anything further
  }
}

/// The interactions as the standard csr_matrix<> (float, int32 ids, int64 offsets), to be kept by a
/// model. A csr_matrix<> (or what converts to one, such as interactions) is shared, not copied; a
/// view is copied, because nothing says how long its memory lives.
template <class Source>
csr_matrix<> standard_csr(const Source& source) {
  if constexpr (requires { source.matrix(); }) {
    return standard_csr(source.matrix());
  } else if constexpr (std::same_as<Source, csr_matrix<>>) {
    return source;
  } else {
    const auto view = to_csr(source);
    const auto rows = static_cast<std::size_t>(view.rows());
    std::vector<offset_t> offsets(rows + 1, 0);
    std::copy(view.offsets().begin(), view.offsets().end(), offsets.begin());
    struct arrays {
      std::vector<offset_t> offsets;
      std::vector<index_t> indices;
      std::vector<float> values;
    };
    auto owned = std::make_shared<arrays>();
    owned->offsets = std::move(offsets);
    owned->indices.assign(view.indices().begin(), view.indices().end());
    owned->values.reserve(view.values().size());
    for (const auto value : view.values()) owned->values.push_back(static_cast<float>(value));
    const auto standard =
        csr_view<>::trusted(view.rows(), view.cols(), owned->offsets.data(), owned->indices.data(),
                            view.has_values() ? owned->values.data() : nullptr);
    return {standard, std::shared_ptr<const void>(std::move(owned))};
  }
}

/// The given rows of a matrix as a matrix of their own, in the order of `rows`.
/// @throws value_error naming the first that is out of range
template <class Value, class Index, class Offset>
csr_matrix<Value, Index, Offset> gather_rows(const csr_view<Value, Index, Offset>& matrix,
                                             std::span<const index_t> rows) {
  std::vector<Offset> offsets{0};
  std::vector<Index> indices;
  std::vector<Value> values;
  offsets.reserve(rows.size() + 1);
  for (const index_t r : rows) {
    check::index_in("row", r, matrix.rows());
    const auto row = matrix.row(r);
    indices.insert(indices.end(), row.indices.begin(), row.indices.end());
    values.insert(values.end(), row.values.begin(), row.values.end());
    offsets.push_back(static_cast<Offset>(indices.size()));
  }
  return {static_cast<std::int64_t>(rows.size()), matrix.cols(), std::move(offsets),
          std::move(indices), std::move(values)};
}

/// The transpose: items × users from users × items, rows ascending within each column.
/// O(nonzeros + threads × cols) time and O(threads × cols) scratch.
template <class Value, class Index, class Offset>
csr_matrix<Value, Index, Offset> transpose(const cpu& policy,
                                           const csr_view<Value, Index, Offset>& matrix) {
  struct arrays {
    std::unique_ptr<Offset[]> offsets;
    std::unique_ptr<Index[]> indices;
    std::unique_ptr<Value[]> values;
  };
  const auto rows = static_cast<std::int64_t>(matrix.rows());
  const auto cols = static_cast<std::size_t>(matrix.cols());
  const auto entries = static_cast<std::size_t>(matrix.nonzeros());
  auto owned = std::make_shared<arrays>();
  owned->offsets = std::make_unique_for_overwrite<Offset[]>(cols + 1);
  owned->indices = std::make_unique_for_overwrite<Index[]>(entries);
  if (matrix.has_values()) owned->values = std::make_unique_for_overwrite<Value[]>(entries);

  // Each part counts its own columns; a scan over parts then gives every part the place where its
  // first entry of each column goes, so the fill needs no atomics and the order is the row order.
  const auto offsets = matrix.offsets();
  const std::int64_t parts = std::min<std::int64_t>(
      thread_count(policy), 1 + static_cast<std::int64_t>(entries / (cols + 4096)));
  std::vector<std::int64_t> cut(static_cast<std::size_t>(parts) + 1, rows);
  cut[0] = 0;
  for (std::int64_t p = 1; p < parts; ++p) {
    const auto goal = static_cast<Offset>(static_cast<std::int64_t>(entries) / parts * p);
    cut[static_cast<std::size_t>(p)] =
        std::lower_bound(offsets.begin(), offsets.end() - 1, goal) - offsets.begin();
  }
  std::vector<Offset> place(static_cast<std::size_t>(parts) * cols, Offset{0});
  const auto part = [&](std::int64_t p, const auto& body) {
    Offset* const counts = place.data() + static_cast<std::size_t>(p) * cols;
    for (auto r = cut[static_cast<std::size_t>(p)]; r < cut[static_cast<std::size_t>(p) + 1]; ++r) {
      const auto row = matrix.row(r);
      for (std::size_t i = 0; i < row.size(); ++i) body(r, row, i, counts[row.indices[i]]);
    }
  };
  parallel_for(policy, parts, 1, [&](std::int64_t p, std::int64_t) {
    part(p, [](std::int64_t, const auto&, std::size_t, Offset& count) { ++count; });
  });
  Offset total{0};
  for (std::size_t c = 0; c < cols; ++c) {
    owned->offsets[c] = total;
    for (std::size_t p = 0; p < static_cast<std::size_t>(parts); ++p) {
      total += std::exchange(place[p * cols + c], total);
    }
  }
  owned->offsets[cols] = total;
  parallel_for(policy, parts, 1, [&](std::int64_t p, std::int64_t) {
    part(p, [&](std::int64_t r, const auto& row, std::size_t i, Offset& next) {
      owned->indices[static_cast<std::size_t>(next)] = static_cast<Index>(r);
      if (owned->values) owned->values[static_cast<std::size_t>(next)] = row.values[i];
      ++next;
    });
  });
  const auto view = csr_view<Value, Index, Offset>::trusted(
      matrix.cols(), rows, owned->offsets.get(), owned->indices.get(), owned->values.get());
  return {view, std::shared_ptr<const void>(std::move(owned))};
}

}  // namespace recokit::inline RECOKIT_ABI
