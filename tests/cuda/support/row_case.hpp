// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Random rows of a half-step, on the device and as the CPU's problem in double.
#pragma once

#include "kernels/factor_array.hpp"
#include "kernels/row_system.hpp"
#include "runtime/memory.hpp"
#include "support/catch.hpp"

#include <recokit/core/csr.hpp>
#include <recokit/core/random.hpp>
#include <recokit/kernels/als_solve.hpp>
#include <recokit/kernels/row_problem.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace recokit_test {

namespace ck = recokit::cuda_kernels;

/// What varies between cases.
struct row_case_options {
  std::uint32_t width = 20;
  std::vector<std::uint32_t> lengths = {3, 0, 40, 1, 17};
  bool diagonal = true;   ///< the Gram matrix
  bool scaled = false;    ///< rows and columns have scales
  float target_base = 0;  ///< above 0, some weights are 0
  bool dislikes = false;  ///< some values are negative
  bool values = true;     ///< else all are 1
  float exponent = 1;
  ck::storage type = ck::storage::fp32;
};

class row_case {
 public:
  using matrix = recokit::row_major_matrix<double>;

  explicit row_case(const row_case_options& options) : o(options) {
    recokit::random_stream random(7, recokit::random_purpose::user, o.width);
    const auto draw = [&] { return random.uniform() * 2 - 1; };
    columns_ = *std::max_element(o.lengths.begin(), o.lengths.end()) + 5;
    offsets_.push_back(0);
    for (const std::uint32_t n : o.lengths) {
      std::vector<std::int32_t> ids(columns_);
      std::iota(ids.begin(), ids.end(), 0);
      for (std::uint32_t e = 0; e < n; ++e) {
        std::swap(ids[e], ids[e + random.below(columns_ - e)]);
      }
      std::sort(ids.begin(), ids.begin() + n);
      for (std::uint32_t e = 0; e < n; ++e) {
        ids_.push_back(ids[e]);
        double value = o.values ? random.uniform() * 3 : 1;
        if (o.values && o.target_base > 0 && e % 3 == 1) value = 0;
        if (o.dislikes && e % 4 == 2) value = -value;
        values_.push_back(static_cast<float>(value));
      }
      offsets_.push_back(static_cast<std::int64_t>(ids_.size()));
    }
    fixed = matrix(columns_, o.width);
    start = matrix(rows(), o.width);
    for (auto* const m : {&fixed, &start}) {
      for (Eigen::Index i = 0; i < m->size(); ++i)
        m->data()[i] = rounded(static_cast<float>(draw()));
    }
    gram = matrix::Zero(o.width, o.width);
    if (o.diagonal) {
      for (std::uint32_t f = 0; f < o.width; ++f) gram(f, f) = static_cast<float>(random.uniform());
    } else {
      gram = (0.1 * fixed.transpose() * fixed).cast<float>().cast<double>();
    }
    for (Eigen::Index r = 0; o.scaled && r < rows(); ++r) {
      row_scales.push_back(static_cast<float>(0.5 + random.uniform()));
    }
    for (std::uint32_t c = 0; o.scaled && c < columns_; ++c) {
      column_scales.push_back(static_cast<float>(0.5 + random.uniform()));
    }
  }

  Eigen::Index rows() const { return static_cast<Eigen::Index>(o.lengths.size()); }

  recokit::csr_view<> view() const {
    return recokit::csr_view<>::trusted(rows(), columns_, offsets_.data(), ids_.data(),
                                        o.values ? values_.data() : nullptr);
  }
  /// What a kernel of the CPU makes of the case: solve(problem, rows) changes the rows.
  template <class Solve>
  matrix on_cpu(const Solve& solve) const {
    const auto interactions = view();
    const std::vector<double> r(row_scales.begin(), row_scales.end());
    const std::vector<double> c(column_scales.begin(), column_scales.end());
    const recokit::kernels::row_problem<double, recokit::csr_view<>> problem{
        interactions, fixed, gram, {0.25, 2, o.exponent}, r, c, o.target_base};
    matrix solved = start;
    solve(problem, solved);
    return solved;
  }

  /// What a kernel of the device makes of it: solve(system, full rows, empty rows).
  template <class Solve>
  recokit::row_major_matrix<float> on_device(const Solve& solve) {
    const std::uint32_t stride = ck::padded_width(o.width);
    held held(*this, stride);
    ck::row_system system{};
    system.entries = {held.offsets.data(), held.columns.data(),
                      o.values ? held.values.data() : nullptr};
    system.fixed = {held.fixed.data(), o.type, fixed.rows(), stride};
    system.solved = {held.solved.data(), o.type, start.rows(), stride};
    system.width = o.width;
    system.gram = held.gram.data();
    system.spectrum = o.diagonal ? held.spectrum.data() : nullptr;
    system.ridge_scale = 0.25f;
    system.ridge_offset = 2;
    system.ridge_exponent = o.exponent;
    system.row_scales = o.scaled ? held.row_scales.data() : nullptr;
    system.column_scales = o.scaled ? held.column_scales.data() : nullptr;
    system.target_base = o.target_base;
    system.failed = held.failed.data();
    adjust(system);
    ck::solve_empty_rows(system, held.list(held.empty), nullptr);
    solve(system, held.list(held.full));
    failed_row = held.failed.to_host(nullptr)[0];
    ck::device_buffer<float> out(static_cast<std::size_t>(start.size()));
    ck::load_rows(system.solved, 0, start.rows(), o.width, out.data(), o.width, nullptr);
    const auto host = out.to_host(nullptr);
    return Eigen::Map<const recokit::row_major_matrix<float>>(host.data(), start.rows(), o.width);
  }
  /// Changes of the system before it is used.
  virtual void adjust(ck::row_system&) const {}
  virtual ~row_case() = default;

  row_case_options o;
  matrix fixed;
  matrix start;
  matrix gram;
  std::vector<float> row_scales;
  std::vector<float> column_scales;
  std::uint32_t failed_row = 0;

 private:
  /// As a 16-bit float can hold it, so that storage is exact and only arithmetic differs.
  float rounded(float value) const {
    return o.type == ck::storage::fp32 ? value : std::round(value * 64) / 64;
  }

  struct held {
    held(const row_case& c, std::uint32_t stride)
        : offsets(c.offsets_, nullptr),
          columns({reinterpret_cast<const std::uint32_t*>(c.ids_.data()), c.ids_.size()}, nullptr),
          values(c.values_, nullptr),
          fixed(static_cast<std::size_t>(c.fixed.rows()) * stride),
          solved(static_cast<std::size_t>(c.start.rows()) * stride),
          gram(std::size_t{stride} * stride),
          spectrum(stride),
          row_scales(c.row_scales, nullptr),
          column_scales(c.column_scales, nullptr),
          full(numbers(c, false), nullptr),
          empty(numbers(c, true), nullptr),
          failed(std::vector<std::uint32_t>{none}, nullptr) {
      put(c.fixed, c.o.type, stride, fixed);
      put(c.start, c.o.type, stride, solved);
      std::vector<float> wide(std::size_t{stride} * stride, 0.0f);
      std::vector<float> diagonal(stride, 0.0f);
      for (Eigen::Index i = 0; i < c.gram.rows(); ++i) {
        for (Eigen::Index j = 0; j < c.gram.cols(); ++j) {
          wide[static_cast<std::size_t>(i * stride + j)] = static_cast<float>(c.gram(i, j));
        }
        diagonal[static_cast<std::size_t>(i)] = static_cast<float>(c.gram(i, i));
      }
      ck::copy_to_device(gram.data(), wide.data(), wide.size() * sizeof(float), nullptr);
      ck::copy_to_device(spectrum.data(), diagonal.data(), diagonal.size() * sizeof(float),
                         nullptr);
    }
    static void put(const matrix& from, ck::storage type, std::uint32_t stride,
                    ck::device_buffer<float>& to) {
      const recokit::row_major_matrix<float> rows = from.cast<float>();
      const ck::device_buffer<float> plain({rows.data(), static_cast<std::size_t>(rows.size())},
                                           nullptr);
      const auto width = static_cast<std::uint32_t>(rows.cols());
      ck::store_rows(plain.data(), rows.rows(), width, width,
                     {to.data(), type, rows.rows(), stride}, 0, nullptr);
    }
    static std::vector<std::uint32_t> numbers(const row_case& c, bool without) {
      std::vector<std::uint32_t> rows;
      for (std::uint32_t r = 0; r < c.o.lengths.size(); ++r) {
        if ((c.o.lengths[r] == 0) == without) rows.push_back(r);
      }
      return rows;
    }
    static ck::row_list list(const ck::device_buffer<std::uint32_t>& rows) {
      return {rows.data(), static_cast<std::uint32_t>(rows.size())};
    }
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    ck::device_buffer<std::int64_t> offsets;
    ck::device_buffer<std::uint32_t> columns;
    ck::device_buffer<float> values;
    ck::device_buffer<float> fixed;
    ck::device_buffer<float> solved;
    ck::device_buffer<float> gram;
    ck::device_buffer<float> spectrum;
    ck::device_buffer<float> row_scales;
    ck::device_buffer<float> column_scales;
    ck::device_buffer<std::uint32_t> full;
    ck::device_buffer<std::uint32_t> empty;
    ck::device_buffer<std::uint32_t> failed;
  };

  std::uint32_t columns_ = 0;
  std::vector<std::int64_t> offsets_;
  std::vector<std::int32_t> ids_;
  std::vector<float> values_;
};

/// Rows agree to a share of the length of each row.
inline void require_rows(const recokit::row_major_matrix<float>& found,
                         const recokit::row_major_matrix<double>& expected, double allowed = 1e-4) {
  REQUIRE(found.rows() == expected.rows());
  REQUIRE(found.cols() == expected.cols());
  for (Eigen::Index r = 0; r < found.rows(); ++r) {
    const double off = (found.row(r).cast<double>() - expected.row(r)).norm();
    if (!(off <= allowed * std::max(expected.row(r).norm(), 1e-3))) {
      CAPTURE(r, off, expected.row(r).norm());
      FAIL_CHECK("a row differs from that of the CPU");
    }
  }
}

}  // namespace recokit_test
