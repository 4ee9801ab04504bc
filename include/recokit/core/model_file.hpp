// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief Model files: named, checksummed arrays that a model writes and maps back.
#pragma once

#include <recokit/core/config.hpp>
#include <recokit/core/csr.hpp>
#include <recokit/core/errors.hpp>
#include <recokit/core/param_text.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// Everything here that is not a template is in the library: headers alone compile, and a program
// that saves or loads links to recokit::recokit. docs/model-files.md has the format byte by byte.
namespace recokit::inline RECOKIT_ABI {

/// What a model file is to hold.
struct save_options {
  /// Hold the training interactions. Without them the file says nothing about single users and is
  /// smaller; the loaded model is then as one fitted with keep_history = false: it recommends for
  /// histories that the caller brings.
  bool history = true;
};

/// Where a reader takes any number of entries, rows or columns.
inline constexpr std::int64_t any_size = -1;

/// Which numbers a reader lets through.
enum class values {
  finite,  ///< neither NaN nor infinity
  any,
};

/// The elements of arrays in model files.
template <class T>
concept file_element = std::same_as<T, float> || std::same_as<T, double> ||
    std::same_as<T, std::int32_t> || std::same_as<T, std::int64_t> || std::same_as<T, std::uint8_t>;

/// A single number in a model file: an element, a bool (one byte) or an enumeration (as int32).
template <class T>
concept file_number = file_element<T> || std::same_as<T, bool> || std::is_enum_v<T>;

namespace detail {

/// The element type of a section. A text is stored as bytes; `end` is of no section.
enum class section_type : std::uint8_t {
  end = 0,
  f32 = 1,
  f64 = 2,
  i32 = 3,
  i64 = 4,
  u8 = 5,
  text = 6
};

template <file_element T>
constexpr section_type section_type_of() noexcept {
  if constexpr (std::same_as<T, float>) return section_type::f32;
  if constexpr (std::same_as<T, double>) return section_type::f64;
  if constexpr (std::same_as<T, std::int32_t>) return section_type::i32;
  if constexpr (std::same_as<T, std::int64_t>) return section_type::i64;
  return section_type::u8;
}

/// Type and shape of a section. A number has rank 0 and the shape 1 × 1, an array rank 1 and the
/// shape size × 1, a matrix rank 2, row by row.
struct section_shape {
  section_type type = section_type::end;
  int rank = 0;
  std::int64_t rows = 1;
  std::int64_t cols = 1;

  friend bool operator==(const section_shape&, const section_shape&) = default;
};

/// The elements of a section in memory, in the byte order of the machine, and what holds them.
struct section_data {
  section_shape shape;
  const void* data = nullptr;
  std::shared_ptr<const void> owner;

  template <file_element T>
  std::span<const T> elements() const noexcept {
    return {static_cast<const T*>(data), static_cast<std::size_t>(shape.rows * shape.cols)};
  }
};

}  // namespace detail

/// Writes a model file, a safetensors file whose tensors are the sections; `write` of a model gets
/// one. What is added is copied (large arrays to the disk). The file appears under its name, in
/// place of what was there, when commit() has put all of it on the disk; without commit() nothing
/// changes. Equal models give equal bytes. Names are unique in a file and at most 28 characters of
/// ASCII (20 for CSR matrices), without quotes and backslashes.
class model_writer {
 public:
  /// @param kind the file_kind of the model, at most 32 characters
  /// @throws io_error when the folder does not take a file, value_error for a bad kind
  model_writer(const std::filesystem::path& file, std::string_view kind,
               const save_options& options = {});
  ~model_writer();
  model_writer(const model_writer&) = delete;
  model_writer& operator=(const model_writer&) = delete;

  /// A single number. @throws io_error; value_error for a bad name; so do all below
  template <file_number T>
  void add(std::string_view name, T value) {
    if constexpr (file_element<T>) {
      put(name, {detail::section_type_of<T>(), 0, 1, 1}, &value);
    } else if constexpr (std::same_as<T, bool>) {
      add(name, static_cast<std::uint8_t>(value));
    } else {
      add(name, static_cast<std::int32_t>(value));
    }
  }
  /// An array.
  template <file_element T>
  void add(std::string_view name, std::span<const T> array) {
    put(name, {detail::section_type_of<T>(), 1, static_cast<std::int64_t>(array.size()), 1},
        array.data());
  }
  template <file_element T>
  void add(std::string_view name, const std::vector<T>& array) {
    add(name, std::span<const T>(array));
  }
  /// Bytes that are a text.
  void add(std::string_view name, std::string_view text);
  /// A dense matrix.
  template <class Scalar>
  void add(std::string_view name, const row_major_matrix<Scalar>& matrix) {
    put(name, {detail::section_type_of<Scalar>(), 2, matrix.rows(), matrix.cols()}, matrix.data());
  }
  /// A sparse matrix: the sections NAME.shape, .offsets, .indices and, unless it is
  /// pattern-only, .values.
  template <class Value, class Index, class Offset>
  void add(std::string_view name, const csr_matrix<Value, Index, Offset>& matrix) {
    const auto& view = matrix.view();
    const std::string prefix(name);
    const std::array<std::int64_t, 2> shape{view.rows(), view.cols()};
    add(prefix + ".shape", std::span<const std::int64_t>(shape));
    const Offset none = 0;  // of a matrix without rows
    add(prefix + ".offsets", view.rows() == 0 ? std::span<const Offset>(&none, 1) : view.offsets());
    add(prefix + ".indices", view.indices());
    if (view.has_values()) add(prefix + ".values", view.values());
  }

  /// The params of the fit, as metadata params.NAME.
  template <params_struct Params>
  void params(const Params& params) {
    add("params", std::string_view(params_text(params)));
  }

  /// The training interactions, unless the options leave them out or the model has none.
  void history(const csr_matrix<>& interactions);
  /// The same for a model that says nothing without them.
  /// @param why in the error: "slope_one predicts from the ratings of its users"
  /// @throws value_error when the options leave the history out
  void required_history(const csr_matrix<>& interactions, std::string_view why);

  /// Ends the file and puts it under its name. @throws io_error
  void commit();

 private:
  struct state;
  void put(std::string_view name, const detail::section_shape& shape, const void* data);

  std::unique_ptr<state> state_;
};

/// Reads a model file; the `read` of a model gets one.
///
/// The constructor maps the file and checks all of it: the header, the order and the bounds of
/// sections, and every checksum, in parallel. That reads each byte once (about the time of
/// reading the file, see docs/model-files.md); everything later touches only what it uses. Sparse
/// matrices are then handed out as views of the mapping, which lives as long as they do; a process
/// that loads the same file shares their pages with others. Do not write into a file that is
/// loaded: save() never does, it puts a new file under the name.
///
/// A file that cannot be what was asked for is a parse_error that names the file, the section, what
/// was found and what was expected. Files are little-endian; a machine of the other byte order
/// converts them in memory.
class model_reader {
 public:
  /// @throws io_error when the file cannot be read, parse_error when it is not a whole, undamaged
  ///         model file of a known version
  explicit model_reader(const std::filesystem::path& file);
  /// @param kind the file_kind of the model that is expected
  /// @throws as above, and parse_error for another kind
  model_reader(const std::filesystem::path& file, std::string_view kind);
  ~model_reader();
  model_reader(const model_reader&) = delete;
  model_reader& operator=(const model_reader&) = delete;

  /// Which model the file holds: "item_knn".
  const std::string& kind() const noexcept;
  /// The version of recokit that wrote the file, as RECOKIT_VERSION.
  int version() const noexcept;
  bool has(std::string_view name) const noexcept;
  /// Names of all sections, in the order of the file. Params are no section.
  std::vector<std::string> names() const;

  /// A single number. @throws parse_error when there is no such section or it is of another type;
  /// so do all below
  template <file_number T>
  T number(std::string_view name) {
    if constexpr (file_element<T>) {
      const T value = take(name, {detail::section_type_of<T>(), 0, 1, 1}).template elements<T>()[0];
      if constexpr (std::floating_point<T>) require_finite(name, std::span<const T>(&value, 1));
      return value;
    } else if constexpr (std::same_as<T, bool>) {
      const auto value = number<std::uint8_t>(name);
      if (value > 1) fail(name, "is " + std::to_string(value) + ", expected 0 or 1");
      return value != 0;
    } else {
      const auto value = number<std::int32_t>(name);
      const auto count = enum_names(T{}).size();
      if (value < 0 || std::cmp_greater_equal(value, count)) {
        fail(name, "is " + std::to_string(value) + ", expected one of " + std::to_string(count) +
                       " values from 0");
      }
      return static_cast<T>(value);
    }
  }
  /// A number of users or items, at least 0.
  index_t count(std::string_view name);
  std::string text(std::string_view name);
  /// A copy of an array.
  template <file_element T>
  std::vector<T> vector(std::string_view name, std::int64_t size = any_size,
                        values allowed = values::finite) {
    const auto section = take(name, {detail::section_type_of<T>(), 1, size, 1});
    const auto elements = section.template elements<T>();
    if constexpr (std::floating_point<T>) {
      if (allowed == values::finite) require_finite(name, elements);
    }
    return {elements.begin(), elements.end()};
  }
  /// A copy of a dense matrix.
  template <std::floating_point Scalar>
  row_major_matrix<Scalar> matrix(std::string_view name, std::int64_t rows = any_size,
                                  std::int64_t cols = any_size, values allowed = values::finite) {
    const auto section = take(name, {detail::section_type_of<Scalar>(), 2, rows, cols});
    const auto elements = section.template elements<Scalar>();
    if (allowed == values::finite) require_finite(name, elements);
    row_major_matrix<Scalar> matrix(section.shape.rows, section.shape.cols);
    std::copy(elements.begin(), elements.end(), matrix.data());
    return matrix;
  }
  /// A sparse matrix that shares the mapping. Offsets, columns and values are checked as by
  /// csr_view.
  template <class Value = float, class Index = index_t, class Offset = offset_t>
  csr_matrix<Value, Index, Offset> csr(std::string_view name, std::int64_t rows = any_size,
                                       std::int64_t cols = any_size) {
    const std::string prefix(name);
    const auto shape = vector<std::int64_t>(prefix + ".shape", 2);
    require_shape(name, {shape[0], shape[1]}, {rows, cols});
    const auto offsets =
        take(prefix + ".offsets", {detail::section_type_of<Offset>(), 1, shape[0] + 1, 1});
    const auto indices =
        take(prefix + ".indices", {detail::section_type_of<Index>(), 1, any_size, 1});
    detail::section_data stored;
    if (has(prefix + ".values")) {
      stored =
          take(prefix + ".values", {detail::section_type_of<Value>(), 1, indices.shape.rows, 1});
    }
    try {
      const csr_view<Value, Index, Offset> view(
          shape[0], shape[1], offsets.template elements<Offset>(),
          indices.template elements<Index>(),
          stored.data ? stored.template elements<Value>() : std::span<const Value>{});
      // A matrix with values and no entries has none to show; keep the array that says so.
      const auto checked = view_of(view, stored);
      if (offsets.owner == indices.owner) return {checked, offsets.owner};
      return {checked, std::make_shared<const std::array<std::shared_ptr<const void>, 3>>(
                           std::array{offsets.owner, indices.owner, stored.owner})};
    } catch (const value_error& problem) {
      fail(name, problem.what());
    } catch (const dimension_error& problem) {
      fail(name, problem.what());
    }
  }

  /// The same for a model that reads values: a pattern-only matrix with entries is refused.
  template <class Value = float, class Index = index_t, class Offset = offset_t>
  csr_matrix<Value, Index, Offset> valued_csr(std::string_view name, std::int64_t rows = any_size,
                                              std::int64_t cols = any_size) {
    auto matrix = csr<Value, Index, Offset>(name, rows, cols);
    if (!matrix.has_values() && matrix.nonzeros() > 0) {
      fail(name, "has " + std::to_string(matrix.nonzeros()) + " entries without values");
    }
    return matrix;
  }

  /// What model_writer::history wrote; 0 × 0 when the file was saved without.
  csr_matrix<> history(std::int64_t users, std::int64_t items);

  /// The params of the fit; every field of the table must be in the file, and nothing else.
  template <params_struct Params>
  Params params() {
    const std::string lines = text("params");
    try {
      return params_from_text<Params>(lines);
    } catch (const value_error& problem) {
      fail("params", problem.what());
    }
  }

  /// Throws the parse_error for a section whose content cannot be.
  /// @param message after the name of the section: "has 5 entries but 4 items need 6"
  [[noreturn]] void fail(std::string_view name, const std::string& message) const;

  /// Called when a model has read what it knows. @throws parse_error when a section is left
  void finish() const;

 private:
  struct state;
  // The section of that type and rank; rows and cols may be any_size.
  detail::section_data take(std::string_view name, const detail::section_shape& wanted);
  void require_shape(std::string_view name, std::array<std::int64_t, 2> found,
                     std::array<std::int64_t, 2> wanted) const;
  template <class T>
  void require_finite(std::string_view name, std::span<const T> elements) const {
    for (std::size_t n = 0; n < elements.size(); ++n) {
      if (!std::isfinite(elements[n])) [[unlikely]] {
        fail(name, "entry " + std::to_string(n) + " is " + std::to_string(elements[n]) +
                       ", expected a finite number");
      }
    }
  }
  template <class Value, class Index, class Offset>
  static csr_view<Value, Index, Offset> view_of(const csr_view<Value, Index, Offset>& view,
                                                const detail::section_data& stored) noexcept {
    return csr_view<Value, Index, Offset>::trusted(view.rows(), view.cols(), view.offsets().data(),
                                                   view.indices().data(),
                                                   static_cast<const Value*>(stored.data));
  }

  std::unique_ptr<state> state_;
};

}  // namespace recokit::inline RECOKIT_ABI
