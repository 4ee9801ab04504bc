// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/number_text.hpp"
#include "keyed_permutation.hpp"
#include "split_common.hpp"

#include <recokit/core/check.hpp>

#include <algorithm>
#include <limits>

namespace recokit::inline RECOKIT_ABI::split {
namespace {

// 1 for each user who is held out.
std::vector<char> hold_out(const csr_view<>& view, const user_fold_params& params) {
  std::vector<char> held(static_cast<std::size_t>(view.rows()));
  std::vector<std::size_t> eligible;
  for (std::size_t u = 0; u < held.size(); ++u) {
    if (view.offsets()[u + 1] - view.offsets()[u] >= params.min_interactions) eligible.push_back(u);
  }
  if (eligible.empty()) {
    throw value_error("params.min_interactions", std::to_string(params.min_interactions),
                      "no user has so many interactions");
  }
  const detail::keyed_permutation place(params.seed, random_purpose::split_users, eligible.size());
  const auto count = detail::share_of(params.test_users, eligible.size());
  for (std::size_t i = 0; i < eligible.size(); ++i) held[eligible[i]] = place(i) < count ? 1 : 0;
  return held;
}

}  // namespace

holdout user_fold(const interactions& data, const user_fold_params& params) {
  detail::check_fraction("params.test_users", params.test_users);
  detail::check_fraction("params.fold_in_fraction", params.fold_in_fraction);
  check::in_range("params.min_interactions", params.min_interactions, 2,
                  std::numeric_limits<int>::max());
  detail::check_splittable(data);
  const auto view = data.view();
  const auto held = hold_out(view, params);
  detail::entry_parts part(static_cast<std::size_t>(data.nonzeros()));
  detail::for_each_row(cpu{}, view, [&](std::size_t user, std::size_t begin, std::size_t end) {
    if (!held[user]) return;
    const std::size_t n = end - begin;
    std::fill(part.begin() + static_cast<std::ptrdiff_t>(begin),
              part.begin() + static_cast<std::ptrdiff_t>(end), detail::to_test);
    random_stream stream(params.seed, random_purpose::split, user);
    const auto shown = std::min(detail::share_of(params.fold_in_fraction, n), n - 1);
    detail::choose(stream, n, shown, [&](std::size_t i) { part[begin + i] = detail::to_fold_in; });
  });
  std::string protocol = "user fold, test users " + detail::number_text(params.test_users) +
                         ", fold-in " + detail::number_text(params.fold_in_fraction);
  if (params.min_interactions != user_fold_params{}.min_interactions) {
    protocol += ", min interactions " + std::to_string(params.min_interactions);
  }
  protocol += ", seed " + std::to_string(params.seed);
  auto result = detail::divide(data, part, std::move(protocol),
                               "every user with interactions is held out; lower params.test_users");
  result.fold_in = detail::select_entries(
      data, [&](std::size_t, std::size_t e) { return part[e] == detail::to_fold_in; });
  return result;
}

}  // namespace recokit::inline RECOKIT_ABI::split
