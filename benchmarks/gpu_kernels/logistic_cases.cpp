// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/inputs.hpp"
#include "gpu_kernels/kernel_case.hpp"
#include "kernels/finite_flag.hpp"
#include "kernels/logistic_rows.hpp"

#include <recokit/core/random.hpp>
#include <recokit/kernels/pair_step.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

namespace recokit_benchmark {
namespace {

/// Half an epoch: all users step. Columns are the factors, the bias of users, that of items.
struct logistic_inputs {
  logistic_inputs(std::uint32_t columns, ck::stream_t on)
      : stream(on),
        width(columns),
        moving_host(random_rows(by_user().rows(), width, 1)),
        fixed_host(random_rows(by_user().cols(), width, 2)),
        users(by_user().view(), on),
        items(by_item().view(), on),
        moving((with_one(moving_host, width - 1), numbers_of(moving_host)), on),
        squares(std::vector<float>(numbers_of(moving_host).size(), 1.0f), on),
        fixed((with_one(fixed_host, width - 2), numbers_of(fixed_host)), on),
        failed(on) {}

  /// The column that the bias of the other side goes with.
  static void with_one(recokit::row_major_matrix<float>& rows, std::uint32_t column) {
    rows.col(column).setOnes();
  }
  recokit::logistic_step::half_terms terms() const {
    return {.of_users = true,
            .biases = true,
            .factors = width - 2,
            .confidence = 2,
            .rate = 0.5f,
            .regularization = 0.25f,
            .neg_ratio = 5,
            .seed = 9,
            .purpose = static_cast<std::uint32_t>(recokit::random_purpose::logistic_draws),
            .first = std::uint64_t{1} << 32};
  }
  static ck::logistic_matrix matrix_of(const recokit::csr_matrix<>& host, const device_matrix& at) {
    return {at.offsets.data(), at.indices.data(), nullptr, static_cast<std::uint64_t>(host.rows()),
            static_cast<std::uint64_t>(host.nonzeros())};
  }

  void launch() {
    ck::logistic_rows(terms(), matrix_of(by_user(), users), matrix_of(by_item(), items),
                      moving.data(), squares.data(), fixed.data(), width, failed.data(), stream);
  }
  void restart() {
    moving.restart(stream);
    squares.restart(stream);
  }

  /// One gradient after the other of some users, in double.
  void check() {
    expect(failed.all_finite(stream), "a row is not finite");
    const auto t = terms();
    const auto count = static_cast<std::uint32_t>(by_user().cols());
    for (const std::int64_t u : some_of(by_user().rows(), 20)) {
      const auto own = by_user().row(static_cast<recokit::index_t>(u)).indices;
      if (own.empty() || own.size() == count) continue;
      const Eigen::VectorXd old = moving_host.row(u).transpose().cast<double>();
      Eigen::VectorXd gradient = -static_cast<double>(t.regularization) * old;
      const auto add = [&](std::uint32_t item, bool liked) {
        const Eigen::VectorXd h = fixed_host.row(item).transpose().cast<double>();
        const double score = old.dot(h);
        gradient += (liked ? static_cast<double>(t.confidence) / (1 + std::exp(score))
                           : -1 / (1 + std::exp(-score))) *
                    h;
      };
      for (const recokit::index_t item : own) add(static_cast<std::uint32_t>(item), true);
      recokit::random_stream random(t.seed, recokit::random_purpose::logistic_draws,
                                    t.first | static_cast<std::uint64_t>(u));
      // Decides about a fraction of a negative, which a whole neg_ratio does not have.
      static_cast<void>(random.uniform());
      std::uint32_t misses = 0;
      for (auto left = static_cast<int>(t.neg_ratio) * static_cast<int>(own.size()); left > 0;) {
        const std::uint64_t product = std::uint64_t{random()} * count;
        if (static_cast<std::uint32_t>(product) < (0u - count) % count) continue;
        auto item = static_cast<std::uint32_t>(product >> 32);
        const auto has = [&](std::uint32_t id) {
          return std::binary_search(own.begin(), own.end(), static_cast<recokit::index_t>(id));
        };
        if (has(item)) {
          if (++misses < recokit::pair_step::most_misses) continue;
          while (has(item)) item = (item + 1) % count;
        }
        misses = 0;
        add(item, false);
        --left;
      }
      Eigen::VectorXd expected = old.array() + static_cast<double>(t.rate) * gradient.array() /
                                                   (1 + gradient.array().square()).sqrt();
      expected[width - 1] = 1;
      expect_row(moving.data(), u, expected, 1e-4, "user " + std::to_string(u) + " after its step",
                 stream);
    }
  }

  ck::stream_t stream;
  std::uint32_t width;
  recokit::row_major_matrix<float> moving_host;
  recokit::row_major_matrix<float> fixed_host;
  device_matrix users;
  device_matrix items;
  changing_array<float> moving;
  changing_array<float> squares;
  ck::device_buffer<float> fixed;
  ck::finite_flag failed;
};

/// Bytes: a gather of a row for each interaction and each of its five negatives; of a user two rows
/// read and written. Operations: a score and a sum, a multiply-add a factor each.
kernel_case logistic(std::uint32_t width, ck::stream_t stream) {
  const auto in = std::make_shared<logistic_inputs>(width, stream);
  const double samples = 6 * static_cast<double>(by_user().nonzeros());
  return case_of(in, {samples * 4 * width + 4 * static_cast<double>(by_user().nonzeros()) +
                          16.0 * static_cast<double>(by_user().rows()) * width,
                      samples * 4 * width});
}

}  // namespace

void add_logistic_cases(case_list& cases) { add_widths(cases, "logistic_rows", logistic); }

}  // namespace recokit_benchmark
