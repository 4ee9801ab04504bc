// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/sgd_device.hpp>

#include "kernels/device_factors.hpp"
#include "kernels/finite_flag.hpp"
#include "kernels/level_jobs.hpp"
#include "kernels/sgd_steps.hpp"
#include "kernels/step_memory.hpp"
#include "runtime/context.hpp"
#include "runtime/policy_context.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

namespace ck = cuda_kernels;

namespace {

using row_state = sgd_step::row_state<float>;

struct sgd_side {
  sgd_side(const sgd_step::row_block<float>& from, std::int64_t rows, std::uint32_t stride,
           ck::stream_t stream, bool stay)
      : factors(rows, stride, ck::storage::fp32, stream, stay),
        states(std::span<const row_state>(from.states, static_cast<std::size_t>(rows)), stream) {}

  sgd_step::row_block<float> block() {
    return {static_cast<float*>(factors.array().data), states.data()};
  }

  ck::device_factors factors;
  ck::device_buffer<row_state> states;
};

struct sgd_ratings {
  sgd_ratings(std::span<const sgd_job> jobs, const ck::job_bounds& bounds, ck::stream_t stream,
              bool stay)
      : samples(bounds.samples, stay),
        level_starts(std::span<const std::uint64_t>(bounds.level_starts), stream),
        job_starts(std::span<const std::uint32_t>(bounds.job_starts), stream),
        jobs(static_cast<std::uint32_t>(jobs.size())) {
    std::size_t first = 0;
    for (const sgd_job& job : jobs) {
      samples.copy(first, job.samples, stream);
      first += job.samples.size();
    }
  }

  ck::sgd_schedule schedule() const {
    return {samples.data(), level_starts.data(), job_starts.data(), jobs};
  }

  ck::placed_buffer<sgd_step::rating> samples;
  ck::device_buffer<std::uint64_t> level_starts;
  ck::device_buffer<std::uint32_t> job_starts;
  std::uint32_t jobs;
};

class cuda_sgd_device final : public sgd_device {
 public:
  explicit cuda_sgd_device(const cuda& policy) : context_(policy) {}

  void upload(const sgd_rows& from, std::int64_t users, std::int64_t items,
              const std::vector<sgd_job>& blocks, std::int64_t item_bands) override {
    const ck::current_device here(context_.device().ordinal);
    if (std::cmp_greater(from.stride, ck::most_width)) {
      throw value_error("columns of the factors", std::to_string(from.stride),
                        "must be in [1, 4096] on a GPU");
    }
    width_ = static_cast<std::uint32_t>(from.stride);
    stride_ = ck::padded_width(width_);
    columns_ = static_cast<std::uint32_t>(item_bands);
    const std::span<const sgd_job> jobs(blocks);
    const ck::job_bounds bounds = ck::bounds_of(jobs);
    const auto factors = [&](std::int64_t rows) {
      return static_cast<std::uint64_t>(rows) * (stride_ * sizeof(float) + sizeof(row_state));
    };
    const ck::step_memory stays =
        ck::place_steps({bounds.samples * sizeof(sgd_step::rating) +
                             bounds.level_starts.size() * sizeof(std::uint64_t),
                         {factors(users), factors(items)}},
                        context_.state());
    ck::stream_t stream = context_.state().stream();
    users_.emplace(from.users, users, stride_, stream, stays.factors[0]);
    items_.emplace(from.items, items, stride_, stream, stays.factors[1]);
    ratings_.emplace(jobs, bounds, stream, stays.samples);
    failed_.emplace(stream);
    users_->factors.upload(from.users.rows, width_, context_.state());
    items_->factors.upload(from.items.rows, width_, context_.state());
  }

  void download(const sgd_rows& to) override {
    const ck::current_device here(context_.device().ordinal);
    give(*users_, to.users);
    give(*items_, to.items);
  }

  void step(const sgd_step::update<float>& update, std::int64_t round) override {
    const ck::current_device here(context_.device().ordinal);
    ck::sgd_steps(arrays(), update, ratings_->schedule(), ratings_->jobs / columns_, columns_,
                  static_cast<std::uint32_t>(round), failed_->data(), context_.state().stream());
  }

  void race(const sgd_step::update<float>& update) override {
    const ck::current_device here(context_.device().ordinal);
    ck::sgd_race(arrays(), update, ratings_->samples.data(), ratings_->samples.size(),
                 failed_->data(), context_.state().stream());
  }

  bool finite() override {
    const ck::current_device here(context_.device().ordinal);
    return failed_->all_finite(context_.state().stream());
  }

 private:
  ck::sgd_arrays arrays() { return {users_->block(), items_->block(), stride_}; }

  void give(sgd_side& side, const sgd_step::row_block<float>& to) {
    side.factors.download(to.rows, width_, context_.state());
    ck::copy_to_host(to.states, side.states.data(), side.states.size() * sizeof(row_state),
                     context_.state().stream());
  }

  ck::policy_context context_;
  std::uint32_t width_ = 0;
  std::uint32_t stride_ = 0;
  std::uint32_t columns_ = 1;
  std::optional<sgd_side> users_;
  std::optional<sgd_side> items_;
  std::optional<sgd_ratings> ratings_;
  std::optional<ck::finite_flag> failed_;
};

}  // namespace

std::unique_ptr<sgd_device> make_sgd_device(const cuda& policy) {
  return std::make_unique<cuda_sgd_device>(policy);
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
