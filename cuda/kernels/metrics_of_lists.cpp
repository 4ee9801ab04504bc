// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/cuda_list_values.hpp>

#include "kernels/list_values.hpp"
#include "runtime/context.hpp"
#include "runtime/policy_context.hpp"

#include <limits>
#include <type_traits>

namespace recokit::inline RECOKIT_ABI::kernels {
namespace {

namespace ck = cuda_kernels;

static_assert(sizeof(scored_item<>) == sizeof(ck::listed_item) &&
              std::is_trivially_copyable_v<scored_item<>>);

/// Puts host memory on the device for as long as a scope lives.
class uploader {
 public:
  uploader(ck::device_arena::scope& scope, ck::stream_t stream) : scope_(scope), stream_(stream) {}

  template <class T>
  T* operator()(const char* what, std::span<const T> host) {
    T* const device = scope_.allocate<T>(what, host.size());
    ck::copy_to_device(device, host.data(), host.size_bytes(), stream_);
    return device;
  }
  template <class T>
  ranking_pass::plan_list<T> operator()(const ranking_pass::plan_list<T>& list) {
    return {(*this)("metrics", std::span<const T>(list.data, list.size)), list.size};
  }
  ranking_pass::discount_view operator()(const ranking_pass::discount_view& table) {
    const auto size = static_cast<std::size_t>(table.size);
    return {table.function, (*this)("discounts", std::span<const double>(table.discount, size)),
            (*this)("discounts", std::span<const double>(table.prefix, size)), table.size};
  }

 private:
  ck::device_arena::scope& scope_;
  ck::stream_t stream_;
};

ranking_pass::plan_view on_device(uploader& upload, const ranking_pass::plan_view& host) {
  ranking_pass::plan_view plan = host;
  plan.cuts = upload(host.cuts);
  plan.steps = upload(host.steps);
  plan.dcgs = upload(host.dcgs);
  plan.rbps = upload(host.rbps);
  plan.err_grades = upload(host.err_grades);
  for (int d = 0; d < 2; ++d) plan.discounts[d] = upload(host.discounts[d]);
  plan.powers =
      upload("powers", std::span<const double>(host.powers, host.rbps.size * host.power_size));
  return plan;
}

}  // namespace

std::int64_t list_values(const cuda& policy, const ranking_pass::plan_view& plan,
                         const list_faults& faults, const list_batch& batch,
                         std::span<double> values, std::span<double> weights,
                         std::span<char> counted) {
  const std::size_t count = batch.size();
  if (count == 0) return -1;
  const ck::policy_context context(policy);
  const ck::current_device here(context.device().ordinal);
  const ck::stream_t stream = context.state().stream();
  ck::device_arena::scope scope(context.state().scratch());
  uploader upload(scope, stream);

  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  auto* const listed = upload("lists", std::span<const scored_item<>>(batch.listed));
  const ck::judged_lists lists{
      static_cast<std::uint32_t>(count),
      reinterpret_cast<const ck::listed_item*>(listed),
      upload("lists", std::span<const offset_t>(batch.listed_offsets)),
      upload("judged items", std::span<const index_t>(batch.judged)),
      upload("judged items", std::span<const offset_t>(batch.judged_offsets)),
      batch.grades.empty() ? nullptr : upload("grades", std::span<const double>(batch.grades))};
  const ck::list_results results{
      scope.allocate<ranking_pass::rank_hit>("hits", batch.listed.size()),
      plan.graded ? scope.allocate<double>("grades", batch.judged.size()) : nullptr,
      scope.allocate<ranking_pass::rank_counts>("counts", count * 2 * plan.cuts.size),
      scope.allocate<double>("sums", count * ranking_pass::space_view::doubles(plan)),
      scope.allocate<std::int64_t>("ideal lists", count * plan.dcgs.size),
      scope.allocate<double>("values", values.size()),
      scope.allocate<double>("weights", weights.size()),
      scope.allocate<unsigned char>("counted users", count),
      upload("refused list", std::span<const std::uint32_t>(&none, 1))};
  ck::list_values(
      on_device(upload, plan),
      {faults.duplicates, faults.nan_scores, faults.negative_grades, faults.empty_users}, lists,
      results, stream);
  std::uint32_t refused = none;
  ck::copy_to_host(&refused, results.refused, sizeof refused, stream);
  if (refused != none) return refused;
  ck::copy_to_host(values.data(), results.values, values.size_bytes(), stream);
  ck::copy_to_host(weights.data(), results.weights, weights.size_bytes(), stream);
  ck::copy_to_host(counted.data(), results.counted, count, stream);
  return -1;
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
