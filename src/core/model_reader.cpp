// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "mapped_file.hpp"
#include "model_format.hpp"
#include "model_header.hpp"

#include <recokit/core/model_file.hpp>

#include <algorithm>
#include <utility>

namespace recokit::inline RECOKIT_ABI {

namespace format = detail::model_format;
using detail::section_shape;
using detail::section_type;

namespace {

struct section {
  detail::stored_section stored;
  std::string_view content;
  bool taken = false;
};

std::string shape_text(std::int64_t rows, std::int64_t cols) {
  return std::to_string(rows) + " x " + std::to_string(cols);
}

std::string wanted_shape_text(std::int64_t rows, std::int64_t cols) {
  const auto number = [](std::int64_t n) { return n == any_size ? "any" : std::to_string(n); };
  return number(rows) + " x " + number(cols);
}

std::string text_of(const section_shape& shape) {
  const std::string type(format::type_name(shape.type));
  if (shape.rank == 0) return "a number of type " + type;
  if (shape.rank == 2)
    return "a matrix " + wanted_shape_text(shape.rows, shape.cols) + " of type " + type;
  return "an array of " + (shape.rows == any_size ? "any number" : std::to_string(shape.rows)) +
         " elements of type " + type;
}

// The elements with their bytes reversed, in memory of their own.
std::shared_ptr<const void> reversed(std::string_view content, std::size_t element) {
  // Eight bytes at a time, for the alignment.
  auto copy = std::make_shared<std::vector<std::uint64_t>>((content.size() + 7) / 8 + 1);
  auto* const bytes = reinterpret_cast<char*>(copy->data());
  std::copy(content.begin(), content.end(), bytes);
  format::reverse_elements(bytes, content.size() / element, element);
  return {copy, copy->data()};
}

// A text is stored as an array of bytes; everything else is what it was.
bool is_type(section_type found, section_type wanted) noexcept {
  return found == wanted || (found == section_type::u8 && wanted == section_type::text);
}

}  // namespace

struct model_reader::state {
  std::string file;
  std::shared_ptr<const detail::mapped_file> mapping;
  detail::model_header header;
  bool params_taken = false;
  std::vector<section> sections;

  explicit state(const std::filesystem::path& path)
      : file(path.string()),
        mapping(std::make_shared<const detail::mapped_file>(path)),
        header(detail::parse_header(mapping->bytes(), file)) {
    for (const auto& each : header.sections) {
      const auto begin = header.data_at + static_cast<std::size_t>(each.begin);
      sections.push_back(
          {each, mapping->bytes().substr(begin, static_cast<std::size_t>(each.size))});
    }
    for (const auto& each : sections) check_content(each);
    mapping->expect_any_order();
  }

  [[noreturn]] void fail(const std::string& message) const {
    throw parse_error(file, 0, 0, message);
  }

  void check_content(const section& each) const {
    const auto found = format::checksum(each.content);
    if (found != each.stored.crc) {
      fail("section \"" + each.stored.name + "\" is damaged: its checksum is " +
           format::crc_text(found) + ", expected " + format::crc_text(each.stored.crc) +
           "; copy or save it again");
    }
  }

  section* find(std::string_view name) noexcept {
    const auto at = std::find_if(sections.begin(), sections.end(),
                                 [&](const section& each) { return each.stored.name == name; });
    return at == sections.end() ? nullptr : &*at;
  }
};

model_reader::model_reader(const std::filesystem::path& file)
    : state_(std::make_unique<state>(file)) {}

model_reader::model_reader(const std::filesystem::path& file, std::string_view kind)
    : model_reader(file) {
  if (state_->header.kind != kind) {
    state_->fail("holds a model of kind \"" + state_->header.kind + "\", expected \"" +
                 std::string(kind) + "\"; load it as the model that it was saved from");
  }
}

model_reader::~model_reader() = default;

const std::string& model_reader::kind() const noexcept { return state_->header.kind; }
int model_reader::version() const noexcept { return state_->header.version; }
bool model_reader::has(std::string_view name) const noexcept {
  return state_->find(name) != nullptr;
}

std::vector<std::string> model_reader::names() const {
  std::vector<std::string> all;
  for (const auto& each : state_->sections) all.push_back(each.stored.name);
  return all;
}

index_t model_reader::count(std::string_view name) {
  const auto value = number<index_t>(name);
  if (value < 0) fail(name, "is " + std::to_string(value) + ", expected at least 0");
  return value;
}

std::string model_reader::text(std::string_view name) {
  if (name == format::params && !state_->header.params.empty()) {
    state_->params_taken = true;
    return state_->header.params;
  }
  const auto section = take(name, {section_type::text, 1, any_size, 1});
  return {static_cast<const char*>(section.data), static_cast<std::size_t>(section.shape.rows)};
}

csr_matrix<> model_reader::history(std::int64_t users, std::int64_t items) {
  if (!has("history.shape")) return {};
  return csr("history", users, items);
}

void model_reader::fail(std::string_view name, const std::string& message) const {
  state_->fail("section \"" + std::string(name) + "\" " + message);
}

void model_reader::finish() const {
  if (!state_->header.params.empty() && !state_->params_taken) {
    state_->fail("has params, which a model of kind \"" + state_->header.kind +
                 "\" does not know; was the file written by a newer recokit?");
  }
  for (const auto& each : state_->sections) {
    if (!each.taken) {
      fail(each.stored.name, "is unknown to a model of kind \"" + state_->header.kind +
                                 "\"; was the file written by a newer recokit?");
    }
  }
}

void model_reader::require_shape(std::string_view name, std::array<std::int64_t, 2> found,
                                 std::array<std::int64_t, 2> wanted) const {
  for (std::size_t n = 0; n < 2; ++n) {
    if (found[n] >= 0 && (wanted[n] == any_size || wanted[n] == found[n])) continue;
    fail(name, "is " + shape_text(found[0], found[1]) + ", expected " +
                   wanted_shape_text(wanted[0], wanted[1]));
  }
}

detail::section_data model_reader::take(std::string_view name, const section_shape& wanted) {
  section* const found = state_->find(name);
  if (found == nullptr) {
    state_->fail("has no section \"" + std::string(name) + "\", which a model of kind \"" +
                 state_->header.kind + "\" needs; was it written by another version of recokit?");
  }
  const section_shape& shape = found->stored.shape;
  if (!is_type(shape.type, wanted.type) || shape.rank != wanted.rank ||
      (wanted.rows != any_size && wanted.rows != shape.rows) ||
      (wanted.cols != any_size && wanted.cols != shape.cols)) {
    fail(name, "is " + text_of(shape) + ", expected " + text_of(wanted));
  }
  found->taken = true;
  const std::size_t size = format::element_size(shape.type);
  if (format::native_order || size == 1) return {shape, found->content.data(), state_->mapping};
  auto owner = reversed(found->content, size);
  const void* const data = owner.get();
  return {shape, data, std::move(owner)};
}

}  // namespace recokit::inline RECOKIT_ABI
