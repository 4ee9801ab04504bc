// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/resampling/negative_pairs.hpp>

#include <recokit/core/check.hpp>
#include <recokit/core/negative_sampler.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/core/random.hpp>
#include <recokit/kernels/squared_distance.hpp>
#include <recokit/resampling/resample_function.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

namespace recokit::inline RECOKIT_ABI::negative_pairs {
namespace {

/// Calls choose(user, items of the user, drawn items, how many to keep), which moves those to keep
/// to the front.
template <class Choose>
labelled_pairs sample_pairs(const cpu& policy, const csr_view<>& interactions, const params& params,
                            int candidates, const Choose& choose) {
  check_params("params", params);
  const auto& ratios = params.user_ratios;
  if (!ratios.empty()) {
    check::equal("params.user_ratios.size()", std::ssize(ratios), "interactions.rows()",
                 interactions.rows(), "give each user a ratio, or none");
    for (std::size_t u = 0; u < ratios.size(); ++u) {
      if (ratios[u] >= 0 && ratios[u] <= 1e6) continue;
      throw value_error("params.user_ratios[" + std::to_string(u) + "]", std::to_string(ratios[u]),
                        "must be in [0, 1000000]");
    }
  }
  const auto sampler = params.draw == chance::uniform
                           ? negative_sampler::uniform(static_cast<index_t>(interactions.cols()))
                           : negative_sampler::popularity(interactions, params.popularity_exponent);
  const auto users = static_cast<std::size_t>(interactions.rows());
  std::vector<std::int64_t> kept(users);
  std::vector<std::int64_t> begin(users + 1, 0);
  parallel_for(policy, interactions.rows(), 256, [&](std::int64_t first, std::int64_t last) {
    for (auto u = static_cast<std::size_t>(first); std::cmp_less(u, last); ++u) {
      const auto row = interactions.row(static_cast<std::int64_t>(u));
      const double wanted =
          std::round((ratios.empty() ? params.ratio : ratios[u]) * static_cast<double>(row.size()));
      const auto there = static_cast<double>(sampler.available(row.indices));
      kept[u] = static_cast<std::int64_t>(std::min(wanted, there));
      begin[u + 1] = static_cast<std::int64_t>(row.size()) + kept[u];
    }
  });
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  const auto pairs = static_cast<std::size_t>(begin.back());
  check::fits_memory("the pairs", check::bytes("the pairs", pairs, 3, sizeof(index_t)));
  labelled_pairs all{std::vector<index_t>(pairs), std::vector<index_t>(pairs),
                     std::vector<index_t>(pairs, 0)};
  struct space {
    negative_sampler::scratch scratch;
    std::vector<index_t> drawn;
  };
  scratch_pool<space> pool([] { return space{}; });
  parallel_for(policy, interactions.rows(), 16, [&](std::int64_t first, std::int64_t last) {
    const auto work = pool.borrow();
    for (auto u = static_cast<std::size_t>(first); std::cmp_less(u, last); ++u) {
      const auto row = interactions.row(static_cast<std::int64_t>(u));
      const auto at = begin[u];
      std::fill(all.users.begin() + at, all.users.begin() + begin[u + 1], static_cast<index_t>(u));
      std::copy(row.indices.begin(), row.indices.end(), all.items.begin() + at);
      std::fill_n(all.labels.begin() + at, row.size(), index_t{1});
      if (kept[u] == 0) continue;
      work->drawn.resize(
          static_cast<std::size_t>(std::min(kept[u] * candidates, sampler.available(row.indices))));
      random_stream random(params.seed, random_purpose::negative_pairs, u);
      sampler.draw(random, row.indices, false, work->drawn, work->scratch);
      choose(row.indices, work->drawn, static_cast<std::size_t>(kept[u]));
      std::copy_n(work->drawn.begin(), kept[u],
                  all.items.begin() + at + static_cast<std::int64_t>(row.size()));
    }
  });
  return all;
}

}  // namespace

labelled_pairs sample(const cpu& policy, const csr_view<>& interactions, const params& params) {
  return sample_pairs(policy, interactions, params, 1,
                      [](std::span<const index_t>, std::vector<index_t>&, std::size_t) {});
}

template <class Scalar>
labelled_pairs sample_hard(const cpu& policy, const csr_view<>& interactions,
                           const dense_view<Scalar>& item_rows, const params& params) {
  check::equal("item_rows.rows()", item_rows.rows(), "interactions.cols()", interactions.cols(),
               "give each item a row");
  detail::check_values(policy, item_rows);
  const auto k = static_cast<std::size_t>(params.k_neighbors);
  return sample_pairs(
      policy, interactions, params, params.candidates,
      [&](std::span<const index_t> own, std::vector<index_t>& drawn, std::size_t kept) {
        std::vector<double> distances(own.size());
        std::vector<std::pair<double, index_t>> ranked;
        ranked.reserve(drawn.size());
        const auto nearest = static_cast<std::ptrdiff_t>(std::min(k, own.size()));
        for (const index_t item : drawn) {
          kernels::detail::squared_distances(item_rows, item, item_rows, own, distances.data());
          std::partial_sort(distances.begin(), distances.begin() + nearest, distances.end());
          double sum = 0;
          for (std::ptrdiff_t n = 0; n < nearest; ++n) {
            sum += std::sqrt(distances[static_cast<std::size_t>(n)]);
          }
          ranked.emplace_back(sum, item);
        }
        std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(kept),
                          ranked.end());
        for (std::size_t n = 0; n < kept; ++n) drawn[n] = ranked[n].second;
      });
}

template labelled_pairs sample_hard(const cpu&, const csr_view<>&, const dense_view<float>&,
                                    const params&);
template labelled_pairs sample_hard(const cpu&, const csr_view<>&, const dense_view<double>&,
                                    const params&);

}  // namespace recokit::inline RECOKIT_ABI::negative_pairs
