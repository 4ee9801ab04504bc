// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/device.hpp>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/target.hpp"

#include <recokit/core/cuda_context.hpp>
#include <recokit/factorization/ials.hpp>

#include <string>

using recokit_test::ContainsSubstring;
using recokit_test::error_text;

TEST_CASE("without a device the reason is CUDA's own, and nothing falls back") {
  if (recokit::cuda_available()) {
    SUCCEED("there is a device");
    return;
  }
  for (const std::string& text :
       {error_text<recokit::backend_error>([] { recokit::cuda_devices(); }),
        error_text<recokit::backend_error>([] { recokit::require_device(recokit::cuda{}); }),
        error_text<recokit::backend_error>([] { recokit::cuda_context context; }),
        error_text<recokit::backend_error>([] {
          recokit::ials::fit(recokit::cuda{}, recokit::csr_matrix<>(1, 1, {0, 1}, {0}));
        })}) {
    CHECK_THAT(text, ContainsSubstring("CUDA: cudaGetDeviceCount"));
    CHECK_THAT(text, ContainsSubstring("failed: "));
    CHECK_THAT(text, ContainsSubstring("(cudaError"));
  }
}

TEST_CASE("asking twice gives the same answer") {
  CHECK(recokit::cuda_available() == recokit::cuda_available());
  CHECK(recokit::cuda_available() == recokit_test::target_missing().empty());
}

TEST_CASE("devices are listed in order, with what they have") {
  RECOKIT_REQUIRE_TARGET();
  const auto devices = recokit::cuda_devices();
  REQUIRE_FALSE(devices.empty());
  for (std::size_t i = 0; i < devices.size(); ++i) {
    CHECK(devices[i].ordinal == static_cast<int>(i));
    CHECK_FALSE(devices[i].name.empty());
    CHECK(devices[i].compute_major >= 7);
    CHECK(devices[i].memory_bytes > 0);
    CHECK(devices[i].multiprocessors > 0);
    CHECK(devices[i].shared_bytes_a_block >= 48u << 10);
    CHECK_NOTHROW(recokit::require_device(recokit::cuda{.device = static_cast<int>(i)}));
  }
}

TEST_CASE("a device that is not there is refused with its number and theirs") {
  RECOKIT_REQUIRE_TARGET();
  const auto count = std::to_string(recokit::cuda_devices().size());
  const int ordinal = GENERATE(-1, 1000);
  CHECK(error_text<recokit::backend_error>([&] {
          recokit::require_device(recokit::cuda{.device = ordinal});
        }) == "cuda.device = " + std::to_string(ordinal) + ": this machine has " + count +
                  " CUDA device(s), counted from 0");
}
