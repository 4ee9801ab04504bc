// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/inputs.hpp"
#include "gpu_kernels/kernel_case.hpp"
#include "kernels/philox_fill.hpp"

#include <recokit/core/random.hpp>

#include <memory>

namespace recokit_benchmark {
namespace {

constexpr auto purpose = recokit::random_purpose::user_factors;

/// Bytes: the matrix, written. Operations: five multiplications a word, `words` a number.
template <class T, class Draw>
kernel_case fill(double words, const Draw& draw, ck::stream_t stream) {
  const std::int64_t rows = by_user().rows();
  const std::int64_t columns = sized(256, 37);
  const auto out = std::make_shared<ck::device_buffer<T>>(static_cast<std::size_t>(rows * columns));
  const auto count = static_cast<double>(out->size());
  return {{count * sizeof(T), 5 * words * count},
          [=] {
            ck::philox_fill(out->data(), rows, columns,
                            {.seed = 7, .purpose = static_cast<std::uint32_t>(purpose)}, stream);
          },
          [=] {
            for (const std::int64_t r : some_of(rows, 50)) {
              recokit::random_stream random(7, purpose, static_cast<std::uint64_t>(r));
              for (const T found : fetch(out->data(), r * columns, columns, stream)) {
                expect(found == draw(random), "a draw differs");
              }
            }
          }};
}

}  // namespace

void add_fill_cases(case_list& cases) {
  cases.push_back({"philox_fill/words", [](ck::stream_t stream) {
                     return fill<std::uint32_t>(
                         1, [](auto& random) { return random(); }, stream);
                   }});
  cases.push_back({"philox_fill/float", [](ck::stream_t stream) {
                     return fill<float>(
                         1, [](auto& random) { return recokit::unit_float(random()); }, stream);
                   }});
  cases.push_back({"philox_fill/double", [](ck::stream_t stream) {
                     return fill<double>(
                         2, [](auto& random) { return random.uniform(); }, stream);
                   }});
}

}  // namespace recokit_benchmark
