// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "../core/atomic_file.hpp"
#include "../core/text_scan.hpp"

#include <recokit/core/errors.hpp>
#include <recokit/data/write.hpp>

#include <string>
#include <string_view>

namespace recokit::inline RECOKIT_ABI {
namespace {

void write_id(detail::atomic_file& out, const std::string& id) {
  const bool padded = id.empty() || detail::is_blank(id.front()) || detail::is_blank(id.back());
  if (!padded && id.find_first_of(",\"\r\n") == std::string::npos) return out.write(id);
  if (id.find('\n') != std::string::npos) {
    throw value_error("id", detail::in_quotes(id), "must not hold a line feed in a CSV file");
  }
  out.write('"');
  std::string_view rest = id;
  for (auto quote = rest.find('"'); quote != std::string_view::npos; quote = rest.find('"')) {
    out.write(rest.substr(0, quote + 1));
    out.write('"');
    rest.remove_prefix(quote + 1);
  }
  out.write(rest);
  out.write('"');
}

}  // namespace

void write_csv(const std::filesystem::path& file, const interactions& data) {
  const auto view = data.view();
  const auto times = data.timestamps();
  detail::atomic_file out(file);
  out.write("user,item");
  if (view.has_values()) out.write(",rating");
  if (!times.empty()) out.write(",timestamp");
  out.write('\n');
  std::size_t entry = 0;
  for (index_t r = 0; r < view.rows(); ++r) {
    const auto row = view.row(r);
    if (row.size() == 0) continue;
    const std::string user = data.users().name(r);
    for (std::size_t i = 0; i < row.size(); ++i, ++entry) {
      write_id(out, user);
      out.write(',');
      write_id(out, data.items().name(row.indices[i]));
      if (view.has_values()) {
        out.write(',');
        out.write_number(row.values[i]);
      }
      if (!times.empty()) {
        out.write(',');
        out.write_number(times[entry]);
      }
      out.write('\n');
    }
  }
  out.commit();
}

}  // namespace recokit::inline RECOKIT_ABI
