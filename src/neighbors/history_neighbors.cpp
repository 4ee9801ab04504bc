// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/check.hpp>
#include <recokit/core/top_k.hpp>
#include <recokit/neighbors/history_neighbors.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace {

double cosine(double dot, double squares, double other_squares) {
  const double below = std::sqrt(squares) * std::sqrt(other_squares);
  return below > 0 ? dot / below : 0.0;
}

std::vector<scored_item<>> list_of(top_k_selector<float>& selector) {
  const auto best = selector.finish();
  return {best.begin(), best.end()};
}

}  // namespace

std::vector<scored_item<>> row_neighbors(const csr_view<>& matrix, index_t row, int k) {
  check::index_in("row", row, matrix.rows());
  check::in_range("k", k, 1, std::numeric_limits<int>::max());
  std::vector<double> own(static_cast<std::size_t>(matrix.cols()), 0.0);
  std::vector<char> is_own(own.size(), 0);
  double squares = 0;
  const auto of = matrix.row(row);
  for (std::size_t n = 0; n < of.size(); ++n) {
    const auto x = static_cast<double>(of.value(n));
    own[static_cast<std::size_t>(of.indices[n])] = x;
    is_own[static_cast<std::size_t>(of.indices[n])] = 1;
    squares += x * x;
  }
  top_k_selector<float> selector(static_cast<std::size_t>(std::min<int>(k, matrix.rows())));
  for (index_t r = 0; r < matrix.rows(); ++r) {
    if (r == row) continue;
    const auto other = matrix.row(r);
    double dot = 0, other_squares = 0;
    bool meets = false;
    for (std::size_t n = 0; n < other.size(); ++n) {
      const auto x = static_cast<double>(other.value(n));
      const auto c = static_cast<std::size_t>(other.indices[n]);
      dot += own[c] * x;
      other_squares += x * x;
      meets |= is_own[c] != 0;
    }
    if (meets) selector.push(r, static_cast<float>(cosine(dot, squares, other_squares)));
  }
  return list_of(selector);
}

std::vector<scored_item<>> column_neighbors(const csr_view<>& matrix, index_t column, int k) {
  check::index_in("column", column, matrix.cols());
  check::in_range("k", k, 1, std::numeric_limits<int>::max());
  const auto count = static_cast<std::size_t>(matrix.cols());
  std::vector<double> dot(count, 0.0), squares(count, 0.0);
  std::vector<char> meets(count, 0);
  for (index_t r = 0; r < matrix.rows(); ++r) {
    const auto row = matrix.row(r);
    const auto at = std::lower_bound(row.indices.begin(), row.indices.end(), column);
    const bool has = at != row.indices.end() && *at == column;
    const double x =
        has ? static_cast<double>(row.value(static_cast<std::size_t>(at - row.indices.begin())))
            : 0.0;
    for (std::size_t n = 0; n < row.size(); ++n) {
      const auto c = static_cast<std::size_t>(row.indices[n]);
      const auto y = static_cast<double>(row.value(n));
      squares[c] += y * y;
      if (!has) continue;
      dot[c] += x * y;
      meets[c] = 1;
    }
  }
  top_k_selector<float> selector(static_cast<std::size_t>(std::min<int>(k, matrix.cols())));
  for (std::size_t c = 0; c < count; ++c) {
    if (meets[c] == 0 || std::cmp_equal(c, column)) continue;
    selector.push(
        static_cast<index_t>(c),
        static_cast<float>(cosine(dot[c], squares[static_cast<std::size_t>(column)], squares[c])));
  }
  return list_of(selector);
}

}  // namespace recokit::inline RECOKIT_ABI
