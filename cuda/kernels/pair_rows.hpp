// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Rows of users and items and the biases of items on the device.
#pragma once

#include "kernels/device_factors.hpp"
#include "runtime/context.hpp"
#include "runtime/memory.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/kernels/pair_step.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace recokit::cuda_kernels {

/// The device's copy of a factor_block, of its width and filled up to whole warps with zeros.
class pair_rows {
 public:
  using context_state = recokit::detail::cuda_context_state;

  /// @param stays of users and items, on the device
  pair_rows(const pair_step::factor_block& from, std::int64_t users, std::int64_t items,
            context_state& context, const std::array<bool, 2>& stays)
      : width_(static_cast<std::uint32_t>(from.width)),
        users_(users, padded_width(width_), storage::fp32, context.stream(), stays[0]),
        items_(items, padded_width(width_), storage::fp32, context.stream(), stays[1]),
        bias_(std::span<const float>(from.item_bias, static_cast<std::size_t>(items)),
              context.stream()) {
    users_.upload(from.users, width_, context);
    items_.upload(from.items, width_, context);
  }

  /// Without items when they are null.
  void download(const pair_step::factor_block& to, context_state& context) {
    users_.download(to.users, width_, context);
    if (to.items == nullptr) return;
    items_.download(to.items, width_, context);
    copy_to_host(to.item_bias, bias_.data(), bias_.size() * sizeof(float), context.stream());
  }

  /// Columns without those that were filled up.
  std::uint32_t width() const noexcept { return width_; }
  pair_step::factor_block block() noexcept {
    return {static_cast<float*>(users_.array().data), static_cast<float*>(items_.array().data),
            bias_.data(), static_cast<std::ptrdiff_t>(padded_width(width_))};
  }

  /// What a copy of users and items would take. @throws value_error for a width above 4096
  static std::array<std::uint64_t, 2> bytes(const pair_step::factor_block& from, std::int64_t users,
                                            std::int64_t items) {
    if (std::cmp_greater(from.width, most_width)) {
      throw value_error("columns of the factors", std::to_string(from.width),
                        "must be in [1, 4096] on a GPU");
    }
    const std::uint32_t stride = padded_width(static_cast<std::uint32_t>(from.width));
    return {static_cast<std::uint64_t>(users) * stride * sizeof(float),
            static_cast<std::uint64_t>(items) * (stride + 1) * sizeof(float)};
  }

 private:
  std::uint32_t width_;
  device_factors users_;
  device_factors items_;
  device_buffer<float> bias_;
};

}  // namespace recokit::cuda_kernels
