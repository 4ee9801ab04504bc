// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/row_system.hpp"

#include "support/error_text.hpp"
#include "support/row_case.hpp"
#include "support/target.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/kernels/block_rows.hpp>
#include <recokit/kernels/cg_rows.hpp>
#include <recokit/kernels/exact_rows.hpp>

namespace {

using recokit_test::require_rows;
using recokit_test::row_case;
using recokit_test::row_case_options;
namespace ck = recokit::cuda_kernels;
namespace kernels = recokit::kernels;

constexpr auto never = [] { return false; };

row_case::matrix exact(const row_case& c) {
  return c.on_cpu([](const auto& problem, auto& solved) {
    kernels::exact_rows(recokit::cpu{.threads = 1}, problem, solved, never,
                        kernels::row_form::primal);
  });
}

/// The rows of a case on the device, those of more than `part` entries cut into parts of so many.
struct tasks {
  tasks(const row_case& c, std::int64_t part) {
    std::int64_t begin = 0;
    for (std::uint32_t r = 0; r < c.o.lengths.size(); ++r) {
      const std::int64_t end = begin + c.o.lengths[r];
      const auto first = static_cast<std::uint32_t>(segments.size());
      const auto number = static_cast<std::uint32_t>(rests.size());
      for (std::int64_t at = begin; end - begin > part && at < end; at += part) {
        segments.push_back({r, ck::row_task::segment, static_cast<std::uint32_t>(segments.size()),
                            number, at, std::min(at + part, end)});
      }
      const auto count = static_cast<std::uint32_t>(segments.size()) - first;
      if (count > 0) {
        rests.push_back({r, ck::row_task::rest, first, count, 0, 0});
      } else if (end > begin) {
        whole.push_back({r, ck::row_task::whole, 0, 0, begin, end});
      }
      begin = end;
    }
  }
  /// solve(tasks, count), segments first.
  template <class Solve>
  void each(const Solve& solve) const {
    for (const auto* const list : {&segments, &rests, &whole}) {
      const ck::device_buffer<ck::row_task> on_device(*list, nullptr);
      solve(on_device.data(), static_cast<std::uint32_t>(list->size()));
    }
  }
  /// solve(cut_list), for a case of long rows alone.
  template <class Solve>
  void in_parts(const Solve& solve) const {
    REQUIRE(whole.empty());
    const ck::device_buffer<ck::row_task> first(segments, nullptr);
    const ck::device_buffer<ck::row_task> second(rests, nullptr);
    solve(ck::cut_list{first.data(), static_cast<std::uint32_t>(segments.size()), second.data(),
                       static_cast<std::uint32_t>(rests.size())});
  }

  std::vector<ck::row_task> segments;
  std::vector<ck::row_task> rests;
  std::vector<ck::row_task> whole;
};

/// Whole rows, or rows cut into parts of `part` entries.
recokit::row_major_matrix<float> primal(row_case& c, std::int64_t part = 1 << 20) {
  return c.on_device([&](const ck::row_system& system, const ck::row_list&) {
    const tasks cut(c, part);
    ck::device_buffer<float> sums(cut.segments.size() * ck::partial_floats(system.fixed.stride));
    cut.each([&](const ck::row_task* list, std::uint32_t count) {
      ck::primal_rows(system, list, count, sums.data(), nullptr);
    });
  });
}

recokit::row_major_matrix<float> wide(row_case& c, std::int64_t part = 1 << 20) {
  return c.on_device([&](const ck::row_system& system, const ck::row_list&) {
    const tasks cut(c, part);
    const std::uint32_t stride = system.fixed.stride;
    ck::device_buffer<float> sums(cut.segments.size() * ck::wide_partial_floats(stride));
    ck::device_buffer<float> scratch(std::size_t{2} * stride * stride);
    cut.each([&](const ck::row_task* list, std::uint32_t count) {
      ck::wide_rows(system, list, count, sums.data(), scratch.data(), 2, nullptr);
    });
  });
}

}  // namespace

TEST_CASE("the primal kernel solves what the CPU solves, empty and ragged rows included") {
  RECOKIT_REQUIRE_TARGET();
  row_case c({.diagonal = false});
  require_rows(primal(c), exact(c));
}

TEST_CASE("a row in segments adds up to the whole row") {
  RECOKIT_REQUIRE_TARGET();
  row_case c({.lengths = {2, 33}, .diagonal = false});
  require_rows(primal(c, 16), exact(c));
}

TEST_CASE("the primal kernel knows scales, dislikes and targets of weight 0") {
  RECOKIT_REQUIRE_TARGET();
  row_case c({.lengths = {9, 20},
              .diagonal = false,
              .scaled = true,
              .target_base = 0.5f,
              .dislikes = true,
              .exponent = 0.5f});
  require_rows(primal(c), exact(c));
}

TEST_CASE("the dual kernel solves what the CPU solves") {
  RECOKIT_REQUIRE_TARGET();
  row_case c({.lengths = {3, 0, 31, 1, 32}, .scaled = true, .target_base = 0, .dislikes = true});
  const auto found = c.on_device([](const ck::row_system& system, const ck::row_list& rows) {
    ck::dual_rows(system, rows, 32, nullptr);
  });
  require_rows(found, exact(c));
}

TEST_CASE("the wide kernel solves what the CPU solves, whole rows and rows in segments") {
  RECOKIT_REQUIRE_TARGET();
  row_case c({.width = 50,
              .lengths = {45, 3},
              .diagonal = false,
              .scaled = true,
              .target_base = 0.5f,
              .dislikes = true});
  require_rows(wide(c), exact(c));
  require_rows(wide(c, 20), exact(c));
}

TEST_CASE("conjugate gradients take the steps of the CPU, with rows kept and gathered again") {
  RECOKIT_REQUIRE_TARGET();
  const bool keeps = GENERATE(true, false);
  row_case c({.lengths = {3, 0, 21, 1}, .scaled = true, .target_base = keeps ? 0.25f : 0.0f});
  const auto found = c.on_device([&](const ck::row_system& system, const ck::row_list& rows) {
    ck::cg_rows(system, rows, 3, ck::cg_shared_bytes(system.fixed.stride, keeps ? 32 : 7), nullptr);
  });
  require_rows(found, c.on_cpu([](const auto& problem, auto& solved) {
    kernels::cg_rows(recokit::cpu{.threads = 1}, problem, 3, solved, never);
  }));
}

TEST_CASE("conjugate gradients of a row in segments take the steps of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  const std::uint32_t steps = GENERATE(0u, 1u, 3u);
  row_case c({.lengths = {30, 21}, .scaled = true, .target_base = 0.25f});
  const auto found = c.on_device([&](const ck::row_system& system, const ck::row_list&) {
    tasks(c, 8).in_parts([&](const ck::cut_list& list) {
      ck::device_buffer<float> partial(std::size_t{list.segment_count} * system.fixed.stride);
      ck::device_buffer<float> state(2 * ck::cg_state_floats(system.fixed.stride));
      ck::cg_long_rows(system, list, steps, ck::cg_shared_bytes(system.fixed.stride, 5),
                       partial.data(), state.data(), nullptr);
    });
  });
  require_rows(found, c.on_cpu([&](const auto& problem, auto& solved) {
    kernels::cg_rows(recokit::cpu{.threads = 1}, problem, static_cast<int>(steps), solved, never);
  }));
}

TEST_CASE("block sweeps of a row in segments take the steps of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  row_case c({.width = 36, .lengths = {30, 21}, .scaled = true, .target_base = 0.25f});
  const auto found = c.on_device([&](const ck::row_system& system, const ck::row_list&) {
    tasks(c, 8).in_parts([&](const ck::cut_list& list) {
      ck::device_buffer<float> residual(51);
      ck::device_buffer<float> partial(list.segment_count * ck::partial_floats(32));
      ck::device_buffer<float> state(2 * ck::block_state_floats(system.fixed.stride));
      ck::block_long_rows(system, list, 16, 2, residual.data(), partial.data(), state.data(),
                          nullptr);
    });
  });
  require_rows(found, c.on_cpu([](const auto& problem, auto& solved) {
    kernels::block_rows(recokit::cpu{.threads = 1}, problem, 16, 2, solved, never);
  }));
}

TEST_CASE("block sweeps take the steps of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  row_case c({.width = 36, .lengths = {3, 0, 25}, .scaled = true, .target_base = 0.25f});
  const auto found = c.on_device([](const ck::row_system& system, const ck::row_list& rows) {
    ck::device_buffer<float> residual(28);
    ck::block_rows(system, rows, 16, 2, residual.data(), nullptr);
  });
  require_rows(found, c.on_cpu([](const auto& problem, auto& solved) {
    kernels::block_rows(recokit::cpu{.threads = 1}, problem, 16, 2, solved, never);
  }));
}

TEST_CASE("coordinate sweeps take the steps of the CPU") {
  RECOKIT_REQUIRE_TARGET();
  row_case c({.width = 6, .lengths = {3, 0, 140}, .dislikes = true});
  const std::uint32_t threads = GENERATE(32u, 128u);
  const auto found = c.on_device([&](const ck::row_system& system, const ck::row_list& rows) {
    ck::device_buffer<float> residual(143);
    ck::coordinate_rows(system, rows, 1, residual.data(), nullptr, threads);
  });
  require_rows(found, c.on_cpu([](const auto& problem, auto& solved) {
    kernels::block_rows(recokit::cpu{.threads = 1}, problem, 1, 1, solved, never);
  }));
}

TEST_CASE("a system that is not positive definite is reported by its row, the first one") {
  RECOKIT_REQUIRE_TARGET();
  struct singular : row_case {
    using row_case::row_case;
    void adjust(ck::row_system& system) const override { system.ridge_scale = -9; }
  };
  singular c({.lengths = {0, 2, 3}});
  primal(c);
  CHECK(c.failed_row == 1);
  c.on_device([](const ck::row_system& system, const ck::row_list& rows) {
    ck::dual_rows(system, rows, 32, nullptr);
  });
  CHECK(c.failed_row == 1);
  c.on_device([](const ck::row_system& system, const ck::row_list& rows) {
    ck::cg_rows(system, rows, 2, ck::cg_shared_bytes(32, 4), nullptr);
  });
  CHECK(c.failed_row == 1);
  singular d({.lengths = {4, 3}});
  d.on_device([&](const ck::row_system& system, const ck::row_list&) {
    tasks(d, 2).in_parts([&](const ck::cut_list& list) {
      ck::device_buffer<float> partial(std::size_t{list.segment_count} * 32);
      ck::device_buffer<float> state(2 * ck::cg_state_floats(32));
      ck::cg_long_rows(system, list, 2, ck::cg_shared_bytes(32, 4), partial.data(), state.data(),
                       nullptr);
    });
  });
  CHECK(d.failed_row == 0);
}

TEST_CASE("kernels refuse sizes that they were not made for") {
  RECOKIT_REQUIRE_TARGET();
  ck::row_system system{};
  system.fixed.stride = 320;
  const ck::row_list one{nullptr, 1};
  CHECK_THROWS_AS(ck::primal_rows(system, nullptr, 1, nullptr, nullptr), recokit::value_error);
  CHECK_THROWS_AS(ck::dual_rows(system, one, 257, nullptr), recokit::value_error);
  CHECK_THROWS_AS(ck::block_rows(system, one, 300, 1, nullptr, nullptr), recokit::value_error);
  CHECK_THROWS_AS(ck::block_rows(system, one, 6, 1, nullptr, nullptr), recokit::value_error);
  CHECK_THROWS_AS(ck::cg_rows(system, one, 1, 64, nullptr), recokit::value_error);
  system.fixed.stride = 96;
  CHECK_THROWS_AS(ck::wide_rows(system, nullptr, 1, nullptr, nullptr, 1, nullptr),
                  recokit::value_error);
}
