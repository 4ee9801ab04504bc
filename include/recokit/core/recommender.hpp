// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The words that every model answers to, and the checks that they share.
#pragma once

#include <recokit/core/all_rows.hpp>
#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/model_file.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/ranked_lists.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// How a model scores all items to find the best of them.
enum class scoring {
  exact,
  /// Models of factors find candidates with factors rounded to eight bits, and rank those by their
  /// own scores: quicker for many users and items, and an item that belongs in a list can be
  /// missing (measure it with kernels::list_recall). Exact where the processor has no AVX-512 VNNI,
  /// for fewer than eight users, for factors in double, and for all other models.
  int8,
};

/// What to recommend. Filters apply before selection, so a list has exactly min(k, allowed) items.
struct recommend_options {
  /// Length of the lists, at least 1. More than there are items is fine.
  int k = 10;
  /// Leave out what the user interacted with in training, or what the given history holds.
  bool exclude_seen = true;
  /// Item indices never to recommend; any order.
  std::span<const index_t> exclude{};
  /// When not empty, the only item indices that may be recommended; any order.
  std::span<const index_t> only{};
  /// How items are scored; exact unless asked for.
  scoring precision = scoring::exact;
  /// With scoring::int8: candidates for each item of a list, at least 1.
  float oversampling = 1.25f;
};

/// A model that ranks items for users it knows.
template <class Model>
concept recommender = requires(const Model& model, std::span<const index_t> users,
                               const recommend_options& options) {
  { model.users() } -> std::convertible_to<std::int64_t>;
  { model.items() } -> std::convertible_to<std::int64_t>;
  { model.recommend(cpu{}, users, options) } -> std::same_as<ranked_lists>;
};

/// A recommender that also ranks for histories of users it was not trained on.
template <class Model>
concept fold_in_recommender = recommender<Model> &&
    requires(const Model& model, const csr_view<>& histories, const recommend_options& options) {
  { model.recommend_for(cpu{}, histories, options) } -> std::same_as<ranked_lists>;
};

/// Which items may be recommended at all: the `only` and `exclude` of recommend_options.
class item_filter {
 public:
  /// @throws value_error when an index is not in [0, items)
  item_filter(const recommend_options& options, index_t items) {
    if (options.only.empty() && options.exclude.empty()) return;
    allowed_.assign(static_cast<std::size_t>(items), options.only.empty() ? 1 : 0);
    for (const index_t i : options.only) {
      check::index_in("options.only", i, items);
      allowed_[static_cast<std::size_t>(i)] = 1;
    }
    for (const index_t i : options.exclude) {
      check::index_in("options.exclude", i, items);
      allowed_[static_cast<std::size_t>(i)] = 0;
    }
  }

  /// One byte an item, 0 for those that are left out; empty: all are allowed.
  std::span<const unsigned char> flags() const noexcept { return allowed_; }

  bool allows(index_t item) const noexcept {
    return allowed_.empty() || allowed_[static_cast<std::size_t>(item)] != 0;
  }

  /// Calls body(begin, end) for every maximal run of allowed items in [begin, end) that leaves out
  /// `excluded` too (ascending).
  template <class Body>
  void for_each_run(index_t begin, index_t end, std::span<const index_t> excluded,
                    const Body& body) const {
    auto next = std::lower_bound(excluded.begin(), excluded.end(), begin);
    index_t run = begin;
    for (index_t i = begin;;) {
      if (allowed_.empty()) {
        i = next != excluded.end() && *next < end ? *next : end;
      } else {
        while (i < end && allows(i) && (next == excluded.end() || *next != i)) ++i;
      }
      if (run < i) body(run, i);
      if (i == end) return;
      if (next != excluded.end() && *next == i) ++next;
      run = ++i;
    }
  }

 private:
  std::vector<unsigned char> allowed_;  // one flag an item; empty: all are allowed
};

/// Gives a model the overloads of recommend, recommend_for and score and their checks.
///
/// `Model` derives from it publicly, makes it a friend, and has users(), items(), history() (the
/// training interactions; 0 × 0 when not kept) and three private members. Two rank in parallel:
///   ranked_lists rank(const cpu&, std::span<const index_t> users, const item_filter&, int k,
///                     bool exclude_seen) const                         for known users, and
///   ranked_lists rank_histories(const cpu&, const csr_view<>& histories, const item_filter&, int
///   k,
///                               bool exclude_seen) const               for each row of histories.
/// A model that knows scoring::int8 takes `float oversampling` after these, 0 for exact.
/// Both get checked arguments and 1 <= k <= max(items(), 1). The third scores on one thread:
///   void score_row(index_t user, std::span<const index_t> items, std::span<float> scores) const.
/// A model whose scores are sums over the history can explain them with a fourth:
///   std::vector<scored_item<>> shares(const csr_row<float, index_t>& history, index_t item) const
/// which returns what each entry of the history adds to the score of a checked item, in any order.
/// A model with a score of its own says `using recommender_base<Model>::score`.
///
/// A model that can be saved names itself in a public `static constexpr std::string_view file_kind`
/// (unique, at most 32 characters; a template says its scalar) and has two more private members:
///   void write(model_writer&) const   which adds all that the model is made of, the users'
///                                     interactions through model_writer::history alone, and
///   static Model read(model_reader&)  which makes an equal model of it: one with the same answers,
///                                     bit for bit. It asks for every section, and checks what its
///                                     other members rely on; see core/model_file.hpp.
template <class Model>
class recommender_base {
 public:
  /// The best items for one user. @throws value_error for a user or item index out of range, k < 1
  std::vector<scored_item<>> recommend(index_t user, const recommend_options& options = {}) const {
    const ranked_lists lists = recommend(cpu{.threads = 1}, std::span(&user, 1), options);
    return {lists[0].begin(), lists[0].end()};
  }

  /// One list a user, in the order of `users`; in parallel. @throws as above
  ranked_lists recommend(const cpu& policy, std::span<const index_t> users,
                         const recommend_options& options = {}) const {
    return recommend_on(policy, users, options);
  }
  /// The same on a GPU, for the models that can: those of two factor matrices of floats. Lists of
  /// at most 1024 items; always exact. @throws as above, memory_error, backend_error
  template <std::same_as<cuda> Policy>
  ranked_lists recommend(const Policy& policy, std::span<const index_t> users,
                         const recommend_options& options = {}) const {
    return recommend_on(policy, users, options);
  }
  ranked_lists recommend(std::span<const index_t> users,
                         const recommend_options& options = {}) const {
    return recommend(cpu{}, users, options);
  }

  /// One list a row of `histories` (rows × items), for users that training did not know; in
  /// parallel. @throws dimension_error when histories.cols() is not items(), else as above
  template <class Source>
  ranked_lists recommend_for(const cpu& policy, const Source& histories,
                             const recommend_options& options = {}) const {
    return recommend_for_on(policy, histories, options);
  }
  /// The same on a GPU, for the models that can fold in there. @throws as recommend
  template <std::same_as<cuda> Policy, class Source>
  ranked_lists recommend_for(const Policy& policy, const Source& histories,
                             const recommend_options& options = {}) const {
    return recommend_for_on(policy, histories, options);
  }
  template <class Source>
    requires(!backend<Source>)
  ranked_lists recommend_for(const Source& histories, const recommend_options& options = {})
  const { return recommend_for(cpu{}, histories, options); }

  /// Writes the score by which each of `items` would rank for the user, in their order; nothing is
  /// left out. One thread; safe to call from several.
  /// @throws dimension_error when the sizes differ, value_error for a user or item out of range
  void score(index_t user, std::span<const index_t> items, std::span<float> scores) const {
    check::index_in("user", user, self().users());
    check::equal("scores.size()", static_cast<std::int64_t>(scores.size()), "items.size()",
                 static_cast<std::int64_t>(items.size()));
    for (const index_t item : items) check::index_in("item", item, self().items());
    self().score_row(user, items, scores);
  }
  /// The same as a vector.
  std::vector<float> score(index_t user, std::span<const index_t> items) const {
    std::vector<float> scores(items.size());
    score(user, items, scores);
    return scores;
  }

  /// Writes the score of items[n] for users[n]; in parallel. Pairs that follow each other with the
  /// same user share the work that the user takes, so sort by user.
  /// @throws dimension_error when the sizes differ, value_error for a user or item out of range
  void score_pairs(const cpu& policy, std::span<const index_t> users,
                   std::span<const index_t> items, std::span<float> scores) const {
    const auto pairs = static_cast<std::int64_t>(users.size());
    check::equal("items.size()", static_cast<std::int64_t>(items.size()), "users.size()", pairs);
    check::equal("scores.size()", static_cast<std::int64_t>(scores.size()), "users.size()", pairs);
    for (const index_t user : users) check::index_in("user", user, self().users());
    for (const index_t item : items) check::index_in("item", item, self().items());
    std::vector<std::size_t> runs;
    for (std::size_t n = 0; n < users.size(); ++n) {
      if (n == 0 || users[n] != users[n - 1]) runs.push_back(n);
    }
    runs.push_back(users.size());
    parallel_for(policy, static_cast<std::int64_t>(runs.size()) - 1, 16,
                 [&](std::int64_t begin, std::int64_t end) {
                   for (auto r = static_cast<std::size_t>(begin); std::cmp_less(r, end); ++r) {
                     const std::size_t first = runs[r];
                     const std::size_t count = runs[r + 1] - first;
                     self().score_row(users[first], items.subspan(first, count),
                                      scores.subspan(first, count));
                   }
                 });
  }

  /// Why a model would give `item` to the user: the interactions of the history that add most to
  /// the score and what each adds, largest first, at most k. All of them sum to the score, up to
  /// rounding.
  /// @throws value_error for a user or item out of range, k < 1, or a model without its history
  std::vector<scored_item<>> explain(index_t user, index_t item, int k = 10) const {
    check::index_in("user", user, self().users());
    if (self().history().rows() == 0) {
      throw value_error("params.keep_history", "false",
                        "explaining by user needs the history; or call explain_for");
    }
    return explain_row(self().history().row(user), item, k);
  }
  /// The same for a history of one row (1 × items) that training did not know.
  /// @throws dimension_error when history is not 1 × items(), else as above
  template <class Source>
  std::vector<scored_item<>> explain_for(const Source& history, index_t item, int k = 10) const {
    const csr_matrix<> row = standard_csr(history);
    check::equal("history.rows()", row.rows(), "one user", 1);
    check::equal("history.cols()", row.cols(), "items()", self().items());
    return explain_row(row.row(0), item, k);
  }

  /// Writes the model to a file, in place of what was there; a failure leaves that as it was.
  /// docs/model-files.md has the format.
  /// @throws io_error when the file cannot be written, value_error when the options leave the
  ///         history out of a model that cannot be without
  /// As long as the disk takes, and one checksum over the model on all cores. Needs the library.
  void save(const std::filesystem::path& file, const save_options& options = {}) const {
    static_assert(can_save(),
                  "recokit: this model has no file_kind, write and read; see "
                  "recommender_base");
    model_writer out(file, Model::file_kind, options);
    self().write(out);
    out.commit();
  }
  /// The model that a file holds: it answers as the saved one did, bit for bit. Sparse parts are
  /// views of the mapped file, dense parts are copied.
  /// @throws io_error when the file cannot be read, parse_error when it is damaged, cut off, of an
  ///         unknown version or of another model
  /// Reads the file once, to check it. Needs the library.
  static Model load(const std::filesystem::path& file) {
    static_assert(can_save(),
                  "recokit: this model has no file_kind, write and read; see "
                  "recommender_base");
    model_reader in(file, Model::file_kind);
    Model model = Model::read(in);
    in.finish();
    return model;
  }
  /// Whether the model has what save and load need.
  static constexpr bool can_save() noexcept {
    return requires(const Model& model, model_writer& out, model_reader& in) {
      Model::file_kind;
      model.write(out);
      Model::read(in);
    };
  }

 private:
  const Model& self() const noexcept { return static_cast<const Model&>(*this); }
  template <class Policy>
  ranked_lists recommend_on(const Policy& policy, std::span<const index_t> users,
                            const recommend_options& options) const {
    for (const index_t user : users) check::index_in("user", user, self().users());
    if (options.exclude_seen && self().history().rows() == 0 && !users.empty()) {
      throw value_error("options.exclude_seen", "true",
                        "needs a model fitted with keep_history = true, and saved with its "
                        "history when it comes from a file; or call recommend_for");
    }
    const item_filter allowed = filter(options);
    const float oversampling = quick(options);
    const int k = length(options);
    constexpr bool can_rank = requires { self().rank(policy, users, allowed, 1, true); };
    detail::require_backend<Policy, can_rank>();
    if constexpr (requires { self().rank(policy, users, allowed, 1, true, oversampling); }) {
      return self().rank(policy, users, allowed, k, options.exclude_seen, oversampling);
    } else if constexpr (can_rank) {
      return self().rank(policy, users, allowed, k, options.exclude_seen);
    } else {
      return {};
    }
  }
  template <class Policy, class Source>
  ranked_lists recommend_for_on(const Policy& policy, const Source& histories,
                                const recommend_options& options) const {
    const csr_matrix<> rows = standard_csr(histories);
    const csr_view<>& view = rows.view();
    check::histories(rows.cols(), self().items());
    const item_filter allowed = filter(options);
    const float oversampling = quick(options);
    const int k = length(options);
    constexpr bool can_rank = requires { self().rank_histories(policy, view, allowed, 1, true); };
    detail::require_backend<Policy, can_rank>();
    if constexpr (requires {
                    self().rank_histories(policy, view, allowed, 1, true, oversampling);
                  }) {
      return self().rank_histories(policy, view, allowed, k, options.exclude_seen, oversampling);
    } else if constexpr (can_rank) {
      return self().rank_histories(policy, view, allowed, k, options.exclude_seen);
    } else {
      return {};
    }
  }
  std::vector<scored_item<>> explain_row(const csr_row<float, index_t>& history, index_t item,
                                         int k) const {
    check::index_in("item", item, self().items());
    check::in_range("k", k, 1, std::numeric_limits<int>::max());
    std::vector<scored_item<>> shares = self().shares(history, item);
    std::sort(shares.begin(), shares.end(), by_rank{});
    if (std::cmp_greater(shares.size(), k)) shares.resize(static_cast<std::size_t>(k));
    return shares;
  }
  item_filter filter(const recommend_options& options) const { return {options, self().items()}; }
  // 0: exact.
  float quick(const recommend_options& options) const {
    if (!(options.oversampling >= 1) || !std::isfinite(options.oversampling)) {
      throw value_error("options.oversampling", std::to_string(options.oversampling),
                        "must be a number of at least 1");
    }
    return options.precision == scoring::exact ? 0.0f : options.oversampling;
  }
  int length(const recommend_options& options) const {
    check::in_range("options.k", options.k, 1, std::numeric_limits<int>::max());
    return std::min<int>(options.k, std::max<int>(self().items(), 1));
  }
};

}  // namespace recokit::inline RECOKIT_ABI
