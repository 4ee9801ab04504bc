// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/core/model_file.hpp>
#include <recokit/data/id_file.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace {

constexpr std::string_view file_kind = "id_map";

// Texts may hold any byte: what divides them is their offsets.
void write_texts(model_writer& out, const id_map& ids) {
  std::string texts;
  std::vector<std::int64_t> offsets{0};
  for (index_t i = 0; i < ids.size(); ++i) {
    texts += ids.name(i);
    offsets.push_back(static_cast<std::int64_t>(texts.size()));
  }
  out.add("offsets", offsets);
  out.add("texts", std::string_view(texts));
}

id_map read_texts(model_reader& in) {
  const auto offsets = in.vector<std::int64_t>("offsets");
  const auto texts = in.text("texts");
  if (offsets.empty() || offsets.front() != 0 || std::cmp_not_equal(offsets.back(), texts.size())) {
    in.fail("offsets",
            "does not go from 0 to the " + std::to_string(texts.size()) + " bytes of the texts");
  }
  std::vector<std::string> ids;
  for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
    if (offsets[i + 1] < offsets[i] || offsets[i + 1] > offsets.back()) {
      in.fail("offsets", "does not ascend at entry " + std::to_string(i + 1));
    }
    ids.push_back(texts.substr(static_cast<std::size_t>(offsets[i]),
                               static_cast<std::size_t>(offsets[i + 1] - offsets[i])));
  }
  return id_map::from_strings(ids);
}

id_map read_ids(model_reader& in) {
  if (in.has("integers")) return id_map::from_integers(in.vector<std::int64_t>("integers"));
  if (in.has("texts")) return read_texts(in);
  const auto size = in.number<std::int64_t>("size");
  if (size < 0 || size > std::numeric_limits<index_t>::max()) {
    in.fail("size", "is " + std::to_string(size) + ", expected a number of ids");
  }
  return id_map::identity(size);
}

}  // namespace

void save_ids(const std::filesystem::path& file, const id_map& ids) {
  model_writer out(file, file_kind);
  switch (ids.ids()) {
    case id_map::kind::identity:
      out.add("size", std::int64_t{ids.size()});
      break;
    case id_map::kind::integer: {
      std::vector<std::int64_t> integers;
      for (index_t i = 0; i < ids.size(); ++i) integers.push_back(ids.integer(i));
      out.add("integers", integers);
      break;
    }
    case id_map::kind::string:
      write_texts(out, ids);
      break;
  }
  out.commit();
}

id_map load_ids(const std::filesystem::path& file) {
  model_reader in(file, file_kind);
  try {
    id_map ids = read_ids(in);
    in.finish();
    return ids;
  } catch (const value_error& problem) {
    throw parse_error(file.string(), 0, 0, problem.what());
  }
}

}  // namespace recokit::inline RECOKIT_ABI
