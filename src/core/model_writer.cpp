// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "atomic_file.hpp"
#include "model_format.hpp"
#include "model_header.hpp"
#include "spool_file.hpp"

#include <recokit/core/model_file.hpp>
#include <recokit/core/version.hpp>

#include <algorithm>
#include <utility>

namespace recokit::inline RECOKIT_ABI {

namespace format = detail::model_format;
using detail::section_type;

namespace {

// Sections up to this size wait in memory for their place in the file.
constexpr std::size_t small = std::size_t{1} << 16;

void check_name(const std::string& what, std::string_view name, std::size_t longest) {
  if (name.empty() || name.size() > longest || !format::is_plain(name)) {
    throw value_error(what, "\"" + std::string(name) + "\"",
                      "must have 1 to " + std::to_string(longest) +
                          " characters of ASCII, without quotes and backslashes");
  }
}

void check_params(std::string_view lines) {
  for (const auto& [name, value] : detail::param_lines(lines)) {
    if (name.empty() || !format::is_plain(name) || !format::is_plain(value)) {
      throw value_error(std::string(name), "\"" + std::string(value) + "\"",
                        "must be text in ASCII, without quotes and backslashes");
    }
  }
}

}  // namespace

struct model_writer::state {
  // A section that waits for the header, which comes first and needs all checksums.
  struct waiting {
    detail::stored_section section;
    std::string content;       // of a small section
    std::uint64_t spooled_at;  // of a large one
  };

  state(const std::filesystem::path& path, std::string_view kind, const save_options& options)
      : file(path), spool(path), keeps_history(options.history) {
    header.kind = kind;
    header.version = RECOKIT_VERSION;
  }

  void write(const waiting& each) {
    if (each.section.size <= small) return file.write(each.content);
    std::vector<char> buffer(std::size_t{1} << 18);
    for (std::uint64_t done = 0; done < each.section.size;) {
      const auto part = static_cast<std::size_t>(
          std::min<std::uint64_t>(buffer.size(), each.section.size - done));
      spool.read(each.spooled_at + done, buffer.data(), part);
      file.write({buffer.data(), part});
      done += part;
    }
  }

  detail::atomic_file file;
  detail::spool_file spool;
  bool keeps_history;
  detail::model_header header;
  bool has_params = false;
  std::vector<waiting> sections;
};

model_writer::model_writer(const std::filesystem::path& file, std::string_view kind,
                           const save_options& options) {
  check_name("file_kind", kind, format::longest_kind);
  state_ = std::make_unique<state>(file, kind, options);
}

model_writer::~model_writer() = default;

void model_writer::add(std::string_view name, std::string_view text) {
  put(name, {section_type::text, 1, static_cast<std::int64_t>(text.size()), 1}, text.data());
}

void model_writer::put(std::string_view name, const detail::section_shape& shape,
                       const void* data) {
  check_name("section name", name, format::longest_name);
  const bool is_params = name == format::params;
  const auto same = [&](const state::waiting& other) { return other.section.name == name; };
  if ((is_params && state_->has_params) || name == format::metadata ||
      std::any_of(state_->sections.begin(), state_->sections.end(), same)) {
    throw value_error("section name", "\"" + std::string(name) + "\"", "is in the file already");
  }
  const std::size_t element = format::element_size(shape.type);
  const auto size =
      static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(shape.cols) * element;
  std::string_view content(size == 0 ? "" : static_cast<const char*>(data), size);
  if (is_params && shape.type == section_type::text) {
    check_params(content);
    state_->header.params = content;
    state_->has_params = true;
    return;
  }
  std::string turned;
  if (!format::native_order && element > 1) {
    turned = content;
    format::reverse_elements(turned.data(), size / element, element);
    content = turned;
  }
  state::waiting next{{std::string(name), shape, format::checksum(content), 0, size}, {}, 0};
  if (size <= small) {
    next.content = content;
  } else {
    next.spooled_at = state_->spool.write(content);
  }
  state_->sections.push_back(std::move(next));
}

void model_writer::history(const csr_matrix<>& interactions) {
  if (state_->keeps_history && interactions.rows() > 0) add("history", interactions);
}

void model_writer::required_history(const csr_matrix<>& interactions, std::string_view why) {
  if (!state_->keeps_history) {
    throw value_error(
        "options.history", "false",
        std::string(why) + ", so its file has to hold them; save with history = true");
  }
  add("history", interactions);
}

void model_writer::commit() {
  // Large elements first: then every array is aligned and none needs a hole before it.
  auto& sections = state_->sections;
  std::stable_sort(sections.begin(), sections.end(), [](const auto& a, const auto& b) {
    return format::element_size(a.section.shape.type) > format::element_size(b.section.shape.type);
  });
  std::uint64_t at = 0;
  for (auto& each : sections) {
    each.section.begin = at;
    at += each.section.size;
    state_->header.sections.push_back(each.section);
  }
  state_->file.write(detail::header_bytes(state_->header));
  for (const auto& each : sections) state_->write(each);
  state_->file.commit();
}

}  // namespace recokit::inline RECOKIT_ABI
