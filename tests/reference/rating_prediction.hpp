// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Rating prediction by dense loops over a table with NaN where nothing is known.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/neighbors/rating_knn.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace recokit_test {

/// The matrix with NaN where nothing is stored.
inline Eigen::MatrixXd rating_table(const recokit::csr_view<>& matrix) {
  Eigen::MatrixXd table = Eigen::MatrixXd::Constant(matrix.rows(), matrix.cols(),
                                                    std::numeric_limits<double>::quiet_NaN());
  for (recokit::index_t r = 0; r < matrix.rows(); ++r) {
    const auto row = matrix.row(r);
    for (std::size_t n = 0; n < row.size(); ++n) table(r, row.indices[n]) = double{row.value(n)};
  }
  return table;
}

inline bool is_rated(double rating) { return !std::isnan(rating); }

/// Mean of what is rated in a row, or in a whole table; `without` when nothing is.
template <class Table>
double rated_mean(const Table& table, double without) {
  double sum = 0, count = 0;
  for (Eigen::Index c = 0; c < table.cols(); ++c) {
    for (Eigen::Index r = 0; r < table.rows(); ++r) {
      if (!is_rated(table(r, c))) continue;
      sum += table(r, c);
      ++count;
    }
  }
  return count > 0 ? sum / count : without;
}

/// Population standard deviation; `without` when it is 0.
template <class Table>
double rated_deviation(const Table& table, double without) {
  const double mean = rated_mean(table, 0);
  double squares = 0, count = 0;
  for (Eigen::Index c = 0; c < table.cols(); ++c) {
    for (Eigen::Index r = 0; r < table.rows(); ++r) {
      if (!is_rated(table(r, c))) continue;
      squares += (table(r, c) - mean) * (table(r, c) - mean);
      ++count;
    }
  }
  return squares > 0 ? std::sqrt(squares / count) : without;
}

struct naive_biases {
  double mean = 0;
  Eigen::VectorXd user, item;
};

/// Alternating least squares, items first.
inline naive_biases naive_als(const Eigen::MatrixXd& table, double user_reg, double item_reg,
                              int epochs) {
  naive_biases b{rated_mean(table, 0), Eigen::VectorXd::Zero(table.rows()),
                 Eigen::VectorXd::Zero(table.cols())};
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (Eigen::Index i = 0; i < table.cols(); ++i) {
      double sum = 0, count = 0;
      for (Eigen::Index u = 0; u < table.rows(); ++u) {
        if (!is_rated(table(u, i))) continue;
        sum += table(u, i) - b.mean - b.user[u];
        ++count;
      }
      if (count > 0) b.item[i] = sum / (item_reg + count);
    }
    for (Eigen::Index u = 0; u < table.rows(); ++u) {
      double sum = 0, count = 0;
      for (Eigen::Index i = 0; i < table.cols(); ++i) {
        if (!is_rated(table(u, i))) continue;
        sum += table(u, i) - b.mean - b.item[i];
        ++count;
      }
      if (count > 0) b.user[u] = sum / (user_reg + count);
    }
  }
  return b;
}

/// Similarities of the rows of `table`; `own` and `other` are the biases of rows and columns.
inline Eigen::MatrixXd naive_similarity(const Eigen::MatrixXd& table,
                                        const recokit::rating_similarity_options& options,
                                        double mean, const Eigen::VectorXd& own,
                                        const Eigen::VectorXd& other) {
  using measure = recokit::rating_measure;
  const measure kind = options.measure;
  Eigen::MatrixXd r = table;
  for (Eigen::Index y = 0; y < r.cols(); ++y) {
    const double column_mean = rated_mean(table.col(y), mean);
    for (Eigen::Index x = 0; x < r.rows(); ++x) {
      if (kind == measure::pearson_baseline) r(x, y) -= mean + own[x] + other[y];
      if (kind == measure::adjusted_cosine || kind == measure::adjusted_cosine_full) {
        r(x, y) -= column_mean;
      }
      if (kind == measure::centered_cosine_full) r(x, y) -= rated_mean(table.row(x), mean);
    }
  }
  const bool full = kind == measure::cosine_full || kind == measure::adjusted_cosine_full ||
                    kind == measure::centered_cosine_full;
  Eigen::MatrixXd found = Eigen::MatrixXd::Zero(r.rows(), r.rows());
  for (Eigen::Index a = 0; a < r.rows(); ++a) {
    for (Eigen::Index b = 0; b < r.rows(); ++b) {
      std::vector<std::pair<double, double>> common;
      double norm_a = 0, norm_b = 0;
      for (Eigen::Index y = 0; y < r.cols(); ++y) {
        if (is_rated(r(a, y)) && is_rated(r(b, y))) common.push_back({r(a, y), r(b, y)});
        if (full && is_rated(r(a, y))) norm_a += r(a, y) * r(a, y);
        if (full && is_rated(r(b, y))) norm_b += r(b, y) * r(b, y);
      }
      const auto n = static_cast<double>(common.size());
      const int least = kind == measure::pearson_baseline ? std::max(2, options.min_support)
                                                          : options.min_support;
      if (n < least || n == 0) continue;
      double mean_a = 0, mean_b = 0;
      for (const auto& [p, q] : common) {
        mean_a += p / n;
        mean_b += q / n;
      }
      double squared = 0, dot = 0, product = 0, spread_a = 0, spread_b = 0;
      for (const auto& [p, q] : common) {
        squared += (p - q) * (p - q);
        dot += p * q;
        product += (p - mean_a) * (q - mean_b);
        spread_a += (p - mean_a) * (p - mean_a);
        spread_b += (q - mean_b) * (q - mean_b);
        if (!full) norm_a += p * p;
        if (!full) norm_b += q * q;
      }
      double s = 0;
      if (kind == measure::msd) {
        s = 1 / (1 + squared / n);
      } else if (kind == measure::pearson) {
        const double below = std::sqrt(spread_a * spread_b);
        s = below > 1e-9 ? product / below : 0;
      } else {
        const double below = std::sqrt(norm_a * norm_b);
        s = below > 0 ? dot / below : 0;
        if (kind == measure::pearson_baseline) {
          s *= (n - 1) / (n - 1 + options.baseline_shrinkage);
        }
      }
      s *= n / (n + options.shrinkage);
      if (options.significance > 0) {
        s *= std::min<double>(n, options.significance) / options.significance;
      }
      found(a, b) = std::copysign(std::pow(std::abs(s), options.amplification), s);
    }
  }
  return found;
}

/// All predictions, users × items, not clipped.
inline Eigen::MatrixXd naive_rating_knn(const Eigen::MatrixXd& ratings,
                                        const recokit::rating_knn::params& p) {
  using recokit::rating_knn::form;
  const bool by_user = p.by == recokit::rating_knn::side::user;
  const Eigen::MatrixXd table = by_user ? ratings : Eigen::MatrixXd(ratings.transpose());
  const double mean = rated_mean(table, 0);
  const auto biases =
      naive_als(ratings, p.regularization_user, p.regularization_item, p.baseline_epochs);
  const Eigen::VectorXd& own = by_user ? biases.user : biases.item;
  const Eigen::VectorXd& other = by_user ? biases.item : biases.user;
  const Eigen::MatrixXd similar =
      naive_similarity(table,
                       {p.similarity, p.min_support, p.baseline_shrinkage, p.shrinkage,
                        p.significance, p.amplification},
                       mean, own, other);
  const double overall = rated_deviation(table, 1);
  Eigen::MatrixXd found(table.rows(), table.cols());
  for (Eigen::Index x = 0; x < table.rows(); ++x) {
    const double own_mean = rated_mean(table.row(x), mean);
    const double own_deviation = rated_deviation(table.row(x), overall);
    const bool known = is_rated(rated_mean(table.row(x), std::nan("")));
    for (Eigen::Index y = 0; y < table.cols(); ++y) {
      const bool known_y = is_rated(rated_mean(table.col(y), std::nan("")));
      std::vector<std::pair<double, Eigen::Index>> raters;
      for (Eigen::Index v = 0; v < table.rows(); ++v) {
        // What rounding alone keeps from 0 must not decide.
        const double s = similar(x, v);
        if (v != x && is_rated(table(v, y)) && s > 1e-12) raters.push_back({s, v});
      }
      std::stable_sort(raters.begin(), raters.end(),
                       [](const auto& a, const auto& b) { return a.first > b.first * (1 + 1e-9); });
      if (std::cmp_greater(raters.size(), p.neighbors)) {
        raters.resize(static_cast<std::size_t>(p.neighbors));
      }
      double sum = 0, weight = 0;
      for (const auto& [s, v] : raters) {
        const double rating = table(v, y);
        const double m = rated_mean(table.row(v), mean);
        weight += s;
        sum +=
            s * (p.form == form::plain           ? rating
                 : p.form == form::mean_centered ? rating - m
                 : p.form == form::z_score ? (rating - m) / rated_deviation(table.row(v), overall)
                                           : rating - (mean + own[v] + other[y]));
      }
      const bool enough = std::cmp_greater_equal(raters.size(), p.min_neighbors);
      const double average = enough ? sum / weight : 0;
      double& out = found(x, y);
      if (p.form == form::plain) {
        out = enough ? average : mean;
      } else if (p.form == form::baseline) {
        out = mean + own[x] + other[y] + average;
      } else if (!known || !known_y) {
        out = mean;
      } else {
        out = own_mean + average * (p.form == form::z_score ? own_deviation : 1);
      }
    }
  }
  return by_user ? found : Eigen::MatrixXd(found.transpose());
}

/// All predictions of Slope One, not clipped.
inline Eigen::MatrixXd naive_slope_one(const Eigen::MatrixXd& table, bool weighted) {
  const double mean = rated_mean(table, 0);
  Eigen::MatrixXd found(table.rows(), table.cols());
  for (Eigen::Index u = 0; u < table.rows(); ++u) {
    for (Eigen::Index i = 0; i < table.cols(); ++i) {
      const double own = rated_mean(table.row(u), std::nan(""));
      if (!is_rated(own) || !is_rated(rated_mean(table.col(i), std::nan("")))) {
        found(u, i) = mean;
        continue;
      }
      double sum = 0, weight = 0;
      for (Eigen::Index j = 0; j < table.cols(); ++j) {
        if (j == i || !is_rated(table(u, j))) continue;
        double difference = 0, count = 0;
        for (Eigen::Index v = 0; v < table.rows(); ++v) {
          if (!is_rated(table(v, i)) || !is_rated(table(v, j))) continue;
          difference += table(v, i) - table(v, j);
          ++count;
        }
        if (count == 0) continue;
        sum += weighted ? difference + count * table(u, j) : difference / count;
        weight += weighted ? count : 1;
      }
      found(u, i) = weight == 0 ? own : weighted ? sum / weight : own + sum / weight;
    }
  }
  return found;
}

}  // namespace recokit_test
