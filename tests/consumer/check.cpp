// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

#include <recokit/baseline/popularity.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/factorization/ials.hpp>
#if defined(RECOKIT_COMPILED)
#include <recokit/core/build_info.hpp>
#endif

#include <cstdio>
#include <vector>

namespace {

int failed(const char* what) {
  std::printf("wrong: %s\n", what);
  return 1;
}

// Two tastes: users 0..3 like items 0..3, users 4..7 like items 4..7, and each lacks one of theirs.
recokit::csr_matrix<> two_tastes() {
  std::vector<recokit::offset_t> offsets{0};
  std::vector<recokit::index_t> items;
  for (recokit::index_t user = 0; user < 8; ++user) {
    const recokit::index_t first = user < 4 ? 0 : 4;
    for (recokit::index_t item = first; item < first + 4; ++item) {
      if (item != user) items.push_back(item);
    }
    offsets.push_back(static_cast<recokit::offset_t>(items.size()));
  }
  return {8, 8, std::move(offsets), std::move(items)};
}

}  // namespace

int check() {
  const auto data = two_tastes();
  const auto model = recokit::ials::fit(data, {.factors = 4, .epochs = 10});
  for (recokit::index_t user = 0; user < 8; ++user) {
    const auto list = model.recommend(user, {.k = 1});
    if (list.size() != 1 || list[0].item != user) return failed("the first recommendation");
  }

  try {
    static_cast<void>(recokit::popularity::fit(data).recommend(8));
    return failed("an unknown user was accepted");
  } catch (const recokit::value_error& caught) {  // thrown inside the library, caught outside
    if (caught.argument() != "user") return failed("the error's argument");
  }

#if defined(RECOKIT_COMPILED)
  const auto info = recokit::build_info();
  if (info.version != RECOKIT_VERSION_STRING) return failed("version of the library");
  if (info.alignment != EIGEN_MAX_ALIGN_BYTES) return failed("alignment of the library");
#endif
  std::printf("consumer: right\n");
  return 0;
}
