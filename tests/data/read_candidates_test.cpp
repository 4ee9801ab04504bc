// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temp_folder.hpp"

#include <recokit/data/read_candidates.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace rk = recokit;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;

namespace {

const rk::id_map users = rk::id_map::from_integers({3, 5, 8});
const rk::id_map items = rk::id_map::from_integers({10, 20, 30, 40, 50});

rk::csr_matrix<> read(std::string_view text, const rk::id_map& user_ids = users,
                      const rk::id_map& item_ids = items) {
  const recokit_test::temp_folder folder;
  return rk::read_candidates(folder.file("test.negative", text), user_ids, item_ids);
}

std::vector<rk::index_t> row(const rk::csr_matrix<>& matrix, rk::index_t user) {
  const auto found = matrix.row(user).indices;
  return {found.begin(), found.end()};
}

std::string problem(std::string_view text) {
  return error_text<rk::parse_error>([&] { read(text); });
}

}  // namespace

TEST_CASE("a line names a user, his test item and its negatives") {
  const auto found = read("(8,30)\t50\t10\n(3,20)\t40\n");
  CHECK(found.rows() == 3);
  CHECK(found.cols() == 5);
  CHECK_FALSE(found.has_values());
  CHECK(row(found, 0) == std::vector<rk::index_t>{1, 3});
  CHECK(row(found, 1).empty());
  CHECK(row(found, 2) == std::vector<rk::index_t>{0, 2, 4});
}

TEST_CASE("a test item among its own negatives counts once") {
  CHECK(row(read("(3,20)\t40\t20\t40\n"), 0) == std::vector<rk::index_t>{1, 3});
}

TEST_CASE("blanks, a missing last line end and Windows line ends are fine") {
  const auto found = read("( 3 , 20 ) 40  50\t\r\n(5,10)");
  CHECK(row(found, 0) == std::vector<rk::index_t>{1, 3, 4});
  CHECK(row(found, 1) == std::vector<rk::index_t>{0});
}

TEST_CASE("candidates may have text for ids") {
  const auto found = read("(bob,x y)\tz)\n", rk::id_map::from_strings({"ann", "bob"}),
                          rk::id_map::from_strings({"x y", "z)"}));
  CHECK(row(found, 1) == std::vector<rk::index_t>{0, 1});
}

TEST_CASE("candidates that do not fit are refused with their place") {
  CHECK_THAT(problem(""), ContainsSubstring("the file is empty"));
  CHECK_THAT(problem("3\t20\n"), ContainsSubstring(":1:1: a line must begin with (user,item)"));
  CHECK_THAT(problem("(3,20)\t40\n(5;10)\t20\n"), ContainsSubstring(":2:1: a line must begin"));
  CHECK_THAT(problem("(3,20)\t40\n\n(5,10)\t20\n"), ContainsSubstring(":2:1: a line must begin"));
  CHECK_THAT(problem("(3,20)40\n"), ContainsSubstring(":1:7: a tab or a blank must follow"));
  CHECK_THAT(problem("(4,20)\t40\n"),
             ContainsSubstring(":1:2: the user \"4\" is not among the 3 of the data"));
  CHECK_THAT(problem("(3,20)\t40\n(5,10)\t20\t60\n"),
             ContainsSubstring(":2:11: the item \"60\" is not among the 5 of the data"));
  CHECK_THAT(problem("(3,20)\t40\n(3,10)\t20\n"),
             ContainsSubstring(":2:1: the user 3 has a line before this one"));
  CHECK_THROWS_AS(rk::read_candidates("no such file", users, items), rk::io_error);
}
