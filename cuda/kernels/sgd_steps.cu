// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/sgd_steps.cuh"

namespace recokit::cuda_kernels {

void sgd_steps(const sgd_arrays& rows, const sgd_step::update<float>& update,
               const sgd_schedule& schedule, std::uint32_t blocks, std::uint32_t columns,
               std::uint32_t round, std::uint32_t* failed, stream_t stream) {
  launch_sgd_steps(rows, update, schedule, blocks, columns, round, failed, stream);
}

void sgd_race(const sgd_arrays& rows, const sgd_step::update<float>& update,
              const sgd_step::rating* samples, std::uint64_t count, std::uint32_t* failed,
              stream_t stream) {
  launch_sgd_race(rows, update, samples, count, failed, stream);
}

}  // namespace recokit::cuda_kernels
