// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/inputs.hpp"
#include "gpu_kernels/kernel_case.hpp"
#include "kernels/gram.hpp"
#include "runtime/handles.hpp"

#include <memory>

namespace recokit_benchmark {
namespace {

/// YᵀY + I of the factors of all users.
struct gram_inputs {
  gram_inputs(std::uint32_t columns, ck::stream_t on)
      : stream(on),
        host(random_rows(by_user().rows(), columns, 1)),
        y(numbers_of(host), on),
        out(std::size_t{columns} * columns),
        scratch(static_cast<std::size_t>(ck::gram_scratch(host.rows(), columns))) {}

  /// One entry of either triangle after the other.
  void check() const {
    const std::int64_t d = host.cols();
    for (const std::int64_t i : some_of(d, 5)) {
      for (const std::int64_t j : some_of(d, 3)) {
        double sum = i == j ? 1 : 0;
        double size = sum;
        for (Eigen::Index r = 0; r < host.rows(); ++r) {
          const double product = static_cast<double>(host(r, i)) * static_cast<double>(host(r, j));
          sum += product;
          size += std::abs(product);
        }
        const float found = fetch(out.data(), i * d + j, 1, stream)[0];
        expect_near(static_cast<double>(found), sum, 1e-5 * size, "an entry");
      }
    }
  }

  ck::stream_t stream;
  recokit::row_major_matrix<float> host;
  ck::device_buffer<float> y;
  ck::device_buffer<float> out;
  ck::device_buffer<float> scratch;
};

/// Bytes: the factors once, the matrix once. Operations: half of the matrix, a multiply-add a row.
least_work gram_work(double rows, double d) {
  return {4 * rows * d + 4 * d * d, rows * d * (d + 1)};
}

kernel_case own_gram(std::uint32_t width, ck::stream_t stream) {
  const auto in = std::make_shared<gram_inputs>(width, stream);
  return {gram_work(static_cast<double>(in->host.rows()), width),
          [in] {
            ck::gram(in->y.data(), in->host.rows(), in->host.cols(), 1, 1, in->out.data(),
                     in->scratch.data(), in->stream);
          },
          [in] { in->check(); }};
}

/// What fits call; to see the kernels above beside it.
kernel_case cublas_gram(std::uint32_t width, ck::stream_t stream) {
  struct with_handle : gram_inputs {
    with_handle(std::uint32_t columns, ck::stream_t on) : gram_inputs(columns, on) {
      ck::set_stream(blas, on);
    }
    with_handle(const with_handle&) = delete;
    with_handle& operator=(const with_handle&) = delete;
    ~with_handle() { ck::destroy_blas(blas); }
    ck::blas_t blas = ck::make_blas();
  };
  const auto in = std::make_shared<with_handle>(width, stream);
  return {gram_work(static_cast<double>(in->host.rows()), width),
          [in] {
            ck::gram_cublas(in->blas, in->y.data(), in->host.rows(), in->host.cols(), 1, 1,
                            in->out.data(), in->stream);
          },
          [in] { in->check(); }};
}

/// Bytes: one triangle read, the other written. Operations: the diagonal.
kernel_case mirror(ck::stream_t stream) {
  struct inputs {
    explicit inputs(ck::stream_t on)
        : host(random_rows(sized(8192, 37), sized(8192, 37), 3)), matrix(numbers_of(host), on) {}
    recokit::row_major_matrix<float> host;
    changing_array<float> matrix;
  };
  const auto in = std::make_shared<inputs>(stream);
  const auto n = static_cast<double>(in->host.rows());
  return {{4 * n * n, n},
          [in, stream] { ck::mirror_upper(in->matrix.data(), in->host.rows(), 2, stream); },
          [in, stream] {
            for (const std::int64_t i : some_of(in->host.rows(), 20)) {
              const auto row =
                  fetch(in->matrix.data(), i * in->host.cols(), in->host.cols(), stream);
              for (std::int64_t j = 0; j < in->host.cols(); ++j) {
                const float above = in->host(std::min(i, j), std::max(i, j));
                const float expected =
                    i == j ? static_cast<float>(static_cast<double>(above) + 2) : above;
                expect(row[static_cast<std::size_t>(j)] == expected, "an entry is not mirrored");
              }
            }
          },
          [in, stream] { in->matrix.restart(stream); }};
}

}  // namespace

void add_gram_cases(case_list& cases) {
  add_widths(cases, "gram_partial-gram_finish", own_gram);
  add_widths(cases, "cublas_gram", cublas_gram);
  cases.push_back({"mirror_upper", mirror});
}

}  // namespace recokit_benchmark
