// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Stochastic gradient descent over ratings, one rating after the other, in plain loops.
#pragma once

#include <recokit/core/random.hpp>
#include <recokit/factorization/rating_blocks.hpp>
#include <recokit/factorization/sgd_options.hpp>

#include <Eigen/Core>

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace recokit_test {

struct rated {
  recokit::index_t user;
  recokit::index_t item;
  double target;
};

/// The ratings of an epoch in the order of the rounds and blocks of `blocks`.
inline std::vector<rated> epoch_order(const recokit::sgd::rating_blocks& blocks, std::uint64_t seed,
                                      int epoch) {
  std::vector<rated> order;
  const auto items = blocks.items().bands();
  for (const auto round : recokit::sgd::round_order(items, seed, epoch)) {
    for (std::int64_t b = 0; b < blocks.users().bands(); ++b) {
      const auto* next = blocks.entries(b, (b + round) % items);
      for (const auto& run : blocks.runs(b, (b + round) % items)) {
        for (std::uint32_t n = 0; n < run.count; ++n, ++next) {
          order.push_back({blocks.users().order()[run.user], blocks.items().order()[next->item],
                           double{next->target}});
        }
      }
    }
  }
  return order;
}

/// −d loss / dz, each written out.
inline double naive_descent(recokit::sgd::loss which, double z, double t) {
  using recokit::sgd::loss;
  if (which == loss::squared) return t - z;
  if (which == loss::absolute) return t > z ? 1 : t < z ? -1 : 0;
  if (which == loss::hinge) return 1 - t * z > 0 ? t : 0;
  if (which == loss::logistic) return t * std::exp(-t * z) / (1 + std::exp(-t * z));
  const double s = 1 / (1 + std::exp(-z));
  return 16 * (t - s) * s * (1 - s);
}

/// Root mean squared error of what a model predicts for the ratings in a matrix.
template <class Model>
double prediction_rmse(const Model& model, const recokit::csr_matrix<>& data) {
  double squares = 0;
  for (recokit::index_t u = 0; u < data.rows(); ++u) {
    const auto row = data.row(u);
    for (std::size_t n = 0; n < row.size(); ++n) {
      const double e = double{row.value(n)} - double{model.predict(u, row.indices[n])};
      squares += e * e;
    }
  }
  return std::sqrt(squares / static_cast<double>(data.nonzeros()));
}

/// 3 + a product of random factors + noise for 40 % of the pairs: for training, and 10 % to test.
inline std::pair<recokit::csr_matrix<>, recokit::csr_matrix<>> ratings_of_factors(
    int users, int items, int factors, double noise, std::uint64_t seed) {
  const auto draw = [&](int rows, std::uint64_t stream) {
    recokit::random_stream random(seed, recokit::random_purpose::user, stream);
    Eigen::MatrixXd drawn(rows, factors);
    for (int n = 0; n < rows; ++n) {
      for (int f = 0; f < factors; ++f) drawn(n, f) = random.normal();
    }
    return drawn;
  };
  const Eigen::MatrixXd p = draw(users, 1);
  const Eigen::MatrixXd q = draw(items, 2);
  recokit::random_stream random(seed, recokit::random_purpose::user, 3);
  struct parts {
    std::vector<recokit::offset_t> offsets{0};
    std::vector<recokit::index_t> indices;
    std::vector<float> values;
  } train, test;
  for (int u = 0; u < users; ++u) {
    for (int i = 0; i < items; ++i) {
      const double chance = random.uniform();
      const double rating = 3 + p.row(u).dot(q.row(i)) + noise * random.normal();
      if (chance >= 0.5) continue;
      parts& to = chance < 0.4 ? train : test;
      to.indices.push_back(i);
      to.values.push_back(static_cast<float>(rating));
    }
    for (parts* to : {&train, &test}) {
      to->offsets.push_back(static_cast<recokit::offset_t>(to->indices.size()));
    }
  }
  const auto made = [&](parts& from) {
    return recokit::csr_matrix<>(users, items, std::move(from.offsets), std::move(from.indices),
                                 std::move(from.values));
  };
  return {made(train), made(test)};
}

/// Factors p, q and biases of all rows, and the squares of adaptive steps.
struct naive_descent_state {
  Eigen::MatrixXd p, q;
  Eigen::VectorXd user_bias, item_bias;
  Eigen::VectorXd user_squares, item_squares, user_bias_squares, item_bias_squares;

  naive_descent_state(const Eigen::MatrixXd& users, const Eigen::MatrixXd& items)
      : p(users),
        q(items),
        user_bias(Eigen::VectorXd::Zero(users.rows())),
        item_bias(Eigen::VectorXd::Zero(items.rows())),
        user_squares(Eigen::VectorXd::Ones(users.rows())),
        item_squares(Eigen::VectorXd::Ones(items.rows())),
        user_bias_squares(Eigen::VectorXd::Ones(users.rows())),
        item_bias_squares(Eigen::VectorXd::Ones(items.rows())) {}

  static double shrink(double v, double by) { return v > by ? v - by : v < -by ? v + by : 0; }

  /// Params has the fields of biased_mf::params.
  template <class Params>
  void step(const rated& r, double mean, const Params& params, int epoch) {
    const bool adaptive = params.step_rule == recokit::sgd::step_rule::adaptive;
    const double rate =
        params.learning_rate * (adaptive ? 1 : std::pow(params.learning_rate_decay, epoch - 1));
    const double z =
        mean + user_bias[r.user] + item_bias[r.item] + p.row(r.user).dot(q.row(r.item));
    const double e = naive_descent(params.loss, z, r.target);
    const auto over = [&](double squares) { return adaptive ? rate / std::sqrt(squares) : rate; };
    const Eigen::RowVectorXd gp = e * q.row(r.item) - params.regularization * p.row(r.user);
    const Eigen::RowVectorXd gq = e * p.row(r.user) - params.regularization * q.row(r.item);
    const double user_rate = over(user_squares[r.user]);
    const double item_rate = over(item_squares[r.item]);
    for (int f = 0; f < p.cols(); ++f) {
      p(r.user, f) = shrink(p(r.user, f) + user_rate * gp[f], user_rate * params.l1);
      q(r.item, f) = shrink(q(r.item, f) + item_rate * gq[f], item_rate * params.l1);
    }
    const auto d = static_cast<double>(p.cols());
    user_squares[r.user] += gp.squaredNorm() / d;
    item_squares[r.item] += gq.squaredNorm() / d;
    if (!params.biases) return;
    const double gu = e - params.bias_regularization * user_bias[r.user];
    const double gi = e - params.bias_regularization * item_bias[r.item];
    user_bias[r.user] += over(user_bias_squares[r.user]) * gu;
    item_bias[r.item] += over(item_bias_squares[r.item]) * gi;
    user_bias_squares[r.user] += gu * gu;
    item_bias_squares[r.item] += gi * gi;
  }
};

}  // namespace recokit_test
