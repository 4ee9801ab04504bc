// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temp_folder.hpp"

#include <recokit/core/model_file.hpp>
#include <recokit/data/id_file.hpp>

namespace rk = recokit;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

TEST_CASE("id maps of every kind go through a file") {
  const recokit_test::temp_folder folder;
  for (const auto& ids :
       {rk::id_map{}, rk::id_map::identity(7), rk::id_map::from_integers({-5, 3, 1LL << 40}),
        rk::id_map::from_strings({"", "a\nb", "anna", "ärger"}), rk::id_map::from_strings({})}) {
    rk::save_ids(folder / "ids", ids);
    const auto loaded = rk::load_ids(folder / "ids");
    CHECK(loaded == ids);
    CHECK(loaded.ids() == ids.ids());
    CHECK(loaded.size() == ids.size());
  }
}

TEST_CASE("a file that is no id map is refused by name") {
  const recokit_test::temp_folder folder;
  const auto refusal = [&](const auto& write) {
    {
      rk::model_writer out(folder / "ids", "id_map");
      write(out);
      out.commit();
    }
    return error_text<rk::parse_error>([&] { rk::load_ids(folder / "ids"); });
  };
  using numbers = std::vector<std::int64_t>;
  CHECK_THAT(refusal([](auto& out) {
               out.add("integers", numbers{3, 2});
             }),
             ContainsSubstring((folder / "ids").string()));
  CHECK_THAT(refusal([](auto& out) { out.add("size", std::int64_t{-1}); }),
             ContainsSubstring("section \"size\" is -1"));
  CHECK_THAT(refusal([](auto&) {}), ContainsSubstring("has no section \"size\""));
  for (const auto& offsets : {numbers{}, numbers{1, 2}, numbers{0, 1}}) {
    CHECK_THAT(refusal([&](auto& out) {
                 out.add("offsets", offsets);
                 out.add("texts", "ab");
               }),
               ContainsSubstring("section \"offsets\" does not go from 0 to the 2 bytes"));
  }
  for (const auto& offsets : {numbers{0, 3, 2}, numbers{0, -1, 2}}) {
    CHECK_THAT(refusal([&](auto& out) {
                 out.add("offsets", offsets);
                 out.add("texts", "ab");
               }),
               ContainsSubstring("section \"offsets\" does not ascend at entry 1"));
  }
}
