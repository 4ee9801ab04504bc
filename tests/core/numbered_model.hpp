// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The least model that can be saved, large enough for a save to take its time.
#pragma once

#include <recokit/core/model_file.hpp>
#include <recokit/core/recommender.hpp>

#include <string_view>
#include <vector>

namespace recokit_test {

/// A number, and an array that repeats it.
class numbered_model : public recokit::recommender_base<numbered_model> {
 public:
  static constexpr std::string_view file_kind = "numbered";

  explicit numbered_model(int number = 0) { become(number); }
  int number() const noexcept { return number_; }
  /// Takes a number as an epoch of a fit would.
  void become(int number) {
    number_ = number;
    // More than the 64 KiB above which arrays go through a file of their own.
    copies_.assign(100'000, number);
  }

 private:
  friend class recokit::recommender_base<numbered_model>;

  void write(recokit::model_writer& out) const {
    out.add("number", number_);
    out.add("copies", copies_);
  }
  static numbered_model read(recokit::model_reader& in) {
    numbered_model loaded(in.number<int>("number"));
    if (in.vector<int>("copies") != loaded.copies_) in.fail("copies", "are of another model");
    return loaded;
  }

  int number_ = 0;
  std::vector<int> copies_;
};

}  // namespace recokit_test
