// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "split_common.hpp"

#include <recokit/core/check.hpp>

#include <algorithm>
#include <limits>
#include <numeric>

namespace recokit::inline RECOKIT_ABI::split {
namespace {

constexpr int no_limit = std::numeric_limits<int>::max();

// mark(user, first entry, number of entries, parts) for each user who has enough of them.
template <class Mark>
holdout leave_k(const interactions& data, const leave_k_params& params, std::string protocol,
                const Mark& mark) {
  if (params.min_train != leave_k_params{}.min_train) {
    protocol += ", min train " + std::to_string(params.min_train);
  }
  const auto least =
      static_cast<std::size_t>(params.k) + static_cast<std::size_t>(params.min_train);
  detail::entry_parts part(static_cast<std::size_t>(data.nonzeros()));
  detail::for_each_row(cpu{}, data.view(),
                       [&](std::size_t user, std::size_t begin, std::size_t end) {
                         if (end - begin >= least) mark(user, begin, end - begin, part);
                       });
  return detail::divide(data, part, std::move(protocol),
                        "test takes params.k interactions of each user who has at least "
                        "params.k + params.min_train = " +
                            std::to_string(least));
}

void check_params(const interactions& data, const leave_k_params& params) {
  check::in_range("params.k", params.k, 1, no_limit);
  check::in_range("params.min_train", params.min_train, 0, no_limit);
  detail::check_splittable(data);
}

}  // namespace

holdout leave_k_out(const interactions& data, const leave_k_params& params) {
  check_params(data, params);
  const auto k = static_cast<std::size_t>(params.k);
  const auto mark = [&](std::size_t user, std::size_t begin, std::size_t n,
                        detail::entry_parts& part) {
    random_stream stream(params.seed, random_purpose::split, user);
    detail::choose(stream, n, k, [&](std::size_t i) { part[begin + i] = detail::to_test; });
  };
  return leave_k(
      data, params,
      "leave-k-out, k " + std::to_string(params.k) + ", seed " + std::to_string(params.seed), mark);
}

holdout leave_last_out(const interactions& data, const leave_k_params& params) {
  check_params(data, params);
  detail::check_timestamps(data, "leave_last_out");
  const auto times = data.timestamps();
  scratch_pool<std::vector<std::size_t>> orders([] { return std::vector<std::size_t>(); });
  const auto mark = [&](std::size_t, std::size_t begin, std::size_t n, detail::entry_parts& part) {
    const auto order = orders.borrow();
    order->resize(n);
    std::iota(order->begin(), order->end(), begin);
    // Columns ascend within a row, so of two entries the higher position has the higher item.
    const auto later = [&](std::size_t a, std::size_t b) {
      return times[a] != times[b] ? times[a] > times[b] : a > b;
    };
    const auto last = order->begin() + params.k;
    std::nth_element(order->begin(), last - 1, order->end(), later);
    std::for_each(order->begin(), last, [&](std::size_t e) { part[e] = detail::to_test; });
  };
  return leave_k(data, params, "leave-last-out, k " + std::to_string(params.k), mark);
}

}  // namespace recokit::inline RECOKIT_ABI::split
