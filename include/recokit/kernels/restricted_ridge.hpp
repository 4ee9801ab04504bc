// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Ridge regression of every column of a sparse matrix on a few of the other columns.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/sparse_gram.hpp>

#include <Eigen/Cholesky>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// What is added to the diagonal of XᵀX: scale · its own value + shift.
struct gram_penalty {
  double shift = 0;
  double scale = 0;
};

namespace detail {

/// The systems of some rows of `support`, packed: for a row of m columns the lower triangle of
/// their Gram matrix row by row, then the m products with the target.
template <class Scalar>
struct ridge_batch {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::vector<std::size_t> offsets;  // where the system of begin, begin + 1, … starts
  std::unique_ptr<Scalar[]> values;

  static std::size_t size_of(std::size_t m) noexcept { return m * (m + 1) / 2 + m; }
  Scalar* system(std::int64_t row) const noexcept {
    return values.get() + offsets[static_cast<std::size_t>(row - begin)];
  }
};

/// Copies the elements of the Gram matrix that the systems of the batch are made of. Every row of
/// the Gram matrix is formed once and handed to all systems that need some of it.
template <class Scalar, class Value, class Index, class Offset>
void fill_systems(const cpu& policy, const csr_view<Value, Index, Offset>& users,
                  const csr_view<Value, Index, Offset>& items, const csr_view<>& support,
                  std::span<const std::int64_t> row_work, const ridge_batch<Scalar>& batch) {
  const auto count = static_cast<std::size_t>(items.rows());
  // Where row s of the Gram matrix goes: (target, place of s in its support), by s.
  struct use {
    index_t target;
    index_t place;
  };
  std::vector<std::size_t> first(count + 2, 0);
  const auto for_each_use = [&](const auto& reach) {
    for (std::int64_t j = batch.begin; j < batch.end; ++j) {
      const auto row = support.row(j).indices;
      if (row.empty()) continue;
      for (std::size_t p = 0; p < row.size(); ++p) reach(row[p], j, p);
      reach(static_cast<index_t>(j), j, row.size());
    }
  };
  for_each_use(
      [&](index_t s, std::int64_t, std::size_t) { ++first[static_cast<std::size_t>(s) + 2]; });
  for (std::size_t s = 2; s < first.size(); ++s) first[s] += first[s - 1];
  std::vector<use> uses(first.back());
  for_each_use([&](index_t s, std::int64_t j, std::size_t p) {
    uses[first[static_cast<std::size_t>(s) + 1]++] = {static_cast<index_t>(j),
                                                      static_cast<index_t>(p)};
  });

  std::vector<std::int64_t> work(count + 1, 0);
  for (std::size_t s = 0; s < count; ++s) {
    std::int64_t elements = 0;
    for (std::size_t n = first[s]; n < first[s + 1]; ++n) elements += uses[n].place + 1;
    if (elements > 0) elements += row_work[s + 1] - row_work[s];
    work[s + 1] = work[s] + elements;
  }
  scratch_pool<std::vector<Scalar>> pool([count] { return std::vector<Scalar>(count); });
  parallel_for_rows(policy, work.data(), static_cast<std::int64_t>(count), 1'000'000, 1,
                    [&](std::int64_t begin, std::int64_t end) {
                      const auto lease = pool.borrow();
                      std::vector<Scalar>& sums = *lease;
                      for (auto s = static_cast<std::size_t>(begin); std::cmp_less(s, end); ++s) {
                        if (first[s] == first[s + 1]) continue;
                        const auto item = items.row(static_cast<std::int64_t>(s));
                        for (std::size_t n = 0; n < item.size(); ++n) {
                          const auto weight = static_cast<Scalar>(item.value(n));
                          const auto user = users.row(item.indices[n]);
                          for (std::size_t m = 0; m < user.size(); ++m) {
                            sums[static_cast<std::size_t>(user.indices[m])] +=
                                weight * static_cast<Scalar>(user.value(m));
                          }
                        }
                        for (std::size_t n = first[s]; n < first[s + 1]; ++n) {
                          const auto row = support.row(uses[n].target).indices;
                          const auto p = static_cast<std::size_t>(uses[n].place);
                          Scalar* const to = batch.system(uses[n].target) + p * (p + 1) / 2;
                          // The last place is the target, whose products go to the end.
                          const std::size_t columns = std::min(p + 1, row.size());
                          for (std::size_t q = 0; q < columns; ++q) {
                            to[q] = sums[static_cast<std::size_t>(row[q])];
                          }
                        }
                        for (std::size_t n = 0; n < item.size(); ++n) {
                          for (const Index i : users.row(item.indices[n]).indices) {
                            sums[static_cast<std::size_t>(i)] = 0;
                          }
                        }
                      }
                    });
}

/// Solves a system of ridge_batch and writes the m coefficients.
template <class Scalar>
class ridge_solver {
 public:
  void solve(std::size_t m, const Scalar* packed, const gram_penalty& penalty, std::int64_t target,
             float* coefficients) {
    const auto size = static_cast<Eigen::Index>(m);
    if (system_.rows() != size) system_.resize(size, size);
    for (Eigen::Index p = 0; p < size; ++p) {
      std::copy_n(packed, p + 1, system_.data() + p * size);
      packed += p + 1;
      system_(p, p) = static_cast<Scalar>(static_cast<double>(system_(p, p)) * (1 + penalty.scale) +
                                          penalty.shift);
    }
    right_ = Eigen::Map<const vector>(packed, size);
    Eigen::LLT<Eigen::Ref<matrix>, Eigen::Upper> cholesky(system_);
    if (cholesky.info() != Eigen::Success) {
      throw error("restricted_ridge: the system of item " + std::to_string(target) + " with " +
                  std::to_string(m) +
                  " neighbours is not positive definite: raise params.regularization");
    }
    cholesky.solveInPlace(right_);
    for (Eigen::Index p = 0; p < size; ++p) coefficients[p] = static_cast<float>(right_[p]);
  }

 private:
  using matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  using vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
  matrix system_;
  vector right_;
};

}  // namespace detail

/// Bytes of systems that restricted_ridge holds at once, unless a single one is larger.
inline constexpr std::size_t ridge_batch_bytes = std::size_t{1} << 29;

/// For every item j, the coefficients w that minimise |x_j − X_S w|² + wᵀ (penalty) w over the
/// items S of row j of `support`: (X_Sᵀ X_S + penalty) w = X_Sᵀ x_j.
///
/// @param users   X, users × items; `items` is its transpose
/// @param support items × items, pattern or values alike; j itself must not be in row j
/// @param stop    asked between items, from any thread; true ends the call early
/// @returns one coefficient an entry of `support`
/// @throws error when a system is not positive definite in Scalar, memory_error when a single
/// system
///         does not fit
///
/// Σ_j m_j³/6 multiply-adds for supports of m_j items, as Cholesky factorizations by item; and for
/// each batch of items whose systems fill ridge_batch_bytes Σ_u n_u² for the rows of the Gram
/// matrix, which are formed one at a time and never kept: memory is that of a batch. The same bits
/// for any number of threads.
template <class Scalar, class Value, class Index, class Offset>
std::vector<float> restricted_ridge(const cpu& policy, const csr_view<Value, Index, Offset>& users,
                                    const csr_view<Value, Index, Offset>& items,
                                    const csr_view<>& support, const gram_penalty& penalty,
                                    const std::function<bool()>& stop) {
  using batch_type = detail::ridge_batch<Scalar>;
  std::vector<float> coefficients(static_cast<std::size_t>(support.nonzeros()));
  const std::vector<std::int64_t> row_work = gram_row_work(policy, users, items);
  scratch_pool<detail::ridge_solver<Scalar>> pool([] { return detail::ridge_solver<Scalar>{}; });
  for (batch_type batch; batch.end < support.rows() && !stop();) {
    batch.begin = batch.end;
    batch.offsets.assign(1, 0);
    while (batch.end < support.rows()) {
      const std::size_t size = batch_type::size_of(support.row(batch.end).size());
      if (batch.end > batch.begin &&
          (batch.offsets.back() + size) * sizeof(Scalar) > ridge_batch_bytes) {
        break;
      }
      batch.offsets.push_back(batch.offsets.back() + size);
      ++batch.end;
    }
    check::fits_memory("restricted_ridge: the system of an item",
                       check::bytes("restricted_ridge", batch.offsets.back(), 1, sizeof(Scalar)));
    batch.values = nullptr;  // before the next are there
    batch.values = std::make_unique_for_overwrite<Scalar[]>(batch.offsets.back());
    detail::fill_systems(policy, users, items, support, row_work, batch);
    parallel_for(policy, batch.end - batch.begin, 8, [&](std::int64_t begin, std::int64_t end) {
      const auto solver = pool.borrow();
      for (std::int64_t j = batch.begin + begin; j < batch.begin + end && !stop(); ++j) {
        const std::size_t m = support.row(j).size();
        if (m == 0) continue;
        solver->solve(m, batch.system(j), penalty, j,
                      coefficients.data() + support.offsets()[static_cast<std::size_t>(j)]);
      }
    });
  }
  return coefficients;
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
