// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief EASE and EDLAE: the linear autoencoder with zero diagonal, in closed form.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/kernels/cuda_spd_inverse.hpp>
#include <recokit/kernels/dense_score_top_k.hpp>
#include <recokit/kernels/sparse_gram.hpp>
#include <recokit/kernels/spd_inverse.hpp>
#include <recokit/neighbors/history_neighbors.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::ease {

struct params {
  double regularization = 500;  ///< lambda, the squared-norm penalty of the weights; above 0
  /// Probability in [0, 1) with which EDLAE drops an interaction of the input; 0 is EASE.
  double dropout = 0;
  bool keep_history = true;  ///< hold the interactions: needed to recommend by user index

  static constexpr auto fields() {
    return std::tuple{
        field("regularization", &params::regularization, 1e-6, 1e12,
              "lambda: penalty of squared weights"),
        field("dropout", &params::dropout, 0, 0.999999,
              "EDLAE: probability of dropping an interaction of the input; 0 is EASE"),
        field("keep_history", &params::keep_history, "hold the interactions, to recommend by user"),
    };
  }
};

/// Bytes that fit takes for the weights and its work space, beside the interactions and their
/// transpose: items² scalars, at most 480 for every item, and a few megabytes.
template <class Scalar = float>
std::uint64_t fit_bytes(index_t items, const cpu& policy = {}) {
  const auto n = static_cast<std::uint64_t>(items);
  return check::bytes("ease: weights", n, n, sizeof(Scalar)) +
         kernels::spd_inverse_scratch<Scalar>(items, thread_count(policy)) + n * sizeof(Scalar);
}

template <class Scalar>
struct algorithm;

/// Dense weights from item to item; the score of an item j for a user is Σ_h x_uh · B(h, j) over
/// the user's history h. Copies share the weights. @tparam Scalar float or double
///
/// A recommendation by user or history reads (entries of the history) · items weights; many users
/// in one call share what they read, so ask for them together.
template <class Scalar = float>
class basic_model : public recommender_base<basic_model<Scalar>> {
 public:
  static constexpr std::string_view file_kind = std::is_same_v<Scalar, float> ? "ease" : "ease_f64";

  index_t users() const noexcept { return users_; }
  index_t items() const noexcept { return static_cast<index_t>(weights_->rows()); }
  /// The training interactions, or 0 × 0 without keep_history.
  const csr_matrix<>& history() const noexcept { return history_; }
  /// items × items, B: row h holds what one interaction with h adds to the scores of all items. The
  /// diagonal is 0; weights may be negative; B is not symmetric.
  const row_major_matrix<Scalar>& weights() const noexcept { return *weights_; }
  /// What fit was given.
  const ease::params& settings() const noexcept { return params_; }

  /// The items that an interaction with `item` speaks for most, best first: the largest weights of
  /// its row.
  /// @throws value_error when item is not in [0, items()) or k < 1
  std::vector<scored_item<>> similar_items(index_t item, int k = 10) const {
    check::index_in("item", item, items());
    check::in_range("k", k, 1, std::numeric_limits<int>::max());
    top_k_selector<Scalar> best(static_cast<std::size_t>(std::min(k, items())));
    const Scalar* const row = weights_->data() + std::ptrdiff_t{item} * items();
    best.push_range(0, row, static_cast<std::size_t>(item));
    best.push_range(item + 1, row + item + 1, static_cast<std::size_t>(items() - item - 1));
    std::vector<scored_item<>> list;
    for (const auto& entry : best.finish()) {
      list.push_back({entry.item, static_cast<float>(entry.score)});
    }
    return list;
  }
  /// Users with like histories, by cosine; see row_neighbors.
  /// @throws value_error for a user out of range, k < 1, or a model without its history
  std::vector<scored_item<>> similar_users(index_t user, int k = 10) const {
    check::index_in("user", user, users());
    if (history_.rows() == 0) {
      throw value_error("params.keep_history", "false", "like users need the history");
    }
    return row_neighbors(history_.view(), user, k);
  }

 private:
  friend class recommender_base<basic_model>;
  friend struct algorithm<Scalar>;

  void write(model_writer& out) const {
    out.params(params_);
    out.add("users", users_);
    out.add("weights", *weights_);
    out.history(history_);
  }
  static basic_model read(model_reader& in) {
    basic_model model;
    model.params_ = in.params<ease::params>();
    model.users_ = in.number<index_t>("users");
    if (model.users_ < 0) {
      in.fail("users", "is " + std::to_string(model.users_) + ", expected at least 0");
    }
    auto weights = std::make_shared<row_major_matrix<Scalar>>(in.matrix<Scalar>("weights"));
    if (weights->rows() != weights->cols() ||
        weights->rows() > std::numeric_limits<index_t>::max()) {
      in.fail("weights",
              "is " + std::to_string(weights->rows()) + " x " + std::to_string(weights->cols()) +
                  ", expected as many columns as rows, and no more than an index counts");
    }
    model.weights_ = std::move(weights);
    model.history_ = in.history(model.users(), model.items());
    return model;
  }

  ranked_lists rank(const cpu& policy, std::span<const index_t> users, const item_filter& filter,
                    int k, bool exclude_seen) const {
    if (history_.rows() == 0 && !users.empty()) throw_no_history();
    return kernels::dense_score_top_k(policy, history_.view(), users, *weights_, filter, k,
                                      exclude_seen);
  }
  ranked_lists rank_histories(const cpu& policy, const csr_view<>& histories,
                              const item_filter& filter, int k, bool exclude_seen) const {
    return kernels::dense_score_top_k<Scalar>(policy, histories,
                                              recokit::detail::all_rows(histories.rows()),
                                              *weights_, filter, k, exclude_seen);
  }
  void score_row(index_t user, std::span<const index_t> items, std::span<float> scores) const {
    if (history_.rows() == 0) throw_no_history();
    kernels::dense_score(history_.row(user), *weights_, items, scores);
  }
  /// What each interaction of the history adds to the score of `item`.
  std::vector<scored_item<>> shares(const csr_row<float, index_t>& history, index_t item) const {
    std::vector<scored_item<>> list;
    for (std::size_t n = 0; n < history.size(); ++n) {
      const index_t h = history.indices[n];
      if (h == item) continue;
      const Scalar share = static_cast<Scalar>(history.value(n)) * (*weights_)(h, item);
      list.push_back({h, static_cast<float>(share)});
    }
    return list;
  }
  [[noreturn]] static void throw_no_history() {
    throw value_error("params.keep_history", "false",
                      "recommending by user needs the history; or call recommend_for");
  }

  index_t users_ = 0;
  ease::params params_{};
  std::shared_ptr<const row_major_matrix<Scalar>> weights_ =
      std::make_shared<const row_major_matrix<Scalar>>();
  csr_matrix<> history_;
};

using model = basic_model<float>;

namespace detail_ease {

/// From the lower triangle of P, the weights: B(i, j) = −P(i, j) / P(j, j), and 0 for i = j.
template <class Scalar>
void weights_from_inverse(const cpu& policy, row_major_matrix<Scalar>& p) {
  const std::int64_t n = p.rows();
  const std::vector<Scalar> diagonal = [&] {
    std::vector<Scalar> copy(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i) copy[static_cast<std::size_t>(i)] = p(i, i);
    return copy;
  }();
  constexpr std::int64_t block = 64;
  // A task owns the blocks (i, j) and (j, i) of all j <= i.
  parallel_for(policy, n, block, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t first = 0; first < end; first += block) {
      for (std::int64_t i = begin; i < end; ++i) {
        for (std::int64_t j = first; j < std::min(i, first + block); ++j) {
          const Scalar value = -p(i, j);
          p(i, j) = value / diagonal[static_cast<std::size_t>(j)];
          p(j, i) = value / diagonal[static_cast<std::size_t>(i)];
        }
      }
    }
    for (std::int64_t i = begin; i < end; ++i) p(i, i) = 0;
  });
}

}  // namespace detail_ease

/// What fit runs.
template <class Scalar>
struct algorithm {
  using params_type = params;
  using model_type = basic_model<Scalar>;
  static constexpr bool has_cuda = std::is_same_v<Scalar, float>;

  template <class Policy, class Source, class... Observers>
  static model_type run(const Policy& given, const Source& source, const params& params,
                        Observers&... observers) {
    const cpu policy = recokit::detail::host_of(given);
    const auto begin = std::chrono::steady_clock::now();
    const auto by_user = to_csr(source);
    const auto items = static_cast<index_t>(by_user.cols());
    check::fits_memory("ease: weights of " + std::to_string(items) + " x " + std::to_string(items) +
                           " items (sparse_ease takes less)",
                       fit_bytes<Scalar>(items, policy));
    const std::function<bool()> stop = [&] { return recokit::detail::cancelled(observers...); };
    const auto leave_when_cancelled = [&] {
      if (stop()) throw cancelled_error("ease::fit");
    };

    auto matrix = std::make_shared<row_major_matrix<Scalar>>(items, items);
    kernels::sparse_gram_lower(policy, by_user, transpose(policy, by_user).view(), matrix->data(),
                               items);
    leave_when_cancelled();
    const double raised = params.dropout / (1 - params.dropout);
    for (index_t i = 0; i < items; ++i) {
      Scalar& x = (*matrix)(i, i);
      x = static_cast<Scalar>(static_cast<double>(x) * (1 + raised) + params.regularization);
    }
    kernels::spd_inverse(given, items, matrix->data(), items, stop);
    leave_when_cancelled();
    detail_ease::weights_from_inverse(policy, *matrix);

    model_type fitted;
    fitted.users_ = static_cast<index_t>(by_user.rows());
    fitted.params_ = params;
    fitted.weights_ = std::move(matrix);
    if (params.keep_history) fitted.history_ = standard_csr(source);
    recokit::detail::notify({1, 1, recokit::detail::seconds_since(begin)}, fitted, observers...);
    return fitted;
  }
};

/// Fits B to  |X − X B|² + |Λ^½ B|²  with diag(B) = 0, where Λ = regularization · I + dropout / (1
/// − dropout) · diag(XᵀX). With P = (XᵀX + Λ)⁻¹ the solution is B(i, j) = −P(i, j) / P(j, j).
///
/// Without dropout this is EASE (Steck, "Embarrassingly shallow autoencoders for sparse data",
/// WWW'19), with it EDLAE, whose input is dropped at random during training in expectation (Steck,
/// "Autoencoders that don't overfit towards the identity", NeurIPS'20). The zero diagonal keeps an
/// item from predicting itself, and with it the trivial solution B = I.
///
/// Values count: an interaction of value 2 is fitted to 2 and adds twice its weights to scores; use
/// weighting::binary for ones. Negative values are fitted as they are. An item without interactions
/// gets weights 0.
///
/// @param source    users × items; values weigh the interactions, pattern-only counts them as 1
/// @param observers called once, at the end; cancel_on is asked between tiles
/// @throws value_error for params out of range, memory_error when fit_bytes(items) exceed the
/// memory
///         of the machine, cancelled_error, error when the penalty is so small against the values
///         that the matrix is not positive definite in `Scalar`, and what as_csr throws
///
/// With cuda the inverse is computed on the GPU, of catalogues too whose items² exceed its memory;
/// the rest, and what the model does, runs on the CPU.
///
/// items³ + Σ_u n_u² flops. Memory: fit_bytes(items), which is items² scalars, in which everything
/// happens, and work space: at most 1.1 · items² · sizeof(Scalar) from 6,000 items on, 1.02 for
/// 40,000. Beside it the interactions and one transpose of them. Not for catalogues whose items² do
/// not fit: see sparse_ease. The same bits for any number of threads on one machine.
inline constexpr fit_function<algorithm<float>> fit{};

/// fit with another scalar type: fit_as<double>(…) gives a basic_model<double>.
template <class Scalar>
inline constexpr fit_function<algorithm<Scalar>> fit_as{};

}  // namespace recokit::inline RECOKIT_ABI::ease
