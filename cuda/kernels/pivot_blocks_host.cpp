// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/pivot_blocks.hpp"

#include <recokit/kernels/gemm.hpp>
#include <recokit/kernels/spd_inverse.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace recokit::cuda_kernels {
namespace {

namespace kernels = recokit::kernels;
using context_state = recokit::detail::cuda_context_state;

class host_pivot_blocks final : public pivot_blocks {
 public:
  explicit host_pivot_blocks(context_state& context) : context_(context) {}

  void begin(const pivot_block& block) override {
    const auto s = static_cast<std::size_t>(block.size);
    block_.resize(s * s);
    copy_rows_to_host(block_.data(), s * sizeof(float), block.data, pitch(block), s * sizeof(float),
                      s, context_.stream());
  }

  void factor(const pivot_block& block, float* m) override {
    const auto s = static_cast<std::ptrdiff_t>(block.size);
    std::vector<double> inverse(block_.size());
    for (std::ptrdiff_t i = 0; i < s; ++i) {
      std::copy_n(block_.begin() + i * s, i + 1, inverse.begin() + i * s);
    }
    kernels::detail::inverse_of_factor(s, inverse.data(), s, block.first_pivot);
    std::vector<double> product(inverse.size());
    const auto view = kernels::row_major<double>(inverse.data(), s);
    kernels::gemm(cpu{}, s, s, s, view.transposed(), view, -1.0, product.data(), s);
    block_.assign(inverse.begin(), inverse.end());
    copy_to_device(m, block_.data(), block_.size() * sizeof(float), context_.stream());
    block_.assign(product.begin(), product.end());
    const std::size_t bytes = static_cast<std::size_t>(s) * sizeof(float);
    copy_rows_to_device(block.data, pitch(block), block_.data(), bytes, bytes,
                        static_cast<std::size_t>(s), context_.stream());
  }

 private:
  static std::size_t pitch(const pivot_block& block) {
    return static_cast<std::size_t>(block.stride) * sizeof(float);
  }

  context_state& context_;
  std::vector<float> block_;
};

}  // namespace

std::unique_ptr<pivot_blocks> make_host_pivot_blocks(context_state& context) {
  return std::make_unique<host_pivot_blocks>(context);
}

}  // namespace recokit::cuda_kernels
