// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief SVD++: factorization of ratings in which also the items that a user rated speak for them.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/factorization/sgd_rating_model.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::svdpp {

struct params {
  int factors = 32;
  int epochs = 40;
  double learning_rate = 0.02;
  double learning_rate_decay = 0.95;  ///< what an epoch multiplies the rate with
  double regularization = 0.08;       ///< of the factors p, q and y, for each rating
  double bias_regularization = 0.02;  ///< of the biases, for each rating
  int batches = 0;           ///< parts of the users after which y moves; 0: by the number of users
  double init_stddev = 0.5;  ///< of a whole factor row: each entry gets init_stddev / sqrt(factors)
  std::uint64_t seed = 42;
  bool clip = true;          ///< predictions stay on the scale of the training ratings
  bool keep_history = true;  ///< hold the ratings, so that seen items can be left out

  static constexpr auto fields() {
    return std::tuple{
        field("factors", &params::factors, 1, 65536, "dimensions of the latent vectors"),
        field("epochs", &params::epochs, 1, 100'000, "passes over the ratings"),
        field("learning_rate", &params::learning_rate, 1e-9, 10, "step size of the first epoch"),
        field("learning_rate_decay", &params::learning_rate_decay, 1e-3, 1,
              "what each epoch multiplies the step size with"),
        field("regularization", &params::regularization, 0, 1e6,
              "lambda of the factors p, q and y, for each rating"),
        field("bias_regularization", &params::bias_regularization, 0, 1e6,
              "lambda of the biases, for each rating"),
        field("batches", &params::batches, 0, 1'000'000,
              "parts of the users after which y moves; 0: by the number of users"),
        field("init_stddev", &params::init_stddev, 0, 1e6,
              "standard deviation of the first factors, times sqrt(factors)"),
        field("seed", &params::seed, "of the first factors and the order of ratings"),
        field("clip", &params::clip, "predictions stay on the scale of the training ratings"),
        field("keep_history", &params::keep_history,
              "hold the interactions, to leave seen items out"),
    };
  }
};

template <class Scalar>
struct algorithm;

/// The rating of item i by user u is μ + b_u + b_i + q_i·x_u with x_u = p_u + |N(u)|^-½ Σ_{j∈N(u)}
/// y_j, where N(u) are the items that u rated in training. user_factors() are the x_u. Of a history
/// that training did not know, the y are summed and p and the bias solved by ridge regression; an
/// item that partial_fit_items adds has y = 0.
/// @tparam Scalar float or double
template <class Scalar = float>
class basic_model : public sgd_rating_model<basic_model<Scalar>, svdpp::params, Scalar> {
 public:
  static constexpr std::string_view file_kind =
      std::is_same_v<Scalar, float> ? "svdpp" : "svdpp_f64";

  /// items × factors(): y.
  const row_major_matrix<Scalar>& implicit_factors() const noexcept { return implicit_; }
  /// users × factors(): p, as fit left it.
  const row_major_matrix<Scalar>& own_factors() const noexcept { return own_; }

 private:
  using base = sgd_rating_model<basic_model, svdpp::params, Scalar>;
  friend base;
  friend class factor_model<basic_model, svdpp::params, Scalar, rating_model>;
  friend class recommender_base<basic_model>;
  friend class rating_model<basic_model>;
  friend struct algorithm<Scalar>;

  static sgd::settings sgd_settings(const svdpp::params& p) {
    return {.factors = p.factors,
            .epochs = p.epochs,
            .learning_rate = p.learning_rate,
            .learning_rate_decay = p.learning_rate_decay,
            .regularization = p.regularization,
            .bias_regularization = p.bias_regularization,
            .seed = p.seed,
            .owner = "svdpp::fit"};
  }

  // |N|^-½ Σ y of each row.
  row_major_matrix<Scalar> implicit_parts(const cpu& policy, const csr_view<>& histories) const {
    row_major_matrix<Scalar> parts(histories.rows(), this->factors());
    parallel_for(policy, histories.rows(), 64, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t r = begin; r < end; ++r) {
        const auto row = histories.row(r);
        auto part = parts.row(r);
        part.setZero();
        if (row.size() == 0) continue;
        for (const index_t item : row.indices) part += implicit_.row(item);
        part /= std::sqrt(static_cast<Scalar>(row.size()));
      }
    });
    return parts;
  }

  row_major_matrix<Scalar> solve_users(const cpu& policy, const csr_view<>& histories) const {
    const auto parts = implicit_parts(policy, histories);
    // p is fitted to what the y leave.
    std::vector<float> rest(static_cast<std::size_t>(histories.nonzeros()));
    parallel_for(policy, histories.rows(), 64, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t r = begin; r < end; ++r) {
        const auto row = histories.row(r);
        auto at = static_cast<std::size_t>(histories.offsets()[static_cast<std::size_t>(r)]);
        for (std::size_t n = 0; n < row.size(); ++n, ++at) {
          rest[at] = row.value(n) -
                     static_cast<float>(this->item_factors().row(row.indices[n]).dot(parts.row(r)));
        }
      }
    });
    const auto left =
        csr_view<>::trusted(histories.rows(), histories.cols(), histories.offsets().data(),
                            histories.indices().data(), rest.data());
    auto rows = base::solve_users(policy, left);
    rows.leftCols(this->factors()) += parts;
    return rows;
  }
  void items_changed(const cpu&) {
    const Eigen::Index before = implicit_.rows();
    implicit_.conservativeResize(this->items(), this->factors());
    if (this->items() > before) implicit_.bottomRows(this->items() - before).setZero();
  }

  void write(model_writer& out) const {
    this->write_descent(out);
    out.add("own_factors", own_);
    out.add("implicit_factors", implicit_);
  }
  static basic_model read(model_reader& in) {
    basic_model model;
    model.read_descent(in);
    model.own_ = in.matrix<Scalar>("own_factors", any_size, model.factors());
    model.implicit_ = in.matrix<Scalar>("implicit_factors", model.items(), model.factors());
    return model;
  }

  row_major_matrix<Scalar> own_;       // p
  row_major_matrix<Scalar> implicit_;  // y
};

using model = basic_model<float>;

namespace detail {

/// The batches of a fit: p in the rows of users, y beside the rows of items.
template <class Scalar>
class batch_trainer {
 public:
  batch_trainer(const cpu& policy, const csr_view<>& ratings, const sgd::settings& settings,
                int batches)
      : policy_(policy),
        settings_(settings),
        batches_(batch_count(ratings, batches)),
        trainer_(policy, ratings, {}, settings, bands_of(ratings, settings, batches_), batches_),
        implicit_(ratings.cols(), settings.factors) {
    const auto& bands = trainer_.blocks().users();
    std::int64_t most = 0;
    for (std::int64_t b = 0; b < batches_; ++b) most = std::max(most, end(b) - begin(b));
    before_ = sgd::padded_rows<Scalar>(most, settings.factors);
    sums_ = sgd::padded_rows<Scalar>(most, settings.factors);
    fades_.resize(static_cast<std::size_t>(most));
    counts_.reserve(static_cast<std::size_t>(ratings.rows()));
    for (const index_t u : bands.order())
      counts_.push_back(static_cast<double>(ratings.row(u).size()));
  }

  sgd::trainer<Scalar>& trainer() noexcept { return trainer_; }

  void take_implicit(const row_major_matrix<Scalar>& from) {
    implicit_.take(policy_, from, settings_.factors, trainer_.blocks().items().order());
  }
  bool give_implicit(row_major_matrix<Scalar>& to) const {
    return implicit_.give(policy_, to, settings_.factors, trainer_.blocks().items().order());
  }

  /// Koren's update of a rating moves p and each y of the user's items with the same gradient, so
  /// x = p + s, where s = |N|^-½ Σ y, moves by twice that of p. With a = 1 − rate · λ and D the
  /// faded sum of the n steps of p,
  ///   x' = aⁿ x + 2 D,   p' = aⁿ p + D   and, for all j of N,   y_j' = aⁿ y_j + |N|^-½ D:
  /// the same as one rating after the other, without touching y for each. Between users of a batch
  /// y stands still.
  template <class Cancelled>
  void pass(const sgd::update<Scalar>& update, int epoch, const Cancelled& cancelled) {
    for (std::int64_t batch = 0; batch < batches_; ++batch) {
      add_implicit(batch);
      trainer_.pass(update, epoch, cancelled, batch);
      take_steps(batch,
                 1 - static_cast<double>(update.rate) * static_cast<double>(update.regularization));
      spread_steps(batch);
    }
  }

 private:
  static std::int64_t batch_count(const csr_view<>& ratings, int batches) {
    const std::int64_t wanted =
        batches > 0 ? batches : std::min<std::int64_t>(ratings.rows() / 32, 32);
    return std::clamp<std::int64_t>(wanted, 1, std::max<index_t>(ratings.rows(), 1));
  }
  static sgd::band_counts bands_of(const csr_view<>& ratings, const sgd::settings& settings,
                                   std::int64_t batches) {
    auto bands = sgd::default_bands(ratings.rows(), ratings.cols(), ratings.nonzeros() / batches,
                                    sgd::trainer<Scalar>::bytes_of_row(settings.factors));
    bands.items = std::min<std::int64_t>(bands.items, ratings.cols());
    bands.users =
        std::clamp<std::int64_t>(ratings.rows() / batches, 1,
                                 std::min<std::int64_t>(16, std::min(bands.users, bands.items)));
    return bands;
  }

  std::int64_t bands() const noexcept { return trainer_.blocks().users().bands() / batches_; }
  std::int64_t begin(std::int64_t batch) const noexcept {
    return trainer_.blocks().users().begin(batch * bands());
  }
  std::int64_t end(std::int64_t batch) const noexcept { return begin(batch + 1); }
  double root(std::int64_t place) const noexcept {
    const double count = counts_[static_cast<std::size_t>(place)];
    return count > 0 ? 1 / std::sqrt(count) : 0;
  }

  // Rows of users become x; before_ keeps p, sums_ keeps s.
  void add_implicit(std::int64_t batch) {
    const auto& blocks = trainer_.blocks();
    const std::int64_t first = begin(batch);
    const std::ptrdiff_t stride = sums_.stride();
    parallel_for(policy_, bands(), 1, [&](std::int64_t b, std::int64_t) {
      const std::int64_t band = batch * bands() + b;
      const std::int64_t low = blocks.users().begin(band);
      const std::int64_t high = blocks.users().begin(band + 1);
      std::fill(sums_.row(low - first), sums_.row(high - first), Scalar{0});
      for (std::int64_t items = 0; items < blocks.items().bands(); ++items) {
        trainer_.kernel().gather(blocks.runs(band, items), blocks.entries(band, items),
                                 implicit_.row(0), sums_.row(0), static_cast<std::uint32_t>(first),
                                 stride);
      }
      for (std::int64_t place = low; place < high; ++place) {
        Scalar* const p = trainer_.users().row(place);
        Scalar* const kept = before_.row(place - first);
        Scalar* const s = sums_.row(place - first);
        const auto scale = static_cast<Scalar>(root(place));
        for (std::ptrdiff_t f = 0; f < stride; ++f) {
          s[f] *= scale;
          kept[f] = p[f];
          p[f] += s[f];
        }
      }
    });
  }

  // Rows of users become p again; sums_ become |N|^-½ D.
  void take_steps(std::int64_t batch, double fade) {
    const std::int64_t first = begin(batch);
    parallel_for(policy_, end(batch) - first, 64, [&](std::int64_t from, std::int64_t to) {
      for (std::int64_t n = from; n < to; ++n) {
        const auto faded =
            static_cast<Scalar>(std::pow(fade, counts_[static_cast<std::size_t>(first + n)]));
        const auto scale = static_cast<Scalar>(root(first + n));
        Scalar* const x = trainer_.users().row(first + n);
        Scalar* const s = sums_.row(n);
        const Scalar* const p = before_.row(n);
        for (std::ptrdiff_t f = 0; f < sums_.stride(); ++f) {
          const Scalar step = (x[f] - faded * (p[f] + s[f])) / 2;
          x[f] = faded * p[f] + step;
          s[f] = scale * step;
        }
        fades_[static_cast<std::size_t>(n)] = faded;
      }
    });
  }

  // Every y takes the steps of its users in their order.
  void spread_steps(std::int64_t batch) {
    const auto& blocks = trainer_.blocks();
    parallel_for(policy_, blocks.items().bands(), 1, [&](std::int64_t items, std::int64_t) {
      for (std::int64_t band = batch * bands(); band < (batch + 1) * bands(); ++band) {
        trainer_.kernel().spread(blocks.runs(band, items), blocks.entries(band, items),
                                 implicit_.row(0), sums_.row(0), fades_.data(),
                                 static_cast<std::uint32_t>(begin(batch)), sums_.stride());
      }
    });
  }

  cpu policy_;
  sgd::settings settings_;
  std::int64_t batches_;
  sgd::trainer<Scalar> trainer_;
  sgd::padded_rows<Scalar> implicit_;
  sgd::padded_rows<Scalar> before_;
  sgd::padded_rows<Scalar> sums_;
  std::vector<Scalar> fades_;
  std::vector<double> counts_;
};

}  // namespace detail

/// What fit runs.
template <class Scalar>
struct algorithm {
  using params_type = params;
  using model_type = basic_model<Scalar>;
  static constexpr bool has_cuda = false;

  template <class Source, class... Observers>
  static model_type run(const cpu& policy, const Source& source, const params& params,
                        Observers&... observers) {
    const csr_matrix<> ratings = standard_csr(source);
    const auto start = recokit::detail::start_of<model_type>(observers...);
    const sgd::settings settings = model_type::sgd_settings(params);
    const Eigen::Index d = params.factors;
    model_type first;
    if (!first.begin_descent(policy, ratings, params, start)) {
      first.own_ = first.user_rows_.leftCols(d);
      first.implicit_ = row_major_matrix<Scalar>::Zero(ratings.cols(), d);
      recokit::detail::normal_factors(policy, first.implicit_, d, params.init_stddev, params.seed,
                                      random_purpose::user_implicit_factors);
    } else {
      first.implicit_ = start.model->implicit_;
      if (start.resumes) {
        check::equal("rows of p of the model to resume", start.model->own_.rows(),
                     "its users (partial_fit adds none; use warm_start)", ratings.rows());
        first.own_ = start.model->own_;
      } else {
        first.own_ = first.user_rows_.leftCols(d) - first.implicit_parts(policy, ratings.view());
      }
    }
    detail::batch_trainer<Scalar> trainer(policy, ratings.view(), settings, params.batches);
    // The trainer descends from p, the model answers with x.
    row_major_matrix<Scalar> rows = first.user_rows_;
    rows.leftCols(d) = first.own_;
    trainer.trainer().take(rows, first.item_rows_, first.user_squares_, first.item_squares_);
    trainer.take_implicit(first.implicit_);
    return recokit::detail::run_epochs(
        settings.owner, std::move(first), start.epochs_done(), params.epochs,
        [&](model_type& model, int epoch) {
          auto update = sgd::update_of<Scalar>(settings, model.mean_, epoch);
          update.user_gain = 2;
          trainer.pass(update, epoch, [&] { return recokit::detail::cancelled(observers...); });
          trainer.trainer().give(epoch, model.user_rows_, model.item_rows_, model.user_squares_,
                                 model.item_squares_);
          trainer.give_implicit(model.implicit_);
          model.own_ = model.user_rows_.leftCols(d);
          model.user_rows_.leftCols(d) += model.implicit_parts(policy, ratings.view());
          model.epochs_done_ = epoch;
        },
        observers...);
  }
};

/// Fits μ + b_u + b_i + q_i·(p_u + |N(u)|^-½ Σ_{j∈N(u)} y_j) to the ratings by descent on
///   Σ_{(u,i) rated} (r_ui − z_ui)² / 2 + λ/2 (|p_u|² + |q_i|² + Σ_{j∈N(u)} |y_j|²)
///                   + λ_b/2 (b_u² + b_i²)
/// with the steps of Koren, KDD 2008, section 4: a rating moves p_u, q_i, the biases and every y_j
/// of the user's items. The y are not touched for each rating: their steps are summed in closed
/// form over the ratings of a user and taken together, which gives the same numbers for n² less
/// work. Users are cut into `batches` parts; inside a part all users begin with the same y, in
/// blocks as in biased_mf, and then y takes their steps in order. With as many batches as users
/// this is the published algorithm rating by rating, on one thread.
///
/// The same bits for any number of threads on one machine.
///
/// Not for implicit feedback: what was not rated counts only in N. Use ials there.
///
/// @param source    users × items ratings of any sign; pattern-only counts each as 1
/// @param observers called after every epoch; see core/observer.hpp, core/start.hpp
/// @throws value_error for params out of range or when there is no rating, memory_error when the
///         factors cannot fit, cancelled_error, error when an epoch diverges, and what as_csr
///         throws
///
/// An epoch takes 9 · nonzeros · d multiply-adds for d factors; memory 3 (users + items) · d
/// scalars and 16 bytes a rating at most beside the ratings.
inline constexpr fit_function<algorithm<float>> fit{};

/// fit with another scalar type: fit_as<double>(…) gives a basic_model<double>.
template <class Scalar>
inline constexpr fit_function<algorithm<Scalar>> fit_as{};

}  // namespace recokit::inline RECOKIT_ABI::svdpp
