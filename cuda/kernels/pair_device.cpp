// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/pair_device.hpp>

#include "kernels/finite_flag.hpp"
#include "kernels/level_jobs.hpp"
#include "kernels/pair_rows.hpp"
#include "kernels/pair_steps.hpp"
#include "kernels/step_memory.hpp"
#include "runtime/context.hpp"
#include "runtime/policy_context.hpp"

#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
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
    const ck::step_memory stays =
        ck::place_steps({0, ck::pair_rows::bytes(from, users, items)}, context_.state());
    rows_.emplace(from, users, items, context_.state(), stays.factors);
    failed_.emplace(context_.state().stream());
  }

  void download(const pair_step::factor_block& to) override {
    const ck::current_device here(context_.device().ordinal);
    rows_->download(to, context_.state());
  }

  void step(const pair_step::pair_rates& rates, std::span<const pair_job> jobs,
            bool racing) override {
    const ck::current_device here(context_.device().ordinal);
    ck::job_bounds bounds = ck::bounds_of(jobs);
    if (bounds.samples == 0) return;
    if (racing) {
      bounds.job_starts.resize(bounds.level_starts.size());
      std::iota(bounds.job_starts.begin(), bounds.job_starts.end(), 0u);
    }
    ck::stream_t stream = context_.state().stream();
    ck::device_arena::scope scope(context_.state().scratch());
    auto* const samples = scope.allocate<pair_step::triple>("samples", bounds.samples);
    ck::copy_samples(samples, jobs, stream);
    // The kernel may still run when the scratch is handed out again: the same stream orders them.
    const ck::pair_schedule schedule{samples,
                                     to_device(scope, "levels", bounds.level_starts, stream),
                                     to_device(scope, "jobs", bounds.job_starts, stream),
                                     static_cast<std::uint32_t>(bounds.job_starts.size() - 1)};
    ck::pair_steps(rows_->block(), rates, schedule, failed_->data(), stream);
  }

  bool finite() override {
    const ck::current_device here(context_.device().ordinal);
    return failed_->all_finite(context_.state().stream());
  }

 private:
  template <class T>
  static T* to_device(ck::device_arena::scope& scope, const char* what, const std::vector<T>& host,
                      ck::stream_t stream) {
    T* const device = scope.allocate<T>(what, host.size());
    ck::copy_to_device(device, host.data(), host.size() * sizeof(T), stream);
    return device;
  }

  ck::policy_context context_;
  std::optional<ck::pair_rows> rows_;
  std::optional<ck::finite_flag> failed_;
};

}  // namespace

std::unique_ptr<pair_device> make_pair_device(const cuda& policy) {
  return std::make_unique<cuda_pair_device>(policy);
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
