// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/context.hpp"

#include "kernels/gram.hpp"
#include "support/error_text.hpp"
#include "support/gram_cases.hpp"
#include "support/target.hpp"

#include <utility>

namespace ck = recokit::cuda_kernels;

TEST_CASE("a context holds no device memory before scratch is asked for") {
  RECOKIT_REQUIRE_TARGET();
  recokit::cuda_context context;
  CHECK(context.reserved_bytes() == 0);
  CHECK_NOTHROW(context.synchronize());
  auto& state = recokit::detail::state_of(context);
  {
    ck::device_arena::scope scope(state.scratch());
    CHECK(scope.allocate<float>("scratch", 1000) != nullptr);
  }
  CHECK(context.reserved_bytes() > 0);
}

TEST_CASE("a context keeps scratch under its cap") {
  RECOKIT_REQUIRE_TARGET();
  recokit::cuda_context context(recokit::cuda{}, {.max_memory_bytes = 1u << 20});
  ck::device_arena::scope scope(recokit::detail::state_of(context).scratch());
  CHECK_THROWS_AS(scope.allocate<char>("too much", (1u << 20) + 1), recokit::memory_error);
  CHECK(scope.allocate<char>("just enough", 1u << 20) != nullptr);
}

TEST_CASE("a moved context keeps its device") {
  RECOKIT_REQUIRE_TARGET();
  recokit::cuda_context first;
  const std::string name = first.device().name;
  recokit::cuda_context second(std::move(first));
  CHECK(second.device().name == name);
}

TEMPLATE_TEST_CASE("gram through cuBLAS adds what a naive loop in double adds", "", float, double) {
  RECOKIT_REQUIRE_TARGET();
  const auto [rows, columns] = GENERATE(table<std::int64_t, std::int64_t>(
      {{0, 4}, {1, 1}, {5, 3}, {100, 33}, {2500, 64}, {4096, 128}}));
  CAPTURE(rows, columns);
  recokit::cuda_context context;
  auto& state = recokit::detail::state_of(context);
  const recokit_test::gram_case<TestType> c(rows, columns, 0.5, 0.25);
  const ck::device_buffer<TestType> y(c.y, state.stream());
  ck::device_buffer<TestType> out(static_cast<std::size_t>(columns * columns));
  ck::gram_cublas(state.blas(), y.data(), rows, columns, c.alpha, c.beta, out.data(),
                  state.stream());
  recokit_test::require_gram(c, out.to_host(state.stream()));
}
