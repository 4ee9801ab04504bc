// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Distances between items: ready ones over features or training data, or any callable.
#pragma once

#include <recokit/core/csr.hpp>

#include <Eigen/Core>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {

/// A distance between items, with the sums of it that list metrics ask for. Copies share one
/// implementation; const members are safe from any number of threads.
///
/// A distance may be NaN (an item without features); sums with it are NaN then.
class item_distance {
 public:
  /// Work space of the sums, one a thread. Belongs to the distance it was first used with.
  struct scratch {
    std::vector<double> sum;
    row_major_matrix<double> rows;
    row_major_matrix<double> gram;
  };

  /// What a distance has to answer. Derive from it when the sums can be had faster than by pairs.
  class implementation {
   public:
    virtual ~implementation() = default;
    /// Items known, or -1 for any.
    virtual std::int64_t items() const noexcept = 0;
    virtual double between(index_t a, index_t b) const = 0;
    /// sums[j] = sum over i < j of between(items[i], items[j]); sums[0] = 0. By default all pairs.
    virtual void sums_to_earlier(std::span<const index_t> items, std::span<double> sums,
                                 scratch& work) const;
    /// means[j] = mean over h of between(items[j], others[h]); others has at least one item. By
    /// default all pairs.
    virtual void means_to(std::span<const index_t> items, std::span<const index_t> others,
                          std::span<double> means, scratch& work) const;
  };

  /// No distance.
  item_distance() = default;

  item_distance(std::string name, std::shared_ptr<const implementation> how)
      : name_(std::move(name)), how_(std::move(how)) {}

  /// Any symmetric callable double(index_t, index_t) that does not throw; it is called from many
  /// threads at once.
  template <std::invocable<index_t, index_t> Callable>
  item_distance(std::string name, Callable callable)
      : item_distance(std::move(name), from_callable(std::move(callable))) {}

  explicit operator bool() const noexcept { return how_ != nullptr; }
  const std::string& name() const noexcept { return name_; }

  // The members below need a distance.
  std::int64_t items() const noexcept { return how_->items(); }
  double operator()(index_t a, index_t b) const { return how_->between(a, b); }
  const implementation& how() const noexcept { return *how_; }

 private:
  static std::shared_ptr<const implementation> from_callable(
      std::function<double(index_t, index_t)> callable);

  std::string name_;
  std::shared_ptr<const implementation> how_;
};

/// The distance to and from an item that has no direction: no features, all zeros, or NaN.
enum class missing_features {
  nan,       ///< unknown, as in RecTools
  farthest,  ///< 1, as if it shared nothing with any item, as in Microsoft's recommenders
};

/// What the Hamming distance counts.
enum class hamming_scale {
  count,  ///< features that differ, as in RecTools
  share,  ///< features that differ / features
};

namespace detail {

enum class vector_distance { cosine, euclidean, hamming, hamming_share, jaccard };

/// Row-major rows in the memory of the caller.
template <class Scalar>
struct dense_rows {
  const Scalar* data;
  std::int64_t rows;
  std::int64_t cols;
  std::int64_t stride;
};

item_distance distance_of(vector_distance kind, const dense_rows<float>& features,
                          missing_features missing);
item_distance distance_of(vector_distance kind, const dense_rows<double>& features,
                          missing_features missing);
item_distance distance_of(vector_distance kind, const csr_view<>& features,
                          missing_features missing);

template <class Derived>
auto rows_of(const Eigen::MatrixBase<Derived>& features) {
  using scalar = std::remove_cv_t<typename Derived::Scalar>;
  constexpr bool direct = (Derived::Flags & Eigen::DirectAccessBit) != 0;
  static_assert(direct && Derived::IsRowMajor && Derived::InnerStrideAtCompileTime == 1 &&
                    (std::is_same_v<scalar, float> || std::is_same_v<scalar, double>),
                "recokit: item features must be a row-major Eigen matrix, Map or Ref of float or "
                "double, one row an item, because they are not copied.");
  const auto& matrix = features.derived();
  return dense_rows<scalar>{matrix.data(), matrix.rows(), matrix.cols(), matrix.outerStride()};
}

}  // namespace detail

// Distances over item features: one row an item, dense (a row-major Eigen matrix, Map or Ref) or
// sparse (items × features). The memory belongs to the caller and must outlive the distance.
//
// A dense row that holds a NaN is an item without features. A sparse row without entries is a row
// of zeros; cosine and Jaccard have no direction for it and treat it as an item without features.
// All throw value_error for an infinite feature. Cost of a list of k items, d features each:
//   cosine    O(k d) for all pairs: row sums against the running sum of normalised rows
//   euclidean dense: one k × k Gram product, O(k² d); sparse: k² merges
//   hamming, jaccard: k² comparisons of rows

/// 1 − cosine, in [0, 2].
template <class Derived>
item_distance cosine_distance(const Eigen::MatrixBase<Derived>& features,
                              missing_features missing = missing_features::nan) {
  return detail::distance_of(detail::vector_distance::cosine, detail::rows_of(features), missing);
}
inline item_distance cosine_distance(const csr_view<>& features,
                                     missing_features missing = missing_features::nan) {
  return detail::distance_of(detail::vector_distance::cosine, features, missing);
}

/// Length of the difference.
template <class Derived>
item_distance euclidean_distance(const Eigen::MatrixBase<Derived>& features) {
  return detail::distance_of(detail::vector_distance::euclidean, detail::rows_of(features),
                             missing_features::nan);
}
inline item_distance euclidean_distance(const csr_view<>& features) {
  return detail::distance_of(detail::vector_distance::euclidean, features, missing_features::nan);
}

/// Features that differ.
template <class Derived>
item_distance hamming_distance(const Eigen::MatrixBase<Derived>& features,
                               hamming_scale scale = hamming_scale::count) {
  return detail::distance_of(scale == hamming_scale::count ? detail::vector_distance::hamming
                                                           : detail::vector_distance::hamming_share,
                             detail::rows_of(features), missing_features::nan);
}
inline item_distance hamming_distance(const csr_view<>& features,
                                      hamming_scale scale = hamming_scale::count) {
  return detail::distance_of(scale == hamming_scale::count ? detail::vector_distance::hamming
                                                           : detail::vector_distance::hamming_share,
                             features, missing_features::nan);
}

/// 1 − |A ∩ B| / |A ∪ B| of the sets of features that are not zero.
template <class Derived>
item_distance jaccard_distance(const Eigen::MatrixBase<Derived>& features,
                               missing_features missing = missing_features::nan) {
  return detail::distance_of(detail::vector_distance::jaccard, detail::rows_of(features), missing);
}
inline item_distance jaccard_distance(const csr_view<>& features,
                                      missing_features missing = missing_features::nan) {
  return detail::distance_of(detail::vector_distance::jaccard, features, missing);
}

/// 1 − (users of both) / sqrt(users of a × users of b) over the interactions in training; an item
/// that nobody has is farthest from all. Zhang et al., Auralist, WSDM 2012; the default similarity
/// of Microsoft's recommenders.
///
/// Holds a transpose of `train` (O(nonzeros)) and does not need `train` afterwards. A list costs
/// O(interactions of its items), a thread 8 bytes a user.
item_distance cooccurrence_distance(const csr_view<>& train);

}  // namespace recokit::inline RECOKIT_ABI
