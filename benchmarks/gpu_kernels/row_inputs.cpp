// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/row_inputs.hpp"

#include <algorithm>
#include <limits>

namespace recokit_benchmark {
namespace {

constexpr float ridge_scale = 0.1f;
constexpr float ridge_offset = 2;

std::int64_t length_of(const recokit::csr_view<>& matrix, std::uint32_t row) {
  return matrix.offsets()[row + 1] - matrix.offsets()[row];
}

/// Positive definite: random numbers in [1/2, 3/2) on the diagonal, and a product of one vector.
recokit::row_major_matrix<float> made_gram(std::uint32_t width, bool diagonal) {
  const auto vector = random_rows(1, width, 5);
  recokit::row_major_matrix<float> gram = recokit::row_major_matrix<float>::Zero(width, width);
  if (!diagonal) gram = vector.transpose() * vector;
  for (Eigen::Index f = 0; f < gram.rows(); ++f) {
    gram(f, f) += 0.5f + static_cast<float>(f * 7 % 16) / 16;
  }
  return gram;
}

std::vector<float> diagonal_of(const recokit::row_major_matrix<float>& gram) {
  std::vector<float> diagonal;
  for (Eigen::Index f = 0; f < gram.rows(); ++f) diagonal.push_back(gram(f, f));
  return diagonal;
}

std::vector<ck::row_task> segments_of(const recokit::csr_view<>& matrix,
                                      const std::vector<std::uint32_t>& rows) {
  std::vector<ck::row_task> tasks;
  for (std::uint32_t n = 0; n < rows.size(); ++n) {
    const std::int64_t end = matrix.offsets()[rows[n] + 1];
    for (std::int64_t at = matrix.offsets()[rows[n]]; at < end; at += part_entries()) {
      tasks.push_back({rows[n], ck::row_task::segment, static_cast<std::uint32_t>(tasks.size()), n,
                       at, std::min(at + part_entries(), end)});
    }
  }
  return tasks;
}

std::vector<ck::row_task> rests_of(const recokit::csr_view<>& matrix,
                                   const std::vector<std::uint32_t>& rows) {
  std::vector<ck::row_task> tasks;
  std::uint32_t slot = 0;
  for (const std::uint32_t row : rows) {
    const auto count =
        static_cast<std::uint32_t>((length_of(matrix, row) + part_entries() - 1) / part_entries());
    tasks.push_back({row, ck::row_task::rest, slot, count, 0, 0});
    slot += count;
  }
  return tasks;
}

}  // namespace

std::int64_t part_entries() { return sized<std::int64_t>(4096, 8); }

chosen_rows choose_rows(const recokit::csr_view<>& matrix, std::int64_t least, std::int64_t most,
                        std::int64_t count) {
  std::vector<std::uint32_t> all;
  for (std::uint32_t row = 0; row < static_cast<std::uint32_t>(matrix.rows()); ++row) {
    const std::int64_t n = length_of(matrix, row);
    if (n >= std::max<std::int64_t>(least, 1) && n <= most) all.push_back(row);
  }
  chosen_rows chosen;
  const std::size_t step = all.size() / static_cast<std::size_t>(count) + 1;
  for (std::size_t n = 0; n < all.size(); n += step) chosen.rows.push_back(all[n]);
  std::stable_sort(chosen.rows.begin(), chosen.rows.end(), [&](std::uint32_t a, std::uint32_t b) {
    return length_of(matrix, a) > length_of(matrix, b);
  });
  for (const std::uint32_t row : chosen.rows) {
    chosen.entries += static_cast<double>(length_of(matrix, row));
  }
  expect(!chosen.rows.empty(), "no row is as long as the case wants");
  return chosen;
}

device_parts::device_parts(const recokit::csr_view<>& matrix,
                           const std::vector<std::uint32_t>& rows, ck::stream_t stream)
    : segments(put(segments_of(matrix, rows), stream)),
      rests(put(rests_of(matrix, rows), stream)) {}

ck::device_buffer<ck::row_task> whole_tasks(const recokit::csr_view<>& matrix,
                                            const std::vector<std::uint32_t>& rows,
                                            ck::stream_t stream) {
  std::vector<ck::row_task> tasks;
  for (const std::uint32_t row : rows) {
    tasks.push_back(
        {row, ck::row_task::whole, 0, 0, matrix.offsets()[row], matrix.offsets()[row + 1]});
  }
  return put(tasks, stream);
}

row_inputs::row_inputs(const recokit::csr_view<>& matrix, std::uint32_t width, bool diagonal,
                       ck::stream_t stream)
    : matrix_(matrix),
      stream_(stream),
      width_(width),
      fixed_(random_rows(matrix.cols(), width, 1)),
      start_(random_rows(matrix.rows(), width, 2)),
      gram_(made_gram(width, diagonal)),
      diagonal_(diagonal),
      entries_(matrix, stream),
      device_fixed_(numbers_of(fixed_), stream),
      solved_(numbers_of(start_), stream),
      device_gram_(numbers_of(gram_), stream),
      spectrum_(put(diagonal_of(gram_), stream)),
      failed_(put(std::vector<std::uint32_t>{std::numeric_limits<std::uint32_t>::max()}, stream)) {}

ck::row_system row_inputs::system() {
  ck::row_system system{};
  system.entries = {entries_.offsets.data(), entries_.indices.data(), nullptr};
  system.fixed = {device_fixed_.data(), ck::storage::fp32, fixed_.rows(), width_};
  system.solved = {solved_.data(), ck::storage::fp32, start_.rows(), width_};
  system.width = width_;
  system.gram = device_gram_.data();
  system.spectrum = diagonal_ ? spectrum_.data() : nullptr;
  system.ridge_scale = ridge_scale;
  system.ridge_offset = ridge_offset;
  system.ridge_exponent = 1;
  system.failed = failed_.data();
  return system;
}

row_inputs::dense row_inputs::dense_of(std::uint32_t row) const {
  dense made{gram_.cast<double>(), Eigen::VectorXd::Zero(width_),
             start_.row(row).transpose().cast<double>()};
  const auto n = static_cast<double>(length_of(matrix_, row));
  made.system.diagonal().array() +=
      static_cast<double>(ridge_scale) * (n + static_cast<double>(ridge_offset));
  for (std::int64_t e = matrix_.offsets()[row]; e < matrix_.offsets()[row + 1]; ++e) {
    const Eigen::VectorXd h =
        fixed_.row(matrix_.indices()[static_cast<std::size_t>(e)]).transpose().cast<double>();
    made.system += h * h.transpose();
    made.right += h;
  }
  return made;
}

void row_inputs::check(const std::vector<std::uint32_t>& rows, const solver& solve) {
  for (const std::int64_t n : some_of(static_cast<std::int64_t>(rows.size()), 6)) {
    const std::uint32_t row = rows[static_cast<std::size_t>(n)];
    expect_row(solved_.data(), row, solve(dense_of(row)), 1e-4,
               "row " + std::to_string(row) + " of the system", stream_);
  }
}

}  // namespace recokit_benchmark
