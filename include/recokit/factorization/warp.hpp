// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Weighted approximate-rank pairwise loss (WARP): the top of the list counts most.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/start.hpp>
#include <recokit/factorization/adagrad_factor_model.hpp>
#include <recokit/factorization/first_factors.hpp>
#include <recokit/factorization/pairwise_epoch.hpp>
#include <recokit/factorization/pairwise_schedule.hpp>
#include <recokit/kernels/warp_device.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>

namespace recokit::inline RECOKIT_ABI::warp {

using pairwise::schedule;

/// How far a step goes.
enum class optimizer {
  adagrad,  ///< learning_rate over the root of 1 + the sum of squared gradients, number by number
  sgd,      ///< learning_rate
};

/// Names of the values of optimizer, in order.
constexpr std::array<std::string_view, 2> enum_names(optimizer) { return {"adagrad", "sgd"}; }

struct params {
  int factors = 64;
  int epochs = 50;
  int max_trials = 10;  ///< items drawn for an interaction until one ranks too high
  double margin = 1;    ///< by which a positive must score above what the user did not take
  double learning_rate = 0.05;
  warp::optimizer optimizer = warp::optimizer::adagrad;
  double regularization = 0.001;  ///< of everything, unless one of the next four says otherwise
  std::optional<double> user_regularization{};
  std::optional<double> positive_regularization{};
  std::optional<double> negative_regularization{};
  std::optional<double> bias_regularization{};
  bool item_bias = true;
  warp::schedule schedule = warp::schedule::deterministic;
  double init_stddev = 0.1;  ///< of a whole factor row: each entry gets init_stddev / sqrt(factors)
  int fold_in_epochs = 50;   ///< passes over the history of an unknown user or item
  std::uint64_t seed = 42;
  bool keep_history = true;  ///< hold the interactions, so that seen items can be left out

  static constexpr auto fields() {
    return std::tuple{
        field("factors", &params::factors, 1, 65536, "dimensions of the latent vectors"),
        field("epochs", &params::epochs, 1, 100'000, "passes over the interactions"),
        field("max_trials", &params::max_trials, 1, 100'000,
              "items drawn for an interaction until one ranks too high"),
        field("margin", &params::margin, 0, 1e6,
              "by which a positive must score above what the user did not take"),
        field("learning_rate", &params::learning_rate, 1e-9, 100, "step size"),
        field("optimizer", &params::optimizer, "how far a step goes"),
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

namespace detail_warp {

/// @throws value_error for what params_field cannot say, or when a value is not positive
void check(const params& params, const csr_view<>& history);

/// The rows of a fit while it runs.
class trainer {
 public:
  /// All must live as long as the object, but for the state.
  /// @param device where the steps are taken; null: here
  trainer(const cpu& policy, const csr_view<>& history, const params& params,
          const detail::adagrad_state& from, kernels::warp_device* device);
  ~trainer();
  trainer(const trainer&) = delete;
  trainer& operator=(const trainer&) = delete;

  /// @throws cancelled_error when cancelled() says so between rounds, error when the steps diverge
  void epoch(int epoch, const std::function<bool()>& cancelled);
  /// @throws error when a number is not finite
  void give(const detail::adagrad_state& to) const;

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

}  // namespace detail_warp

struct algorithm;

/// Factors of users and items and a bias of items; a score is the dot product plus the bias. Scores
/// of one user compare; those of two users do not.
class model : public adagrad_factor_model<model, warp::params> {
 public:
  static constexpr std::string_view file_kind = "warp";
  static constexpr Eigen::Index extra_columns = 1;  // 1 for users, the bias for items

  /// One an item; 0 without item_bias.
  auto item_biases() const noexcept { return item_rows_.col(settings_.factors); }

 private:
  friend class factor_model<model, warp::params>;
  friend adagrad_factor_model<model, warp::params>;
  friend recommender_base<model>;
  friend struct algorithm;

  row_major_matrix<float> solve_users(const cpu& policy, const csr_view<>& histories) const {
    return detail_warp::solve_users(policy, histories, settings_, item_rows_);
  }
  row_major_matrix<float> solve_items(const cpu& policy, const csr_view<>& histories) const {
    return detail_warp::solve_items(policy, histories, settings_, history_.view(), user_rows_,
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
    detail_warp::check(params, history.view());
    const auto start = detail::start_of<model>(observers...);
    model first;
    if (!first.begin(history, history.rows(), history.cols(), params, start)) {
      detail::normal_factors(host, first.user_rows_, first.item_rows_, params);
      first.user_rows_.col(params.factors).setOnes();  // beside the biases of items
    }
    first.begin_squares(params.optimizer == optimizer::adagrad, start);
    const auto device = kernels::make_warp_device(policy);
    detail_warp::trainer trainer(host, history.view(), params, first.state(), device.get());
    return detail::run_epochs(
        "warp::fit", std::move(first), start.epochs_done(), params.epochs,
        [&](model& model, int epoch) {
          if (detail::pair_epoch(trainer, epoch, params.epochs, observers...)) {
            trainer.give(model.state());
          }
          model.epochs_done_ = epoch;
        },
        observers...);
  }
};

/// Fits factors W (users), H (items) and biases b (items) so that what a user took scores by
/// `margin` above what the user did not, above all at the top of the list: for each interaction
/// (u, i) items j that the user does not have are drawn until x_uj > x_ui − margin; with the t-th
/// of at most max_trials the steps go down
///   ln(max(1, ⌊(items − 1) / t⌋)) · (margin − x_ui + x_uj),      x_ui = w_u·h_i + b_i,
/// with ½ λ |·|² of the three rows and two biases added. (items − 1) / t estimates how many items
/// rank above i. Adagrad's sums start at 1 and are part of the model and its file.
///
/// Not for ratings: values are not read, every interaction is a positive; drop what was disliked
/// first (at_least). An epoch costs more than one of bpr: the better the model, the more items are
/// drawn. Unknown users and items are fitted by
/// fold_in_epochs passes of the same steps with all else as it is, averaged over the second half;
/// the same history always gives the same row. Folding items in also needs keep_history.
///
/// @param source    users × items interactions with values > 0; see csr_source
/// @param observers called after every epoch; see core/observer.hpp
/// @throws value_error for params out of range or a value that is not positive, error when the
///         steps diverge (lower learning_rate), memory_error when the factors cannot fit,
///         cancelled_error, what as_csr throws
///
/// An epoch takes at most 2 · nonzeros · (max_trials + 1) · d flops for scores and about
/// 20 · nonzeros · d for steps. The same bits for any number of threads on one machine. Memory:
/// twice the factors, with adagrad four times, and 8 bytes an interaction.
///
/// On a GPU the device draws the words that the CPU would draw and steps in the same order. Factors
/// differ by rounding, until a score lies within rounding of the margin: whether that item is taken
/// moves all draws after it in the job, and the two fits then part as fits with other seeds do.
/// Weston, Bengio, Usunier, IJCAI'11; Adagrad: Duchi, Hazan, Singer, JMLR 2011.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::warp
