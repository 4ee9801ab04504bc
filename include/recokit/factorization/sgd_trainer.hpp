// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Epochs of stochastic gradient descent over ratings, in the blocks of a fixed schedule.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/rating_model.hpp>
#include <recokit/factorization/rating_blocks.hpp>
#include <recokit/factorization/sample_levels.hpp>
#include <recokit/factorization/sgd_kernel.hpp>
#include <recokit/factorization/sgd_options.hpp>
#include <recokit/factorization/sgd_rows.hpp>
#include <recokit/kernels/sgd_device.hpp>

#include <cmath>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

namespace recokit::inline RECOKIT_ABI::sgd {

/// What the params of a model say about its descent.
struct settings {
  sgd::loss loss = sgd::loss::squared;
  sgd::step_rule step_rule = sgd::step_rule::decay;
  sgd::schedule schedule = sgd::schedule::blocks;
  int factors = 0;
  int epochs = 0;
  double learning_rate = 0;
  double learning_rate_decay = 1;
  double regularization = 0;
  double bias_regularization = 0;
  double l1 = 0;
  bool biases = true;
  bool mean = true;
  int bands = 0;
  std::uint64_t seed = 0;
  std::string_view owner;  ///< in errors: "biased_mf::fit"

  double rate(int epoch) const {
    return learning_rate *
           (step_rule == sgd::step_rule::decay ? std::pow(learning_rate_decay, epoch - 1) : 1);
  }
};

/// How ratings become targets of a loss, and estimates z become ratings.
class rating_link {
 public:
  rating_link() = default;
  rating_link(sgd::loss loss, const rating_scale& scale) : loss_(loss), scale_(scale) {}

  /// @throws value_error when the loss is for two classes and there are fewer or more, or for a
  ///         scale and there is but one rating
  static void check(sgd::loss loss, const csr_view<>& ratings, const rating_scale& scale) {
    if (loss == sgd::loss::squared || loss == sgd::loss::absolute) return;
    const std::string name(enum_names(loss)[static_cast<std::size_t>(loss)]);
    if (scale.low == scale.high) {
      throw value_error("source", "every value is " + std::to_string(scale.low),
                        "params.loss = " + name + " needs two different values at least");
    }
    if (loss == sgd::loss::sigmoid) return;
    for (const float value : ratings.values()) {
      if (value != scale.low && value != scale.high) {
        throw value_error("source",
                          "has the values " + std::to_string(scale.low) + ", " +
                              std::to_string(value) + " and " + std::to_string(scale.high),
                          "params.loss = " + name +
                              " is for two classes: values must be two "
                              "numbers, of which the higher is the positive class");
      }
    }
  }

  /// What is fitted to.
  float target(float rating) const noexcept {
    switch (loss_) {
      case sgd::loss::squared:
      case sgd::loss::absolute:
        break;
      case sgd::loss::hinge:
      case sgd::loss::logistic:
        return rating == scale_.high ? 1.0f : -1.0f;
      case sgd::loss::sigmoid:
        return (rating - scale_.low) / (scale_.high - scale_.low);
    }
    return rating;
  }
  /// The rating that an estimate stands for.
  float rating(float z) const noexcept {
    const float range = scale_.high - scale_.low;
    switch (loss_) {
      case sgd::loss::squared:
      case sgd::loss::absolute:
        break;
      case sgd::loss::hinge:
        return scale_.low + range * (z + 1) / 2;
      case sgd::loss::logistic:
      case sgd::loss::sigmoid:
        return scale_.low + range / (1 + std::exp(-z));
    }
    return z;
  }
  /// The z that fits best when it is the same for all: of hinge 0.
  double center(const csr_view<>& ratings) const {
    if (loss_ == sgd::loss::hinge) return 0;
    const double mean = recokit::detail::mean_of(ratings);
    if (loss_ == sgd::loss::squared || loss_ == sgd::loss::absolute) return mean;
    const double share = (mean - double{scale_.low}) / double{scale_.high - scale_.low};
    return std::log(share / (1 - share));
  }

 private:
  sgd::loss loss_ = sgd::loss::squared;
  rating_scale scale_;
};

/// The numbers of a pass.
template <class Scalar>
update<Scalar> update_of(const settings& s, double mean, int epoch) {
  update<Scalar> u;
  u.loss = s.loss;
  u.adaptive = s.step_rule == step_rule::adaptive;
  u.mean = static_cast<Scalar>(mean);
  u.rate = static_cast<Scalar>(s.rate(epoch));
  u.bias_rate = s.biases ? u.rate : Scalar{0};
  u.regularization = static_cast<Scalar>(s.regularization);
  u.bias_regularization = static_cast<Scalar>(s.bias_regularization);
  u.l1 = static_cast<Scalar>(s.l1);
  u.inverse_factors = 1 / static_cast<Scalar>(s.factors);
  return u;
}

/// The state of a fit: the ratings in blocks, and the rows as the kernels want them. The first
/// factors columns of a model's rows are the factors; a user's last column is their bias and the
/// mean together, an item's last but one its bias.
template <class Scalar>
class trainer {
 public:
  /// @param bands  of users no more than of items in each of `parts` parts, which take turns
  /// @param device where the steps are taken, of floats in one part; null: here
  trainer(const cpu& policy, const csr_view<>& ratings, const rating_link& link,
          const settings& settings, const band_counts& bands, std::int64_t parts = 1,
          kernels::sgd_device* device = nullptr)
      : policy_(policy),
        settings_(settings),
        kernel_(best_kernel<Scalar>()),
        parts_(parts),
        device_(device) {
    const std::int64_t users = ratings.rows();
    const std::int64_t items = ratings.cols();
    const std::int64_t nonzeros = ratings.nonzeros();
    const std::int64_t row_bytes = bytes_of_row(settings.factors);
    check::fits_memory(
        "the ratings of " + std::string(settings.owner) + " in blocks, and padded factors",
        16 * static_cast<std::uint64_t>(nonzeros) +
            static_cast<std::uint64_t>(users + items) * static_cast<std::uint64_t>(row_bytes + 32));
    blocks_ = rating_blocks(policy, ratings, {bands.users * parts, bands.items}, settings.seed,
                            [&](float rating) { return link.target(rating); });
    users_ = padded_rows<Scalar>(users, settings.factors);
    items_ = padded_rows<Scalar>(items, settings.factors);
  }

  /// Of a padded row.
  static std::int64_t bytes_of_row(int factors) noexcept {
    return static_cast<std::int64_t>(padded<Scalar>(factors)) *
           static_cast<std::int64_t>(sizeof(Scalar));
  }
  /// Bands as the settings say, or by the size of the ratings.
  static band_counts bands_of(const csr_view<>& ratings, const settings& settings) {
    band_counts bands = default_bands(ratings.rows(), ratings.cols(), ratings.nonzeros(),
                                      bytes_of_row(settings.factors));
    if (settings.bands > 0) bands = {settings.bands, settings.bands};
    bands.items = std::min<std::int64_t>(bands.items, ratings.cols());
    bands.users = std::min<std::int64_t>({bands.users, bands.items, ratings.rows()});
    return bands;
  }

  const rating_blocks& blocks() const noexcept { return blocks_; }
  const sgd::kernel<Scalar>& kernel() const noexcept { return kernel_; }
  padded_rows<Scalar>& users() noexcept { return users_; }
  padded_rows<Scalar>& items() noexcept { return items_; }

  /// Takes the rows of a model; `squares`, rows × 2, may be empty.
  void take(const row_major_matrix<Scalar>& user_rows, const row_major_matrix<Scalar>& item_rows,
            const row_major_matrix<Scalar>& user_squares,
            const row_major_matrix<Scalar>& item_squares) {
    const Eigen::Index d = settings_.factors;
    take_side(users_, user_rows, d + 1, user_squares, blocks_.users());
    take_side(items_, item_rows, d, item_squares, blocks_.items());
    if constexpr (std::is_same_v<Scalar, float>) {
      if (device_ != nullptr) {
        device_->upload(device_rows(), users_.rows(), items_.rows(), leveled_blocks(),
                        blocks_.items().bands());
      }
    }
  }
  /// Gives them back. @throws error when one is not finite, naming what to lower
  void give(int epoch, row_major_matrix<Scalar>& user_rows, row_major_matrix<Scalar>& item_rows,
            row_major_matrix<Scalar>& user_squares, row_major_matrix<Scalar>& item_squares) {
    if constexpr (std::is_same_v<Scalar, float>) {
      if (device_ != nullptr) device_->download(device_rows());
    }
    const Eigen::Index d = settings_.factors;
    const bool users_finite = give_side(users_, user_rows, d + 1, user_squares, blocks_.users());
    const bool items_finite = give_side(items_, item_rows, d, item_squares, blocks_.items());
    if (!users_finite || !items_finite) throw_diverged(epoch);
  }

  /// One pass over the ratings of the users of a part. @throws cancelled_error; on a device error,
  /// when a row is not finite
  template <class Cancelled>
  void pass(const update<Scalar>& update, int epoch, const Cancelled& cancelled,
            std::int64_t part = 0) {
    const std::int64_t bands = blocks_.users().bands() / parts_;
    const std::int64_t first = part * bands;
    const auto rounds = round_order(blocks_.items().bands(), settings_.seed, epoch, part);
    if constexpr (std::is_same_v<Scalar, float>) {
      if (device_ != nullptr) return pass_on_device(update, epoch, rounds, cancelled);
    }
    if (settings_.schedule == schedule::hogwild) {
      if (cancelled()) throw cancelled_error(std::string(settings_.owner));
      recokit::detail::run_blocks(policy_, std::ssize(rounds) * bands, [&](std::int64_t b) {
        block(update, first + b % bands, b % bands + rounds[static_cast<std::size_t>(b / bands)]);
      });
      return;
    }
    for (const std::int64_t round : rounds) {
      if (cancelled()) throw cancelled_error(std::string(settings_.owner));
      recokit::detail::run_blocks(policy_, bands,
                                  [&](std::int64_t b) { block(update, first + b, b + round); });
    }
  }

 private:
  kernels::sgd_rows device_rows() { return {users_.block(), items_.block(), users_.stride()}; }

  /// All blocks as a device takes them. Those of a round share no row.
  std::vector<kernels::sgd_job> leveled_blocks() const {
    const std::int64_t columns = blocks_.items().bands();
    std::vector<kernels::sgd_job> jobs(static_cast<std::size_t>(blocks_.users().bands() * columns));
    recokit::detail::sample_levels levels(users_.rows(), items_.rows());
    for (std::int64_t round = 0; round < columns; ++round) {
      recokit::detail::run_blocks(policy_, blocks_.users().bands(), [&](std::int64_t band) {
        const std::int64_t column = (band + round) % columns;
        auto& job = jobs[static_cast<std::size_t>(band * columns + column)];
        const entry* next = blocks_.entries(band, column);
        for (const run& run : blocks_.runs(band, column)) {
          for (const entry* const end = next + run.count; next < end; ++next) {
            job.samples.push_back({run.user, next->item, next->target});
          }
        }
        levels.sort(job);
      });
    }
    return jobs;
  }

  template <class Cancelled>
  void pass_on_device(const update<float>& update, int epoch,
                      const std::vector<std::int64_t>& rounds, const Cancelled& cancelled) {
    if (cancelled()) throw cancelled_error(std::string(settings_.owner));
    if (settings_.schedule == schedule::hogwild) {
      device_->race(update);
    } else {
      for (const std::int64_t round : rounds) {
        if (cancelled()) throw cancelled_error(std::string(settings_.owner));
        device_->step(update, round);
      }
    }
    if (!device_->finite()) throw_diverged(epoch);
  }

  [[noreturn]] void throw_diverged(int epoch) const {
    throw error(std::string(settings_.owner) + ": epoch " + std::to_string(epoch) +
                " diverged, factors are not finite; lower params.learning_rate or raise "
                "params.regularization");
  }

  void block(const update<Scalar>& update, std::int64_t user_band, std::int64_t item_band) {
    item_band %= blocks_.items().bands();
    kernel_.pass(update, blocks_.runs(user_band, item_band), blocks_.entries(user_band, item_band),
                 users_.block(), items_.block(), users_.stride());
  }

  void take_side(padded_rows<Scalar>& to, const row_major_matrix<Scalar>& from,
                 Eigen::Index bias_column, const row_major_matrix<Scalar>& squares,
                 const row_bands& bands) {
    to.take(policy_, from, settings_.factors, bands.order());
    for (std::size_t n = 0; n < to.states().size(); ++n) {
      const index_t r = bands.order()[n];
      to.states()[n].bias = from(r, bias_column);
      if (squares.rows() == 0) continue;
      to.states()[n].factor_squares = squares(r, 0);
      to.states()[n].bias_squares = squares(r, 1);
    }
  }
  bool give_side(const padded_rows<Scalar>& from, row_major_matrix<Scalar>& to,
                 Eigen::Index bias_column, row_major_matrix<Scalar>& squares,
                 const row_bands& bands) const {
    const bool finite = from.give(policy_, to, settings_.factors, bands.order());
    const bool adaptive = settings_.step_rule == step_rule::adaptive;
    if (adaptive) squares.resize(to.rows(), 2);
    for (std::size_t n = 0; n < from.states().size(); ++n) {
      const index_t r = bands.order()[n];
      to(r, bias_column) = from.states()[n].bias;
      if (!adaptive) continue;
      squares(r, 0) = from.states()[n].factor_squares;
      squares(r, 1) = from.states()[n].bias_squares;
    }
    return finite;
  }

  cpu policy_;
  settings settings_;
  sgd::kernel<Scalar> kernel_;
  std::int64_t parts_ = 1;
  kernels::sgd_device* device_ = nullptr;
  rating_blocks blocks_;
  padded_rows<Scalar> users_;
  padded_rows<Scalar> items_;
};

}  // namespace recokit::inline RECOKIT_ABI::sgd
