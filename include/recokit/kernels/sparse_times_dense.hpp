// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The product of a sparse and a dense matrix, with the instructions of the machine at hand.
#pragma once

#include <recokit/core/csr.hpp>
#include <recokit/core/parallel.hpp>
#include <recokit/kernels/compiler_vector.hpp>
#include <recokit/kernels/x86_kernels.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// The inner loop of the product: one row of the result.
template <class Scalar>
struct weighted_rows_kernel {
  std::string_view name;  ///< of the instructions: "avx512f", "avx2", "portable"
  /// out[f] = Σ_e values[e] · x[indices[e] · leading + f] for f < width, summed in the order of e;
  /// without values each counts as 1.
  void (*sum)(std::ptrdiff_t entries, const index_t* indices, const float* values, const Scalar* x,
              std::ptrdiff_t leading, std::ptrdiff_t width, Scalar* out) = nullptr;
};

namespace detail {

/// Written in vectors of the compiler: whatever the machine is. Sums stay in registers.
template <class Scalar>
void portable_weighted_rows(std::ptrdiff_t entries, const index_t* indices, const float* values,
                            const Scalar* x, std::ptrdiff_t leading, std::ptrdiff_t width,
                            Scalar* out) {
  using lane = compiler_vector<Scalar>;
  constexpr std::ptrdiff_t tile = 4 * lane::lanes;
  std::ptrdiff_t f = 0;
  for (; f + tile <= width; f += tile) {
    typename lane::type sums[4] = {};
    for (std::ptrdiff_t e = 0; e < entries; ++e) {
      const auto value = values == nullptr ? Scalar{1} : static_cast<Scalar>(values[e]);
      const Scalar* const from = x + indices[e] * leading + f;
      for (std::ptrdiff_t part = 0; part < 4; ++part) {
        typename lane::type factor;
        lane::load(factor, from + part * lane::lanes);
        lane::multiply_add(sums[part], value, factor);
      }
    }
    for (std::ptrdiff_t part = 0; part < 4; ++part) {
      lane::store(out + f + part * lane::lanes, sums[part]);
    }
  }
  if (f == width) return;
  std::fill(out + f, out + width, Scalar{0});
  for (std::ptrdiff_t e = 0; e < entries; ++e) {
    const auto value = values == nullptr ? Scalar{1} : static_cast<Scalar>(values[e]);
    const Scalar* const from = x + indices[e] * leading;
    for (std::ptrdiff_t g = f; g < width; ++g) out[g] += value * from[g];
  }
}

#if defined(RECOKIT_DETAIL_X86_KERNELS)
/// Those that this machine can run, best first; the rest have no function.
template <class Scalar>
std::array<weighted_rows_kernel<Scalar>, 2> x86_weighted_rows() noexcept;
template <>
std::array<weighted_rows_kernel<float>, 2> x86_weighted_rows() noexcept;
template <>
std::array<weighted_rows_kernel<double>, 2> x86_weighted_rows() noexcept;
#endif

}  // namespace detail

/// All kernels that can run here, best first; the last needs nothing of the machine.
template <class Scalar>
std::vector<weighted_rows_kernel<Scalar>> weighted_rows_kernels() {
  std::vector<weighted_rows_kernel<Scalar>> all;
#if defined(RECOKIT_DETAIL_X86_KERNELS)
  for (const auto& kernel : detail::x86_weighted_rows<Scalar>()) {
    if (kernel.sum != nullptr) all.push_back(kernel);
  }
#endif
  all.push_back({"portable", detail::portable_weighted_rows<Scalar>});
  return all;
}

/// y = A x for the sparse A (rows × n) and the dense x (n × width); y is made rows × width.
///
/// nonzeros · width multiply-adds, in parallel over the rows of A. Each row of y is summed in the
/// order of the entries: the same bits for any number of threads on one machine.
/// @param stop asked between blocks of rows; true ends the call early with rows unset
template <class Scalar, class Stop>
void sparse_times_dense(
    const cpu& policy, const csr_view<>& a, const row_major_matrix<Scalar>& x,
    row_major_matrix<Scalar>& y, const Stop& stop,
    const weighted_rows_kernel<Scalar>& kernel = weighted_rows_kernels<Scalar>().front()) {
  const Eigen::Index width = x.cols();
  y.resize(a.rows(), width);
  const std::int64_t work =
      std::max<std::int64_t>(1'000'000 / std::max<std::int64_t>(width, 1), 64);
  parallel_for_rows(policy, a.offsets().data(), a.rows(), work, 4,
                    [&](std::int64_t begin, std::int64_t end) {
                      if (stop()) return;
                      for (std::int64_t r = begin; r < end; ++r) {
                        const auto row = a.row(r);
                        kernel.sum(std::ssize(row.indices), row.indices.data(),
                                   row.values.empty() ? nullptr : row.values.data(), x.data(),
                                   width, width, y.data() + r * width);
                      }
                    });
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
