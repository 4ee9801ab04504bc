// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief A kernel with its inputs on the device, what it has to do and how its answer is checked.
#pragma once

#include "gpu_kernels/target.hpp"

#include <cmath>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace recokit_benchmark {

/// What one launch moves and computes at the least. Rows that are gathered count as often as they
/// are asked for, though the cache may have them: a share of the bandwidth can exceed 1.
struct least_work {
  double bytes;
  double operations;  ///< a multiply-add is two; so are those in double and of whole numbers
};

struct kernel_case {
  least_work work;
  std::function<void()> launch;
  /// Compares the answer of one launch with a naive loop, on a sample. @throws std::runtime_error
  std::function<void()> check;
  /// Starts to put back what a launch changes; not timed.
  std::function<void()> restart = {};
};

/// The name begins with the kernels that it launches, joined by '-', and a '/'; or with "cublas_".
struct named_case {
  std::string name;
  std::function<kernel_case(ck::stream_t)> make;
};
using case_list = std::vector<named_case>;

void add_gram_cases(case_list& cases);
void add_fill_cases(case_list& cases);
void add_storage_cases(case_list& cases);
void add_exact_row_cases(case_list& cases);
void add_iterative_row_cases(case_list& cases);
void add_top_k_cases(case_list& cases);
void add_list_cases(case_list& cases);
void add_neighbor_cases(case_list& cases);
void add_similarity_cases(case_list& cases);
void add_pair_cases(case_list& cases);
void add_rating_cases(case_list& cases);
void add_warp_loss_cases(case_list& cases);
void add_logistic_cases(case_list& cases);

inline constexpr unsigned kernel_widths[] = {32, 64, 128, 256};

/// A case of make(width, stream) for each of the widths.
template <class Make>
void add_widths(case_list& cases, const std::string& kernels, Make make) {
  for (const unsigned width : kernel_widths) {
    cases.push_back({kernels + '/' + std::to_string(width),
                     [=](ck::stream_t stream) { return make(width, stream); }});
  }
}

/// The case of inputs that launch, check and restart themselves.
template <class Inputs>
kernel_case case_of(const std::shared_ptr<Inputs>& in, least_work work) {
  return {work, [in] { in->launch(); }, [in] { in->check(); }, [in] { in->restart(); }};
}

inline void expect(bool right, const std::string& what) {
  if (!right) throw std::runtime_error("wrong answer: " + what);
}
inline void expect_near(double found, double expected, double allowed, const std::string& what) {
  expect(std::abs(found - expected) <= allowed,
         what + " is " + std::to_string(found) + ", not " + std::to_string(expected));
}

}  // namespace recokit_benchmark
