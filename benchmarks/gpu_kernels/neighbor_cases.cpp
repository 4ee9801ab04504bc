// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/inputs.hpp"
#include "gpu_kernels/kernel_case.hpp"
#include "kernels/exact_neighbors.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

namespace recokit_benchmark {
namespace {

std::int64_t point_count() { return sized<std::int64_t>(100'000, 70); }

/// Bytes: rows read and written, norms. Operations: of each number a difference, a product and a
/// square, in double.
kernel_case centre(std::uint32_t width, ck::stream_t stream) {
  struct inputs {
    inputs(std::uint32_t columns, ck::stream_t on)
        : host(random_rows(point_count(), columns, 1)),
          rows(numbers_of(host), on),
          middle(put(centre, on)),
          centred(rows.size()),
          halves(static_cast<std::size_t>(host.rows())) {}
    recokit::row_major_matrix<float> host;
    std::vector<double> centre = std::vector<double>(static_cast<std::size_t>(host.cols()), 0.25);
    ck::device_buffer<float> rows;
    ck::device_buffer<double> middle;
    ck::device_buffer<float> centred;
    ck::device_buffer<float> halves;
  };
  const auto in = std::make_shared<inputs>(width, stream);
  const auto numbers = static_cast<double>(in->rows.size());
  return {{8 * numbers + 4 * static_cast<double>(in->halves.size()) + 8.0 * width, 4 * numbers},
          [in, stream] {
            ck::centre_rows<float>(in->rows.data(), nullptr, in->host.rows(), in->host.cols(),
                                   {in->middle.data(), 4}, -0.5, in->centred.data(),
                                   in->host.cols(), in->halves.data(), stream);
          },
          [in, stream] {
            const std::int64_t d = in->host.cols();
            for (const std::int64_t r : some_of(in->host.rows(), 100)) {
              double norm = 0;
              const auto row = fetch(in->centred.data(), r * d, d, stream);
              for (std::int64_t c = 0; c < d; ++c) {
                const double moved = 4 * (static_cast<double>(in->host(r, c)) - 0.25);
                expect(row[static_cast<std::size_t>(c)] == static_cast<float>(moved),
                       "a number is not centred");
                norm += moved * moved;
              }
              const float half = fetch(in->halves.data(), r, 1, stream)[0];
              expect_near(static_cast<double>(half), -norm / 2, 1e-5 * norm, "half a norm");
            }
          }};
}

/// Points and queries; with a window, candidates of each query: points a fixed way apart.
struct neighbor_inputs {
  neighbor_inputs(std::int64_t columns, std::int64_t asked, std::int64_t candidates,
                  ck::stream_t on)
      : stream(on),
        queries(asked),
        window(candidates),
        host(random_rows(point_count(), columns, 1)),
        points(numbers_of(host), on),
        chosen(put(made_candidates(), on)),
        // Bounds that leave no room for a point that was not chosen.
        bounds(put(std::vector<float>(static_cast<std::size_t>(asked * candidates),
                                      -std::numeric_limits<float>::max()),
                   on)),
        halves(put(std::vector<float>(static_cast<std::size_t>(asked), 0.0f), on)),
        self(put(own_rows(), on)),
        found(static_cast<std::size_t>(asked * k)),
        squared(found.size()),
        open(static_cast<std::size_t>(asked)) {}

  static constexpr std::int64_t k = 5;

  std::int32_t candidate(std::int64_t query, std::int64_t n) const {
    return static_cast<std::int32_t>((query + n * 37 + 1) % host.rows());
  }
  std::vector<std::int32_t> made_candidates() const {
    std::vector<std::int32_t> made;
    for (std::int64_t q = 0; q < queries; ++q) {
      for (std::int64_t n = 0; n < window; ++n) made.push_back(candidate(q, n));
    }
    return made;
  }
  std::vector<std::int32_t> own_rows() const {
    std::vector<std::int32_t> own;
    for (std::int64_t q = 0; q < queries; ++q) own.push_back(static_cast<std::int32_t>(q));
    return own;
  }

  void launch() {
    ck::exact_neighbors<float>(
        {points.data(), host.rows(), points.data(), host.cols(), nullptr, self.data(), false},
        {window == 0 ? nullptr : chosen.data(), bounds.data(), window, halves.data(), 1, 0},
        nullptr, queries, k, {found.data(), squared.data(), open.data()}, stream);
  }
  /// All differences of some queries, in double, sorted.
  void check() const {
    for (const std::int64_t q : some_of(queries, 10)) {
      std::vector<std::pair<double, std::int32_t>> all;
      const std::int64_t candidates = window == 0 ? host.rows() : window;
      for (std::int64_t n = 0; n < candidates; ++n) {
        const std::int32_t point = window == 0 ? static_cast<std::int32_t>(n) : candidate(q, n);
        if (point == q) continue;
        double sum = 0;
        for (Eigen::Index c = 0; c < host.cols(); ++c) {
          const double off = static_cast<double>(host(q, c)) - static_cast<double>(host(point, c));
          sum += off * off;
        }
        all.emplace_back(sum, point);
      }
      std::sort(all.begin(), all.end());
      const auto points_found = fetch(found.data(), q * k, k, stream);
      const auto with = fetch(squared.data(), q * k, k, stream);
      for (std::size_t n = 0; n < static_cast<std::size_t>(k); ++n) {
        expect(points_found[n] == all[n].second, "neighbour of query " + std::to_string(q));
        expect_near(with[n], all[n].first, 1e-12 * all[n].first, "a squared distance");
      }
      expect(fetch(open.data(), q, 1, stream)[0] == 0, "query " + std::to_string(q) + " is open");
    }
  }

  ck::stream_t stream;
  std::int64_t queries;
  std::int64_t window;
  recokit::row_major_matrix<float> host;
  ck::device_buffer<float> points;
  ck::device_buffer<std::int32_t> chosen;
  ck::device_buffer<float> bounds;
  ck::device_buffer<float> halves;
  ck::device_buffer<std::int32_t> self;
  ck::device_buffer<std::int32_t> found;
  ck::device_buffer<double> squared;
  ck::device_buffer<unsigned char> open;
};

/// Bytes: of each candidate of a query its row, and its number and bound where it was chosen; the
/// lists. Operations: of each number a difference, a product and a sum, in double.
/// @param window candidates of a query; 0: all points
kernel_case neighbors(std::uint32_t width, std::int64_t queries, std::int64_t window,
                      ck::stream_t stream) {
  const auto in = std::make_shared<neighbor_inputs>(width, queries, window, stream);
  const double pairs =
      static_cast<double>(queries) * static_cast<double>(window == 0 ? in->host.rows() : window);
  return {
      {pairs * (4.0 * width + (window == 0 ? 0 : 4)) + 12 * static_cast<double>(in->found.size()),
       3 * pairs * width},
      [in] { in->launch(); },
      [in] { in->check(); }};
}

}  // namespace

void add_neighbor_cases(case_list& cases) {
  add_widths(cases, "centre_rows", centre);
  add_widths(cases, "exact_neighbors/candidates", [](std::uint32_t width, ck::stream_t stream) {
    return neighbors(width, point_count(), sized(39, 12), stream);
  });
  cases.push_back({"exact_neighbors/all/32",
                   [](ck::stream_t stream) { return neighbors(32, sized(512, 5), 0, stream); }});
}

}  // namespace recokit_benchmark
