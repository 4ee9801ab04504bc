// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Dense matrix products with the instructions of the machine at hand, chosen at run time.
#pragma once

#include <recokit/core/parallel.hpp>
#include <recokit/kernels/compiler_vector.hpp>
#include <recokit/kernels/x86_kernels.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <numeric>
#include <string_view>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

/// A dense operand: element (i, j) is data[i · row_stride + j · column_stride]. One of the strides
/// should be 1, else packing is slow.
template <class Scalar>
struct dense_block {
  const Scalar* data = nullptr;
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t column_stride = 1;

  /// The same memory read the other way.
  dense_block transposed() const noexcept { return {data, column_stride, row_stride}; }
  /// The block whose first element is (row, column) of this one.
  dense_block at(std::ptrdiff_t row, std::ptrdiff_t column) const noexcept {
    return {data + row * row_stride + column * column_stride, row_stride, column_stride};
  }
};

/// A row-major operand with its leading dimension.
template <class Scalar>
dense_block<Scalar> row_major(const Scalar* data, std::ptrdiff_t leading) noexcept {
  return {data, leading, 1};
}

/// The innermost product and the shape of the strips that it reads.
template <class Scalar>
struct gemm_kernel {
  std::string_view name;        ///< of the instructions: "avx512f", "avx2", "portable"
  std::ptrdiff_t rows = 0;      ///< of a strip of the left operand
  std::ptrdiff_t columns = 0;   ///< of a strip of the right operand; rows · columns <= 512
  std::ptrdiff_t multiple = 0;  ///< the least common multiple of both
  /// c += sign · a · b for rows × columns elements of c, whose rows lie `leading` apart. a holds
  /// `rows` elements for each step of the depth, b `columns`.
  void (*multiply)(std::ptrdiff_t depth, const Scalar* a, const Scalar* b, Scalar sign, Scalar* c,
                   std::ptrdiff_t leading) = nullptr;
};

/// Memory on a border of 64 bytes, not set to zero.
template <class Scalar>
class packed_buffer {
 public:
  packed_buffer() = default;
  explicit packed_buffer(std::ptrdiff_t size)
      : data_(static_cast<Scalar*>(::operator new (static_cast<std::size_t>(size) * sizeof(Scalar),
                                                   std::align_val_t{64}))) {}
  Scalar* get() const noexcept { return data_.get(); }

 private:
  struct release {
    void operator()(Scalar* data) const noexcept { ::operator delete (data, std::align_val_t{64}); }
  };
  std::unique_ptr<Scalar, release> data_;
};

/// `count` rounded up to whole strips of `width`.
constexpr std::ptrdiff_t whole_strips(std::ptrdiff_t count, std::ptrdiff_t width) noexcept {
  return (count + width - 1) / width * width;
}

/// The distance of rows of `padded` scalars at which not all of them share cache sets.
template <class Scalar>
constexpr std::ptrdiff_t spread_leading(std::ptrdiff_t padded) noexcept {
  constexpr auto bytes = static_cast<std::ptrdiff_t>(sizeof(Scalar));
  return padded + (padded * bytes % 512 == 0 ? 64 / bytes : 0);
}

namespace detail {

/// Written in vectors of the compiler: whatever the machine is.
template <class Scalar>
struct portable_gemm {
  using lane = compiler_vector<Scalar>;
  // The sums, two vectors of b and one value of a in sixteen registers, or thirty-two.
  static constexpr std::ptrdiff_t rows = lane::bytes == 16 ? 4 : lane::bytes == 32 ? 6 : 12;
  static constexpr std::ptrdiff_t columns = 2 * lane::lanes;

  static void multiply(std::ptrdiff_t depth, const Scalar* a, const Scalar* b, Scalar sign,
                       Scalar* c, std::ptrdiff_t leading) {
    typename lane::type sums[rows][2] = {};
    for (std::ptrdiff_t p = 0; p < depth; ++p, a += rows, b += columns) {
      typename lane::type b0, b1;
      lane::load(b0, b);
      lane::load(b1, b + lane::lanes);
      for (std::ptrdiff_t r = 0; r < rows; ++r) {
        lane::multiply_add(sums[r][0], a[r], b0);
        lane::multiply_add(sums[r][1], a[r], b1);
      }
    }
    for (std::ptrdiff_t r = 0; r < rows; ++r) {
      for (std::ptrdiff_t half = 0; half < 2; ++half) {
        Scalar* const at = c + r * leading + half * lane::lanes;
        typename lane::type old;
        lane::load(old, at);
        lane::multiply_add(old, sign, sums[r][half]);
        lane::store(at, old);
      }
    }
  }
};

#if defined(RECOKIT_DETAIL_X86_KERNELS)
/// Those that this machine can run, best first; the rest have no function.
template <class Scalar>
std::array<gemm_kernel<Scalar>, 2> x86_gemm_kernels() noexcept;
template <>
std::array<gemm_kernel<float>, 2> x86_gemm_kernels() noexcept;
template <>
std::array<gemm_kernel<double>, 2> x86_gemm_kernels() noexcept;
#endif

}  // namespace detail

/// All kernels that can run here, best first; the last needs nothing of the machine.
template <class Scalar>
std::vector<gemm_kernel<Scalar>> gemm_kernels() {
  using portable = detail::portable_gemm<Scalar>;
  std::vector<gemm_kernel<Scalar>> all;
#if defined(RECOKIT_DETAIL_X86_KERNELS)
  for (const auto& kernel : detail::x86_gemm_kernels<Scalar>()) {
    if (kernel.multiply != nullptr) all.push_back(kernel);
  }
#endif
  all.push_back({"portable", portable::rows, portable::columns,
                 std::lcm(portable::rows, portable::columns), portable::multiply});
  return all;
}

/// The fastest kernel that can run here. The library brings kernels for AVX-512 and AVX2 and asks
/// the processor; elsewhere, and header-only, the portable one follows the flags of the build.
template <class Scalar>
gemm_kernel<Scalar> best_gemm_kernel() {
  return gemm_kernels<Scalar>().front();
}

/// Copies the count × depth block `from` into strips of `width` rows: strip s holds the elements
/// (s · width …, p) for p = 0, 1, … one after the other, the last filled up with zeros. The right
/// operand of a product is packed transposed. Takes depth · whole_strips(count, width) elements.
template <class Scalar>
void pack_strips(std::ptrdiff_t width, std::ptrdiff_t count, std::ptrdiff_t depth,
                 const dense_block<Scalar>& from, Scalar* packed) {
  for (std::ptrdiff_t first = 0; first < count; first += width, packed += width * depth) {
    const std::ptrdiff_t rows = std::min(width, count - first);
    const Scalar* const source = from.data + first * from.row_stride;
    if (rows < width) std::fill_n(packed, width * depth, Scalar{0});
    if (from.row_stride == 1) {
      for (std::ptrdiff_t p = 0; p < depth; ++p) {
        std::copy_n(source + p * from.column_stride, rows, packed + p * width);
      }
      continue;
    }
    // Sixteen steps of the depth at a time: one cache line of every row.
    for (std::ptrdiff_t begin = 0; begin < depth; begin += 16) {
      const std::ptrdiff_t end = std::min(depth, begin + 16);
      for (std::ptrdiff_t r = 0; r < rows; ++r) {
        const Scalar* const row = source + r * from.row_stride;
        for (std::ptrdiff_t p = begin; p < end; ++p) {
          packed[p * width + r] = row[p * from.column_stride];
        }
      }
    }
  }
}

/// Strips as pack_strips writes them: each holds `depth` steps.
template <class Scalar>
struct packed_strips {
  const Scalar* data = nullptr;
  std::ptrdiff_t depth = 0;
};

/// c += sign · a · b for packed strips, of which only the steps [begin, end) of the depth are
/// taken; c is rows × columns. Strips of the left operand are the inner loop: they should fit the
/// second-level cache.
template <class Scalar>
void multiply_strips(const gemm_kernel<Scalar>& kernel, std::ptrdiff_t rows, std::ptrdiff_t columns,
                     std::ptrdiff_t begin, std::ptrdiff_t end, const packed_strips<Scalar>& a,
                     const packed_strips<Scalar>& b, Scalar sign, Scalar* c,
                     std::ptrdiff_t leading) {
  const std::ptrdiff_t depth = end - begin;
  for (std::ptrdiff_t j = 0; j < columns; j += kernel.columns) {
    const std::ptrdiff_t width = std::min(kernel.columns, columns - j);
    const Scalar* const right = b.data + j * b.depth + begin * kernel.columns;
    for (std::ptrdiff_t i = 0; i < rows; i += kernel.rows) {
      const std::ptrdiff_t height = std::min(kernel.rows, rows - i);
      const Scalar* const left = a.data + i * a.depth + begin * kernel.rows;
      Scalar* const to = c + i * leading + j;
      if (width == kernel.columns && height == kernel.rows) {
        kernel.multiply(depth, left, right, sign, to, leading);
        continue;
      }
      alignas(64) Scalar edge[512];
      std::fill_n(edge, kernel.rows * kernel.columns, Scalar{0});
      kernel.multiply(depth, left, right, sign, edge, kernel.columns);
      for (std::ptrdiff_t r = 0; r < height; ++r) {
        for (std::ptrdiff_t s = 0; s < width; ++s) {
          to[r * leading + s] += edge[r * kernel.columns + s];
        }
      }
    }
  }
}

/// C += sign · A · B for the rows × columns matrix C with row-major leading dimension `leading`;
/// A is rows × depth, B depth × columns. For Aᵀ or Bᵀ pass a transposed() block.
///
/// 2 · rows · columns · depth flops. The same bits for any number of threads on one machine; not on
/// two whose kernels differ. Scratch: 256 × 4096 elements and 256 × 256 a thread at most. From
/// inside a parallel loop pass cpu{.threads = 1}.
///
/// Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", TOMS 2008.
template <class Scalar>
void gemm(const cpu& policy, std::ptrdiff_t rows, std::ptrdiff_t columns, std::ptrdiff_t depth,
          const dense_block<Scalar>& a, const dense_block<Scalar>& b, Scalar sign, Scalar* c,
          std::ptrdiff_t leading, const gemm_kernel<Scalar>& kernel = best_gemm_kernel<Scalar>()) {
  if (rows <= 0 || columns <= 0 || depth <= 0) return;
  constexpr std::ptrdiff_t most = 256;
  const std::ptrdiff_t steps = (depth + most - 1) / most;
  const std::ptrdiff_t deep = (depth + steps - 1) / steps;
  const std::ptrdiff_t wide =
      std::min(whole_strips(columns, kernel.columns), 4096 / kernel.columns * kernel.columns);
  const std::ptrdiff_t tall =
      std::min(whole_strips(rows, kernel.rows), most / kernel.rows * kernel.rows);
  const packed_buffer<Scalar> right(deep * wide);
  scratch_pool<packed_buffer<Scalar>> pool([&] { return packed_buffer<Scalar>(deep * tall); });
  for (std::ptrdiff_t j = 0; j < columns; j += wide) {
    const std::ptrdiff_t width = std::min(wide, columns - j);
    for (std::ptrdiff_t p = 0; p < depth; p += deep) {
      const std::ptrdiff_t length = std::min(deep, depth - p);
      parallel_for(policy, width, 8 * kernel.columns, [&](std::int64_t begin, std::int64_t end) {
        pack_strips(kernel.columns, end - begin, length, b.at(p, j + begin).transposed(),
                    right.get() + begin * length);
      });
      parallel_for(policy, rows, tall, [&](std::int64_t begin, std::int64_t end) {
        const auto left = pool.borrow();
        pack_strips(kernel.rows, end - begin, length, a.at(begin, p), left->get());
        multiply_strips<Scalar>(kernel, end - begin, width, 0, length, {left->get(), length},
                                {right.get(), length}, sign, c + begin * leading + j, leading);
      });
    }
  }
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
