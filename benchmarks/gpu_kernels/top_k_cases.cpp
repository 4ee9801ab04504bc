// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/inputs.hpp"
#include "gpu_kernels/kernel_case.hpp"
#include "kernels/top_k.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace recokit_benchmark {
namespace {

/// Scores of all items for some users.
struct score_inputs {
  score_inputs(std::int64_t best, bool leaves_seen_out, ck::stream_t on)
      : stream(on),
        k(best),
        filtered(leaves_seen_out),
        host(random_rows(std::min<std::int64_t>(2048, by_user().rows()), by_user().cols(), 1)),
        scores(numbers_of(host), on),
        seen(by_user().view(), on),
        items(static_cast<std::size_t>(host.rows() * k)),
        best_scores(items.size()) {}

  void launch() {
    ck::top_k_filter filter;
    if (filtered) {
      filter.seen_offsets = seen.offsets.data();
      filter.seen_items = reinterpret_cast<const std::int32_t*>(seen.indices.data());
    }
    ck::top_k({scores.data(), host.rows(), host.cols(), host.cols()}, k, items.data(),
              best_scores.data(), stream, filter);
  }
  /// The front of the sorted row.
  void check() const {
    for (const std::int64_t r : some_of(host.rows(), 10)) {
      const auto have = by_user().row(static_cast<recokit::index_t>(r)).indices;
      std::vector<std::pair<float, std::int32_t>> order;
      for (std::int32_t i = 0; i < static_cast<std::int32_t>(host.cols()); ++i) {
        if (filtered && std::binary_search(have.begin(), have.end(), i)) continue;
        order.emplace_back(-host(r, i), i);
      }
      const std::size_t there = std::min(order.size(), static_cast<std::size_t>(k));
      std::sort(order.begin(), order.end());
      order.resize(there);
      const auto found = fetch(items.data(), r * k, k, stream);
      const auto with = fetch(best_scores.data(), r * k, k, stream);
      for (std::size_t n = 0; n < found.size(); ++n) {
        const bool right =
            n < there ? found[n] == order[n].second && with[n] == -order[n].first : found[n] == -1;
        expect(right, "place " + std::to_string(n) + " of the list of row " + std::to_string(r));
      }
    }
  }

  ck::stream_t stream;
  std::int64_t k;
  bool filtered;
  recokit::row_major_matrix<float> host;
  ck::device_buffer<float> scores;
  device_matrix seen;
  ck::device_buffer<std::int32_t> items;
  ck::device_buffer<float> best_scores;
};

/// Bytes: the scores once, ids of the seen items, the lists. Operations: a comparison a score.
kernel_case best(std::int64_t k, bool filtered, ck::stream_t stream) {
  const auto in = std::make_shared<score_inputs>(k, filtered, stream);
  const auto scores = static_cast<double>(in->host.size());
  const auto seen =
      static_cast<double>(by_user().view().offsets()[static_cast<std::size_t>(in->host.rows())]);
  return {
      {4 * scores + (filtered ? 4 * seen : 0) + 8 * static_cast<double>(in->items.size()), scores},
      [in] { in->launch(); },
      [in] { in->check(); }};
}

}  // namespace

void add_top_k_cases(case_list& cases) {
  for (const int k : {10, 100, 1000}) {
    cases.push_back({"top_k/" + std::to_string(k),
                     [=](ck::stream_t stream) { return best(k, false, stream); }});
  }
  cases.push_back({"top_k/10/unseen", [](ck::stream_t stream) { return best(10, true, stream); }});
}

}  // namespace recokit_benchmark
