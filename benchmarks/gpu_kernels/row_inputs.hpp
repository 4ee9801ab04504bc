// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Rows of a half-step on the device, and what a naive loop makes of one of them.
#pragma once

#include "gpu_kernels/inputs.hpp"
#include "gpu_kernels/kernel_case.hpp"
#include "kernels/row_system.hpp"

#include <Eigen/Core>

#include <cstdint>
#include <functional>
#include <vector>

namespace recokit_benchmark {

/// Rows with entries, longest first, and how many entries they have.
struct chosen_rows {
  std::vector<std::uint32_t> rows;
  double entries = 0;
};
/// Rows of `least` to `most` entries; of them, if there are more, about `count` spread evenly.
chosen_rows choose_rows(const recokit::csr_view<>& matrix, std::int64_t least, std::int64_t most,
                        std::int64_t count = std::int64_t{1} << 31);
/// Entries of a row that one block takes; longer rows are cut.
std::int64_t part_entries();

/// Rows cut into parts, on the device.
struct device_parts {
  device_parts(const recokit::csr_view<>& matrix, const std::vector<std::uint32_t>& rows,
               ck::stream_t stream);
  ck::cut_list list() const {
    return {segments.data(), static_cast<std::uint32_t>(segments.size()), rests.data(),
            static_cast<std::uint32_t>(rests.size())};
  }
  ck::device_buffer<ck::row_task> segments;
  ck::device_buffer<ck::row_task> rests;
};
/// The same rows whole.
ck::device_buffer<ck::row_task> whole_tasks(const recokit::csr_view<>& matrix,
                                            const std::vector<std::uint32_t>& rows,
                                            ck::stream_t stream);

/// A ridge regression a row: interactions of value 1 on random factors.
class row_inputs {
 public:
  /// @param width a stride @param diagonal whether the Gram matrix is
  row_inputs(const recokit::csr_view<>& matrix, std::uint32_t width, bool diagonal,
             ck::stream_t stream);
  row_inputs(const row_inputs&) = delete;
  row_inputs& operator=(const row_inputs&) = delete;

  ck::row_system system();
  void restart() { solved_.restart(stream_); }

  const recokit::csr_view<>& matrix() const noexcept { return matrix_; }
  ck::stream_t stream() const noexcept { return stream_; }
  std::uint32_t width() const noexcept { return width_; }

  /// The system of a row in double, entry by entry, and the row from which solvers start.
  struct dense {
    Eigen::MatrixXd system;
    Eigen::VectorXd right;
    Eigen::VectorXd start;
  };
  using solver = std::function<Eigen::VectorXd(const dense&)>;
  /// Some of the rows against solve(dense). @throws std::runtime_error
  void check(const std::vector<std::uint32_t>& rows, const solver& solve);

 private:
  dense dense_of(std::uint32_t row) const;

  recokit::csr_view<> matrix_;
  ck::stream_t stream_;
  std::uint32_t width_;
  recokit::row_major_matrix<float> fixed_;
  recokit::row_major_matrix<float> start_;
  recokit::row_major_matrix<float> gram_;
  bool diagonal_;
  device_matrix entries_;
  ck::device_buffer<float> device_fixed_;
  changing_array<float> solved_;
  ck::device_buffer<float> device_gram_;
  ck::device_buffer<float> spectrum_;
  ck::device_buffer<std::uint32_t> failed_;
};

}  // namespace recokit_benchmark
