// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "npz.hpp"

#include "../core/text_scan.hpp"
#include "csr_builder.hpp"
#include "npy_array.hpp"
#include "zip_reader.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/errors.hpp>

#include <cmath>
#include <limits>
#include <utility>

namespace recokit::inline RECOKIT_ABI::detail {
namespace {

/// The arrays of one archive, with errors that name file and member.
class csr_archive {
 public:
  csr_archive(std::string_view bytes, const std::string& name) : zip_(bytes, name), name_(name) {}

  csr_arrays read(bool with_values) {
    check_format();
    csr_arrays out;
    read_shape(out);
    with("indptr", [&](const npy_array& array) { read_offsets(array, out); });
    with("indices", [&](const npy_array& array) { read_indices(array, out); });
    with("data", [&](const npy_array& array) { read_values(array, out, with_values); });
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw parse_error(name_, 0, 0, message);
  }

  template <class Body>
  void with(const std::string& member, const Body& body) const {
    const auto content = zip_.read(member + ".npy");
    body(npy_array(content.bytes(), name_ + " (" + member + ".npy)"));
  }

  void check_format() const {
    if (!zip_.contains("format.npy")) {
      fail("not a matrix of scipy.sparse.save_npz: the archive has no member format.npy");
    }
    with("format", [&](const npy_array& array) {
      std::string format;
      for (const char c : array.data()) {
        if (c != '\0') format += c;  // a str has four bytes a character
      }
      if (format != "csr")
        fail("the matrix has the format " + in_quotes(format) + ", expected csr");
    });
  }

  void read_shape(csr_arrays& out) const {
    with("shape", [&](const npy_array& array) {
      if (!array.is_real() || !array.is_integer() || array.size() != 2) {
        fail("shape must hold two integers");
      }
      std::int64_t sizes[2] = {};
      array.visit([&](const auto& element) {
        for (std::size_t i = 0; i < 2; ++i) {
          const auto value = element(i);
          if (std::cmp_less(static_cast<std::int64_t>(value), 0) ||
              static_cast<std::uint64_t>(value) > std::numeric_limits<index_t>::max()) {
            fail("shape must be in [0, 2^31 - 1]");
          }
          sizes[i] = static_cast<std::int64_t>(value);
        }
      });
      out.rows = sizes[0];
      out.cols = sizes[1];
    });
  }

  void read_offsets(const npy_array& array, csr_arrays& out) const {
    const auto rows = static_cast<std::size_t>(out.rows);
    if (!array.is_real() || !array.is_integer() || array.size() != rows + 1) {
      fail("indptr must hold " + std::to_string(rows + 1) + " integers, one more than rows");
    }
    out.offsets = std::make_unique_for_overwrite<offset_t[]>(rows + 1);
    array.visit([&](const auto& element) {
      offset_t previous = 0;
      for (std::size_t r = 0; r <= rows; ++r) {
        const auto value = static_cast<offset_t>(element(r));
        if (value < previous || (r == 0 && value != 0)) {
          fail("indptr[" + std::to_string(r) + "] = " + std::to_string(value) +
               (r == 0 ? " must be 0" : " must not be less than the value before it"));
        }
        previous = out.offsets[r] = value;
      }
    });
  }

  void read_indices(const npy_array& array, csr_arrays& out) const {
    if (!array.is_real() || !array.is_integer() ||
        std::cmp_not_equal(array.size(), out.entries())) {
      fail("indices must hold as many integers as indptr says, " + std::to_string(out.entries()));
    }
    out.indices = std::make_unique_for_overwrite<index_t[]>(array.size());
    array.visit([&](const auto& element) {
      for (std::size_t k = 0; k < array.size(); ++k) {
        const auto value = static_cast<std::int64_t>(element(k));
        if (value < 0 || value >= out.cols) {
          fail("indices[" + std::to_string(k) + "] = " + std::to_string(value) +
               " must be in [0, " + std::to_string(out.cols) + ")");
        }
        out.indices[k] = static_cast<index_t>(value);
      }
    });
  }

  void read_values(const npy_array& array, csr_arrays& out, bool wanted) const {
    if (!array.is_real())
      fail("the dtype " + in_quotes(array.dtype()) + " of data is not supported");
    if (std::cmp_not_equal(array.size(), out.entries())) {
      fail("data must hold as many numbers as indptr says, " + std::to_string(out.entries()));
    }
    if (!wanted) return;
    out.values = std::make_unique_for_overwrite<float[]>(array.size());
    array.visit([&](const auto& element) {
      for (std::size_t k = 0; k < array.size(); ++k) {
        const auto value = static_cast<float>(element(k));
        if (!std::isfinite(value)) {
          fail("data[" + std::to_string(k) + "] = " + std::to_string(element(k)) +
               " must be finite and in the range of float");
        }
        out.values[k] = value;
      }
    });
  }

  zip_reader zip_;
  const std::string& name_;
};

}  // namespace

csr_matrix<> read_npz_bytes(std::string_view bytes, const std::string& name,
                            const read_options& options) {
  auto arrays = csr_archive(bytes, name).read(!options.ignore_ratings);
  const auto duplicates = sort_rows(options.policy, arrays);
  if (duplicates != 0 && options.duplicates == duplicate_rule::error) {
    const auto first = first_duplicate(arrays).value();
    throw parse_error(name, 0, 0,
                      "row " + std::to_string(first.user) + " has column " +
                          std::to_string(first.item) +
                          " more than once; another duplicate_rule would merge them");
  }
  arrays =
      merge_duplicates(options.policy, std::move(arrays), duplicates, options.duplicates, name);
  return to_matrix(arrays);
}

}  // namespace recokit::inline RECOKIT_ABI::detail
