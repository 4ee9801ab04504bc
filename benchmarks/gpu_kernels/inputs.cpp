// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/inputs.hpp"

#include "gpu_kernels/kernel_case.hpp"
#include "timed_runs.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace recokit_benchmark {
namespace {

struct data_set {
  std::string source = "synthetic";
  std::int64_t users = sized<std::int64_t>(138'493, 24);
  std::int64_t items = sized<std::int64_t>(26'744, 20);
  double mean_interactions = sized(144.5, 6.0);
};

}  // namespace

const recokit::csr_matrix<>& by_user() {
  static const recokit::csr_matrix<> made = without_values(interactions(data_set{}));
  return made;
}

const recokit::csr_matrix<>& by_item() {
  static const recokit::csr_matrix<> made = recokit::transpose(recokit::cpu{}, by_user().view());
  return made;
}

recokit::row_major_matrix<float> random_rows(std::int64_t rows, std::int64_t width,
                                             std::uint64_t seed) {
  recokit::row_major_matrix<float> made = normal_rows<float>(rows, width, seed);
  made /= std::sqrt(static_cast<float>(width));
  return made;
}

void expect_row(const float* rows, std::int64_t at, const Eigen::VectorXd& expected, double allowed,
                const std::string& what, ck::stream_t stream) {
  const Eigen::Index width = expected.size();
  const auto host = fetch(rows, at * width, width, stream);
  const Eigen::VectorXd found =
      Eigen::Map<const Eigen::VectorXf>(host.data(), width).cast<double>();
  expect((found - expected).norm() <= allowed * expected.norm(), what);
}

std::vector<std::int64_t> some_of(std::int64_t size, std::int64_t count) {
  std::vector<std::int64_t> chosen;
  for (std::int64_t n = 0; n + 1 < size; n += std::max<std::int64_t>(1, size / count)) {
    chosen.push_back(n);
  }
  if (size > 0) chosen.push_back(size - 1);
  return chosen;
}

std::int64_t band_begin(std::int64_t rows, std::int64_t bands, std::int64_t band) {
  return band * rows / bands;
}

std::vector<std::vector<interaction>> first_round(std::int64_t bands) {
  const auto x = by_user().view();
  std::vector<std::vector<interaction>> round;
  for (std::int64_t b = 0; b < bands; ++b) {
    round.emplace_back();
    const std::int64_t first = band_begin(x.cols(), bands, b);
    const std::int64_t end = band_begin(x.cols(), bands, b + 1);
    for (std::int64_t u = band_begin(x.rows(), bands, b); u < band_begin(x.rows(), bands, b + 1);
         ++u) {
      for (const recokit::index_t i : x.row(static_cast<recokit::index_t>(u)).indices) {
        if (i < first || i >= end) continue;
        round.back().push_back({static_cast<std::uint32_t>(u), static_cast<std::uint32_t>(i)});
      }
    }
  }
  return round;
}

std::vector<interaction> shuffled(std::vector<interaction> from, std::uint64_t seed) {
  recokit::random_stream random(seed, recokit::random_purpose::user);
  for (std::size_t n = from.size(); n > 1; --n) std::swap(from[n - 1], from[random.below(n)]);
  return from;
}

}  // namespace recokit_benchmark
