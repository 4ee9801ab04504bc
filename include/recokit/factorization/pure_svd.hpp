// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief PureSVD: the truncated singular value decomposition of the interactions.
#pragma once

#include <recokit/core/fit.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/random.hpp>
#include <recokit/core/start.hpp>
#include <recokit/factorization/factor_model.hpp>
#include <recokit/kernels/gram.hpp>
#include <recokit/kernels/randomized_svd.hpp>
#include <recokit/kernels/sparse_times_dense.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

namespace recokit::inline RECOKIT_ABI::pure_svd {

struct params {
  int factors = 64;
  /// Of the popularity of items in the decomposition: each column is divided by its Euclidean
  /// length to the power 1 − item_scaling. 1: PureSVD; below: popular items weigh less.
  double item_scaling = 1;
  double user_scaling = 1;   ///< the same for rows, the activity of users
  int oversampling = 10;     ///< further vectors that the iteration carries along
  int power_iterations = 4;  ///< more come nearer to the exact vectors
  std::uint64_t seed = 42;
  bool keep_history = true;  ///< hold the interactions, so that seen items can be left out

  static constexpr auto fields() {
    return std::tuple{
        field("factors", &params::factors, 1, 65536, "singular vectors that are kept"),
        field("item_scaling", &params::item_scaling, -2, 4,
              "columns are divided by their length to the power 1 - this; 1: PureSVD"),
        field("user_scaling", &params::user_scaling, -2, 4,
              "rows are divided by their length to the power 1 - this; 1: PureSVD"),
        field("oversampling", &params::oversampling, 0, 4096,
              "further vectors that the iteration carries along"),
        field("power_iterations", &params::power_iterations, 0, 1000,
              "products with the matrix and its transpose before the last"),
        field("seed", &params::seed, "of the first vectors"),
        field("keep_history", &params::keep_history,
              "hold the interactions, to leave seen items out"),
    };
  }
};

struct algorithm;

/// Rows of items are right singular vectors V, the row of a user with the interactions x is x V:
/// the score of item i is (x V)·v_i.
///
/// A history that is folded in has the very row that training gives. Factors beyond
/// min(users, items) are 0. explain says what each interaction adds to a score.
class model : public factor_model<model, params> {
 public:
  static constexpr std::string_view file_kind = "pure_svd";
  static constexpr Eigen::Index extra_columns = 0;

  /// One a factor, largest first, of the matrix that was decomposed (scaled, if params say so).
  std::span<const float> singular_values() const noexcept { return values_; }

 private:
  using base = factor_model<model, params>;
  friend base;
  friend class recommender_base<model>;
  friend struct algorithm;

  row_major_matrix<float> solve_users(const cpu& policy, const csr_view<>& histories) const {
    row_major_matrix<float> rows;
    kernels::sparse_times_dense(policy, histories, item_rows_, rows, [] { return false; });
    return rows;
  }
  row_major_matrix<float> solve_items(const cpu& policy, const csr_view<>& histories) const;
  void items_changed(const cpu&) {}
  std::vector<scored_item<>> shares(const csr_row<float, index_t>& history, index_t item) const {
    std::vector<scored_item<>> all;
    all.reserve(history.size());
    for (std::size_t n = 0; n < history.size(); ++n) {
      const index_t taken = history.indices[n];
      all.push_back({taken, history.value(n) * item_rows_.row(taken).dot(item_rows_.row(item))});
    }
    return all;
  }

  void write(model_writer& out) const {
    write_factors(out);
    out.add("singular_values", values_);
  }
  static model read(model_reader& in) {
    model loaded;
    loaded.read_factors(in);
    loaded.values_ = in.vector<float>("singular_values", loaded.factors());
    return loaded;
  }

  std::vector<float> values_;
};

namespace detail {

/// The matrix with rows and columns divided as the params say.
csr_matrix<> scaled(const csr_matrix<>& matrix, const params& params);

}  // namespace detail

/// What fit runs.
struct algorithm : one_step_algorithm<algorithm, params, model> {
  template <class Source, class... Observers>
  static model run(const cpu& policy, const Source& source, const params& params,
                   Observers&... observers) {
    const auto start = recokit::detail::start_of<model>(observers...);
    if (start.model != nullptr) {
      throw value_error("observers", start.resumes ? "resume" : "warm_start",
                        "pure_svd knows no epochs and no start: leave it out");
    }
    return one_step_algorithm::run(policy, source, params, observers...);
  }

  template <class Source, class Cancelled>
  static model make(const cpu& policy, const Source& source, const params& params,
                    const Cancelled& cancelled) {
    const csr_matrix<> data = standard_csr(source);
    model fitted;
    fitted.begin(data, data.rows(), data.cols(), params, {});
    fitted.values_.assign(static_cast<std::size_t>(params.factors), 0);
    const std::int64_t rank = std::min<std::int64_t>({params.factors, data.rows(), data.cols()});
    if (rank == 0) return fitted;
    {
      const csr_matrix<> matrix = detail::scaled(data, params);
      const csr_matrix<> transposed = transpose(policy, matrix.view());
      const auto svd = kernels::randomized_svd<float>(
          policy, matrix, transposed,
          {rank, params.oversampling, params.power_iterations, params.seed}, cancelled);
      if (cancelled()) throw cancelled_error("pure_svd::fit");
      fitted.item_rows_.leftCols(rank) = svd.right;
      std::copy(svd.values.begin(), svd.values.end(), fitted.values_.begin());
    }
    fitted.user_rows_ = fitted.solve_users(policy, data.view());
    fitted.epochs_done_ = 1;
    return fitted;
  }
};

/// Fits PureSVD: V are the leading right singular vectors of the users × items matrix, in which a
/// cell without interaction is 0. Its scores are the best approximation of the matrix by one of
/// rank `factors`, in the sum of squares over all cells.
///
/// With item_scaling below 1 the vectors are those of the matrix with its columns divided by their
/// length to the power 1 − item_scaling, and scores still x V Vᵀ with the x as given: EigenRec with
/// cosine similarity. user_scaling keeps very active users from owning the first vectors; see
/// docs/matrix-decompositions.md for what both are worth.
///
/// Not for rating prediction: unrated counts as 0, so estimates are far below the scale.
///
/// @param source    users × items interactions of any sign; see csr_source
/// @param observers called once, at the end; cancellation is asked between products
/// @throws value_error for params out of range and for warm_start or resume, memory_error when the
///         factors cannot fit, error when values overflow, cancelled_error, and what as_csr throws
///
/// Time and accuracy are those of kernels/randomized_svd.hpp; memory: (users + items) · (3 ·
/// factors
/// + 2 · oversampling) floats, two copies of the interactions. The same bits for any number of
/// threads on one machine.
///
/// Cremonesi, Koren, Turrin, RecSys'10; scaling: Nikolakopoulos, Kalantzis, Gallopoulos,
/// Garofalakis, "EigenRec", Knowledge and Information Systems 2019.
inline constexpr fit_function<algorithm> fit{};

}  // namespace recokit::inline RECOKIT_ABI::pure_svd
