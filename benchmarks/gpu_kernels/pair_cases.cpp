// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/inputs.hpp"
#include "gpu_kernels/kernel_case.hpp"
#include "kernels/finite_flag.hpp"
#include "kernels/level_jobs.hpp"
#include "kernels/pair_steps.hpp"

#include <recokit/core/random.hpp>
#include <recokit/factorization/sample_levels.hpp>

#include <cmath>
#include <map>
#include <memory>

namespace recokit_benchmark {
namespace {

using recokit::pair_step::triple;
using pair_job = recokit::kernels::leveled_job<triple>;

constexpr recokit::pair_step::pair_rates rates{.step = 0.05f,
                                               .user = 0.01f,
                                               .positive = 0.02f,
                                               .negative = 0.03f,
                                               .bias = 0.04f,
                                               .bias_step = 0.05f};

/// A round of BPR: jobs of bands that share no row.
struct pair_inputs {
  pair_inputs(std::uint32_t columns, ck::stream_t on)
      : stream(on),
        width(columns),
        users_host(random_rows(by_user().rows(), width, 1)),
        items_host(random_rows(by_user().cols(), width, 2)),
        bias_host(static_cast<std::size_t>(by_user().cols()), 0.125f),
        users(numbers_of(users_host), on),
        items(numbers_of(items_host), on),
        bias(bias_host, on),
        jobs(made_jobs()),
        leveled(sorted_jobs()),
        bounds(ck::bounds_of(std::span<const pair_job>(leveled))),
        samples(bounds.samples),
        levels(put(bounds.level_starts, on)),
        starts(put(bounds.job_starts, on)),
        failed(on) {
    ck::copy_samples(samples.data(), std::span<const pair_job>(leveled), on);
  }

  /// Each interaction with an item of the same band that is another.
  static std::vector<std::vector<triple>> made_jobs() {
    std::vector<std::vector<triple>> made;
    const auto bands = sized<std::int64_t>(64, 2);
    recokit::random_stream random(9, recokit::random_purpose::user);
    for (const auto& job : first_round(bands)) {
      const auto band = static_cast<std::int64_t>(made.size());
      const auto first = static_cast<std::uint32_t>(band_begin(by_user().cols(), bands, band));
      const auto end = static_cast<std::uint32_t>(band_begin(by_user().cols(), bands, band + 1));
      made.emplace_back();
      for (const interaction& now : shuffled(job, made.size())) {
        const auto other = first + static_cast<std::uint32_t>(random.below(end - first - 1));
        made.back().push_back({now.user, now.item, other + (other >= now.item ? 1 : 0)});
      }
    }
    return made;
  }
  std::vector<pair_job> sorted_jobs() const {
    std::vector<pair_job> made;
    recokit::detail::sample_levels sorter(by_user().rows(), by_user().cols());
    for (const auto& job : jobs) {
      made.push_back({job, {}});
      sorter.sort(made.back());
    }
    return made;
  }

  void launch() {
    ck::pair_steps(
        {users.data(), items.data(), bias.data(), static_cast<std::ptrdiff_t>(width)}, rates,
        {samples.data(), levels.data(), starts.data(), static_cast<std::uint32_t>(leveled.size())},
        failed.data(), stream);
  }
  void restart() {
    users.restart(stream);
    items.restart(stream);
    bias.restart(stream);
  }

  /// The samples of one job one after the other, in double.
  void check() {
    expect(failed.all_finite(stream), "a gradient is not finite");
    std::map<std::uint32_t, Eigen::VectorXd> w;
    std::map<std::uint32_t, Eigen::VectorXd> h;
    std::map<std::uint32_t, double> b;
    const auto row_of = [](auto& rows, const auto& host, std::uint32_t at) -> Eigen::VectorXd& {
      const auto [place, is_new] = rows.try_emplace(at);
      if (is_new) place->second = host.row(at).transpose().template cast<double>();
      return place->second;
    };
    const double step = static_cast<double>(rates.step);
    for (const triple& now : jobs.front()) {
      Eigen::VectorXd& user = row_of(w, users_host, now.user);
      Eigen::VectorXd& liked = row_of(h, items_host, now.positive);
      Eigen::VectorXd& other = row_of(h, items_host, now.negative);
      double& of_liked = b.try_emplace(now.positive, 0.125).first->second;
      double& of_other = b.try_emplace(now.negative, 0.125).first->second;
      const double slope =
          1 / (1 + std::exp(of_liked - of_other + user.dot(Eigen::VectorXd(liked - other))));
      const Eigen::VectorXd to_user =
          slope * (liked - other) - static_cast<double>(rates.user) * user;
      const Eigen::VectorXd to_liked = slope * user - static_cast<double>(rates.positive) * liked;
      const Eigen::VectorXd to_other = -slope * user - static_cast<double>(rates.negative) * other;
      user += step * to_user;
      liked += step * to_liked;
      other += step * to_other;
      of_liked += step * (slope - static_cast<double>(rates.bias) * of_liked);
      of_other += step * (-slope - static_cast<double>(rates.bias) * of_other);
    }
    expect(!w.empty(), "the first job has no sample");
    const auto compare = [&](const auto& rows, const float* device, const char* side) {
      for (const auto& [at, expected] : rows) {
        expect_row(device, at, expected, 1e-4, side + std::to_string(at) + " after its steps",
                   stream);
      }
    };
    compare(w, users.data(), "user ");
    compare(h, items.data(), "item ");
    for (const auto& [at, expected] : b) {
      expect_near(static_cast<double>(fetch(bias.data(), at, 1, stream)[0]), expected, 1e-4,
                  "the bias of item " + std::to_string(at));
    }
  }

  ck::stream_t stream;
  std::uint32_t width;
  recokit::row_major_matrix<float> users_host;
  recokit::row_major_matrix<float> items_host;
  std::vector<float> bias_host;
  changing_array<float> users;
  changing_array<float> items;
  changing_array<float> bias;
  std::vector<std::vector<triple>> jobs;
  std::vector<pair_job> leveled;
  ck::job_bounds bounds;
  ck::device_buffer<triple> samples;
  ck::device_buffer<std::uint64_t> levels;
  ck::device_buffer<std::uint32_t> starts;
  ck::finite_flag failed;
};

/// Bytes: of a sample three rows and two biases read and written, and its numbers. Operations: six
/// multiply-adds a factor.
kernel_case pairs(std::uint32_t width, ck::stream_t stream) {
  const auto in = std::make_shared<pair_inputs>(width, stream);
  const auto samples = static_cast<double>(in->bounds.samples);
  return case_of(in, {samples * (24.0 * width + 16 + 12), samples * 12 * width});
}

}  // namespace

void add_pair_cases(case_list& cases) { add_widths(cases, "pair_steps", pairs); }

}  // namespace recokit_benchmark
