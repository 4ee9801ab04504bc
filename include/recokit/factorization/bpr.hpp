// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Bayesian personalized ranking: what a user took ranks above what the user did not.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/start.hpp>
#include <recokit/factorization/factor_model.hpp>
#include <recokit/factorization/first_factors.hpp>
#include <recokit/factorization/pairwise_epoch.hpp>
#include <recokit/factorization/pairwise_schedule.hpp>
#include <recokit/kernels/pair_device.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>

namespace recokit::inline RECOKIT_ABI::bpr {

using pairwise::negatives;
using pairwise::schedule;

struct params {
  int factors = 64;
  int epochs = 100;
  int samples = 1;  ///< negatives drawn for each interaction in an epoch
  double learning_rate = 0.05;
  double decay = 1;              ///< of the learning rate: times this after every epoch
  double regularization = 0.01;  ///< of everything, unless one of the next four says otherwise
  std::optional<double> user_regularization{};
  std::optional<double> positive_regularization{};  ///< of items in their steps as the positive
  std::optional<double> negative_regularization{};  ///< of items in their steps as the negative
  std::optional<double> bias_regularization{};
  bool item_bias = true;
  bpr::negatives negatives = bpr::negatives::uniform;
  double popularity_exponent = 0.75;  ///< negatives=popularity
  double adaptive_rank = 0.1;         ///< negatives=adaptive: expected rank, as a part of all items
  bpr::schedule schedule = bpr::schedule::deterministic;
  double init_stddev = 0.1;  ///< of a whole factor row: each entry gets init_stddev / sqrt(factors)
  int fold_in_epochs = 50;   ///< passes over the history of an unknown user or item
  std::uint64_t seed = 42;
  bool keep_history = true;  ///< hold the interactions, so that seen items can be left out

  static constexpr auto fields() {
    return std::tuple{
        field("factors", &params::factors, 1, 65536, "dimensions of the latent vectors"),
        field("epochs", &params::epochs, 1, 100'000, "passes over the interactions"),
        field("samples", &params::samples, 1, 10'000, "negatives for each interaction in an epoch"),
        field("learning_rate", &params::learning_rate, 1e-9, 100, "step size"),
        field("decay", &params::decay, 1e-3, 1, "learning_rate is multiplied by it every epoch"),
        field("regularization", &params::regularization, 0, 1e3, "weight of the squared rows"),
        field("user_regularization", &params::user_regularization,
              "of users; none: as regularization"),
        field("positive_regularization", &params::positive_regularization,
              "of items as positives; none: as regularization"),
        field("negative_regularization", &params::negative_regularization,
              "of items as negatives; none: as regularization"),
        field("bias_regularization", &params::bias_regularization,
              "of the item biases; none: as regularization"),
        field("item_bias", &params::item_bias, "a number for every item, added to its scores"),
        field("negatives", &params::negatives, "where negatives come from"),
        field("popularity_exponent", &params::popularity_exponent, 0, 10,
              "negatives=popularity: of the number of users"),
        field("adaptive_rank", &params::adaptive_rank, 1e-6, 1,
              "negatives=adaptive: expected rank, as a part of all items"),
        field("schedule", &params::schedule, "order of the steps"),
        field("init_stddev", &params::init_stddev, 0, 1e6,
              "standard deviation of the first factors, times sqrt(factors)"),
        field("fold_in_epochs", &params::fold_in_epochs, 1, 100'000,
              "passes over the history of an unknown user or item"),
        field("seed", &params::seed, "of the first factors and all draws"),
        field("keep_history", &params::keep_history,
              "hold the interactions, to leave seen items out"),
    };
  }
};

namespace detail_bpr {

/// @throws value_error for what params_field cannot say, or when a value is not positive
void check(const params& params, const csr_view<>& history);

/// The rows of a fit while it runs.
class trainer {
 public:
  /// All must live as long as the object, but for the rows.
  /// @param device where the steps are taken; null: here
  trainer(const cpu& policy, const csr_view<>& history, const params& params,
          const row_major_matrix<float>& users, const row_major_matrix<float>& items,
          kernels::pair_device* device);
  ~trainer();
  trainer(const trainer&) = delete;
  trainer& operator=(const trainer&) = delete;

  /// @throws cancelled_error when cancelled() says so between rounds, error when the steps diverge
  void epoch(int epoch, const std::function<bool()>& cancelled);
  /// @throws error when a number is not finite
  void give(row_major_matrix<float>& users, row_major_matrix<float>& items) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

row_major_matrix<float> solve_users(const cpu& policy, const csr_view<>& histories,
                                    const params& params, const row_major_matrix<float>& items);
row_major_matrix<float> solve_items(const cpu& policy, const csr_view<>& histories,
                                    const params& params, const csr_view<>& known,
                                    const row_major_matrix<float>& users,
                                    const row_major_matrix<float>& items);

}  // namespace detail_bpr

struct algorithm;

/// Factors of users and items and a bias of items; a score is the dot product plus the bias. Scores
/// of one user compare; those of two users do not.
class model : public factor_model<model, bpr::params> {
 public:
  static constexpr std::string_view file_kind = "bpr";
  static constexpr Eigen::Index extra_columns = 1;  // 1 for users, the bias for items

  /// One an item; 0 without item_bias.
  auto item_biases() const noexcept { return item_rows_.col(settings_.factors); }

 private:
  friend class factor_model<model, bpr::params>;
  friend recommender_base<model>;
  friend struct algorithm;

  row_major_matrix<float> solve_users(const cpu& policy, const csr_view<>& histories) const {
    return detail_bpr::solve_users(policy, histories, settings_, item_rows_);
  }
  row_major_matrix<float> solve_items(const cpu& policy, const csr_view<>& histories) const {
    return detail_bpr::solve_items(policy, histories, settings_, history_.view(), user_rows_,
                                   item_rows_);
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
    detail_bpr::check(params, history.view());
    const auto start = detail::start_of<model>(observers...);
    model first;
    if (!first.begin(history, history.rows(), history.cols(), params, start)) {
      detail::normal_factors(host, first.user_rows_, first.item_rows_, params);
      first.user_rows_.col(params.factors).setOnes();  // beside the biases of items
    }
    const auto device = kernels::make_pair_device(policy);
    detail_bpr::trainer trainer(host, history.view(), params, first.user_rows_, first.item_rows_,
                                device.get());
    return detail::run_epochs(
        "bpr::fit", std::move(first), start.epochs_done(), params.epochs,
        [&](model& model, int epoch) {
          if (detail::pair_epoch(trainer, epoch, params.epochs, observers...)) {
            trainer.give(model.user_rows_, model.item_rows_);
          }
          model.epochs_done_ = epoch;
        },
        observers...);
  }
};

/// Fits factors W (users), H (items) and biases b (items) by stochastic gradient descent on
///   Σ −ln σ(x_ui − x_uj) + ½ λ_user |w_u|² + ½ λ_positive |h_i|² + ½ λ_negative |h_j|²
///     + ½ λ_bias (b_i² + b_j²),        x_ui = w_u·h_i + b_i,
/// over samples (u, i, j): an epoch takes every interaction (u, i) `samples` times, each with a new
/// item j that the user does not have. The penalties count once a sample.
///
/// Not for ratings: values are not read, every interaction is a positive; drop what was disliked
/// first (at_least). A user who has all items teaches nothing, and one without items keeps random
/// factors. For a start: samples = 10, learning_rate 0.3,
/// decay 0.94, and a regularization found by search, from 1e-3 to 1e-2. Unknown users are fitted by
/// fold_in_epochs passes of the same steps with all items as they are, averaged over the second
/// half; the same history always gives the same row. Folding items in also needs keep_history: it
/// draws positives to be a negative for.
///
/// @param source    users × items interactions with values > 0; see csr_source
/// @param observers called after every epoch; see core/observer.hpp
/// @throws value_error for params out of range or a value that is not positive, error when the
///         steps diverge (lower learning_rate), memory_error when the factors cannot fit,
///         cancelled_error, what as_csr throws
///
/// An epoch takes about 10 · nonzeros · samples · d flops for d factors, and reads and writes three
/// rows a sample; negatives=adaptive sorts all items by every factor besides. The same bits for any
/// number of threads on one machine, not on two whose vector instructions differ. Memory: twice the
/// factors and 8 bytes an interaction.
///
/// On a GPU the host draws the same samples and the device takes the steps in an order with the
/// same result, up to rounding. With negatives=adaptive the rows of all users come back after every
/// round, for the next draws, and those of items when it is time to sort them. Memory of
/// the host: 40 bytes more a sample of a round, all of an epoch's with schedule=hogwild.
/// Rendle, Freudenthaler, Gantner, Schmidt-Thieme, UAI'09.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::bpr
