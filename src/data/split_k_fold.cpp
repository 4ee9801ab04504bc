// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "keyed_permutation.hpp"
#include "split_common.hpp"

#include <recokit/core/check.hpp>

#include <algorithm>

namespace recokit::inline RECOKIT_ABI::split {
namespace {

// The fold of every entry: its place in a random permutation of all entries, modulo the folds.
detail::entry_parts deal(const interactions& data, const k_fold_params& params) {
  detail::check_splittable(data);
  check::in_range<std::int64_t>("params.folds", params.folds, 2,
                                std::min<std::int64_t>(256, data.nonzeros()));
  const auto n = static_cast<std::uint64_t>(data.nonzeros());
  const auto folds = static_cast<std::uint64_t>(params.folds);
  const detail::keyed_permutation place(params.seed, random_purpose::split_folds, n);
  detail::entry_parts part(n);
  parallel_for(cpu{}, data.nonzeros(), 1 << 14, [&](std::int64_t begin, std::int64_t end) {
    for (auto e = static_cast<std::uint64_t>(begin); e < static_cast<std::uint64_t>(end); ++e) {
      part[e] = static_cast<std::uint8_t>(place(e) % folds);
    }
  });
  return part;
}

holdout build(const interactions& data, const detail::entry_parts& part, int f,
              const k_fold_params& params) {
  const auto in_test = [&](std::size_t, std::size_t e) { return part[e] == f; };
  const auto in_train = [&](std::size_t, std::size_t e) { return part[e] != f; };
  return detail::make_holdout(detail::select_entries(data, in_train),
                              detail::select_entries(data, in_test),
                              std::to_string(params.folds) + " folds, fold " + std::to_string(f) +
                                  ", seed " + std::to_string(params.seed),
                              "there must be at least params.folds interactions");
}

}  // namespace

std::vector<holdout> k_fold(const interactions& data, const k_fold_params& params) {
  const auto part = deal(data, params);
  std::vector<holdout> folds;
  folds.reserve(static_cast<std::size_t>(params.folds));
  for (int f = 0; f < params.folds; ++f) folds.push_back(build(data, part, f, params));
  return folds;
}

holdout fold(const interactions& data, int f, const k_fold_params& params) {
  const auto part = deal(data, params);
  check::index_in("f", f, params.folds);
  return build(data, part, f, params);
}

}  // namespace recokit::inline RECOKIT_ABI::split
