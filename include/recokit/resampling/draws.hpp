// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Where samplers get their random numbers: a stream for every class and sample.
#pragma once

#include <recokit/core/backend.hpp>
#include <recokit/core/random.hpp>
#include <recokit/resampling/class_rows.hpp>

#include <cstdint>
#include <span>

namespace recokit::inline RECOKIT_ABI::detail {

/// Streams named by (seed, purpose, label, sample): what one sample draws depends on no other, so
/// samples are drawn in any order, and a class draws the same whatever the other classes are.
/// Samplers take the source as a template argument: tests pass one that replays NumPy.
class counter_draws {
 public:
  explicit counter_draws(std::uint64_t seed) noexcept : seed_(seed) {}

  /// @param sample below 2^32
  random_stream stream(random_purpose purpose, index_t label, std::int64_t sample) const noexcept {
    return {seed_, purpose,
            std::uint64_t{static_cast<std::uint32_t>(label)} << 32 |
                static_cast<std::uint64_t>(sample)};
  }

 private:
  std::uint64_t seed_;
};

/// What a sampler with random draws derives from (see resample_function). It writes
///   static auto draw(const cpu&, const Rows&, std::span<const index_t> labels, const class_table&,
///                    const params&, Draws&)
template <class Sampler, class Params>
struct drawing_sampler {
  using params_type = Params;
  static constexpr bool takes_nan = false;
  static constexpr bool has_cuda = false;

  template <backend Policy, class Rows>
  static auto run(const Policy& policy, const Rows& rows, std::span<const index_t> labels,
                  const class_table& classes, const Params& params) {
    counter_draws draws(params.seed);
    return Sampler::draw(policy, rows, labels, classes, params, draws);
  }
};

}  // namespace recokit::inline RECOKIT_ABI::detail
