// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Elastic nets that explain one column of a sparse matrix by the others, exactly.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/scored_item.hpp>
#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/sparse_gram.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// min over w of ½‖x_j − X w‖² + ½ l2 ‖w‖² + l1 ‖w‖₁ with w_j = 0, and when to be content.
struct elastic_net {
  double l1 = 0;
  double l2 = 0;
  bool non_negative = true;  ///< w >= 0
  int epochs = 1000;         ///< most passes over the active weights of a column
  double tolerance = 1e-6;   ///< of the duality gap, relative to ‖x_j‖²
};

/// How elastic_net_columns does its arithmetic; both reach the same optimum up to rounding.
enum class elastic_net_method {
  automatic,  ///< gram when the matrix is dense enough for it and XᵀX takes at most 4 GiB
  gram,       ///< holds XᵀX, 4 items² bytes; a step costs one multiply-add an active weight
  residual,   ///< holds the residual of every user; a step costs two passes over an item's users
};

/// The names of elastic_net_method.
constexpr auto enum_names(elastic_net_method) {
  return std::array<std::string_view, 3>{"automatic", "gram", "residual"};
}

/// What a column took.
struct elastic_net_effort {
  int epochs = 0;
  double gap = 0;  ///< an upper bound of what the objective is above its minimum
  bool converged = true;
};

/// ‖x_i‖² of the rows of items × users.
template <class Value, class Index, class Offset>
std::vector<double> squared_norms(const csr_view<Value, Index, Offset>& items) {
  std::vector<double> squares(static_cast<std::size_t>(items.rows()), 0.0);
  for (std::size_t i = 0; i < squares.size(); ++i) {
    const auto row = items.row(static_cast<std::int64_t>(i));
    for (std::size_t n = 0; n < row.size(); ++n) {
      squares[i] += static_cast<double>(row.value(n)) * static_cast<double>(row.value(n));
    }
  }
  return squares;
}

namespace detail_elastic_net {

/// How far the subgradient is from letting a weight of 0 be; not above 0 when it does.
inline double violation(const elastic_net& net, double gradient) noexcept {
  return (net.non_negative ? gradient : std::abs(gradient)) - net.l1;
}

/// One column in work: its candidates and all that is known of them.
struct column {
  std::int64_t item = 0;           // j
  double squares = 0;              // ‖x_j‖²
  std::vector<std::size_t> items;  // candidates
  std::vector<double> target;      // x_k · x_j
  std::vector<double> gradient;    // x_k · (x_j − X w), as of the last check
  std::vector<float> weights;
  std::vector<std::uint32_t> active;  // positions of candidates that are being optimised
  double fine = 0;                    // an epoch that gains less has nothing left to do
  double last_gap = 0;
  elastic_net_effort effort;

  void reset(std::int64_t j, double squared_norm) {
    item = j;
    squares = squared_norm;
    items.clear();
    target.clear();
  }
};

/// The duality gap of a column whose gradients are up to date: the smaller of two bounds.
///
/// With θ the residual and φ the penalty of a weight, P − D = Σ_k φ(w_k) + φ*(g_k) − w_k g_k, whose
/// conjugate φ*(g) = (|g| − l1)²₊ / 2 l2 is finite because of the ridge. With θ scaled until no |g|
/// is above l1 the conjugates vanish, which bounds the gap without a ridge too.
inline double duality_gap(const elastic_net& net, const column& of) {
  double ridge = 0;
  double lasso = 0;
  double fitted = 0;   // Σ w_k (x_k · x_j)
  double product = 0;  // Σ w_k g_k
  double conjugates = 0;
  double largest = 0;
  for (std::size_t k = 0; k < of.items.size(); ++k) {
    const double w = static_cast<double>(of.weights[k]);
    const double g = of.gradient[k];
    const double above = std::max(violation(net, g), 0.0);
    ridge += w * w;
    lasso += std::abs(w);
    fitted += w * of.target[k];
    product += w * g;
    conjugates += above * above;
    largest = std::max(largest, above + net.l1);
  }
  const double penalty = net.l1 * lasso + net.l2 / 2 * ridge;
  double gap = std::numeric_limits<double>::infinity();
  if (net.l2 > 0) gap = penalty + conjugates / (2 * net.l2) - product;
  const double with_target = of.squares - fitted;  // x_j · r
  const double residual = std::max(with_target - product, 0.0);
  const double scale = largest > net.l1 ? net.l1 / largest : 1.0;
  const double scaled = residual / 2 + penalty - scale * with_target + scale * scale * residual / 2;
  return std::max(std::min(gap, scaled), 0.0);
}

/// Chooses the weights to optimise next: those in use and, of the candidates that violate the
/// conditions of the minimum, those that promise most, at most as many as there are in use.
/// @returns how many came in
inline std::size_t choose_active(const elastic_net& net, column& of,
                                 std::span<const double> squares, std::size_t first) {
  struct candidate {
    double promise;
    std::uint32_t position;
  };
  std::vector<candidate> entering;
  of.active.clear();
  for (std::size_t k = 0; k < of.items.size(); ++k) {
    const auto position = static_cast<std::uint32_t>(k);
    if (of.weights[k] != 0) {
      of.active.push_back(position);
      continue;
    }
    const double above = violation(net, of.gradient[k]);
    if (above > 0) entering.push_back({above * above / (squares[of.items[k]] + net.l2), position});
  }
  const std::size_t room = std::max(first, of.active.size());
  if (entering.size() > room) {
    std::nth_element(entering.begin(), entering.begin() + static_cast<std::ptrdiff_t>(room),
                     entering.end(), [](const candidate& a, const candidate& b) {
                       return a.promise != b.promise ? a.promise > b.promise
                                                     : a.position < b.position;
                     });
    entering.resize(room);
  }
  for (const auto& one : entering) of.active.push_back(one.position);
  std::sort(of.active.begin(), of.active.end());
  return entering.size();
}

/// Sweeps over the active weights of a column until little is gained.
/// @returns false when the column, whose gradients are up to date, is done
template <class Method>
bool descend_once(const elastic_net& net, Method& method, column& of,
                  std::span<const double> squares) {
  elastic_net_effort& effort = of.effort;
  const double aim = net.tolerance * of.squares;
  effort.gap = duality_gap(net, of);
  effort.converged = effort.gap <= aim;
  if (effort.converged || effort.epochs >= net.epochs) return false;
  const std::size_t came = choose_active(net, of, squares, method.first_active());
  const double least = 1e-16 * of.squares;
  if (effort.gap > of.last_gap / 2) of.fine = std::max(of.fine / 4, least);
  of.last_gap = effort.gap;
  const double enough = std::max(of.fine, came > 0 ? effort.gap * Method::coarseness : 0.0);
  const double negligible = enough / (16 * static_cast<double>(of.active.size() + 1));
  method.enter(of);
  double excess = 0;
  do {
    excess = method.sweep(net, of, negligible);
    ++effort.epochs;
  } while (excess > enough && effort.epochs < net.epochs);
  // As exact as the numbers are: nothing moves any more.
  return excess > 0 || came > 0 || of.fine > least;
}

/// Sweeps over the active weights, checks all candidates, and so on until the gap is small enough;
/// for several columns in step, so that their checks can share what they read.
/// @tparam Method does the arithmetic; see gram_method
template <class Method>
void descend(const elastic_net& net, Method& method, std::span<column> batch,
             std::span<const double> squares) {
  std::vector<column*> open;
  for (column& of : batch) {
    of.weights.assign(of.items.size(), 0.0F);
    of.gradient = of.target;
    of.fine = net.tolerance * of.squares / 4;
    of.last_gap = std::numeric_limits<double>::infinity();
    of.effort = {};
    open.push_back(&of);
  }
  for (;;) {
    std::erase_if(open, [&](column* const of) { return !descend_once(net, method, *of, squares); });
    if (open.empty()) return;
    method.check(open);
  }
}

/// What is best for one weight while the others stay.
struct coordinate {
  float best;
  float change;
  double excess;  // about what the weight added to the duality gap before

  /// @param gradient x_k · r, @param square ‖x_k‖²
  coordinate(const elastic_net& net, float gradient, float square, float weight) noexcept {
    const auto l1 = static_cast<float>(net.l1);
    const float curvature = square + static_cast<float>(net.l2);
    const float free = gradient + square * weight;
    best = 0;
    if (free > l1) best = (free - l1) / curvature;
    if (!net.non_negative && free < -l1) best = (free + l1) / curvature;
    change = best - weight;
    // The objective falls by curvature · change² / 2; the gap, by up to curvature / l2 times that.
    const double slope = static_cast<double>(curvature) * static_cast<double>(change);
    excess = slope * slope / (2 * std::max(net.l2, 0.01 * static_cast<double>(curvature)));
  }
  /// Not worth a step. Weights do go to 0, however small they are.
  bool idle(double negligible) const noexcept {
    return change == 0 || (excess <= negligible && best != 0);
  }
};

/// Asks for the 128 bytes at `data`.
inline void prefetch([[maybe_unused]] const float* data) noexcept {
#if defined(__GNUC__)
  __builtin_prefetch(data);
  __builtin_prefetch(data + 16);
#endif
}

/// y -= a · x
inline void subtract(float a, const float* x, float* y, std::size_t size) noexcept {
  for (std::size_t n = 0; n < size; ++n) y[n] -= a * x[n];
}

/// XᵀX in strips of 32 columns: strip s holds (i, 32 s), …, (i, 32 s + 31) for i = 0, 1, …, so that
/// the strips of a sum of many rows stay in registers and what they read in the cache. Items are
/// renamed by falling popularity: weights are mostly on popular ones, which then are together.
class strip_gram {
 public:
  static constexpr std::size_t width = 32;

  /// @param users users × items, `items` its transpose. Σ_u n_u² multiply-adds.
  template <class Value, class Index, class Offset>
  strip_gram(const cpu& policy, const csr_view<Value, Index, Offset>& users,
             const csr_view<Value, Index, Offset>& items)
      : items_(static_cast<std::size_t>(items.rows())), order_(items_), rank_(items_) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return items.row(static_cast<std::int64_t>(a)).size() >
             items.row(static_cast<std::int64_t>(b)).size();
    });
    for (std::size_t r = 0; r < items_; ++r) rank_[order_[r]] = r;
    const std::size_t strips = (items_ + width - 1) / width;
    check::fits_memory("slim: Gram matrix", bytes(items_));
    data_ = packed_buffer<float>(static_cast<std::ptrdiff_t>(strips * items_ * width));
    const std::vector<std::int64_t> work = gram_row_work(policy, users, items);
    scratch_pool<std::vector<float>> pool([strips] { return std::vector<float>(strips * width); });
    parallel_for_rows(policy, work.data(), items.rows(), 1'000'000,
                      static_cast<std::int64_t>(items_ / 4) + 1,
                      [&](std::int64_t begin, std::int64_t end) {
                        const auto sums = pool.borrow();
                        for (std::int64_t i = begin; i < end; ++i) {
                          fill_row(users, items.row(i), *sums);
                          put_row(rank_[static_cast<std::size_t>(i)], *sums);
                        }
                      });
  }

  /// What the matrix takes.
  static std::uint64_t bytes(std::size_t items) {
    const std::size_t strips = (items + width - 1) / width;
    return check::bytes("slim: Gram matrix", items, strips * width, sizeof(float));
  }
  std::size_t items() const noexcept { return items_; }
  /// The item of a rank, and the rank of an item.
  std::size_t item(std::size_t rank) const noexcept { return order_[rank]; }
  std::size_t rank(std::size_t item) const noexcept { return rank_[item]; }
  /// The strip of row `item` that begins at column 32 s.
  const float* strip(std::size_t s, std::size_t item) const noexcept {
    return data_.get() + (s * items_ + item) * width;
  }
  float at(std::size_t row, std::size_t column) const noexcept {
    return strip(column / width, row)[column % width];
  }

 private:
  template <class Users, class Row>
  void fill_row(const Users& users, const Row& item, std::vector<float>& sums) const {
    std::fill(sums.begin(), sums.end(), 0.0F);
    for (std::size_t n = 0; n < item.size(); ++n) {
      const auto weight = static_cast<float>(item.value(n));
      const auto user = users.row(item.indices[n]);
      for (std::size_t m = 0; m < user.size(); ++m) {
        sums[rank_[static_cast<std::size_t>(user.indices[m])]] +=
            weight * static_cast<float>(user.value(m));
      }
    }
  }
  void put_row(std::size_t row, const std::vector<float>& sums) {
    for (std::size_t s = 0; s * width < sums.size(); ++s) {
      std::copy_n(sums.data() + s * width, width, data_.get() + (s * items_ + row) * width);
    }
  }

  std::size_t items_;
  std::vector<std::size_t> order_;  // rank → item
  std::vector<std::size_t> rank_;   // item → rank
  packed_buffer<float> data_;       // a strip of a row is two whole cache lines
};

/// Works with gradients, which it updates with rows of XᵀX: an update costs as many multiply-adds,
/// one after the other in memory, as there are active weights, whatever the number of users.
class gram_method {
 public:
  gram_method(const strip_gram& gram, std::span<const double> squares)
      : gram_(gram), squares_(squares) {}

  static constexpr double coarseness = 1.0 / 256;  // sweeps cost little beside checks
  static constexpr std::size_t first_active() noexcept { return 128; }

  /// Copies the Gram matrix of the active items, unless most are active.
  void enter(const column& of) {
    const std::size_t size = of.active.size();
    whole_ = 2 * size > gram_.items();
    names_.resize(size);
    for (std::size_t a = 0; a < size; ++a) {
      names_[a] = static_cast<std::uint32_t>(of.items[of.active[a]]);
    }
    if (whole_) {
      gradient_.assign(
          (gram_.items() + strip_gram::width - 1) / strip_gram::width * strip_gram::width, 0.0F);
      for (std::size_t a = 0; a < size; ++a) {
        gradient_[names_[a]] = static_cast<float>(of.gradient[of.active[a]]);
      }
      return;
    }
    gradient_.resize(size);
    block_.resize(size * size);
    for (std::size_t begin = 0; begin < size;) {
      const std::size_t s = names_[begin] / strip_gram::width;
      std::size_t end = begin;
      while (end < size && names_[end] / strip_gram::width == s) ++end;
      // One triangle is read, both are written.
      for (std::size_t a = begin; a < size; ++a) {
        if (a + 8 < size) prefetch(gram_.strip(s, names_[a + 8]));
        const float* const from = gram_.strip(s, names_[a]);
        for (std::size_t b = begin; b < std::min(end, a + 1); ++b) {
          const float product = from[names_[b] % strip_gram::width];
          block_[a * size + b] = product;
          block_[b * size + a] = product;
        }
      }
      begin = end;
    }
    for (std::size_t a = 0; a < size; ++a) {
      gradient_[a] = static_cast<float>(of.gradient[of.active[a]]);
    }
  }

  double sweep(const elastic_net& net, column& of, double negligible) {
    double excess = 0;
    for (std::size_t a = 0; a < of.active.size(); ++a) {
      const std::size_t item = names_[a];
      const coordinate one(net, gradient_[whole_ ? item : a], static_cast<float>(squares_[item]),
                           of.weights[of.active[a]]);
      if (one.idle(negligible)) continue;
      excess += one.excess;
      of.weights[of.active[a]] = one.best;
      if (!whole_) {
        subtract(one.change, block_.data() + a * gradient_.size(), gradient_.data(),
                 gradient_.size());
        continue;
      }
      for (std::size_t s = 0; s * strip_gram::width < gradient_.size(); ++s) {
        subtract(one.change, gram_.strip(s, item), gradient_.data() + s * strip_gram::width,
                 strip_gram::width);
      }
    }
    return excess;
  }

  /// Brings all gradients of the columns up to date. Strips go first, so that a strip is read from
  /// the cache by all columns; eight rows at a time in float, their sums in double.
  void check(std::span<column* const> columns) {
    constexpr std::size_t width = strip_gram::width;
    const std::size_t strips = (gram_.items() + width - 1) / width;
    used_.resize(std::max(used_.size(), columns.size()));
    place_.assign(columns.size(), 0);
    for (std::size_t c = 0; c < columns.size(); ++c) {
      used_[c].clear();
      for (const auto position : columns[c]->active) {
        const float weight = columns[c]->weights[position];
        if (weight != 0) used_[c].push_back({columns[c]->items[position], weight});
      }
    }
    for (std::size_t s = 0; s < strips; ++s) {
      for (std::size_t c = 0; c < columns.size(); ++c) {
        using strip = Eigen::Array<float, static_cast<int>(width), 1>;
        Eigen::Array<double, static_cast<int>(width), 1> sums;
        sums.setZero();
        for (std::size_t n = 0; n < used_[c].size(); n += 8) {
          strip part = strip::Zero();
          const std::size_t end = std::min(n + 8, used_[c].size());
          for (std::size_t m = n; m < end; ++m) {
            if (m + 4 < used_[c].size()) prefetch(gram_.strip(s, used_[c][m + 4].first));
            part += used_[c][m].second * Eigen::Map<const strip>(gram_.strip(s, used_[c][m].first));
          }
          sums += part.cast<double>();
        }
        column& of = *columns[c];
        std::size_t& k = place_[c];
        for (; k < of.items.size() && of.items[k] < (s + 1) * width; ++k) {
          of.gradient[k] = of.target[k] - sums[static_cast<Eigen::Index>(of.items[k] - s * width)];
        }
      }
    }
  }

 private:
  const strip_gram& gram_;
  std::span<const double> squares_;
  bool whole_ = false;
  std::vector<std::uint32_t> names_;  // the active items
  std::vector<float> gradient_;
  std::vector<float> block_;
  std::vector<std::vector<std::pair<std::size_t, float>>> used_;
  std::vector<std::size_t> place_;
};

/// Works with the residuals of all users: an update costs two passes over the users of one item.
template <class Value, class Index, class Offset>
class residual_method {
 public:
  /// @param items items × users
  residual_method(const csr_view<Value, Index, Offset>& items, std::span<const double> squares)
      : items_(items), squares_(squares), residual_(static_cast<std::size_t>(items.cols())) {}

  static constexpr double coarseness = 1.0 / 16;
  static constexpr std::size_t first_active() noexcept { return 256; }

  /// Sets the residual to x_j, that of no weights.
  void start(std::int64_t j) {
    std::fill(residual_.begin(), residual_.end(), 0.0F);
    add(1, items_.row(j));
  }

  void enter(const column&) {}

  double sweep(const elastic_net& net, column& of, double negligible) {
    double excess = 0;
    for (const auto position : of.active) {
      const std::size_t item = of.items[position];
      const auto row = items_.row(static_cast<std::int64_t>(item));
      const coordinate one(net, static_cast<float>(dot(row)), static_cast<float>(squares_[item]),
                           of.weights[position]);
      if (one.idle(negligible)) continue;
      excess += one.excess;
      of.weights[position] = one.best;
      add(-one.change, row);
    }
    return excess;
  }

  void check(std::span<column* const> columns) {
    for (column* const of : columns) {
      start(of->item);
      for (const auto position : of->active) {
        if (of->weights[position] == 0) continue;
        add(-of->weights[position], items_.row(static_cast<std::int64_t>(of->items[position])));
      }
      for (std::size_t k = 0; k < of->items.size(); ++k) {
        of->gradient[k] = dot(items_.row(static_cast<std::int64_t>(of->items[k])));
      }
    }
  }

  /// The product of a column of X with the residual: short runs in float, their sums in double.
  double dot(const csr_row<Value, Index>& row) const noexcept {
    constexpr std::size_t run = 256;
    double sum = 0;
    for (std::size_t begin = 0; begin < row.size(); begin += run) {
      const std::size_t end = std::min(row.size(), begin + run);
      float part[4] = {};
      std::size_t n = begin;
      if (row.values.empty()) {
        for (; n + 4 <= end; n += 4) {
          for (std::size_t lane = 0; lane < 4; ++lane) part[lane] += at(row, n + lane);
        }
        for (; n < end; ++n) part[0] += at(row, n);
      } else {
        for (; n + 4 <= end; n += 4) {
          for (std::size_t lane = 0; lane < 4; ++lane) {
            part[lane] += static_cast<float>(row.values[n + lane]) * at(row, n + lane);
          }
        }
        for (; n < end; ++n) part[0] += static_cast<float>(row.values[n]) * at(row, n);
      }
      sum += static_cast<double>((part[0] + part[1]) + (part[2] + part[3]));
    }
    return sum;
  }

 private:
  float at(const csr_row<Value, Index>& row, std::size_t n) const noexcept {
    return residual_[static_cast<std::size_t>(row.indices[n])];
  }
  void add(float weight, const csr_row<Value, Index>& row) noexcept {
    if (row.values.empty()) {
      for (const Index user : row.indices) residual_[static_cast<std::size_t>(user)] += weight;
      return;
    }
    for (std::size_t n = 0; n < row.size(); ++n) {
      residual_[static_cast<std::size_t>(row.indices[n])] +=
          weight * static_cast<float>(row.values[n]);
    }
  }

  csr_view<Value, Index, Offset> items_;
  std::span<const double> squares_;
  std::vector<float> residual_;
};

/// Whether candidates are known by their product with the target; see elastic_net_columns.
template <class Value, class Index, class Offset>
bool is_screened(const csr_view<Value, Index, Offset>& users, const elastic_net& net) {
  return net.non_negative &&
         std::none_of(users.values().begin(), users.values().end(), [](Value x) { return x < 0; });
}

/// A check reads rows of XᵀX in full or the users of the candidates; the first is cheaper, by eight
/// values at a time and more, when an interaction's item has more users than items / 16.
template <class Value, class Index, class Offset>
elastic_net_method best_method(const csr_view<Value, Index, Offset>& items) {
  constexpr std::uint64_t limit = std::uint64_t{4} << 30;
  const auto count = static_cast<std::size_t>(items.rows());
  double squares = 0;
  for (std::int64_t i = 0; i < items.rows(); ++i) {
    const auto size = static_cast<double>(items.row(i).size());
    squares += size * size;
  }
  const bool dense =
      16 * squares > static_cast<double>(count) * static_cast<double>(items.nonzeros());
  return dense && strip_gram::bytes(count) <= limit ? elastic_net_method::gram
                                                    : elastic_net_method::residual;
}

/// Finds the candidates of columns.
template <class Value, class Index, class Offset>
struct problem {
  csr_view<Value, Index, Offset> users;
  csr_view<Value, Index, Offset> items;
  const elastic_net& net;
  const csr_view<>* candidates;
  std::span<const double> squares;
  bool screened;

  bool is_candidate(std::size_t k, double product, const column& of) const {
    return std::cmp_not_equal(k, of.item) && squares[k] != 0 && !(screened && product <= net.l1);
  }
  /// Adds item k unless it cannot have a weight.
  void offer(std::size_t k, double product, column& of) const {
    if (!is_candidate(k, product, of)) return;
    of.items.push_back(k);
    of.target.push_back(product);
  }
  /// Names candidates by rank.
  void pose(std::int64_t j, const strip_gram& gram, column& of) const {
    of.reset(j, squares[static_cast<std::size_t>(j)]);
    const std::size_t row = gram.rank(static_cast<std::size_t>(j));
    const auto offer_rank = [&](std::size_t r) {
      const auto product = static_cast<double>(gram.at(row, r));
      if (!is_candidate(gram.item(r), product, of)) return;
      of.items.push_back(r);
      of.target.push_back(product);
    };
    if (candidates == nullptr) {
      for (std::size_t r = 0; r < gram.items(); ++r) offer_rank(r);
      return;
    }
    std::vector<std::size_t> ranks;
    for (const auto k : candidates->row(j).indices) {
      ranks.push_back(gram.rank(static_cast<std::size_t>(k)));
    }
    std::sort(ranks.begin(), ranks.end());
    for (const auto r : ranks) offer_rank(r);
  }
  /// @param method with the residual x_j
  /// @param sums   one zero an item, given back so
  void pose(std::int64_t j, const residual_method<Value, Index, Offset>& method,
            std::vector<double>& sums, column& of) const {
    of.reset(j, squares[static_cast<std::size_t>(j)]);
    if (candidates != nullptr) {
      for (const auto k : candidates->row(j).indices) {
        offer(static_cast<std::size_t>(k), method.dot(items.row(k)), of);
      }
      return;
    }
    const auto target = items.row(j);
    std::vector<std::size_t> touched;
    for (std::size_t n = 0; n < target.size(); ++n) {
      const auto x = static_cast<double>(target.value(n));
      const auto user = users.row(static_cast<std::int64_t>(target.indices[n]));
      for (std::size_t m = 0; m < user.size(); ++m) {
        const auto k = static_cast<std::size_t>(user.indices[m]);
        if (screened && sums[k] == 0) touched.push_back(k);
        sums[k] += x * static_cast<double>(user.value(m));
      }
    }
    if (!screened) {
      for (std::size_t k = 0; k < sums.size(); ++k) offer(k, std::exchange(sums[k], 0.0), of);
      return;
    }
    // Values of 0 are stored sometimes: an item can be touched twice, then with nothing left.
    std::sort(touched.begin(), touched.end());
    for (const auto k : touched) offer(k, std::exchange(sums[k], 0.0), of);
  }
};

/// The weights other than 0 in ascending order of item; the top_k largest by magnitude, or all.
/// @param name the item of a candidate
template <class Name>
void keep_weights(const column& of, const Name& name, std::size_t top_k,
                  std::vector<scored_item<>>& kept) {
  for (std::size_t k = 0; k < of.items.size(); ++k) {
    if (of.weights[k] != 0)
      kept.push_back({static_cast<index_t>(name(of.items[k])), of.weights[k]});
  }
  if (top_k > 0 && kept.size() > top_k) {
    std::nth_element(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(top_k), kept.end(),
                     [](const auto& a, const auto& b) {
                       return std::abs(a.score) != std::abs(b.score)
                                  ? std::abs(a.score) > std::abs(b.score)
                                  : a.item < b.item;
                     });
    kept.resize(top_k);
  }
  std::sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return a.item < b.item; });
  kept.shrink_to_fit();
}

/// One row a column.
inline csr_matrix<> join_columns(const cpu& policy,
                                 std::vector<std::vector<scored_item<>>>& columns) {
  const auto count = static_cast<std::int64_t>(columns.size());
  std::vector<offset_t> offsets{0};
  offsets.reserve(columns.size() + 1);
  for (const auto& column : columns) {
    offsets.push_back(offsets.back() + static_cast<offset_t>(column.size()));
  }
  std::vector<index_t> indices(static_cast<std::size_t>(offsets.back()));
  std::vector<float> values(indices.size());
  parallel_for(policy, count, 256, [&](std::int64_t begin, std::int64_t end) {
    for (auto c = static_cast<std::size_t>(begin); std::cmp_less(c, end); ++c) {
      auto at = static_cast<std::size_t>(offsets[c]);
      for (const auto& entry : columns[c]) {
        indices[at] = entry.item;
        values[at++] = entry.score;
      }
      columns[c] = {};
    }
  });
  return {count, count, std::move(offsets), std::move(indices), std::move(values)};
}

}  // namespace detail_elastic_net

/// Solves the elastic net of every column of X.
///
/// @param users      X, users × items
/// @param items      its transpose, items × users
/// @param candidates items × items: row j names the items that may explain j; null: all may
/// @param top_k      largest weights kept of each column; 0: all
/// @param cancelled  asked now and then; when it says so the result is incomplete
/// @returns items × items, row j holding the weights that explain item j in ascending order
///
/// Coordinate descent on working sets: sweeps over the active weights until their part of the
/// duality gap is small, then a check of all candidates, which lets in those that violate the
/// conditions of the minimum, until the gap of the whole problem is below tolerance · ‖x_j‖². With
/// X >= 0 and w >= 0 no product x_k · (x_j − X w) is above x_k · x_j, so an item k with
/// x_k · x_j <= l1 (all that share no user with j) has weight 0 at the minimum and is left out from
/// the start; otherwise every item is a candidate.
///
/// The same bits for any number of threads: columns are cut into blocks that depend on the data.
/// Memory: see elastic_net_method; besides, per thread, about 40 bytes a candidate of the columns
/// in work (64 with gram, one with residual) and, with gram, the Gram matrix of the active items.
template <class Value, class Index, class Offset, class Cancelled>
csr_matrix<> elastic_net_columns(const cpu& policy, const csr_view<Value, Index, Offset>& users,
                                 const csr_view<Value, Index, Offset>& items,
                                 const elastic_net& net, const csr_view<>* candidates,
                                 std::size_t top_k, elastic_net_method method,
                                 const Cancelled& cancelled) {
  namespace own = detail_elastic_net;
  const auto count = static_cast<std::size_t>(items.rows());
  check::equal("items.rows()", items.rows(), "users.cols()", users.cols());
  const std::vector<double> squares = squared_norms(items);
  const own::problem<Value, Index, Offset> problem{
      users, items, net, candidates, squares, own::is_screened(users, net)};
  if (method == elastic_net_method::automatic) method = own::best_method(items);
  std::vector<std::vector<scored_item<>>> columns(count);
  const auto finish = [&](const own::column& of, const auto& name) {
    own::keep_weights(of, name, top_k, columns[static_cast<std::size_t>(of.item)]);
  };
  if (method == elastic_net_method::gram) {
    constexpr std::int64_t width = 64;
    const own::strip_gram gram(policy, users, items);
    std::vector<double> by_rank(count);
    for (std::size_t r = 0; r < count; ++r) by_rank[r] = squares[gram.item(r)];
    const auto name = [&](std::size_t rank) { return gram.item(rank); };
    scratch_pool<own::gram_method> pool([&] { return own::gram_method(gram, by_rank); });
    parallel_for(policy, items.rows(), width, [&](std::int64_t begin, std::int64_t end) {
      if (cancelled()) return;
      const auto space = pool.borrow();
      std::vector<own::column> batch(static_cast<std::size_t>(end - begin));
      for (std::int64_t j = begin; j < end; ++j) {
        problem.pose(j, gram, batch[static_cast<std::size_t>(j - begin)]);
      }
      own::descend<own::gram_method>(net, *space, batch, by_rank);
      for (const own::column& of : batch) finish(of, name);
    });
  } else {
    using residual_method = own::residual_method<Value, Index, Offset>;
    struct scratch {
      residual_method method;
      own::column column;
      std::vector<double> sums;
    };
    scratch_pool<scratch> pool([&] {
      return scratch{residual_method(items, squares), {}, std::vector<double>(count, 0.0)};
    });
    parallel_for(policy, items.rows(), 8, [&](std::int64_t begin, std::int64_t end) {
      const auto space = pool.borrow();
      for (std::int64_t j = begin; j < end; ++j) {
        if (cancelled()) return;
        space->method.start(j);
        problem.pose(j, space->method, space->sums, space->column);
        const std::span<own::column> batch(&space->column, 1);
        own::descend(net, space->method, batch, squares);
        finish(space->column, std::identity{});
      }
    });
  }
  return own::join_columns(policy, columns);
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
