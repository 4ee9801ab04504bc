// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "atomic_file.hpp"
#include "model_format.hpp"

#include <recokit/core/model_file.hpp>
#include <recokit/core/version.hpp>

#include <algorithm>
#include <utility>

namespace recokit::inline RECOKIT_ABI {

namespace format = detail::model_format;
using detail::section_type;

namespace {

void check_kind(std::string_view kind) {
  if (kind.empty() || kind.size() > format::longest_kind) {
    throw value_error("file_kind", "\"" + std::string(kind) + "\"", "must have 1 to 32 characters");
  }
}

}  // namespace

struct model_writer::state {
  state(const std::filesystem::path& path, const save_options& options)
      : file(path), keeps_history(options.history) {}

  detail::atomic_file file;
  bool keeps_history;
  std::vector<std::string> names;
};

model_writer::model_writer(const std::filesystem::path& file, std::string_view kind,
                           const save_options& options) {
  check_kind(kind);
  state_ = std::make_unique<state>(file, options);
  format::header_bytes header;
  header.put(0, format::magic);
  header.put(8, format::byte_order_mark);
  header.put(12, format::version);
  header.put(16, std::uint32_t{RECOKIT_VERSION});
  header.put(20, static_cast<std::uint32_t>(kind.size()));
  header.put(24, kind);
  state_->file.write(header.sealed());
}

model_writer::~model_writer() = default;

void model_writer::add(std::string_view name, std::string_view text) {
  put(name, {section_type::text, 1, static_cast<std::int64_t>(text.size()), 1}, text.data());
}

void model_writer::put(std::string_view name, const detail::section_shape& shape,
                       const void* data) {
  if (name.empty() || name.size() > format::longest_name) {
    throw value_error("section name", "\"" + std::string(name) + "\"",
                      "must have 1 to 28 characters");
  }
  if (std::find(state_->names.begin(), state_->names.end(), name) != state_->names.end()) {
    throw value_error("section name", "\"" + std::string(name) + "\"", "is in the file already");
  }
  state_->names.emplace_back(name);
  const auto size = static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(shape.cols) *
                    format::element_size(shape.type);
  const std::string_view content(size == 0 ? "" : static_cast<const char*>(data), size);
  format::header_bytes header;
  header.put(0, format::section_tag);
  header.put(4, static_cast<std::uint8_t>(shape.type));
  header.put(5, static_cast<std::uint8_t>(shape.rank));
  header.put(6, static_cast<std::uint16_t>(name.size()));
  header.put(8, format::checksum(content));
  header.put(16, shape.rows);
  header.put(24, shape.cols);
  header.put(32, name);
  state_->file.write(header.sealed());
  state_->file.write(content);
  constexpr std::array<char, format::alignment> zeros{};
  state_->file.write({zeros.data(), static_cast<std::size_t>(format::padded(size) - size)});
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
  format::header_bytes end;
  end.put(0, format::section_tag);
  end.put(4, static_cast<std::uint8_t>(section_type::end));
  end.put(16, static_cast<std::uint64_t>(state_->names.size()));
  end.put(24, state_->file.size() + format::alignment);
  state_->file.write(end.sealed());
  state_->file.commit();
}

}  // namespace recokit::inline RECOKIT_ABI
