// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Nearest rows of sparse matrices by dot products from an inverted index.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/centred_strips.hpp>
#include <recokit/kernels/neighbor_candidates.hpp>
#include <recokit/kernels/neighbor_problem.hpp>
#include <recokit/kernels/score_scan.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels::detail {

/// Squared norms of some rows, scaled.
class row_norms {
 public:
  template <class Rows>
  row_norms(const cpu& policy, const Rows& rows, std::span<const index_t> which, double scale)
      : norms_(which.size()) {
    parallel_for(policy, std::ssize(which), 1024, [&](std::int64_t begin, std::int64_t end) {
      for (auto n = static_cast<std::size_t>(begin); std::cmp_less(n, end); ++n) {
        for_each_value(rows, which[n],
                       [&](std::size_t, double x) { norms_[n] += (x * scale) * (x * scale); });
      }
    });
  }
  double norm(std::ptrdiff_t n) const noexcept { return norms_[static_cast<std::size_t>(n)]; }

 private:
  std::vector<double> norms_;
};

/// The entries of some of `among`, by column.
struct inverted_rows {
  std::vector<std::size_t> offsets;
  std::vector<index_t> places;  ///< in this part
  std::vector<double> values;   ///< scaled

  template <class Rows>
  inverted_rows(const Rows& rows, std::span<const index_t> which, double scale)
      : offsets(static_cast<std::size_t>(rows.cols()) + 1, 0) {
    for (const index_t r : which) {
      for_each_value(rows, r, [&](std::size_t c, double) { ++offsets[c + 1]; });
    }
    for (std::size_t c = 1; c < offsets.size(); ++c) offsets[c] += offsets[c - 1];
    places.resize(offsets.back());
    values.resize(offsets.back());
    std::vector<std::size_t> next(offsets.begin(), offsets.end() - 1);
    for (std::size_t n = 0; n < which.size(); ++n) {
      for_each_value(rows, which[n], [&](std::size_t c, double x) {
        places[next[c]] = static_cast<index_t>(n);
        values[next[c]++] = x * scale;
      });
    }
  }
};

/// Multiply-adds of all dot products.
template <class Rows>
double sparse_products(const neighbor_problem<Rows>& problem) {
  std::vector<double> counts(static_cast<std::size_t>(problem.points.cols()), 0.0);
  for (const index_t r : problem.among) {
    for_each_value(problem.points, r, [&](std::size_t c, double) { counts[c] += 1; });
  }
  double products = 0;
  for (const index_t r : problem.queries) {
    for_each_value(problem.asked, r, [&](std::size_t c, double) { products += counts[c]; });
  }
  return products;
}

/// The bounds are those of distance_error<double> with exact â and b̂: a sum that begins with
/// −½N takes at most d additions below N, each with a rounding, and d products.
///
/// As many multiply-adds as pairs of rows share columns, in double, and a pass over all pairs.
/// Memory: the entries of `among` by column, 12 bytes each, and 64 Ki sums a thread.
/// @returns the queries that bounds in double did not settle
template <class Rows>
std::vector<std::size_t> nearest_by_inverted_rows(const cpu& policy,
                                                  const neighbor_problem<Rows>& problem,
                                                  std::span<const std::size_t> which,
                                                  neighbor_table& table) {
  constexpr std::size_t part = std::size_t{1} << 16;
  constexpr std::size_t tile = 4096;
  constexpr double infinite = std::numeric_limits<double>::infinity();
  centring scaled;
  double most = 0;
  for (const auto& [rows, ids] :
       {std::pair(&problem.points, problem.among), std::pair(&problem.asked, problem.queries)}) {
    for (const index_t r : ids) {
      for_each_value(*rows, r, [&](std::size_t, double x) { most = std::max(most, std::abs(x)); });
    }
  }
  scaled.set_scale(most);
  if (!scaled.works) return {which.begin(), which.end()};
  const row_norms asked(policy, problem.asked, problem.rows_of(which), scaled.scale);
  const row_norms among(policy, problem.points, problem.among, scaled.scale);
  std::vector<inverted_rows> parts;
  for (std::size_t first = 0; first < problem.among.size(); first += part) {
    parts.emplace_back(problem.points,
                       problem.among.subspan(first, std::min(part, problem.among.size() - first)),
                       scaled.scale);
  }
  const candidate_places<row_norms> places(problem.among, among);
  const distance_error<double> error(problem.points.cols());
  const bool nearest = problem.order == neighbor_order::nearest;
  const double half = nearest ? -0.5 + error.relative : 0.5 + error.relative;
  const double sign = nearest ? 1 : -1;
  double first_norm = 0;
  for (std::size_t n = 0; n < std::min(tile, problem.among.size()); ++n) {
    first_norm = std::max(first_norm, among.norm(static_cast<std::ptrdiff_t>(n)));
  }
  const auto scan = best_score_scan<double>();
  using candidates = neighbor_candidates<double, Rows, row_norms>;
  struct scratch {
    candidates lists;
    std::vector<double> sums;
    std::vector<double> values;
    std::vector<index_t> places;
    candidate_scratch space;
  };
  scratch_pool<scratch> pool([&] {
    return scratch{candidates(problem, scaled, which, asked, places, error, 6),
                   std::vector<double>(part),
                   std::vector<double>(tile + score_scan<double>::overhang),
                   std::vector<index_t>(tile + score_scan<double>::overhang),
                   {}};
  });
  std::vector<unsigned char> found(which.size(), 0);
  parallel_for(policy, std::ssize(which), 16, [&](std::int64_t begin, std::int64_t end) {
    const auto mine = pool.borrow();
    auto& lists = mine->lists;
    double* const sums = mine->sums.data();
    for (std::int64_t n = begin; n < end; ++n) {
      const std::size_t q = which[static_cast<std::size_t>(n)];
      lists.reset(n, 1);
      const double own = half * asked.norm(n);
      for (std::size_t p = 0; p < parts.size(); ++p) {
        const std::size_t offset = p * part;
        const std::size_t size = std::min(part, problem.among.size() - offset);
        for (std::size_t j = 0; j < size; ++j) {
          sums[j] = own + half * among.norm(static_cast<std::ptrdiff_t>(offset + j));
        }
        for_each_value(problem.asked, problem.query(q), [&](std::size_t c, double x) {
          const double factor = sign * x * scaled.scale;
          for (std::size_t e = parts[p].offsets[c]; e < parts[p].offsets[c + 1]; ++e) {
            sums[parts[p].places[e]] += factor * parts[p].values[e];
          }
        });
        const auto here = problem.among.subspan(offset, size);
        const auto self = std::lower_bound(here.begin(), here.end(), problem.left_out(q));
        if (self != here.end() && *self == problem.left_out(q)) {
          sums[self - here.begin()] = -infinite;
        }
        for (std::size_t first = 0; first < size; first += tile) {
          const std::size_t count = std::min(tile, size - first);
          if (offset + first == 0) {
            const double floor =
                floor_of_best(scan, sums, count, problem.k, problem.k + problem.k / 4 + 4);
            if (floor > -infinite) lists.lift(0, floor, first_norm);
          }
          const std::size_t reached = scan.collect(sums + first, count, *lists.floors(0),
                                                   static_cast<index_t>(offset + first),
                                                   mine->values.data(), mine->places.data());
          for (std::size_t h = 0; h < reached; ++h) {
            if (mine->values[h] >= *lists.floors(0)) {
              lists.push(0, mine->places[h], mine->values[h], mine->space);
            }
          }
        }
      }
      found[static_cast<std::size_t>(n)] = lists.finish(0, mine->space, table) ? 1 : 0;
    }
  });
  std::vector<std::size_t> left;
  for (std::size_t n = 0; n < found.size(); ++n) {
    if (found[n] == 0) left.push_back(which[n]);
  }
  return left;
}

}  // namespace recokit::inline RECOKIT_ABI::kernels::detail
