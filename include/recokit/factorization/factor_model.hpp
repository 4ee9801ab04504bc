// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief What all models that score by the dot product of two rows have in common.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/huge_pages.hpp>
#include <recokit/core/model_file.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/recommender.hpp>
#include <recokit/core/start.hpp>
#include <recokit/factorization/replace_rows.hpp>
#include <recokit/kernels/cosine_neighbors.hpp>
#include <recokit/kernels/cuda_score_top_k.hpp>
#include <recokit/kernels/score_top_k.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// Scores item i for user u with the dot product of row u of user_rows() and row i of item_rows().
/// The first factors() columns are the latent vectors; an algorithm with biases has columns after
/// them: the bias of one side beside ones on the other.
///
/// `Model` derives publicly, makes this class and recommender_base<Model> friends, says how files
/// name it in file_kind, has `static constexpr Eigen::Index extra_columns` and the private members
///   row_major_matrix<Scalar> solve_users(const cpu&, const csr_view<>& histories) const
///     whole rows of users with these checked histories (rows × items), from the items as they are;
///   row_major_matrix<Scalar> solve_items(const cpu&, const csr_view<>& histories) const
///     the same for items (rows × users); and
///   void items_changed(const cpu&)
///     which makes anew what it keeps about the items.
/// A model whose rows a GPU solves too says has_cuda = true, and takes a cuda in the first two.
/// A model with more parts than this class has its own write and read, which call write_factors and
/// read_factors.
///
/// @tparam Words recommender_base, or rating_model for predictions: those are then the scores
template <class Model, class Params, class Scalar = float,
          template <class> class Words = recommender_base>
class factor_model : public Words<Model> {
 public:
  using scalar = Scalar;
  /// Whether fold_in and partial_fit take a cuda.
  static constexpr bool has_cuda = false;

  index_t users() const noexcept { return static_cast<index_t>(user_rows_.rows()); }
  index_t items() const noexcept { return static_cast<index_t>(item_rows_.rows()); }
  /// Dimensions of the latent vectors.
  int factors() const noexcept { return settings_.factors; }
  /// The training interactions, or 0 × 0 without keep_history.
  const csr_matrix<>& history() const noexcept { return history_; }
  /// What fit was given.
  const Params& settings() const noexcept { return settings_; }
  /// Epochs that made this model, those of models it began with by `resume` included.
  int epochs_done() const noexcept { return epochs_done_; }
  /// users × factors()
  auto user_factors() const noexcept { return user_rows_.leftCols(settings_.factors); }
  /// items × factors()
  auto item_factors() const noexcept { return item_rows_.leftCols(settings_.factors); }
  /// users × (factors() + extra columns); its products with item_rows() are the scores.
  const row_major_matrix<Scalar>& user_rows() const noexcept { return user_rows_; }
  const row_major_matrix<Scalar>& item_rows() const noexcept { return item_rows_; }

  /// For many items; equal to the scores in lists up to rounding: those come from matrix products,
  /// which add up in another order.
  using recommender_base<Model>::score;
  /// The score by which the item ranks for the user.
  /// @throws value_error when an index is out of range
  Scalar score(index_t user, index_t item) const {
    check::index_in("user", user, users());
    check::index_in("item", item, items());
    return user_rows_.row(user).dot(item_rows_.row(item));
  }

  /// The items whose factors point most nearly the same way, by cosine, best first.
  /// @throws value_error when item is not in [0, items()) or k < 1
  std::vector<scored_item<>> similar_items(index_t item, int k = 10) const {
    check::index_in("item", item, items());
    return kernels::cosine_neighbors(item_factors(), item, k);
  }
  /// The same for users.
  std::vector<scored_item<>> similar_users(index_t user, int k = 10) const {
    check::index_in("user", user, users());
    return kernels::cosine_neighbors(user_factors(), user, k);
  }
  /// similar_items of many items: list n is that of which[n]. Products in tiles, on either backend
  /// (kernels/score_top_k.hpp), so scores differ by rounding from those of one item.
  /// @throws value_error when an index is not in [0, items()) or k < 1; on a GPU for k above 1024
  /// which.size() · items · d multiply-adds; memory for a copy of the factors.
  template <backend Policy>
  ranked_lists similar_items(const Policy& policy, std::span<const index_t> which,
                             int k = 10) const {
    return alike(policy, "item", item_factors(), which, k);
  }
  /// The same for users.
  template <backend Policy>
  ranked_lists similar_users(const Policy& policy, std::span<const index_t> which,
                             int k = 10) const {
    return alike(policy, "user", user_factors(), which, k);
  }

  /// Rows of users that training did not know, from their interactions and the items as they are:
  /// one row (as in user_rows()) a row of `histories` (rows × items).
  /// @throws dimension_error when histories.cols() is not items(), and what fit throws for values
  template <backend Policy, class Source>
  row_major_matrix<Scalar> fold_in(const Policy& policy, const Source& histories) const {
    detail::require_backend<Policy, Model::has_cuda>();
    const csr_matrix<> rows = standard_csr(histories);
    check::histories(rows.cols(), items());
    return self().solve_users(policy, rows.view());
  }
  /// The same for items: one row (as in item_rows()) a row of `histories` (rows × users).
  /// @throws dimension_error when histories.cols() is not users(), and what fit throws for values
  template <backend Policy, class Source>
  row_major_matrix<Scalar> fold_in_items(const Policy& policy, const Source& histories) const {
    detail::require_backend<Policy, Model::has_cuda>();
    const csr_matrix<> rows = standard_csr(histories);
    check::equal("histories.cols()", rows.cols(), "users()", users());
    return self().solve_items(policy, rows.view());
  }

  /// This model with the rows of some users solved again: users[n] now has the interactions of row
  /// n of `histories` (rows × items), and no others. A user from users() on is new; users in
  /// between that are not named get no interactions. Items stay as they are.
  /// @throws dimension_error when the sizes do not fit, value_error for a user below 0 or named
  ///         twice
  /// Copies the model; the solve costs what fold_in costs.
  template <backend Policy, class Source>
  Model partial_fit_users(const Policy& policy, std::span<const index_t> users,
                          const Source& histories) const {
    const csr_matrix<> rows = standard_csr(histories);
    check::equal("users.size()", static_cast<std::int64_t>(users.size()), "histories.rows()",
                 rows.rows());
    const auto solved = fold_in(policy, rows);
    Model changed = self();
    const index_t size = detail::size_with(users, this->users(), "user");
    const auto without_history = [&] {
      return self().solve_users(policy, no_history(this->items()).view());
    };
    detail::replace_rows(changed.user_rows_, users, solved, without_history, size);
    if (history_.rows() != 0 || this->users() == 0) {
      changed.history_ = detail::replace_rows(history_.view(), users, rows.view(), size);
    }
    return changed;
  }
  /// The same for items: items[n] now has the interactions of row n of `histories` (rows × users).
  template <backend Policy, class Source>
  Model partial_fit_items(const Policy& policy, std::span<const index_t> items,
                          const Source& histories) const {
    const csr_matrix<> rows = standard_csr(histories);
    check::equal("items.size()", static_cast<std::int64_t>(items.size()), "histories.rows()",
                 rows.rows());
    const auto solved = fold_in_items(policy, rows);
    Model changed = self();
    const index_t size = detail::size_with(items, this->items(), "item");
    const auto without_history = [&] {
      return self().solve_items(policy, no_history(this->users()).view());
    };
    detail::replace_rows(changed.item_rows_, items, solved, without_history, size);
    if (history_.rows() != 0) {
      const cpu host = detail::host_of(policy);
      const csr_matrix<> by_item = transpose(host, history_.view());
      const csr_matrix<> now = detail::replace_rows(by_item.view(), items, rows.view(), size);
      changed.history_ = transpose(host, now.view());
    }
    changed.items_changed(detail::host_of(policy));
    return changed;
  }

 protected:
  factor_model() = default;

  /// Takes the size, the params and the history for a fit, and the rows that it starts from, if
  /// any. @returns whether it does: else the caller fills user_rows_ and item_rows_, which are 0.
  /// @throws what warm_start and resume say; memory_error when the rows cannot fit
  bool begin(const csr_matrix<>& history, std::int64_t users, std::int64_t items,
             const Params& params, const detail::fit_start<Model>& start) {
    const std::int64_t width = params.factors + Model::extra_columns;
    check::fits_memory(
        "factors of " + std::to_string(users) + " users and " + std::to_string(items) + " items",
        check::bytes("factors", static_cast<std::uint64_t>(users + items + width),
                     static_cast<std::uint64_t>(width), sizeof(Scalar)));
    settings_ = params;
    if (params.keep_history) history_ = history;
    if (start.model == nullptr) {
      for (auto* const rows : {&user_rows_, &item_rows_}) {
        rows->resize(rows == &user_rows_ ? users : items, width);
        detail::prefer_huge_pages(rows->data(),
                                  static_cast<std::size_t>(rows->size()) * sizeof(Scalar));
        rows->setZero();
      }
      return false;
    }
    const Model& from = *start.model;
    check::equal("users of the model to start from", from.users(), "source.rows()", users);
    check::equal("items of the model to start from", from.items(), "source.cols()", items);
    check::equal("factors of the model to start from", from.factors(), "params.factors",
                 params.factors);
    if (start.resumes) {
      detail::check_same_params(params, from.settings_);
      epochs_done_ = from.epochs_done_;
    }
    user_rows_ = from.user_rows_;
    item_rows_ = from.item_rows_;
    return true;
  }

  void write_factors(model_writer& out) const {
    out.params(settings_);
    out.add("user_factors", user_rows_);
    out.add("item_factors", item_rows_);
    out.add("epochs_done", epochs_done_);
    out.history(history_);
  }
  void read_factors(model_reader& in) {
    settings_ = in.params<Params>();
    const std::int64_t width = settings_.factors + Model::extra_columns;
    user_rows_ = in.matrix<Scalar>("user_factors", any_size, width);
    item_rows_ = in.matrix<Scalar>("item_factors", any_size, width);
    for (const auto& [name, rows] : {std::pair{"user_factors", user_rows_.rows()},
                                     std::pair{"item_factors", item_rows_.rows()}}) {
      if (rows > std::numeric_limits<index_t>::max()) {
        in.fail(name, "has " + std::to_string(rows) + " rows, more than an index counts");
      }
    }
    epochs_done_ = in.count("epochs_done");
    history_ = in.history(users(), items());
  }
  void write(model_writer& out) const { write_factors(out); }
  static Model read(model_reader& in) {
    Model model;
    model.read_factors(in);
    return model;
  }

  ranked_lists rank(const cpu& policy, std::span<const index_t> users, const item_filter& filter,
                    int k, bool exclude_seen, float oversampling = 0) const {
    return kernels::score_top_k(policy, user_rows_, users,
                                exclude_seen ? &history_.view() : nullptr, item_rows_, filter, k,
                                oversampling);
  }
  template <std::same_as<cuda> Policy>
  ranked_lists rank(const Policy& policy, std::span<const index_t> users, const item_filter& filter,
                    int k, bool exclude_seen) const requires(std::same_as<Scalar, float>) {
    return kernels::score_top_k(policy, user_rows_, users,
                                exclude_seen ? &history_.view() : nullptr, item_rows_, filter, k);
  }
  void score_row(index_t user, std::span<const index_t> items, std::span<float> scores) const {
    for (std::size_t n = 0; n < items.size(); ++n) {
      scores[n] = static_cast<float>(user_rows_.row(user).dot(item_rows_.row(items[n])));
    }
  }
  ranked_lists rank_histories(const cpu& policy, const csr_view<>& histories,
                              const item_filter& filter, int k, bool exclude_seen,
                              float oversampling = 0) const {
    const row_major_matrix<Scalar> rows = self().solve_users(policy, histories);
    return kernels::score_top_k<Scalar>(policy, rows, detail::all_rows(histories.rows()),
                                        exclude_seen ? &histories : nullptr, item_rows_, filter, k,
                                        oversampling);
  }

  template <std::same_as<cuda> Policy>
  ranked_lists rank_histories(const Policy& policy, const csr_view<>& histories,
                              const item_filter& filter, int k, bool exclude_seen) const
      requires(Model::has_cuda) {
    const row_major_matrix<Scalar> rows = self().solve_users(policy, histories);
    return kernels::score_top_k(policy, rows, detail::all_rows(histories.rows()),
                                exclude_seen ? &histories : nullptr, item_rows_, filter, k);
  }

  /// The k rows with the largest cosine to each of some rows, themselves left out.
  template <class Policy, class Rows>
  static ranked_lists alike(const Policy& policy, const char* name, const Rows& rows,
                            std::span<const index_t> which, int k) {
    detail::require_backend<Policy, std::is_same_v<Scalar, float>>();
    const auto n = static_cast<index_t>(rows.rows());
    for (const index_t row : which) check::index_in(name, row, n);
    check::in_range("k", k, 1, std::numeric_limits<int>::max());
    row_major_matrix<Scalar> directions = rows;
    for (Eigen::Index r = 0; r < directions.rows(); ++r) {
      if (const Scalar length = directions.row(r).norm(); length > 0) directions.row(r) /= length;
    }
    // Row r has seen itself.
    std::vector<offset_t> offsets(static_cast<std::size_t>(n) + 1);
    std::iota(offsets.begin(), offsets.end(), offset_t{0});
    const std::vector<index_t> self = detail::all_rows(n);
    const auto seen = csr_view<>::trusted(n, n, offsets.data(), self.data(), nullptr);
    return kernels::score_top_k(policy, directions, which, &seen, directions, item_filter({}, n),
                                std::min(k, std::max<index_t>(n - 1, 1)));
  }

  /// What rating_model asks for: estimates are the scores.
  void estimate(const cpu& policy, std::span<const index_t> users, std::span<const index_t> items,
                std::span<float> estimates) const {
    estimate_by(policy, user_rows_, users, items, estimates);
  }
  void estimate_for(const cpu& policy, const csr_view<>& histories, std::span<const index_t> rows,
                    std::span<const index_t> items, std::span<float> estimates) const {
    estimate_by(policy, self().solve_users(policy, histories), rows, items, estimates);
  }

  row_major_matrix<Scalar> user_rows_;
  row_major_matrix<Scalar> item_rows_;
  Params settings_{};
  int epochs_done_ = 0;
  csr_matrix<> history_;

 private:
  friend class recommender_base<Model>;

  /// One row without interactions.
  static csr_matrix<> no_history(index_t columns) { return {1, columns, {0, 0}, {}}; }

  void estimate_by(const cpu& policy, const row_major_matrix<Scalar>& rows,
                   std::span<const index_t> which, std::span<const index_t> items,
                   std::span<float> estimates) const {
    parallel_for(policy, std::ssize(items), 4096, [&](std::int64_t begin, std::int64_t end) {
      for (auto n = static_cast<std::size_t>(begin); std::cmp_less(n, end); ++n) {
        estimates[n] = static_cast<float>(rows.row(which[n]).dot(item_rows_.row(items[n])));
      }
    });
  }

  const Model& self() const noexcept { return static_cast<const Model&>(*this); }
};

}  // namespace recokit::inline RECOKIT_ABI
