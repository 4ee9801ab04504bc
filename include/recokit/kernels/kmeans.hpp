// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief k-means: Lloyd's iterations from k-means++ seeds, over dense or sparse rows.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/dense_view.hpp>
#include <recokit/core/random.hpp>
#include <recokit/kernels/gemm.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

struct kmeans_options {
  std::int64_t clusters = 8;  ///< in [1, rows]
  int iterations = 300;       ///< at most; at least 1
  /// Iterations end once the centres together moved by no more than this times the mean variance
  /// of the columns (both squared); 0 waits until no row changes its cluster.
  double tolerance = 1e-4;
  std::uint64_t seed = 0;
  /// Runs with one seed and different streams draw different seeds: the label of a class, say.
  std::uint64_t stream = 0;
};

struct kmeans_result {
  row_major_matrix<double> centers;  ///< clusters × columns
  std::vector<index_t> assignments;  ///< of each row given, in [0, clusters)
  /// Rows of each cluster; never 0.
  std::vector<std::int64_t> counts;
  std::vector<double> squared_distances;  ///< of each row to its centre
  double inertia = 0;                     ///< their sum
  int iterations = 0;                     ///< run
};

namespace detail_kmeans {

/// Row r in double, with its zeros.
template <class Scalar>
void copy_row(const dense_view<Scalar>& points, index_t r, double* out) {
  const Scalar* const row = points.row(r);
  for (std::int64_t c = 0; c < points.cols(); ++c) out[c] = static_cast<double>(row[c]);
}
template <class Value, class Index, class Offset>
void copy_row(const csr_view<Value, Index, Offset>& points, index_t r, double* out) {
  std::fill_n(out, points.cols(), 0.0);
  const auto row = points.row(r);
  for (std::size_t i = 0; i < row.size(); ++i) {
    out[row.indices[i]] = static_cast<double>(row.value(i));
  }
}

/// sum += row r
template <class Scalar>
void add_row(const dense_view<Scalar>& points, index_t r, double* sum) {
  const Scalar* const row = points.row(r);
  for (std::int64_t c = 0; c < points.cols(); ++c) sum[c] += static_cast<double>(row[c]);
}
template <class Value, class Index, class Offset>
void add_row(const csr_view<Value, Index, Offset>& points, index_t r, double* sum) {
  const auto row = points.row(r);
  for (std::size_t i = 0; i < row.size(); ++i) {
    sum[row.indices[i]] += static_cast<double>(row.value(i));
  }
}

/// From row r to a point of squared length `length`.
template <class Scalar>
double squared_distance(const dense_view<Scalar>& points, index_t r, const double* to, double) {
  // Eight sums, because one waits for its own additions.
  constexpr std::int64_t lanes = 8;
  const Scalar* const row = points.row(r);
  double sums[lanes] = {};
  std::int64_t c = 0;
  for (; c + lanes <= points.cols(); c += lanes) {
    for (std::int64_t n = 0; n < lanes; ++n) {
      const double difference = static_cast<double>(row[c + n]) - to[c + n];
      sums[n] += difference * difference;
    }
  }
  for (; c < points.cols(); ++c) {
    const double difference = static_cast<double>(row[c]) - to[c];
    sums[0] += difference * difference;
  }
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}
template <class Value, class Index, class Offset>
double squared_distance(const csr_view<Value, Index, Offset>& points, index_t r, const double* to,
                        double length) {
  const auto row = points.row(r);
  double sum = length;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const double x = static_cast<double>(row.value(i));
    sum += x * (x - 2 * to[row.indices[i]]);
  }
  return std::max(sum, 0.0);
}

/// Products of a block of rows with centres.
template <class Rows>
class products {
 public:
  explicit products(const row_major_matrix<double>& centers) : centers_(centers) {}

  /// What a thread needs beside: the block in double.
  using scratch = row_major_matrix<double>;
  scratch make_scratch(std::int64_t most) const { return scratch(most, centers_.cols()); }

  void load(const Rows& points, std::span<const index_t> rows, scratch& block) const {
    double* to = block.data();
    for (const index_t r : rows) {
      copy_row(points, r, to);
      to += block.cols();
    }
  }
  /// out (rows × [first, last) of the centres) = rows · centresᵀ
  void multiply(const Rows&, std::span<const index_t> rows, std::int64_t first, std::int64_t last,
                const scratch& block, double* out) const {
    const auto count = static_cast<std::ptrdiff_t>(rows.size());
    const std::ptrdiff_t width = last - first;
    std::fill_n(out, count * width, 0.0);
    const auto right = row_major(centers_.data(), centers_.cols()).at(first, 0).transposed();
    gemm<double>(cpu{.threads = 1}, count, width, centers_.cols(),
                 row_major(block.data(), block.cols()), right, 1.0, out, width);
  }

 private:
  const row_major_matrix<double>& centers_;
};

/// Sparse rows take columns of the centres: a row of the transpose each.
template <class Value, class Index, class Offset>
class products<csr_view<Value, Index, Offset>> {
 public:
  explicit products(const row_major_matrix<double>& centers) : columns_(centers.transpose()) {}

  struct scratch {};
  scratch make_scratch(std::int64_t) const { return {}; }
  void load(const csr_view<Value, Index, Offset>&, std::span<const index_t>, scratch&) const {}
  void multiply(const csr_view<Value, Index, Offset>& points, std::span<const index_t> rows,
                std::int64_t first, std::int64_t last, const scratch&, double* out) const {
    const std::int64_t width = last - first;
    for (const index_t r : rows) {
      std::fill_n(out, width, 0.0);
      const auto row = points.row(r);
      for (std::size_t e = 0; e < row.size(); ++e) {
        const double value = static_cast<double>(row.value(e));
        const double* const column = columns_.data() + row.indices[e] * columns_.cols() + first;
        for (std::int64_t c = 0; c < width; ++c) out[c] += value * column[c];
      }
      out += width;
    }
  }

 private:
  row_major_matrix<double> columns_;
};

inline constexpr std::int64_t row_block = 256;
inline constexpr std::int64_t center_block = 512;

template <class Rows>
class run {
 public:
  run(const cpu& policy, const Rows& points, std::span<const index_t> among,
      const kmeans_options& options)
      : policy_(policy), points_(points), among_(among), options_(options) {}

  kmeans_result operator()() {
    kmeans_result result;
    seed(result.centers);
    const double enough = options_.tolerance * mean_variance();
    result.squared_distances.resize(among_.size());
    for (bool settled = false; !settled;) {
      const bool changed = assign(result);
      settled = !changed || result.iterations == options_.iterations;
      if (settled) break;
      ++result.iterations;
      // Rows are assigned once more after the last move, so that both sides of the result agree.
      if (move_centers(result) <= enough) {
        assign(result);
        settled = true;
      }
    }
    result.inertia = sum_of(result.squared_distances);
    return result;
  }

 private:
  std::int64_t rows() const { return static_cast<std::int64_t>(among_.size()); }
  index_t row(std::int64_t n) const { return among_[static_cast<std::size_t>(n)]; }

  double sum_of(const std::vector<double>& values) const {
    return parallel_reduce<double>(
        policy_, rows(), 4096, 0.0,
        [&](std::int64_t begin, std::int64_t end) {
          return std::accumulate(values.begin() + begin, values.begin() + end, 0.0);
        },
        [](double& sum, double part) { sum += part; });
  }

  /// Column sums of `each(row, sum)` over all rows, in a fixed order.
  template <class Each>
  Eigen::VectorXd column_sums(const Each& each) const {
    const Eigen::VectorXd zero = Eigen::VectorXd::Zero(points_.cols());
    return parallel_reduce<Eigen::VectorXd>(
        policy_, rows(), std::max<std::int64_t>(4096, points_.cols()), zero,
        [&](std::int64_t begin, std::int64_t end) {
          Eigen::VectorXd sum = zero;
          for (std::int64_t n = begin; n < end; ++n) each(row(n), sum);
          return sum;
        },
        [](Eigen::VectorXd& sum, const Eigen::VectorXd& part) { sum += part; });
  }

  double mean_variance() const {
    if (options_.tolerance == 0 || points_.cols() == 0) return 0;
    const Eigen::VectorXd mean =
        column_sums([&](index_t r, Eigen::VectorXd& sum) { add_row(points_, r, sum.data()); }) /
        static_cast<double>(rows());
    const double length = mean.squaredNorm();
    const double sum = parallel_reduce<double>(
        policy_, rows(), 4096, 0.0,
        [&](std::int64_t begin, std::int64_t end) {
          double part = 0;
          for (std::int64_t n = begin; n < end; ++n) {
            part += squared_distance(points_, row(n), mean.data(), length);
          }
          return part;
        },
        [](double& all, double part) { all += part; });
    return sum / static_cast<double>(rows()) / static_cast<double>(points_.cols());
  }

  /// Greedy k-means++: of a few rows drawn by squared distance the one that lowers the sum most.
  void seed(row_major_matrix<double>& centers) {
    const auto clusters = options_.clusters;
    centers.resize(clusters, points_.cols());
    random_stream draws(options_.seed, random_purpose::kmeans_seeds, options_.stream);
    copy_row(points_, row(static_cast<std::int64_t>(draws.below(among_.size()))), centers.data());
    std::vector<double> nearest(among_.size(), std::numeric_limits<double>::infinity());
    double total = lower(nearest, centers.data(), nearest);
    const int trials = 2 + static_cast<int>(std::log(static_cast<double>(clusters)));
    std::vector<double> tried(among_.size()), best(among_.size());
    Eigen::VectorXd candidate(points_.cols());
    for (std::int64_t k = 1; k < clusters; ++k) {
      double* const center = centers.data() + k * centers.cols();
      double best_total = std::numeric_limits<double>::infinity();
      for (int t = 0; t < trials; ++t) {
        copy_row(points_, row(drawn(nearest, draws.uniform() * total)), candidate.data());
        const double sum = lower(nearest, candidate.data(), tried);
        if (sum < best_total) {
          best_total = sum;
          std::copy(candidate.begin(), candidate.end(), center);
          tried.swap(best);
        }
      }
      nearest.swap(best);
      total = best_total;
    }
  }

  /// out = min(nearest, squared distance to `center`); the sum of it.
  double lower(const std::vector<double>& nearest, const double* center,
               std::vector<double>& out) const {
    const double length =
        Eigen::Map<const Eigen::VectorXd>(center, static_cast<Eigen::Index>(points_.cols()))
            .squaredNorm();
    parallel_for(policy_, rows(), row_block, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t n = begin; n < end; ++n) {
        const auto i = static_cast<std::size_t>(n);
        out[i] = std::min(nearest[i], squared_distance(points_, row(n), center, length));
      }
    });
    return sum_of(out);
  }

  /// The first row at which the running sum of weights exceeds `mark`, never one of weight 0
  /// unless all are.
  std::int64_t drawn(const std::vector<double>& weights, double mark) const {
    std::int64_t last = 0;
    for (std::int64_t n = 0; n < rows(); ++n) {
      const double weight = weights[static_cast<std::size_t>(n)];
      if (weight <= 0) continue;
      last = n;
      if (mark < weight) break;
      mark -= weight;
    }
    return last;
  }

  /// Each row to its nearest centre, ties to the lower; then no cluster is empty. Whether any row
  /// changed its cluster.
  bool assign(kmeans_result& result) {
    const auto clusters = options_.clusters;
    const Eigen::VectorXd lengths = result.centers.rowwise().squaredNorm();
    const products<Rows> centers(result.centers);
    struct scratch {
      typename products<Rows>::scratch rows;
      std::vector<double> out;
    };
    const std::int64_t widest = std::min(clusters, center_block);
    scratch_pool<scratch> pool([&] {
      return scratch{centers.make_scratch(row_block),
                     std::vector<double>(static_cast<std::size_t>(row_block * widest))};
    });
    std::vector<index_t> assignments(among_.size());
    parallel_for(policy_, rows(), row_block, [&](std::int64_t begin, std::int64_t end) {
      const auto work = pool.borrow();
      const auto block =
          among_.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
      centers.load(points_, block, work->rows);
      std::vector<double> least(static_cast<std::size_t>(end - begin),
                                std::numeric_limits<double>::infinity());
      for (std::int64_t first = 0; first < clusters; first += center_block) {
        const std::int64_t last = std::min(clusters, first + center_block);
        centers.multiply(points_, block, first, last, work->rows, work->out.data());
        const double* product = work->out.data();
        for (std::int64_t n = begin; n < end; ++n) {
          double& low = least[static_cast<std::size_t>(n - begin)];
          for (std::int64_t c = first; c < last; ++c) {
            const double value = lengths[c] - 2 * *product++;
            if (value < low) {
              low = value;
              assignments[static_cast<std::size_t>(n)] = static_cast<index_t>(c);
            }
          }
        }
      }
      for (std::int64_t n = begin; n < end; ++n) {
        const auto i = static_cast<std::size_t>(n);
        const index_t c = assignments[i];
        result.squared_distances[i] = squared_distance(
            points_, row(n), result.centers.data() + c * result.centers.cols(), lengths[c]);
      }
    });
    result.counts.assign(static_cast<std::size_t>(clusters), 0);
    for (const index_t c : assignments) ++result.counts[static_cast<std::size_t>(c)];
    fill_empty(result, assignments);
    const bool changed = assignments != result.assignments;
    result.assignments = std::move(assignments);
    return changed;
  }

  /// An empty cluster takes the row farthest from its centre that is not the last of its own.
  void fill_empty(kmeans_result& result, std::vector<index_t>& assignments) {
    if (std::find(result.counts.begin(), result.counts.end(), 0) == result.counts.end()) return;
    std::vector<std::size_t> order(among_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return result.squared_distances[a] > result.squared_distances[b];
    });
    auto next = order.begin();
    for (std::size_t c = 0; c < result.counts.size(); ++c) {
      if (result.counts[c] > 0) continue;
      const auto left = [&] { return static_cast<std::size_t>(assignments[*next]); };
      while (result.counts[left()] < 2) ++next;
      --result.counts[left()];
      result.counts[c] = 1;
      assignments[*next] = static_cast<index_t>(c);
      result.squared_distances[*next] = 0;
      copy_row(points_, among_[*next],
               result.centers.data() + static_cast<std::ptrdiff_t>(c) * result.centers.cols());
      ++next;
    }
  }

  /// Every centre to the mean of its rows, summed in ascending order by pieces; how far they moved.
  double move_centers(kmeans_result& result) const {
    const auto clusters = static_cast<std::size_t>(options_.clusters);
    std::vector<std::int64_t> place(clusters + 1, 0);
    std::inclusive_scan(result.counts.begin(), result.counts.end(), place.begin() + 1);
    std::vector<index_t> members(among_.size());
    for (std::size_t n = 0; n < among_.size(); ++n) {
      const auto c = static_cast<std::size_t>(result.assignments[n]);
      members[static_cast<std::size_t>(place[c]++)] = among_[n];
    }
    struct piece {
      std::int64_t begin, end;
      std::int64_t cluster;
    };
    std::vector<piece> pieces;
    std::int64_t begin = 0;
    for (std::size_t c = 0; c < clusters; ++c) {
      const std::int64_t end = begin + result.counts[c];
      for (; begin < end; begin = std::min(end, begin + 4096)) {
        pieces.push_back({begin, std::min(end, begin + 4096), static_cast<std::int64_t>(c)});
      }
    }
    row_major_matrix<double> sums(static_cast<Eigen::Index>(pieces.size()), points_.cols());
    parallel_for(policy_, sums.rows(), 1, [&](std::int64_t p, std::int64_t) {
      double* const sum = sums.data() + p * sums.cols();
      std::fill_n(sum, sums.cols(), 0.0);
      const auto& part = pieces[static_cast<std::size_t>(p)];
      for (std::int64_t n = part.begin; n < part.end; ++n) {
        add_row(points_, members[static_cast<std::size_t>(n)], sum);
      }
    });
    double moved = 0;
    Eigen::RowVectorXd mean(points_.cols());
    for (std::size_t p = 0; p < pieces.size();) {
      const auto c = pieces[p].cluster;
      mean.setZero();
      for (; p < pieces.size() && pieces[p].cluster == c; ++p) {
        mean += sums.row(static_cast<Eigen::Index>(p));
      }
      mean /= static_cast<double>(result.counts[static_cast<std::size_t>(c)]);
      moved += (mean - result.centers.row(c)).squaredNorm();
      result.centers.row(c) = mean;
    }
    return moved;
  }

  const cpu& policy_;
  const Rows& points_;
  std::span<const index_t> among_;
  const kmeans_options& options_;
};

}  // namespace detail_kmeans

/// Cuts the rows `among` of `points` into clusters: centres that minimise, locally, the sum of
/// squared distances of the rows to the centre of their cluster.
///
/// Seeds are drawn by greedy k-means++ (the best of 2 + ⌊ln clusters⌋ rows, each drawn in
/// proportion to its squared distance), from random_stream(seed, random_purpose::kmeans_seeds,
/// stream). A cluster that loses all its rows is seeded again at the row farthest from its centre;
/// so no cluster is ever empty, not even when fewer rows differ than there are clusters. A row
/// between two centres goes to the one of lower index.
///
/// @param points rows in float or double; everything is computed in double
/// @param among  row ids of `points`, strictly ascending
/// @throws value_error when clusters is not in [1, among.size()], iterations < 1, tolerance < 0
///
/// Each iteration takes 2 · rows · clusters · columns flops through gemm (2 · nonzeros · clusters
/// for sparse rows), seeding (2 + ln clusters) / 2 times as many as a plain loop. Memory: twice the
/// centres (with sparse rows three times) and a few numbers a row. The same bits for any number of
/// threads on one machine.
///
/// Lloyd, "Least squares quantization in PCM", 1982; Arthur and Vassilvitskii, "k-means++: the
/// advantages of careful seeding", SODA'07.
template <class Rows>
kmeans_result kmeans(const cpu& policy, const Rows& points, std::span<const index_t> among,
                     const kmeans_options& options) {
  check::in_range<std::int64_t>("clusters", options.clusters, 1,
                                static_cast<std::int64_t>(among.size()));
  check::in_range("iterations", options.iterations, 1, std::numeric_limits<int>::max());
  check::in_range("tolerance", options.tolerance, 0.0, std::numeric_limits<double>::max());
  return detail_kmeans::run<Rows>(policy, points, among, options)();
}

#if defined(RECOKIT_COMPILED)
extern template kmeans_result kmeans(const cpu&, const dense_view<float>&, std::span<const index_t>,
                                     const kmeans_options&);
extern template kmeans_result kmeans(const cpu&, const dense_view<double>&,
                                     std::span<const index_t>, const kmeans_options&);
extern template kmeans_result kmeans(const cpu&, const csr_view<float>&, std::span<const index_t>,
                                     const kmeans_options&);
extern template kmeans_result kmeans(const cpu&, const csr_view<double>&, std::span<const index_t>,
                                     const kmeans_options&);
#endif

}  // namespace recokit::inline RECOKIT_ABI::kernels
