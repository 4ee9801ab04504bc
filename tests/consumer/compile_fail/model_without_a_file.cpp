// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/baseline/popularity.hpp>

// Has no file_kind, no write and no read.
class plain : public recokit::recommender_base<plain> {};

int main(int count, char**) {
#if RECOKIT_FAIL
  using model = plain;
#else
  using model = recokit::popularity::model;
#endif
  static_assert(!plain::can_save() && recokit::popularity::model::can_save());
  if (count > 1) model::load("model.rkm");
}
