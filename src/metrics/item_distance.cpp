// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/check.hpp>
#include <recokit/metrics/item_distance.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace recokit::inline RECOKIT_ABI {
namespace {

using detail::dense_rows;
using detail::vector_distance;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Partial sums in a fixed order that a compiler can keep in vector registers.
template <class A, class B>
double dot(const A* a, const B* b, std::int64_t size) {
  std::array<double, 8> part{};
  std::int64_t i = 0;
  for (; i + 8 <= size; i += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) {
      const auto at = i + static_cast<std::int64_t>(lane);
      part[lane] += static_cast<double>(a[at]) * static_cast<double>(b[at]);
    }
  }
  double rest = 0;
  for (; i < size; ++i) rest += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return ((part[0] + part[4]) + (part[1] + part[5])) + ((part[2] + part[6]) + (part[3] + part[7])) +
         rest;
}

// Rows of features in the caller's memory, dense or sparse, behind the same few words.
template <class Scalar>
class dense_table {
 public:
  explicit dense_table(const dense_rows<Scalar>& features) : features_(features) {
    if (features.cols < 1) {
      throw value_error("features.cols()", std::to_string(features.cols), "must be at least 1");
    }
    for (std::int64_t r = 0; r < features.rows; ++r) {
      for (std::int64_t c = 0; c < features.cols; ++c) {
        if (std::isinf(row(r)[c])) {
          throw value_error("features(" + std::to_string(r) + ", " + std::to_string(c) + ")",
                            row(r)[c] > 0 ? "inf" : "-inf",
                            "must be finite, or NaN for an item without features");
        }
      }
    }
  }

  std::int64_t rows() const noexcept { return features_.rows; }
  std::int64_t cols() const noexcept { return features_.cols; }
  const Scalar* row(std::int64_t r) const noexcept { return features_.data + r * features_.stride; }

  bool has_features(std::int64_t r) const {
    return std::none_of(row(r), row(r) + cols(), [](Scalar x) { return std::isnan(x); });
  }
  double squared_norm(std::int64_t r) const { return dot(row(r), row(r), cols()); }
  double dot_with(std::int64_t r, const double* sum) const { return dot(row(r), sum, cols()); }
  void add_to(std::int64_t r, double weight, double* sum) const {
    const Scalar* const values = row(r);
    for (std::int64_t c = 0; c < cols(); ++c) sum[c] += weight * static_cast<double>(values[c]);
  }
  void clear(std::int64_t, double* sum) const { std::fill(sum, sum + cols(), 0.0); }

  // Calls each(x, y) for the features of both rows.
  template <class Each>
  void for_pairs(std::int64_t a, std::int64_t b, const Each& each) const {
    const Scalar* const x = row(a);
    const Scalar* const y = row(b);
    for (std::int64_t c = 0; c < cols(); ++c) each(x[c], y[c]);
  }
  double row_dot(std::int64_t a, std::int64_t b) const { return dot(row(a), row(b), cols()); }

 private:
  dense_rows<Scalar> features_;
};

class sparse_table {
 public:
  sparse_table(const csr_view<>& features, std::shared_ptr<const void> owner)
      : features_(features), owner_(std::move(owner)) {}

  std::int64_t rows() const noexcept { return features_.rows(); }
  std::int64_t cols() const noexcept { return features_.cols(); }

  bool has_features(std::int64_t) const { return true; }
  double squared_norm(std::int64_t r) const { return row_dot(r, r); }
  double dot_with(std::int64_t r, const double* sum) const {
    const auto entries = features_.row(r);
    double total = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      total += static_cast<double>(entries.value(i)) * sum[entries.indices[i]];
    }
    return total;
  }
  void add_to(std::int64_t r, double weight, double* sum) const {
    const auto entries = features_.row(r);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      sum[entries.indices[i]] += weight * static_cast<double>(entries.value(i));
    }
  }
  void clear(std::int64_t r, double* sum) const {
    for (const auto column : features_.row(r).indices) sum[column] = 0;
  }

  // Calls each(x, y) for the features that one of the rows has.
  template <class Each>
  void for_pairs(std::int64_t a, std::int64_t b, const Each& each) const {
    const auto x = features_.row(a);
    const auto y = features_.row(b);
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < x.size() || j < y.size()) {
      if (j == y.size() || (i < x.size() && x.indices[i] < y.indices[j])) {
        each(x.value(i++), 0.0F);
      } else if (i == x.size() || y.indices[j] < x.indices[i]) {
        each(0.0F, y.value(j++));
      } else {
        each(x.value(i++), y.value(j++));
      }
    }
  }
  double row_dot(std::int64_t a, std::int64_t b) const {
    double total = 0;
    for_pairs(a, b, [&](float x, float y) { total += static_cast<double>(x) * y; });
    return total;
  }

 private:
  csr_view<> features_;
  std::shared_ptr<const void> owner_;
};

// The sums over pairs need no pairs: with normalised rows u, the sum over i < j of u_i · u_j is
// u_j · (u_0 + … + u_{j-1}).
template <class Table>
class cosine final : public item_distance::implementation {
 public:
  cosine(Table table, missing_features missing) : table_(std::move(table)) {
    inverse_norm_.resize(static_cast<std::size_t>(table_.rows()));
    for (std::size_t r = 0; r < inverse_norm_.size(); ++r) {
      const double squared = table_.squared_norm(static_cast<std::int64_t>(r));
      // Squared NaN is not above 0 either.
      inverse_norm_[r] = squared > 0                             ? 1 / std::sqrt(squared)
                         : missing == missing_features::farthest ? 0
                                                                 : nan;
    }
  }

  std::int64_t items() const noexcept override { return table_.rows(); }

  double between(index_t a, index_t b) const override {
    const double scale = inverse(a) * inverse(b);
    if (std::isnan(scale)) return nan;
    if (scale == 0) return 1;
    return std::max(0.0, 1 - scale * table_.row_dot(a, b));
  }

  void sums_to_earlier(std::span<const index_t> items, std::span<double> sums,
                       item_distance::scratch& work) const override {
    double* const sum = zeros(work);
    bool unknown = false;
    for (std::size_t j = 0; j < items.size(); ++j) {
      const double scale = inverse(items[j]);
      unknown = unknown || std::isnan(scale);
      sums[j] = j == 0 ? 0 : unknown ? nan : beyond(static_cast<double>(j), items[j], scale, sum);
      if (scale > 0) table_.add_to(items[j], scale, sum);
    }
    for (const index_t item : items) table_.clear(item, sum);
  }

  void means_to(std::span<const index_t> items, std::span<const index_t> others,
                std::span<double> means, item_distance::scratch& work) const override {
    double* const sum = zeros(work);
    bool unknown = false;
    for (const index_t other : others) {
      const double scale = inverse(other);
      unknown = unknown || std::isnan(scale);
      if (scale > 0) table_.add_to(other, scale, sum);
    }
    const auto count = static_cast<double>(others.size());
    for (std::size_t j = 0; j < items.size(); ++j) {
      const double scale = inverse(items[j]);
      means[j] = unknown || std::isnan(scale) ? nan : beyond(count, items[j], scale, sum) / count;
    }
    for (const index_t other : others) table_.clear(other, sum);
  }

 private:
  double inverse(index_t item) const { return inverse_norm_[static_cast<std::size_t>(item)]; }

  // The sum of the distances to the `count` items whose normalised rows are in `sum`.
  double beyond(double count, index_t item, double scale, const double* sum) const {
    return scale > 0 ? std::max(0.0, count - scale * table_.dot_with(item, sum)) : count;
  }

  double* zeros(item_distance::scratch& work) const {
    work.sum.resize(static_cast<std::size_t>(table_.cols()), 0.0);  // left clear after each use
    return work.sum.data();
  }

  Table table_;
  std::vector<double> inverse_norm_;
};

// Distances that compare rows pair by pair; `unknown_` marks items without features.
template <class Table>
class pairwise : public item_distance::implementation {
 public:
  explicit pairwise(Table table) : table_(std::move(table)) {
    unknown_.resize(static_cast<std::size_t>(table_.rows()));
    for (std::size_t r = 0; r < unknown_.size(); ++r) {
      unknown_[r] = table_.has_features(static_cast<std::int64_t>(r)) ? 0 : 1;
    }
  }

  std::int64_t items() const noexcept override { return table_.rows(); }

 protected:
  const Table& table() const { return table_; }
  bool unknown(index_t item) const { return unknown_[static_cast<std::size_t>(item)] != 0; }

 private:
  Table table_;
  std::vector<unsigned char> unknown_;
};

template <class Table>
class hamming final : public pairwise<Table> {
 public:
  hamming(Table table, bool share)
      : pairwise<Table>(std::move(table)),
        scale_(share ? 1 / static_cast<double>(std::max<std::int64_t>(this->table().cols(), 1))
                     : 1) {}

  double between(index_t a, index_t b) const override {
    if (this->unknown(a) || this->unknown(b)) return nan;
    int differ = 0;  // as wide as a float, which is how the loop gets vectorised
    this->table().for_pairs(a, b, [&](auto x, auto y) { differ += x != y ? 1 : 0; });
    return scale_ * differ;
  }

 private:
  double scale_;
};

template <class Table>
class jaccard final : public pairwise<Table> {
 public:
  jaccard(Table table, missing_features missing)
      : pairwise<Table>(std::move(table)), empty_(missing == missing_features::nan ? nan : 1) {
    none_.resize(static_cast<std::size_t>(this->table().rows()));
    for (std::size_t r = 0; r < none_.size(); ++r) {
      const auto item = static_cast<index_t>(r);
      bool any = false;
      if (!this->unknown(item)) {
        this->table().for_pairs(item, item, [&](auto x, auto) { any = any || x != 0; });
      }
      none_[r] = any ? 0 : 1;
    }
  }

  double between(index_t a, index_t b) const override {
    if (none_[static_cast<std::size_t>(a)] != 0 || none_[static_cast<std::size_t>(b)] != 0) {
      return empty_;
    }
    int both = 0;
    int either = 0;
    this->table().for_pairs(a, b, [&](auto x, auto y) {
      both += x != 0 && y != 0 ? 1 : 0;
      either += x != 0 || y != 0 ? 1 : 0;
    });
    return 1 - static_cast<double>(both) / static_cast<double>(either);
  }

 private:
  double empty_;
  std::vector<unsigned char> none_;
};

template <class Table>
class euclidean final : public pairwise<Table> {
 public:
  using pairwise<Table>::pairwise;

  double between(index_t a, index_t b) const override {
    if (this->unknown(a) || this->unknown(b)) return nan;
    double squares = 0;
    this->table().for_pairs(a, b, [&](auto x, auto y) {
      const double difference = static_cast<double>(x) - static_cast<double>(y);
      squares += difference * difference;
    });
    return std::sqrt(squares);
  }
};

// |a − b|² = |a|² + |b|² − 2 a·b from one Gram product, less the first row so that features far
// from 0 do not cancel; a pair that still lies close is taken by itself.
template <class Scalar>
class dense_euclidean final : public item_distance::implementation {
 public:
  explicit dense_euclidean(const dense_table<Scalar>& table) : pairs_(table), table_(table) {}

  std::int64_t items() const noexcept override { return pairs_.items(); }
  double between(index_t a, index_t b) const override { return pairs_.between(a, b); }

  void sums_to_earlier(std::span<const index_t> items, std::span<double> sums,
                       item_distance::scratch& work) const override {
    const auto count = static_cast<Eigen::Index>(items.size());
    if (count == 0) return;
    auto& rows = work.rows;
    auto& gram = work.gram;
    const auto cols = static_cast<Eigen::Index>(table_.cols());
    rows.resize(count, cols);
    const Scalar* const first = table_.row(items[0]);
    for (Eigen::Index j = 0; j < count; ++j) {
      const Scalar* const row = table_.row(items[static_cast<std::size_t>(j)]);
      for (Eigen::Index c = 0; c < cols; ++c) {
        rows(j, c) = static_cast<double>(row[c]) - static_cast<double>(first[c]);
      }
    }
    gram.resize(count, count);
    gram.template triangularView<Eigen::Lower>().setZero();
    gram.template selfadjointView<Eigen::Lower>().rankUpdate(rows);
    constexpr double close = 1e-6;
    for (Eigen::Index j = 0; j < count; ++j) {
      const auto item = items[static_cast<std::size_t>(j)];
      double sum = 0;
      for (Eigen::Index i = 0; i < j; ++i) {
        const double scale = gram(i, i) + gram(j, j);
        const double squared = scale - 2 * gram(j, i);
        sum += squared > close * scale ? std::sqrt(squared)
                                       : pairs_.between(items[static_cast<std::size_t>(i)], item);
      }
      sums[static_cast<std::size_t>(j)] = sum;
    }
  }

 private:
  euclidean<dense_table<Scalar>> pairs_;
  dense_table<Scalar> table_;
};

class callable_distance final : public item_distance::implementation {
 public:
  explicit callable_distance(std::function<double(index_t, index_t)> callable)
      : callable_(std::move(callable)) {}
  std::int64_t items() const noexcept override { return -1; }
  double between(index_t a, index_t b) const override { return callable_(a, b); }

 private:
  std::function<double(index_t, index_t)> callable_;
};

template <class Table>
std::shared_ptr<const item_distance::implementation> make(vector_distance kind, Table table,
                                                          missing_features missing) {
  switch (kind) {
    case vector_distance::cosine:
      return std::make_shared<cosine<Table>>(std::move(table), missing);
    case vector_distance::euclidean:
      return std::make_shared<euclidean<Table>>(std::move(table));
    case vector_distance::jaccard:
      return std::make_shared<jaccard<Table>>(std::move(table), missing);
    case vector_distance::hamming:
    case vector_distance::hamming_share:
      break;
  }
  return std::make_shared<hamming<Table>>(std::move(table), kind == vector_distance::hamming_share);
}

std::string name_of(vector_distance kind, missing_features missing) {
  switch (kind) {
    case vector_distance::cosine:
      return missing == missing_features::nan ? "cosine" : "cosine(missing=1)";
    case vector_distance::euclidean:
      return "euclidean";
    case vector_distance::hamming:
      return "hamming";
    case vector_distance::hamming_share:
      return "hamming(share)";
    case vector_distance::jaccard:
      break;
  }
  return missing == missing_features::nan ? "jaccard" : "jaccard(missing=1)";
}

template <class Scalar>
item_distance dense_distance(vector_distance kind, const dense_rows<Scalar>& features,
                             missing_features missing) {
  const dense_table<Scalar> table(features);
  if (kind == vector_distance::euclidean) {
    return {name_of(kind, missing), std::make_shared<dense_euclidean<Scalar>>(table)};
  }
  return {name_of(kind, missing), make(kind, table, missing)};
}

}  // namespace

void item_distance::implementation::sums_to_earlier(std::span<const index_t> items,
                                                    std::span<double> sums, scratch&) const {
  for (std::size_t j = 0; j < items.size(); ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < j; ++i) sum += between(items[i], items[j]);
    sums[j] = sum;
  }
}

void item_distance::implementation::means_to(std::span<const index_t> items,
                                             std::span<const index_t> others,
                                             std::span<double> means, scratch&) const {
  for (std::size_t j = 0; j < items.size(); ++j) {
    double sum = 0;
    for (const index_t other : others) sum += between(items[j], other);
    means[j] = sum / static_cast<double>(others.size());
  }
}

std::shared_ptr<const item_distance::implementation> item_distance::from_callable(
    std::function<double(index_t, index_t)> callable) {
  return std::make_shared<callable_distance>(std::move(callable));
}

namespace detail {

item_distance distance_of(vector_distance kind, const dense_rows<float>& features,
                          missing_features missing) {
  return dense_distance(kind, features, missing);
}

item_distance distance_of(vector_distance kind, const dense_rows<double>& features,
                          missing_features missing) {
  return dense_distance(kind, features, missing);
}

item_distance distance_of(vector_distance kind, const csr_view<>& features,
                          missing_features missing) {
  return {name_of(kind, missing), make(kind, sparse_table(features, {}), missing)};
}

}  // namespace detail

item_distance cooccurrence_distance(const csr_view<>& train) {
  const csr_matrix<> users_of_items = transpose(cpu{}, train.pattern());
  return {"1 - co-occurrence cosine",
          make(vector_distance::cosine, sparse_table(users_of_items.view(), users_of_items.owner()),
               missing_features::farthest)};
}

}  // namespace recokit::inline RECOKIT_ABI
