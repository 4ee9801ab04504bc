// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/errors.hpp>
#include <recokit/factorization/nmf_update.hpp>
#include <recokit/kernels/gram.hpp>
#include <recokit/kernels/sparse_times_dense.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>

namespace recokit::inline RECOKIT_ABI::nmf::detail {
namespace {

using row_vector = Eigen::Matrix<float, 1, Eigen::Dynamic>;
using row_map = Eigen::Map<row_vector>;
using const_row_map = Eigen::Map<const row_vector>;

// Below it a denominator counts as this.
constexpr float tiny = 1e-30f;
// Fold-in ends when no factor moves by more than this share of the largest, or after that many
// updates.
constexpr float settled = 1e-6f;
constexpr int most_updates = 2000;

// Updates rows one at a time, in the work space of one thread.
class row_updater {
 public:
  row_updater(const row_major_matrix<float>& fixed, const totals& of_fixed, const side& side)
      : fixed_(fixed), of_fixed_(of_fixed), side_(side), next_(fixed.cols()), sums_(fixed.cols()) {}

  // Up to `updates` updates of w; ends when it has settled.
  // @param products Σ x h over the entries; only read with missing::zero and the Frobenius loss
  void update(const csr_row<float, index_t>& row, const_row_map products, row_map w, int updates) {
    const double cells = side_.missing == missing::zero ? static_cast<double>(fixed_.rows())
                                                        : static_cast<double>(row.size());
    l1_ = static_cast<float>(side_.l1 * cells);
    l2_ = static_cast<float>(side_.l2 * cells);
    const bool by_entries = side_.missing == missing::ignored || side_.loss != loss::frobenius;
    if (by_entries) gather(row);
    const bool coordinate = side_.solver == solver::coordinate;
    if (by_entries && coordinate) residual_ = values_ - w * columns_;
    for (int done = 0; done < updates; ++done) {
      const float moved =
          by_entries ? (coordinate ? sweep_entries(w) : multiply_entries(w))
                     : (coordinate ? sweep_cells(products, w) : multiply_cells(products, w));
      if (moved <= settled * w.maxCoeff()) break;
    }
  }

 private:
  // Column k of columns_ is the row of the other side at entry k: coordinate t lies in row t.
  void gather(const csr_row<float, index_t>& row) {
    const auto n = static_cast<Eigen::Index>(row.size());
    columns_.resize(fixed_.cols(), n);
    values_.resize(n);
    for (Eigen::Index k = 0; k < n; ++k) {
      columns_.col(k) = fixed_.row(row.indices[static_cast<std::size_t>(k)]).transpose();
      values_[k] = row.value(static_cast<std::size_t>(k));
    }
  }

  // Sets one factor to its best value. @returns by how much it rose. What is not a number stays so:
  // half_step looks for it.
  float best(float& factor, float gradient, float curvature) const {
    if (curvature <= 0) return 0;
    const float wanted = factor - gradient / curvature;
    const float now = wanted < 0 ? 0.0f : wanted;
    return now - std::exchange(factor, now);
  }

  float sweep_cells(const_row_map products, row_map w) const {
    float moved = 0;
    for (Eigen::Index t = 0; t < w.size(); ++t) {
      const float gradient = w.dot(of_fixed_.gram.row(t)) - products[t] + l1_ + l2_ * w[t];
      moved = std::max(moved, std::abs(best(w[t], gradient, of_fixed_.gram(t, t) + l2_)));
    }
    return moved;
  }

  float sweep_entries(row_map w) {
    float moved = 0;
    for (Eigen::Index t = 0; t < w.size(); ++t) {
      const auto h = columns_.row(t);
      const float gradient = -h.dot(residual_) + l1_ + l2_ * w[t];
      const float change = best(w[t], gradient, h.squaredNorm() + l2_);
      if (change != 0) residual_ -= change * h;
      moved = std::max(moved, std::abs(change));
    }
    return moved;
  }

  float multiply_cells(const_row_map products, row_map w) {
    next_.noalias() = w * of_fixed_.gram;
    return multiply(products, w);
  }

  float multiply_entries(row_map w) {
    residual_.noalias() = w * columns_;
    if (side_.loss == loss::frobenius) {
      next_.noalias() = residual_ * columns_.transpose();
      sums_.noalias() = values_ * columns_.transpose();
    } else {
      residual_ = (values_.array() / residual_.array().max(tiny)).matrix();
      sums_.noalias() = residual_ * columns_.transpose();
      if (side_.missing == missing::ignored) {
        next_ = columns_.rowwise().sum().transpose();
      } else {
        next_ = const_row_map(of_fixed_.sums.data(), w.size());
      }
    }
    return multiply(const_row_map(sums_.data(), sums_.size()), w);
  }

  // w ∘ numerators / (next_ + penalties).
  float multiply(const_row_map numerators, row_map w) {
    float moved = 0;
    for (Eigen::Index t = 0; t < w.size(); ++t) {
      const float now = w[t] * numerators[t] / std::max(next_[t] + l1_ + l2_ * w[t], tiny);
      moved = std::max(moved, std::abs(now - std::exchange(w[t], now)));
    }
    return moved;
  }

  const row_major_matrix<float>& fixed_;
  const totals& of_fixed_;
  side side_;
  float l1_ = 0;
  float l2_ = 0;
  row_major_matrix<float> columns_;  // d × entries
  row_vector values_;
  row_vector residual_;
  row_vector next_;
  row_vector sums_;
};

void update_rows(const cpu& policy, const csr_view<>& matrix, const row_major_matrix<float>& fixed,
                 const totals& of_fixed, const side& side, int updates,
                 row_major_matrix<float>& solved, const std::function<bool()>& stop) {
  const Eigen::Index d = fixed.cols();
  row_major_matrix<float> products;
  const bool by_cells = side.missing == missing::zero && side.loss == loss::frobenius;
  if (by_cells) kernels::sparse_times_dense(policy, matrix, fixed, products, stop);
  scratch_pool<row_updater> pool([&] { return row_updater(fixed, of_fixed, side); });
  const std::int64_t work = std::max<std::int64_t>(500'000 / d, 64);
  parallel_for_rows(
      policy, matrix.offsets().data(), matrix.rows(), work, by_cells ? d : 4,
      [&](std::int64_t begin, std::int64_t end) {
        if (stop()) return;
        const auto space = pool.borrow();
        for (std::int64_t r = begin; r < end; ++r) {
          const auto row = matrix.row(r);
          if (row.size() == 0) {
            solved.row(r).setZero();
            continue;
          }
          space->update(
              row, {by_cells ? products.data() + r * d : nullptr, by_cells ? d : Eigen::Index{0}},
              {solved.data() + r * d, d}, updates);
        }
      });
}

// Rows without entries say nothing of what is ignored: they become `row`.
void fill_empty(const csr_view<>& matrix, const row_vector& row, row_major_matrix<float>& solved) {
  for (index_t r = 0; r < matrix.rows(); ++r) {
    if (matrix.row(r).size() == 0) solved.row(r) = row;
  }
}

bool has_empty(const csr_view<>& matrix) {
  const auto offsets = matrix.offsets();
  return std::adjacent_find(offsets.begin(), offsets.end()) != offsets.end();
}

// The mean of rows whose flag holds, in double and in order.
template <class Counts>
row_vector mean_row(const row_major_matrix<float>& rows, const Counts& counts) {
  Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(rows.cols());
  double n = 0;
  for (Eigen::Index r = 0; r < rows.rows(); ++r) {
    if (!counts(r)) continue;
    sum += rows.row(r).cast<double>();
    ++n;
  }
  return (sum / std::max(n, 1.0)).cast<float>();
}

// Penalties of one side.
double penalty(const csr_view<>& matrix, std::int64_t cells, const row_major_matrix<float>& rows,
               const side& side) {
  if (side.l1 == 0 && side.l2 == 0) return 0;
  double sum = 0;
  for (index_t r = 0; r < matrix.rows(); ++r) {
    const auto w = rows.row(r).cast<double>();
    const double counted = side.missing == missing::zero
                               ? static_cast<double>(cells)
                               : static_cast<double>(matrix.row(r).size());
    sum += counted * (side.l1 * w.template lpNorm<1>() + side.l2 / 2 * w.squaredNorm());
  }
  return sum;
}

}  // namespace

totals totals_of(const cpu& policy, const row_major_matrix<float>& rows) {
  totals found{kernels::gram(policy, rows, 1.0f), {}};
  const Eigen::RowVectorXd sums = rows.cast<double>().colwise().sum();
  for (const double sum : sums) found.sums.push_back(static_cast<float>(sum));
  return found;
}

void check_values(const csr_view<>& data) {
  for (const float value : data.values()) {
    if (value < 0) {
      throw value_error("interaction value", std::to_string(value),
                        "must not be negative: a product of nonnegative factors cannot be; shift "
                        "the values");
    }
  }
}

double first_stddev(const csr_view<>& data, nmf::missing missing, int d) {
  double sum = 0;
  for (const float value : data.values()) sum += double{value};
  if (!data.has_values()) sum = static_cast<double>(data.nonzeros());
  const double cells = missing == missing::zero
                           ? static_cast<double>(data.rows()) * static_cast<double>(data.cols())
                           : static_cast<double>(data.nonzeros());
  return std::sqrt(sum / cells / d);
}

void half_step(const cpu& policy, const csr_view<>& matrix, const row_major_matrix<float>& fixed,
               const totals& of_fixed, const side& side, row_major_matrix<float>& solved,
               const std::function<bool()>& cancelled) {
  update_rows(policy, matrix, fixed, of_fixed, side, 1, solved, cancelled);
  if (cancelled()) throw cancelled_error("nmf::fit");
  if (!solved.allFinite()) {
    throw error("nmf::fit: the factors are no longer finite; take values of a smaller scale");
  }
  if (side.missing == missing::ignored && has_empty(matrix)) {
    fill_empty(matrix, mean_row(solved, [&](Eigen::Index r) { return matrix.row(r).size() > 0; }),
               solved);
  }
}

row_major_matrix<float> solved_rows(const cpu& policy, const csr_view<>& matrix,
                                    const row_major_matrix<float>& fixed, const totals& of_fixed,
                                    const row_major_matrix<float>& peers, const side& side) {
  nmf::detail::side exact = side;
  if (side.loss == loss::frobenius) exact.solver = solver::coordinate;
  row_major_matrix<float> solved = row_major_matrix<float>::Constant(
      matrix.rows(), fixed.cols(), exact.solver == solver::coordinate ? 0.0f : 1.0f);
  update_rows(policy, matrix, fixed, of_fixed, exact, most_updates, solved, [] { return false; });
  if (side.missing == missing::ignored && has_empty(matrix)) {
    fill_empty(matrix, mean_row(peers, [](Eigen::Index) { return true; }), solved);
  }
  return solved;
}

double loss_of(const cpu& policy, const csr_view<>& data, const row_major_matrix<float>& users,
               const row_major_matrix<float>& items, const side& user_side, const side& item_side) {
  const bool squares = user_side.loss == loss::frobenius;
  const bool zero = user_side.missing == missing::zero;
  // Over the interactions; what all other cells add is taken off here and added whole below.
  const double observed = parallel_reduce(
      policy, data.rows(), 256, 0.0,
      [&](std::int64_t begin, std::int64_t end) {
        double sum = 0;
        for (std::int64_t r = begin; r < end; ++r) {
          const auto row = data.row(r);
          for (std::size_t n = 0; n < row.size(); ++n) {
            const double x = double{row.value(n)};
            const double estimate =
                users.row(r).cast<double>().dot(items.row(row.indices[n]).cast<double>());
            if (squares) {
              sum += (x - estimate) * (x - estimate) / 2 - (zero ? estimate * estimate / 2 : 0);
            } else {
              if (x > 0) sum += x * std::log(x / std::max(estimate, double{tiny})) - x;
              if (!zero) sum += estimate;
            }
          }
        }
        return sum;
      },
      [](double& total, double part) { total += part; });
  double all = 0;
  if (zero && squares) {
    const row_major_matrix<double> of_users =
        kernels::gram<double>(policy, users.cast<double>(), 1.0);
    const row_major_matrix<double> of_items =
        kernels::gram<double>(policy, items.cast<double>(), 1.0);
    all = of_users.cwiseProduct(of_items).sum() / 2;
  } else if (zero) {
    all = users.cast<double>().colwise().sum().dot(items.cast<double>().colwise().sum());
  }
  const csr_matrix<> by_item = transpose(policy, data);
  return observed + all + penalty(data, data.cols(), users, user_side) +
         penalty(by_item.view(), data.rows(), items, item_side);
}

}  // namespace recokit::inline RECOKIT_ABI::nmf::detail
