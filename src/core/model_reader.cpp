// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "little_endian.hpp"
#include "mapped_file.hpp"
#include "model_format.hpp"

#include <recokit/core/model_file.hpp>

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

namespace recokit::inline RECOKIT_ABI {

namespace format = detail::model_format;
using detail::section_shape;
using detail::section_type;

namespace {

struct section {
  std::string name;
  section_shape shape;
  std::string_view content;
  std::uint32_t crc = 0;
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
std::shared_ptr<const void> reversed(std::string_view content, std::size_t size) {
  // Eight bytes at a time, for the alignment.
  auto copy = std::make_shared<std::vector<std::uint64_t>>((content.size() + 7) / 8 + 1);
  auto* const bytes = reinterpret_cast<char*>(copy->data());
  std::copy(content.begin(), content.end(), bytes);
  for (std::size_t at = 0; at + size <= content.size(); at += size) {
    std::reverse(bytes + at, bytes + at + size);
  }
  return {copy, copy->data()};
}

}  // namespace

struct model_reader::state {
  std::string file;
  std::shared_ptr<const detail::mapped_file> mapping;
  bool big_endian = false;
  std::string kind;
  int version = 0;
  std::vector<section> sections;

  explicit state(const std::filesystem::path& path)
      : file(path.string()), mapping(std::make_shared<const detail::mapped_file>(path)) {
    read_header();
    read_sections();
    for (const auto& each : sections) check_content(each);
    mapping->expect_any_order();
  }

  [[noreturn]] void fail(const std::string& message) const {
    throw parse_error(file, 0, 0, message);
  }

  template <class T>
  T load(std::size_t at) const noexcept {
    return detail::load<T>(mapping->bytes().data() + at, big_endian);
  }

  bool sealed(std::size_t at) const noexcept {
    return detail::crc32(0, mapping->bytes().substr(at, format::header_crc_at)) ==
           load<std::uint32_t>(at + format::header_crc_at);
  }

  void read_header() {
    const auto bytes = mapping->bytes();
    if (bytes.substr(0, format::magic.size()) != format::magic.substr(0, bytes.size()) ||
        bytes.empty()) {
      fail("is not a model file of recokit: it does not begin with the bytes of one");
    }
    if (bytes.size() < format::alignment) {
      fail("is cut off: it has " + std::to_string(bytes.size()) +
           " bytes, the header alone takes 64; copy or save it again");
    }
    const auto mark = detail::load<std::uint32_t>(bytes.data() + 8, false);
    big_endian = mark == format::swapped_byte_order_mark;
    if (mark != format::byte_order_mark && !big_endian) fail_damaged_header();
    if (!sealed(0)) fail_damaged_header();
    const auto found = load<std::uint32_t>(12);
    version = static_cast<int>(load<std::uint32_t>(16));
    if (found != format::version) {
      fail("has format version " + std::to_string(found) + " (written by recokit " +
           std::to_string(version / 10000) + "." + std::to_string(version / 100 % 100) + "." +
           std::to_string(version % 100) + "), this recokit reads version " +
           std::to_string(format::version));
    }
    const auto length = load<std::uint32_t>(20);
    if (length == 0 || length > format::longest_kind) fail_damaged_header();
    kind = bytes.substr(24, length);
  }

  [[noreturn]] void fail_damaged_header() const {
    fail("is damaged: the checksum of its header is wrong; copy or save it again");
  }

  // Walks from section to section; none may reach beyond the file.
  void read_sections() {
    const auto bytes = mapping->bytes();
    std::uint64_t at = format::alignment;
    for (;;) {
      const std::string place =
          "section " + std::to_string(sections.size() + 1) + " at byte " + std::to_string(at);
      if (bytes.size() - at < format::alignment) {
        fail("is cut off: " + place + " should begin where the file of " +
             std::to_string(bytes.size()) + " bytes ends; copy or save it again");
      }
      const auto here = static_cast<std::size_t>(at);
      if (bytes.substr(here, 4) != format::section_tag || !sealed(here)) {
        fail("is damaged: the header of " + place +
             " does not have its checksum; copy or save it again");
      }
      const auto type = load<std::uint8_t>(here + 4);
      if (type == static_cast<std::uint8_t>(section_type::end)) return check_end(here);
      at = add_section(here, type, place);
    }
  }

  std::uint64_t add_section(std::size_t at, std::uint8_t type, const std::string& place) {
    const auto bytes = mapping->bytes();
    section next;
    const auto length = load<std::uint16_t>(at + 6);
    if (length == 0 || length > format::longest_name) fail("has no good name in " + place);
    next.name = bytes.substr(at + 32, length);
    const std::string named = "section \"" + next.name + "\"";
    if (type > static_cast<std::uint8_t>(section_type::text)) {
      fail(named + " has the unknown type " + std::to_string(type));
    }
    next.shape = {static_cast<section_type>(type), load<std::uint8_t>(at + 5),
                  load<std::int64_t>(at + 16), load<std::int64_t>(at + 24)};
    next.crc = load<std::uint32_t>(at + 8);
    const auto [type_, rank, rows, cols] = next.shape;
    const bool as_ranked = rank == 0 ? rows == 1 && cols == 1 : rank == 1 ? cols == 1 : rank == 2;
    const auto size = static_cast<std::int64_t>(format::element_size(type_));
    if (!as_ranked || rows < 0 || cols < 0 ||
        (cols > 0 && rows > std::numeric_limits<std::int64_t>::max() / size / cols)) {
      fail(named + " has an impossible shape: rank " + std::to_string(rank) + ", " +
           shape_text(rows, cols));
    }
    const auto content = static_cast<std::uint64_t>(rows * cols * size);
    const std::uint64_t left = bytes.size() - at - format::alignment;
    if (content > left || format::padded(content) > left) {
      fail("is cut off: " + named + " holds " + std::to_string(content) + " bytes from byte " +
           std::to_string(at + format::alignment) + " on, but the file ends at " +
           std::to_string(bytes.size()) + "; copy or save it again");
    }
    next.content = bytes.substr(at + format::alignment, static_cast<std::size_t>(content));
    const auto same = [&](const section& other) { return other.name == next.name; };
    if (std::any_of(sections.begin(), sections.end(), same)) fail(named + " is there twice");
    sections.push_back(std::move(next));
    return at + format::alignment + format::padded(content);
  }

  void check_end(std::size_t at) const {
    const auto count = load<std::uint64_t>(at + 16);
    const auto size = load<std::uint64_t>(at + 24);
    if (count != sections.size() || size != at + format::alignment) {
      fail("is damaged: it ends with " + std::to_string(sections.size()) + " sections in " +
           std::to_string(at + format::alignment) + " bytes, expected " + std::to_string(count) +
           " in " + std::to_string(size));
    }
    if (mapping->bytes().size() != size) {
      fail("has " + std::to_string(mapping->bytes().size() - size) +
           " bytes after its end; copy or save it again");
    }
  }

  void check_content(const section& each) const {
    const auto found = format::checksum(each.content);
    const auto end = static_cast<std::size_t>(each.content.data() - mapping->bytes().data()) +
                     each.content.size();
    const auto padding = mapping->bytes().substr(
        end, static_cast<std::size_t>(format::padded(each.content.size()) - each.content.size()));
    if (found != each.crc || padding.find_first_not_of('\0') != std::string_view::npos) {
      fail("section \"" + each.name + "\" is damaged: its checksum is " + std::to_string(found) +
           ", expected " + std::to_string(each.crc) +
           (found == each.crc ? " and zeros behind it" : "") + "; copy or save it again");
    }
  }

  section* find(std::string_view name) noexcept {
    const auto at = std::find_if(sections.begin(), sections.end(),
                                 [&](const section& each) { return each.name == name; });
    return at == sections.end() ? nullptr : &*at;
  }
};

model_reader::model_reader(const std::filesystem::path& file)
    : state_(std::make_unique<state>(file)) {}

model_reader::model_reader(const std::filesystem::path& file, std::string_view kind)
    : model_reader(file) {
  if (state_->kind != kind) {
    state_->fail("holds a model of kind \"" + state_->kind + "\", expected \"" + std::string(kind) +
                 "\"; load it as the model that it was saved from");
  }
}

model_reader::~model_reader() = default;

const std::string& model_reader::kind() const noexcept { return state_->kind; }
int model_reader::version() const noexcept { return state_->version; }
bool model_reader::has(std::string_view name) const noexcept {
  return state_->find(name) != nullptr;
}

std::vector<std::string> model_reader::names() const {
  std::vector<std::string> all;
  for (const auto& each : state_->sections) all.push_back(each.name);
  return all;
}

index_t model_reader::count(std::string_view name) {
  const auto value = number<index_t>(name);
  if (value < 0) fail(name, "is " + std::to_string(value) + ", expected at least 0");
  return value;
}

std::string model_reader::text(std::string_view name) {
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
  for (const auto& each : state_->sections) {
    if (!each.taken) {
      fail(each.name, "is unknown to a model of kind \"" + state_->kind +
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
                 state_->kind + "\" needs; was it written by another version of recokit?");
  }
  const section_shape& shape = found->shape;
  if (shape.type != wanted.type || shape.rank != wanted.rank ||
      (wanted.rows != any_size && wanted.rows != shape.rows) ||
      (wanted.cols != any_size && wanted.cols != shape.cols)) {
    fail(name, "is " + text_of(shape) + ", expected " + text_of(wanted));
  }
  found->taken = true;
  const std::size_t size = format::element_size(shape.type);
  const bool native = state_->big_endian == (std::endian::native == std::endian::big);
  if (native || size == 1) return {shape, found->content.data(), state_->mapping};
  auto owner = reversed(found->content, size);
  const void* const data = owner.get();
  return {shape, data, std::move(owner)};
}

}  // namespace recokit::inline RECOKIT_ABI
