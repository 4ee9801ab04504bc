// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/pair_device.hpp>

#include "kernels/device_factors.hpp"
#include "kernels/pair_steps.hpp"
#include "runtime/context.hpp"
#include "runtime/policy_context.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

namespace ck = cuda_kernels;

namespace {

class cuda_pair_device final : public pair_device {
 public:
  explicit cuda_pair_device(const cuda& policy) : context_(policy) {}

  void upload(const pair_step::factor_block& from, std::int64_t users,
              std::int64_t items) override {
    const ck::current_device here(context_.device().ordinal);
    if (std::cmp_greater(from.width, ck::most_width)) {
      throw value_error("columns of the factors", std::to_string(from.width),
                        "must be in [1, 4096] on a GPU");
    }
    const auto width = static_cast<std::uint32_t>(from.width);
    const std::uint32_t stride = ck::padded_width(width);
    const std::uint64_t needed =
        (static_cast<std::uint64_t>(users + items) * stride + static_cast<std::uint64_t>(items)) *
        sizeof(float);
    const std::uint64_t free = ck::free_device_bytes();
    if (needed > free) throw memory_error("factors on the GPU", needed, free);
    ck::stream_t stream = context_.state().stream();
    rows_.emplace(
        ck::device_factors(users, stride, ck::storage::fp32, stream),
        ck::device_factors(items, stride, ck::storage::fp32, stream),
        ck::device_buffer<float>(
            std::span<const float>(from.item_bias, static_cast<std::size_t>(items)), stream),
        ck::device_buffer<std::uint32_t>(std::span<const std::uint32_t>(&fine, 1), stream), width,
        stride);
    rows_->users.upload(from.users, width, context_.state());
    rows_->items.upload(from.items, width, context_.state());
  }

  void download(const pair_step::factor_block& to) override {
    const ck::current_device here(context_.device().ordinal);
    rows_->users.download(to.users, rows_->width, context_.state());
    rows_->items.download(to.items, rows_->width, context_.state());
    ck::copy_to_host(to.item_bias, rows_->bias.data(), rows_->bias.size() * sizeof(float),
                     context_.state().stream());
  }

  void step(const pair_step::pair_rates& rates, std::span<const pair_job> jobs,
            bool racing) override {
    const ck::current_device here(context_.device().ordinal);
    std::vector<std::uint64_t> level_starts{0};
    std::vector<std::uint32_t> job_starts{0};
    std::uint64_t count = 0;
    for (const pair_job& job : jobs) {
      for (const std::uint64_t end : job.level_ends) level_starts.push_back(count + end);
      count += job.samples.size();
      job_starts.push_back(static_cast<std::uint32_t>(level_starts.size() - 1));
    }
    if (count == 0) return;
    if (racing) {
      job_starts.resize(level_starts.size());
      std::iota(job_starts.begin(), job_starts.end(), 0u);
    }
    ck::stream_t stream = context_.state().stream();
    ck::device_arena::scope scope(context_.state().scratch());
    auto* const samples = scope.allocate<pair_step::triple>("samples", count);
    std::uint64_t done = 0;
    for (const pair_job& job : jobs) {
      if (job.samples.empty()) continue;
      ck::copy_to_device(samples + done, job.samples.data(),
                         job.samples.size() * sizeof(pair_step::triple), stream);
      done += job.samples.size();
    }
    // The kernel may still run when the scratch is handed out again: the same stream orders them.
    const ck::pair_schedule schedule{samples, to_device(scope, "levels", level_starts, stream),
                                     to_device(scope, "jobs", job_starts, stream),
                                     static_cast<std::uint32_t>(job_starts.size() - 1)};
    ck::pair_steps({static_cast<float*>(rows_->users.array().data),
                    static_cast<float*>(rows_->items.array().data), rows_->bias.data(),
                    static_cast<std::ptrdiff_t>(rows_->stride)},
                   rates, schedule, rows_->failed.data(), stream);
  }

  bool finite() override {
    const ck::current_device here(context_.device().ordinal);
    return rows_->failed.to_host(context_.state().stream())[0] == fine;
  }

 private:
  static constexpr std::uint32_t fine = std::numeric_limits<std::uint32_t>::max();

  struct device_rows {
    ck::device_factors users;
    ck::device_factors items;
    ck::device_buffer<float> bias;
    ck::device_buffer<std::uint32_t> failed;
    std::uint32_t width;
    std::uint32_t stride;

    device_rows(ck::device_factors u, ck::device_factors i, ck::device_buffer<float> b,
                ck::device_buffer<std::uint32_t> f, std::uint32_t w, std::uint32_t s)
        : users(std::move(u)),
          items(std::move(i)),
          bias(std::move(b)),
          failed(std::move(f)),
          width(w),
          stride(s) {}
  };

  template <class T>
  static T* to_device(ck::device_arena::scope& scope, const char* what, const std::vector<T>& host,
                      ck::stream_t stream) {
    T* const device = scope.allocate<T>(what, host.size());
    ck::copy_to_device(device, host.data(), host.size() * sizeof(T), stream);
    return device;
  }

  ck::policy_context context_;
  std::optional<device_rows> rows_;
};

}  // namespace

std::unique_ptr<pair_device> make_pair_device(const cuda& policy) {
  return std::make_unique<cuda_pair_device>(policy);
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
