// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/cuda_spd_inverse.hpp>

#include "kernels/multiply.hpp"
#include "kernels/pivot_blocks.hpp"
#include "runtime/context.hpp"
#include "runtime/policy_context.hpp"

#include <recokit/core/parallel.hpp>

#include <algorithm>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {
namespace {

namespace ck = cuda_kernels;
using context_state = recokit::detail::cuda_context_state;

constexpr std::int64_t sweep_block = ck::most_pivots;

ck::operand plain(const float* data, std::int64_t stride) {
  return {data, ck::storage::fp32, stride};
}
ck::operand transposed(const float* data, std::int64_t stride) {
  return {data, ck::storage::fp32, stride, true};
}

/// out −= a · b
void subtract(context_state& context, std::int64_t m, std::int64_t n, std::int64_t k,
              const ck::operand& a, const ck::operand& b, float* out, std::int64_t stride) {
  ck::multiply(context.blas(), m, n, k, -1, a, b, out, stride, false, 1);
}
/// out = a · b
void assign(context_state& context, std::int64_t m, std::int64_t n, std::int64_t k,
            const ck::operand& a, const ck::operand& b, float* out, std::int64_t stride) {
  ck::multiply(context.blas(), m, n, k, 1, a, b, out, stride, false);
}

/// Sweeps all pivots of a matrix on the device: its lower triangle becomes that of minus its
/// inverse. See detail::block_sweep of the CPU, whose names these are.
class resident_sweep {
 public:
  /// @param first_pivot number of the first pivot in messages
  resident_sweep(context_state& context, ck::pivot_blocks& blocks, ck::device_arena::scope& scope,
                 float* a, std::int64_t n, std::int64_t stride, std::int64_t first_pivot,
                 const std::function<bool()>& stop)
      : context_(context),
        blocks_(blocks),
        a_(a),
        n_(n),
        stride_(stride),
        first_pivot_(first_pivot),
        stop_(stop),
        v_(scope.allocate<float>("panel of a sweep", static_cast<std::uint64_t>(n * sweep_block))),
        m_(scope.allocate<float>("block of a sweep", sweep_block * sweep_block)) {}

  static std::uint64_t scratch_floats(std::int64_t n) {
    return static_cast<std::uint64_t>((n + sweep_block) * sweep_block);
  }

  void run() {
    blocks_.begin(block(0));
    for (std::int64_t k = 0; k < n_ && !stop_(); k += sweep_block) {
      blocks_.factor(block(k), m_);
      solve_panel(k);
      const std::int64_t next = end(k);
      if (next < n_) {
        update(k, next, end(next), next, end(next));
        blocks_.begin(block(next));
      }
      update_rest(k);
    }
  }

 private:
  std::int64_t end(std::int64_t k) const { return std::min(k + sweep_block, n_); }
  float* at(std::int64_t row, std::int64_t column) const { return a_ + row * stride_ + column; }

  /// The diagonal block that begins at k.
  ck::pivot_block block(std::int64_t k) const {
    return {at(k, k), stride_, end(k) - k, first_pivot_ + k};
  }

  /// With W the columns of the block in all other rows: V = W Mᵀ, and V M in the place of W.
  void solve_panel(std::int64_t k) {
    const std::int64_t s = end(k) - k;
    const std::int64_t below = n_ - end(k);
    float* const v_below = v_ + end(k) * s;
    assign(context_, below, s, s, plain(at(end(k), k), stride_), transposed(m_, s), v_below, s);
    assign(context_, k, s, s, transposed(at(k, 0), stride_), transposed(m_, s), v_, s);
    assign(context_, below, s, s, plain(v_below, s), plain(m_, s), at(end(k), k), stride_);
    assign(context_, s, k, s, transposed(m_, s), transposed(v_, s), at(k, 0), stride_);
  }

  /// Rows [r, r_end) and columns [c, c_end) lose V Vᵀ.
  void update(std::int64_t k, std::int64_t r, std::int64_t r_end, std::int64_t c,
              std::int64_t c_end) {
    if (r >= r_end || c >= c_end) return;
    const std::int64_t s = end(k) - k;
    subtract(context_, r_end - r, c_end - c, s, plain(v_ + r * s, s), transposed(v_ + c * s, s),
             at(r, c), stride_);
  }

  /// All but the block, its rows and columns, and the next block, which has had its own.
  void update_rest(std::int64_t k) {
    constexpr std::int64_t tall = 2048;  // what is computed above the diagonal is lost
    for (std::int64_t r = 0; r < k; r += tall)
      update(k, r, std::min(r + tall, k), 0, std::min(r + tall, k));
    if (end(k) == n_) return;
    const std::int64_t next = end(end(k));
    update(k, end(k), next, 0, k);
    for (std::int64_t r = next; r < n_; r += tall) {
      const std::int64_t r_end = std::min(r + tall, n_);
      update(k, r, r_end, 0, k);
      update(k, r, r_end, end(k), r_end);
    }
  }

  context_state& context_;
  ck::pivot_blocks& blocks_;
  float* a_;
  std::int64_t n_;
  std::int64_t stride_;
  std::int64_t first_pivot_;
  const std::function<bool()>& stop_;
  float* v_;
  float* m_;
};

/// Sweeps blocks of b pivots of a matrix of the host.
class streamed_sweep {
 public:
  streamed_sweep(context_state& context, ck::pivot_blocks& blocks, float* a, std::int64_t n,
                 std::int64_t leading, std::int64_t block, std::int64_t rows,
                 const std::function<bool()>& stop)
      : context_(context),
        blocks_(blocks),
        a_(a),
        n_(n),
        leading_(leading),
        block_(block),
        rows_(rows),
        stop_(stop) {}

  void run() {
    for (std::int64_t k = 0; k < n_ && !stop_(); k += block_) {
      ck::device_arena::scope scope(context_.scratch());
      const std::int64_t b = std::min(block_, n_ - k);
      const std::int64_t end = k + b;
      const std::int64_t below = n_ - end;
      const auto floats = [&](const char* what, std::int64_t count) {
        return scope.allocate<float>(what, static_cast<std::uint64_t>(count));
      };
      float* const inverse = floats("a diagonal block", b * b);
      // W and T = W K⁻¹ of the rows above the block, transposed, and of those below it.
      float* const w_above = floats("rows of a block", b * k);
      float* const t_above = floats("rows of a block", b * k);
      float* const w_below = floats("columns of a block", below * b);
      float* const t_below = floats("columns of a block", below * b);
      float* const chunk = floats("rows of the matrix", rows_ * n_);
      invert(scope, inverse, k, b);
      if (stop_()) return;
      upload(w_above, k, k, 0, b, k);
      upload(w_below, b, end, k, below, b);
      assign(context_, b, k, b, plain(inverse, b), plain(w_above, k), t_above, k);
      assign(context_, below, b, b, plain(w_below, b), plain(inverse, b), t_below, b);
      for (std::int64_t r = 0; r < k && !stop_(); r += rows_) {
        const std::int64_t r_end = std::min(r + rows_, k);
        upload(chunk, r_end, r, 0, r_end - r, r_end);
        subtract(context_, r_end - r, r_end, b, transposed(t_above + r, k), plain(w_above, k),
                 chunk, r_end);
        download(chunk, r_end, r, 0, r_end - r, r_end);
      }
      for (std::int64_t r = end; r < n_ && !stop_(); r += rows_) {
        const std::int64_t r_end = std::min(r + rows_, n_);
        const std::int64_t count = r_end - r;
        const float* const t = t_below + (r - end) * b;
        upload(chunk, r_end, r, 0, count, r_end);
        subtract(context_, count, k, b, plain(t, b), plain(w_above, k), chunk, r_end);
        subtract(context_, count, r_end - end, b, plain(t, b), transposed(w_below, b), chunk + end,
                 r_end);
        download(chunk, r_end, r, 0, count, r_end);
      }
      download(t_above, k, k, 0, b, k);
      download(t_below, b, end, k, below, b);
    }
  }

 private:
  /// The block at k becomes minus its inverse; `inverse` gets its inverse, both triangles.
  void invert(ck::device_arena::scope& scope, float* inverse, std::int64_t k, std::int64_t b) {
    upload(inverse, b, k, k, b, b);
    resident_sweep(context_, blocks_, scope, inverse, b, b, k, stop_).run();
    download(inverse, b, k, k, b, b);
    std::vector<float> whole(static_cast<std::size_t>(b * b));
    for (std::int64_t i = 0; i < b; ++i) {
      for (std::int64_t j = 0; j <= i; ++j) {
        const float value = -a_[(k + i) * leading_ + k + j];
        whole[static_cast<std::size_t>(i * b + j)] = value;
        whole[static_cast<std::size_t>(j * b + i)] = value;
      }
    }
    ck::copy_to_device(inverse, whole.data(), whole.size() * sizeof(float), context_.stream());
  }

  /// rows × columns of the matrix from (row, column) to the device, and back.
  void upload(float* to, std::int64_t stride, std::int64_t row, std::int64_t column,
              std::int64_t rows, std::int64_t columns) {
    ck::copy_rows_to_device(to, bytes(stride), a_ + row * leading_ + column, bytes(leading_),
                            bytes(columns), static_cast<std::size_t>(rows), context_.stream());
  }
  void download(const float* from, std::int64_t stride, std::int64_t row, std::int64_t column,
                std::int64_t rows, std::int64_t columns) {
    ck::copy_rows_to_host(a_ + row * leading_ + column, bytes(leading_), from, bytes(stride),
                          bytes(columns), static_cast<std::size_t>(rows), context_.stream());
  }
  static std::size_t bytes(std::int64_t floats) {
    return static_cast<std::size_t>(floats) * sizeof(float);
  }

  context_state& context_;
  ck::pivot_blocks& blocks_;
  float* a_;
  std::int64_t n_;
  std::int64_t leading_;
  std::int64_t block_;
  std::int64_t rows_;
  const std::function<bool()>& stop_;
};

/// Bytes of scratch of a streamed sweep.
std::uint64_t streamed_bytes(std::int64_t n, std::int64_t block, std::int64_t rows) {
  return (static_cast<std::uint64_t>(block * block + 2 * n * block + rows * n) +
          resident_sweep::scratch_floats(block)) *
         sizeof(float);
}

}  // namespace

void spd_inverse(const cuda& policy, std::ptrdiff_t n, float* a, std::ptrdiff_t leading,
                 const std::function<bool()>& stop) {
  if (n == 0) return;
  const ck::policy_context context(policy);
  const ck::current_device here(context.device().ordinal);
  context_state& state = context.state();
  ck::device_arena::scope kept(state.scratch());
  const auto blocks = ck::make_pivot_blocks(state, kept);
  const std::uint64_t most = state.scratch().available() / 10 * 9;
  const std::uint64_t resident = (static_cast<std::uint64_t>(n) * static_cast<std::uint64_t>(n) +
                                  resident_sweep::scratch_floats(n)) *
                                 sizeof(float);
  const std::size_t row_bytes = static_cast<std::size_t>(n) * sizeof(float);
  const std::size_t pitch = static_cast<std::size_t>(leading) * sizeof(float);
  if (resident <= most) {
    ck::device_arena::scope scope(state.scratch());
    auto* const matrix = scope.allocate<float>(
        "matrix to invert", static_cast<std::uint64_t>(n) * static_cast<std::uint64_t>(n));
    ck::copy_rows_to_device(matrix, row_bytes, a, pitch, row_bytes, static_cast<std::size_t>(n),
                            state.stream());
    resident_sweep(state, *blocks, scope, matrix, n, n, 0, stop).run();
    ck::copy_rows_to_host(a, pitch, matrix, row_bytes, row_bytes, static_cast<std::size_t>(n),
                          state.stream());
  } else {
    const std::int64_t rows = std::min<std::int64_t>(n, sweep_block);
    std::int64_t block = 0;
    while (block < n && streamed_bytes(n, block + sweep_block, rows) <= most) block += sweep_block;
    if (block == 0) {
      throw memory_error("blocks of a matrix on the GPU", streamed_bytes(n, sweep_block, rows),
                         most);
    }
    streamed_sweep(state, *blocks, a, n, leading, block, rows, stop).run();
  }
  parallel_for(cpu{}, n, 64, [&](std::int64_t begin, std::int64_t end) {
    for (std::ptrdiff_t i = begin; i < end; ++i) {
      for (std::ptrdiff_t j = 0; j <= i; ++j) a[i * leading + j] = -a[i * leading + j];
    }
  });
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
