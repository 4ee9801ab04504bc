// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/number_text.hpp"
#include "split_common.hpp"

namespace recokit::inline RECOKIT_ABI::split {

holdout random(const interactions& data, const random_params& params) {
  detail::check_fraction("params.test_fraction", params.test_fraction);
  detail::check_splittable(data);
  detail::entry_parts part(static_cast<std::size_t>(data.nonzeros()));
  parallel_for(cpu{}, data.nonzeros(), 1 << 14, [&](std::int64_t begin, std::int64_t end) {
    for (auto e = static_cast<std::uint64_t>(begin); e < static_cast<std::uint64_t>(end); ++e) {
      random_stream stream(params.seed, random_purpose::split, e);
      part[e] = stream.uniform() < params.test_fraction ? detail::to_test : detail::to_train;
    }
  });
  return detail::divide(data, part,
                        "random hold-out, test " + detail::number_text(params.test_fraction) +
                            ", seed " + std::to_string(params.seed),
                        "too few interactions for params.test_fraction, or an unlucky seed");
}

}  // namespace recokit::inline RECOKIT_ABI::split
