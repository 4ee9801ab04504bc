// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Inputs of the kernel benchmarks.
#pragma once

#include "gpu_kernels/target.hpp"
#include "runtime/memory.hpp"
#include "runtime/transfer.hpp"

#include <recokit/core/csr.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace recokit_benchmark {

/// The interactions of gpu_benchmark.cpp, 138,493 users by 26,744 items, all of value 1.
const recokit::csr_matrix<>& by_user();
const recokit::csr_matrix<>& by_item();

/// rows × width normal numbers over √width, so that products of two rows are about as large
/// whatever the width.
recokit::row_major_matrix<float> random_rows(std::int64_t rows, std::int64_t width,
                                             std::uint64_t seed);

/// About `count` of the numbers below `size`, first and last among them.
std::vector<std::int64_t> some_of(std::int64_t size, std::int64_t count);

template <class T>
ck::device_buffer<T> put(const std::vector<T>& host, ck::stream_t stream) {
  return {std::span<const T>(host), stream};
}
inline std::span<const float> numbers_of(const recokit::row_major_matrix<float>& rows) {
  return {rows.data(), static_cast<std::size_t>(rows.size())};
}

/// `count` values from `first` on. Waits.
template <class T>
std::vector<T> fetch(const T* device, std::int64_t first, std::int64_t count, ck::stream_t stream) {
  std::vector<T> host(static_cast<std::size_t>(count));
  ck::copy_to_host(host.data(), device + first, host.size() * sizeof(T), stream);
  return host;
}

/// Compares row `at` of rows of factors on the device, in the norm. Waits. @throws
/// std::runtime_error
void expect_row(const float* rows, std::int64_t at, const Eigen::VectorXd& expected, double allowed,
                const std::string& what, ck::stream_t stream);

/// An array that launches change, and a copy of how it was.
template <class T>
class changing_array {
 public:
  changing_array(std::span<const T> host, ck::stream_t stream)
      : kept_(host, stream), now_(host, stream) {}

  T* data() noexcept { return now_.data(); }
  /// Starts to copy.
  void restart(ck::stream_t stream) {
    ck::start_copy(now_.data(), kept_.data(), kept_.size() * sizeof(T), stream);
  }

 private:
  ck::device_buffer<T> kept_;
  ck::device_buffer<T> now_;
};

/// Sparse rows on the device.
struct device_matrix {
  device_matrix(const recokit::csr_view<>& host, ck::stream_t stream)
      : offsets(host.offsets(), stream),
        // Ids are not negative, so they are the same bits without a sign.
        indices(
            {reinterpret_cast<const std::uint32_t*>(host.indices().data()), host.indices().size()},
            stream) {}

  ck::device_buffer<std::int64_t> offsets;
  ck::device_buffer<std::uint32_t> indices;
};

/// A part of the interactions in which band b of users meets band b of items alone, as in a round
/// of an epoch; each band by user, items rising.
struct interaction {
  std::uint32_t user;
  std::uint32_t item;
};
std::vector<std::vector<interaction>> first_round(std::int64_t bands);
/// Items [band_begin(b), band_begin(b + 1)) are a band.
std::int64_t band_begin(std::int64_t rows, std::int64_t bands, std::int64_t band);
/// The same in a random order.
std::vector<interaction> shuffled(std::vector<interaction> from, std::uint64_t seed);

}  // namespace recokit_benchmark
