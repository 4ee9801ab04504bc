// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/inputs.hpp"
#include "gpu_kernels/kernel_case.hpp"
#include "kernels/convert_block.hpp"
#include "kernels/factor_array.hpp"

#include <Eigen/Core>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace recokit_benchmark {
namespace {

/// What storage makes of a number, by Eigen's types.
float rounded(float value, ck::storage type) {
  switch (type) {
    case ck::storage::bf16:
      return static_cast<float>(Eigen::bfloat16(value));
    case ck::storage::fp16:
      return static_cast<float>(Eigen::half(value));
    case ck::storage::fp32:
      break;
  }
  return value;
}

/// The factors of all users, as they come from the host, and stored in padded rows.
struct storage_inputs {
  storage_inputs(ck::storage type, ck::stream_t on)
      : stream(on),
        host(random_rows(by_user().rows(), sized(100, 37), 1)),
        width(static_cast<std::uint32_t>(host.cols())),
        plain(numbers_of(host), on),
        bytes(static_cast<std::size_t>(host.rows()) * ck::padded_width(width) * ck::bytes_of(type)),
        array{bytes.data(), type, host.rows(), ck::padded_width(width)} {}

  double count() const { return static_cast<double>(host.size()); }
  double padded_count() const { return static_cast<double>(host.rows()) * array.stride; }
  void store() const { ck::store_rows(plain.data(), host.rows(), width, width, array, 0, stream); }
  /// Some rows of `out` against wanted(row, column).
  template <class Wanted>
  void check(const ck::device_buffer<float>& out, std::uint32_t stride,
             const Wanted& wanted) const {
    for (const std::int64_t r : some_of(host.rows(), 50)) {
      const auto row = fetch(out.data(), r * stride, stride, stream);
      for (std::uint32_t c = 0; c < stride; ++c) {
        const float expected = c < width ? wanted(r, c) : 0.0f;
        expect(row[c] == expected, "column " + std::to_string(c) + " of row " + std::to_string(r));
      }
    }
  }

  ck::stream_t stream;
  recokit::row_major_matrix<float> host;
  std::uint32_t width;
  ck::device_buffer<float> plain;
  ck::device_buffer<unsigned char> bytes;
  ck::factor_array array;
};

/// Bytes: a plain number read, a stored one written, padding too. Operations: a rounding each.
kernel_case store(ck::storage type, ck::stream_t stream) {
  const auto in = std::make_shared<storage_inputs>(type, stream);
  const double stored = in->padded_count() * static_cast<double>(ck::bytes_of(type));
  return {{4 * in->count() + stored, in->count()},
          [in] { in->store(); },
          [in] {
            // Read back with the padding, which must be zeros.
            const std::uint32_t stride = in->array.stride;
            ck::device_buffer<float> out(static_cast<std::size_t>(in->host.rows()) * stride);
            ck::load_rows(in->array, 0, in->host.rows(), stride, out.data(), stride, in->stream);
            in->check(out, stride, [&](std::int64_t r, std::uint32_t c) {
              return rounded(in->host(r, c), in->array.type);
            });
          }};
}

/// Bytes: a stored number read, a plain one written, without padding.
kernel_case load(ck::storage type, ck::stream_t stream) {
  const auto in = std::make_shared<storage_inputs>(type, stream);
  in->store();
  const auto out = std::make_shared<ck::device_buffer<float>>(in->plain.size());
  return {{in->count() * (4 + static_cast<double>(ck::bytes_of(type))), in->count()},
          [in, out] {
            ck::load_rows(in->array, 0, in->host.rows(), in->width, out->data(), in->width,
                          in->stream);
          },
          [in, out] {
            in->check(*out, in->width, [&](std::int64_t r, std::uint32_t c) {
              return rounded(in->host(r, c), in->array.type);
            });
          }};
}

/// Bytes: a stored number read, a plain one written, a weight a row. Operations: a product each, a
/// root a row at the least.
kernel_case scale(ck::storage type, ck::stream_t stream) {
  const auto in = std::make_shared<storage_inputs>(type, stream);
  in->store();
  std::vector<float> weights;
  for (Eigen::Index r = 0; r < in->host.rows(); ++r) {
    weights.push_back(static_cast<float>((r % 7) * (r % 7)) / 16);
  }
  struct more {
    ck::device_buffer<float> weights;
    ck::device_buffer<float> out;
  };
  const auto rest = std::make_shared<more>(
      more{put(weights, stream),
           ck::device_buffer<float>(static_cast<std::size_t>(in->padded_count()))});
  const auto rows = static_cast<double>(in->host.rows());
  return {
      {in->padded_count() * (4 + static_cast<double>(ck::bytes_of(type))) + 4 * rows,
       in->count() + rows},
      [in, rest] { ck::scale_rows(in->array, rest->weights.data(), rest->out.data(), in->stream); },
      [in, rest] {
        in->check(rest->out, in->array.stride, [&](std::int64_t r, std::uint32_t c) {
          // The root is exact.
          return static_cast<float>(r % 7) / 4 * rounded(in->host(r, c), in->array.type);
        });
      }};
}

/// A lower triangle and zeros. Bytes: the triangle read, the block written. Operations: a rounding
/// each.
template <class From, class To>
kernel_case convert(ck::stream_t stream) {
  const std::int64_t n = sized(4096, 37);
  std::vector<From> from;
  for (std::int64_t at = 0; at < n * n; ++at) from.push_back(static_cast<From>(at % 1000 + 1) / 7);
  struct inputs {
    std::vector<From> host;
    ck::device_buffer<From> in;
    ck::device_buffer<To> out;
  };
  auto in = put(from, stream);
  const auto all = std::make_shared<inputs>(inputs{
      std::move(from), std::move(in), ck::device_buffer<To>(static_cast<std::size_t>(n * n))});
  const auto size = static_cast<double>(n);
  return {{size * (size + 1) / 2 * sizeof(From) + size * size * sizeof(To), size * (size + 1) / 2},
          [=] { ck::convert_block(all->in.data(), n, all->out.data(), n, n, true, stream); },
          [=] {
            for (const std::int64_t r : some_of(n, 50)) {
              const auto row = fetch(all->out.data(), r * n, n, stream);
              for (std::int64_t c = 0; c < n; ++c) {
                const From wanted =
                    c <= r ? all->host[static_cast<std::size_t>(r * n + c)] : From{0};
                expect(row[static_cast<std::size_t>(c)] == static_cast<To>(wanted),
                       "column " + std::to_string(c) + " of row " + std::to_string(r));
              }
            }
          }};
}

}  // namespace

void add_storage_cases(case_list& cases) {
  struct kind {
    const char* name;
    ck::storage type;
  };
  for (const kind& each : {kind{"fp32", ck::storage::fp32}, kind{"bf16", ck::storage::bf16},
                           kind{"fp16", ck::storage::fp16}}) {
    const auto add = [&](const std::string& kernel, auto make) {
      cases.push_back({kernel + "/" + each.name, [make, type = each.type](ck::stream_t stream) {
                         return make(type, stream);
                       }});
    };
    add("store_rows", store);
    add("load_rows", load);
    add("scale_rows", scale);
  }
  cases.push_back({"convert_block/double", convert<float, double>});
  cases.push_back({"convert_block/float", convert<double, float>});
}

}  // namespace recokit_benchmark
