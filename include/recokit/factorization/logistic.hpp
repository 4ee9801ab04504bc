// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Logistic matrix factorization: the probability that a user takes an item.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/start.hpp>
#include <recokit/factorization/adagrad_factor_model.hpp>
#include <recokit/factorization/first_factors.hpp>
#include <recokit/factorization/pairwise_epoch.hpp>
#include <recokit/kernels/logistic_device.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <tuple>

namespace recokit::inline RECOKIT_ABI::logistic {

struct params {
  int factors = 64;
  int epochs = 50;
  double confidence = 1;  ///< alpha: an interaction of value x weighs alpha · x
  double neg_ratio = 5;   ///< negatives drawn for each interaction, anew every time
  double learning_rate = 0.5;
  double regularization = 0.1;
  bool biases = true;        ///< a number for every user and every item, added to the scores
  double init_stddev = 0.1;  ///< of a whole factor row: each entry gets init_stddev / sqrt(factors)
  int fold_in_epochs = 50;   ///< steps for an unknown user or item
  std::uint64_t seed = 42;
  bool keep_history = true;  ///< hold the interactions, so that seen items can be left out

  static constexpr auto fields() {
    return std::tuple{
        field("factors", &params::factors, 1, 65536, "dimensions of the latent vectors"),
        field("epochs", &params::epochs, 1, 100'000, "steps of both sides"),
        field("confidence", &params::confidence, 1e-9, 1e9,
              "alpha: an interaction of value x weighs alpha * x"),
        field("neg_ratio", &params::neg_ratio, 0, 10'000, "negatives drawn for each interaction"),
        field("learning_rate", &params::learning_rate, 1e-9, 100,
              "step size, before Adagrad divides it"),
        field("regularization", &params::regularization, 0, 1e6, "weight of the squared rows"),
        field("biases", &params::biases, "a number for every user and item, added to the scores"),
        field("init_stddev", &params::init_stddev, 0, 1e6,
              "standard deviation of the first factors, times sqrt(factors)"),
        field("fold_in_epochs", &params::fold_in_epochs, 1, 100'000,
              "steps for an unknown user or item"),
        field("seed", &params::seed, "of the first factors and all draws"),
        field("keep_history", &params::keep_history,
              "hold the interactions, to leave seen items out"),
    };
  }
};

namespace detail_logistic {

/// @throws value_error when a value is not positive
void check(const csr_view<>& history);

/// The rows of a fit while it runs.
class trainer {
 public:
  /// All must live as long as the object, but for the state.
  /// @param device where the steps are taken; null: here
  trainer(const cpu& policy, const csr_view<>& by_user, const params& params,
          const detail::adagrad_state& from, kernels::logistic_device* device);
  ~trainer();
  trainer(const trainer&) = delete;
  trainer& operator=(const trainer&) = delete;

  /// @throws cancelled_error when cancelled() says so, error when the steps diverge
  void epoch(int epoch, const std::function<bool()>& cancelled);
  /// @throws error when a number is not finite
  void give(const detail::adagrad_state& to) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Rows of one side from `histories`, the rows of the other standing still. `side` says which.
row_major_matrix<float> solve(const cpu& policy, const csr_view<>& histories, const params& params,
                              const csr_view<>& known, const row_major_matrix<float>& other,
                              bool users);

}  // namespace detail_logistic

struct algorithm;

/// Factors and biases of users and items: 1 / (1 + exp(−score)) estimates how likely the user takes
/// the item, against neg_ratio negatives for every interaction.
class model : public adagrad_factor_model<model, logistic::params> {
 public:
  static constexpr std::string_view file_kind = "logistic";
  static constexpr Eigen::Index extra_columns = 2;  // bias and 1 for users, 1 and bias for items

  /// One a user; 0 without biases.
  auto user_biases() const noexcept { return user_rows_.col(settings_.factors); }
  /// One an item.
  auto item_biases() const noexcept { return item_rows_.col(settings_.factors + 1); }

 private:
  friend class factor_model<model, logistic::params>;
  friend adagrad_factor_model<model, logistic::params>;
  friend recommender_base<model>;
  friend struct algorithm;

  row_major_matrix<float> solve_users(const cpu& policy, const csr_view<>& histories) const {
    return detail_logistic::solve(policy, histories, settings_, history_.view(), item_rows_, true);
  }
  row_major_matrix<float> solve_items(const cpu& policy, const csr_view<>& histories) const {
    return detail_logistic::solve(policy, histories, settings_, history_.view(), user_rows_, false);
  }
  void items_changed(const cpu&) noexcept {}
};

/// What fit runs.
struct algorithm {
  using params_type = params;
  using model_type = model;
  static constexpr bool has_cuda = true;

  template <class Policy, class Source, class... Observers>
  static model run(const Policy& policy, const Source& source, const params& params,
                   Observers&... observers) {
    const cpu host = detail::host_of(policy);
    const csr_matrix<> history = standard_csr(source);
    detail_logistic::check(history.view());
    const auto start = detail::start_of<model>(observers...);
    model first;
    if (!first.begin(history, history.rows(), history.cols(), params, start)) {
      const Eigen::Index d = params.factors;
      detail::normal_factors(host, first.user_rows_, first.item_rows_, params);
      first.user_rows_.col(d + 1).setOnes();
      first.item_rows_.col(d).setOnes();
    }
    first.begin_squares(true, start);
    const auto device = kernels::make_logistic_device(policy);
    detail_logistic::trainer trainer(host, history.view(), params, first.state(), device.get());
    return detail::run_epochs(
        "logistic::fit", std::move(first), start.epochs_done(), params.epochs,
        [&](model& model, int epoch) {
          if (detail::pair_epoch(trainer, epoch, params.epochs, observers...)) {
            trainer.give(model.state());
          }
          model.epochs_done_ = epoch;
        },
        observers...);
  }
};

/// Fits factors W (users), H (items) and biases to the largest
///   Σ_{(u,i) observed} confidence · x_ui · ln σ(s_ui) + Σ_{(u,j) drawn} ln σ(−s_uj)
///     − ½ regularization (|w_u|² + |h_i|² + b_u² + b_i²),       s_ui = w_u·h_i + b_u + b_i,
/// where x_ui is the value of an interaction and every user draws neg_ratio items that they do not
/// have for each that they have. An epoch takes one step of Adagrad with the users' gradients, then
/// one with the items': a row's step needs the other side alone, so all rows of a side move at the
/// same time and there is no other schedule. Items see as many negatives as the users' draws would
/// give them on average: neg_ratio · nonzeros / items, of random interactions' users.
///
/// Not for ratings as such: a low rating still counts as interest, a large one as more; drop what
/// was disliked first (at_least), or make all weights equal (weighting::binary). Adagrad's sums
/// start at 1 and are part of the model and its file. Unknown users and items are fitted with
/// fold_in_epochs steps from 0; the same history always gives the same row. Without the history
/// items are folded in against users drawn uniformly.
///
/// @param source    users × items interactions with values > 0; see csr_source
/// @param observers called after every epoch; see core/observer.hpp
/// @throws value_error for params out of range or a value that is not positive, error when the
///         steps diverge (lower learning_rate), memory_error when the factors cannot fit,
///         cancelled_error, what as_csr throws
///
/// An epoch takes about 8 · nonzeros · (1 + neg_ratio) · d flops for d factors. The same bits for
/// any number of threads on one machine. Memory: four times the factors, and one transpose of the
/// interactions. On a GPU, the same draws and, up to rounding, the same factors.
/// Johnson, Logistic matrix factorization for implicit feedback data, NIPS 2014 workshop, with
/// negatives drawn where the paper sums over all.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::logistic
