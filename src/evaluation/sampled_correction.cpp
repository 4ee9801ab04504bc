// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/check.hpp>
#include <recokit/evaluation/sampled_correction.hpp>
#include <recokit/metrics/ranking.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>

namespace recokit::inline RECOKIT_ABI {
namespace {

void check_design(const sampled_design& design) {
  check::in_range<std::int64_t>("design.candidates", design.candidates, 2,
                                std::numeric_limits<index_t>::max());
  check::in_range("design.negatives", design.negatives, 1, 1'000'000);
  if (!design.replacement && design.negatives > design.candidates - 1) {
    throw value_error("design.negatives", std::to_string(design.negatives),
                      "must be at most candidates - 1 = " + std::to_string(design.candidates - 1) +
                          ", or draw with replacement");
  }
}

// Chances by their ratios from the mode outwards, then scaled to sum 1: no logarithms of
// factorials, and every chance is right to a few roundings.
void write_chances(const sampled_design& design, std::int64_t rank, double* chances) {
  const int m = design.negatives;
  const auto draws = static_cast<double>(m);
  const auto better = static_cast<double>(rank - 1);
  const auto worse = static_cast<double>(design.candidates - rank);
  // chance of k + 1 / chance of k
  const auto step = [&](int k) {
    const double x = k;
    return design.replacement ? (draws - x) * better / ((x + 1) * worse)
                              : (better - x) * (draws - x) / ((x + 1) * (worse - draws + x + 1));
  };
  std::fill(chances, chances + m + 1, 0.0);
  int low = 0;
  int high = m;
  double mode = 0;
  if (design.replacement) {
    if (better == 0) high = 0;
    if (worse == 0) low = m;
    mode = std::floor((draws + 1) * better / (better + worse));
  } else {
    low = static_cast<int>(std::max(0.0, draws - worse));
    high = static_cast<int>(std::min(draws, better));
    mode = std::floor((draws + 1) * (better + 1) / (better + worse + 2));
  }
  const int top = std::clamp(static_cast<int>(mode), low, high);
  chances[top] = 1;
  double sum = 1;
  for (int k = top; k < high && chances[k] > 0; ++k) sum += chances[k + 1] = chances[k] * step(k);
  for (int k = top; k > low && chances[k] > 0; --k) {
    sum += chances[k - 1] = chances[k] / step(k - 1);
  }
  for (int k = low; k <= high; ++k) chances[k] /= sum;
}

// The metrics of one relevant item at a rank.
class single_relevant {
 public:
  explicit single_relevant(const std::vector<ranking_metric>& metrics) : metrics_(metrics, 0) {
    detail::check_single_relevant(metrics);
  }
  void at(std::int64_t rank, std::int64_t candidates, std::span<double> values) const {
    const judged_rank hit{rank, 1.0};
    const double grade = 1.0;
    metrics_.evaluate(std::span(&hit, 1), candidates, std::span(&grade, 1), values, {}, candidates);
  }

 private:
  ranking_evaluator metrics_;
};

struct normal_equations {
  Eigen::MatrixXd gram;    // AᵀA
  Eigen::MatrixXd right;   // Aᵀb, a column a metric
  Eigen::VectorXd weight;  // c
};

normal_equations accumulate(const single_relevant& metrics, std::size_t count,
                            const sampled_design& design,
                            const std::function<double(double)>& prior) {
  constexpr Eigen::Index block = 256;
  const auto n = design.candidates;
  const Eigen::Index size = design.negatives + 1;
  const auto columns = static_cast<Eigen::Index>(count);
  check::fits_memory("sampled correction",
                     check::bytes("sampled correction", 4 * static_cast<std::uint64_t>(size),
                                  static_cast<std::uint64_t>(size), sizeof(double)));
  const auto prior_at = [&](std::int64_t rank) {
    const double weight =
        prior ? prior(static_cast<double>(rank - 1) / static_cast<double>(n - 1)) : 1.0;
    if (!(weight >= 0) || !std::isfinite(weight)) {
      throw value_error("prior", std::to_string(weight), "must be a finite weight of at least 0");
    }
    return weight;
  };
  double total = 0;
  for (std::int64_t rank = 1; rank <= n; ++rank) total += prior_at(rank);
  if (!(total > 0)) throw value_error("prior", "0 at every rank", "must be positive somewhere");

  normal_equations sums{Eigen::MatrixXd::Zero(size, size), Eigen::MatrixXd::Zero(size, columns),
                        Eigen::VectorXd::Zero(size)};
  row_major_matrix<double> a(block, size);
  row_major_matrix<double> b(block, columns);
  for (std::int64_t first = 1; first <= n; first += block) {
    const Eigen::Index rows = std::min<std::int64_t>(block, n + 1 - first);
    for (Eigen::Index i = 0; i < rows; ++i) {
      const std::int64_t rank = first + i;
      const double chance = prior_at(rank) / total;
      write_chances(design, rank, &a(i, 0));
      metrics.at(rank, n, {&b(i, 0), count});
      sums.weight += chance * a.row(i).transpose();
      a.row(i) *= std::sqrt(chance);
      b.row(i) *= std::sqrt(chance);
    }
    sums.gram.selfadjointView<Eigen::Lower>().rankUpdate(a.topRows(rows).transpose());
    sums.right.noalias() += a.topRows(rows).transpose() * b.topRows(rows);
  }
  sums.gram.triangularView<Eigen::StrictlyUpper>() = sums.gram.transpose();
  return sums;
}

Eigen::MatrixXd truncated_solution(const normal_equations& sums) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> factors(sums.gram);
  const Eigen::VectorXd& squares = factors.eigenvalues();  // of the singular values of A
  const double least = 1e-8 * squares.maxCoeff();
  const Eigen::VectorXd inverse =
      (squares.array() > least)
          .select(squares.array().inverse(), Eigen::ArrayXd::Zero(squares.size()));
  return factors.eigenvectors() *
         (inverse.asDiagonal() * (factors.eigenvectors().transpose() * sums.right));
}

// Falling values are sums of steps that are not negative, plus a free constant: non-negative least
// squares in the active set form of Lawson and Hanson (Solving Least Squares Problems, 1974, ch.
// 23) on the normal equations.
Eigen::VectorXd falling_solution(const Eigen::MatrixXd& gram, const Eigen::VectorXd& right) {
  const Eigen::Index size = right.size();
  // Column j of the basis is 1 for the first j + 1 sampled ranks; the last one is the constant.
  Eigen::MatrixXd g = gram;
  Eigen::VectorXd h = right;
  for (Eigen::Index j = 1; j < size; ++j) {
    g.col(j) += g.col(j - 1);
    h[j] += h[j - 1];
  }
  for (Eigen::Index j = 1; j < size; ++j) g.row(j) += g.row(j - 1);

  const Eigen::Index constant = size - 1;
  const double tolerance = 1e-12 * h.cwiseAbs().maxCoeff();
  std::vector<Eigen::Index> active{constant};
  Eigen::VectorXd steps = Eigen::VectorXd::Zero(size);
  const auto solve = [&]() -> Eigen::VectorXd {
    const auto count = static_cast<Eigen::Index>(active.size());
    Eigen::MatrixXd part(count, count);
    Eigen::VectorXd wanted(count);
    for (Eigen::Index i = 0; i < count; ++i) {
      const auto r = active[static_cast<std::size_t>(i)];
      wanted[i] = h[r];
      for (Eigen::Index j = 0; j < count; ++j) {
        part(i, j) = g(r, active[static_cast<std::size_t>(j)]);
      }
    }
    return part.ldlt().solve(wanted);
  };
  const auto take = [&](const Eigen::VectorXd& found) {
    steps.setZero();
    for (std::size_t i = 0; i < active.size(); ++i) {
      steps[active[i]] = found[static_cast<Eigen::Index>(i)];
    }
  };
  take(solve());
  for (Eigen::Index round = 0; round < 3 * size; ++round) {
    const Eigen::VectorXd slope = h - g * steps;
    Eigen::Index best = -1;
    for (Eigen::Index j = 0; j < constant; ++j) {
      const bool used = std::find(active.begin(), active.end(), j) != active.end();
      if (!used && slope[j] > tolerance && (best < 0 || slope[j] > slope[best])) best = j;
    }
    if (best < 0) break;
    active.push_back(best);
    for (;;) {
      const Eigen::VectorXd found = solve();
      // As far towards the solution as no step becomes negative.
      double share = 1;
      for (std::size_t i = 0; i < active.size(); ++i) {
        const double now = steps[active[i]];
        const double then = found[static_cast<Eigen::Index>(i)];
        if (active[i] != constant && then <= 0) share = std::min(share, now / (now - then));
      }
      if (share == 1) {
        take(found);
        break;
      }
      for (std::size_t i = 0; i < active.size(); ++i) {
        double& step = steps[active[i]];
        step += share * (found[static_cast<Eigen::Index>(i)] - step);
      }
      std::erase_if(active, [&](Eigen::Index j) {
        if (j == constant || steps[j] > 1e-15) return false;
        steps[j] = 0;
        return true;
      });
    }
  }
  Eigen::VectorXd values(size);
  double sum = 0;
  for (Eigen::Index j = size; j-- > 0;) values[j] = sum += steps[j];
  return values;
}

}  // namespace

void detail::check_single_relevant(const std::vector<ranking_metric>& metrics) {
  for (const auto& metric : metrics) {
    if (metric.gain != gain_function::binary || metric.measure == ranking_measure::err ||
        metric.measure == ranking_measure::bpref) {
      throw value_error("metrics", metric.name(),
                        "has no meaning in sampled ranks, where each case is one relevant item and "
                        "no grades are known");
    }
  }
}

std::vector<double> sampled_rank_chances(const sampled_design& design, std::int64_t rank) {
  check_design(design);
  check::in_range<std::int64_t>("rank", rank, 1, design.candidates);
  std::vector<double> chances(static_cast<std::size_t>(design.negatives) + 1);
  write_chances(design, rank, chances.data());
  return chances;
}

row_major_matrix<double> sampled_metric_values(const std::vector<ranking_metric>& metrics,
                                               const sampled_design& design,
                                               sampled_correction correction, double gamma,
                                               const std::function<double(double)>& prior) {
  check_design(design);
  if (correction == sampled_correction::bias_variance) {
    check::in_range("gamma", gamma, std::numeric_limits<double>::min(), 1.0);
  }
  const single_relevant one(metrics);
  const auto m = static_cast<std::int64_t>(design.negatives);
  row_major_matrix<double> values(m + 1, static_cast<Eigen::Index>(metrics.size()));
  if (correction == sampled_correction::none || correction == sampled_correction::rank_estimate) {
    const bool estimate = correction == sampled_correction::rank_estimate;
    const std::int64_t n = design.candidates;
    for (std::int64_t rank = 1; rank <= m + 1; ++rank) {
      one.at(estimate ? 1 + (n - 1) * (rank - 1) / m : rank, estimate ? n : m + 1,
             {values.data() + (rank - 1) * values.cols(), metrics.size()});
    }
    return values;
  }
  const normal_equations sums = accumulate(one, metrics.size(), design, prior);
  if (correction == sampled_correction::least_squares) {
    values = truncated_solution(sums);
  } else if (correction == sampled_correction::monotone_least_squares) {
    for (Eigen::Index c = 0; c < values.cols(); ++c) {
      const double sign = metrics[static_cast<std::size_t>(c)].lower_is_better() ? -1 : 1;
      values.col(c) = sign * falling_solution(sums.gram, sign * sums.right.col(c));
    }
  } else {
    Eigen::MatrixXd penalised = (1 - gamma) * sums.gram;
    penalised.diagonal() += gamma * sums.weight;
    values = penalised.ldlt().solve(sums.right);
  }
  return values;
}

}  // namespace recokit::inline RECOKIT_ABI
