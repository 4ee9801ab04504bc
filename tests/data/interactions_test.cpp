// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <recokit/data/interactions.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace rk = recokit;
using recokit_test::error_text;

namespace {

rk::csr_matrix<> matrix() { return {2, 3, {0, 2, 3}, {0, 2, 1}, {5, 4, 3}}; }

}  // namespace

TEST_CASE("interactions hold a matrix with its ids and times") {
  const rk::interactions data(matrix(), rk::id_map::from_strings({"ann", "bob"}),
                              rk::id_map::from_integers({7, 8, 9}),
                              std::vector<std::int64_t>{100, 200, 300});
  CHECK(data.rows() == 2);
  CHECK(data.cols() == 3);
  CHECK(data.nonzeros() == 3);
  CHECK(data.users().index("bob") == 1);
  CHECK(data.items().index(9) == 2);
  REQUIRE(data.has_timestamps());
  CHECK(data.timestamps()[2] == 300);
  CHECK(rk::as_csr(data).row(0).values[1] == 4);
}

TEST_CASE("interactions of nothing are 0 x 0") {
  const rk::interactions data;
  CHECK(data.rows() == 0);
  CHECK(data.cols() == 0);
  CHECK(data.nonzeros() == 0);
  CHECK_FALSE(data.has_timestamps());
}

TEST_CASE("the indices of a bare matrix are its ids") {
  const rk::interactions data(matrix());
  CHECK(data.users() == rk::id_map::identity(2));
  CHECK(data.items() == rk::id_map::identity(3));
  CHECK_FALSE(data.has_timestamps());
}

TEST_CASE("interactions refuse id maps and times of another size") {
  const auto two = rk::id_map::identity(2);
  const auto three = rk::id_map::identity(3);
  const auto text = [](const auto& call) { return error_text<rk::dimension_error>(call); };
  CHECK(text([&] { rk::interactions(matrix(), three, three); }) ==
        "users.size() is 3 but matrix.rows() is 2");
  CHECK(text([&] { rk::interactions(matrix(), two, two); }) ==
        "items.size() is 2 but matrix.cols() is 3");
  CHECK(text([&] {
          rk::interactions(matrix(), two, three, std::vector<std::int64_t>{1, 2});
        }) == "timestamps.size() is 2 but matrix.nonzeros() is 3");
  const std::vector<std::int64_t> four(4);
  CHECK(text([&] { rk::interactions(matrix(), two, three, four, nullptr); }) ==
        "timestamps.size() is 4 but matrix.nonzeros() is 3");
}

TEST_CASE("copies of interactions share the memory and keep it alive") {
  rk::interactions copy;
  const std::int64_t* times = nullptr;
  const rk::index_t* indices = nullptr;
  {
    const rk::interactions data(matrix(), rk::id_map::identity(2), rk::id_map::identity(3),
                                std::vector<std::int64_t>{100, 200, 300});
    times = data.timestamps().data();
    indices = data.view().indices().data();
    copy = data;
  }
  CHECK(copy.timestamps().data() == times);
  CHECK(copy.view().indices().data() == indices);
  CHECK(copy.timestamps()[1] == 200);
}

TEST_CASE("interactions can share times that somebody else owns") {
  auto owner = std::make_shared<const std::vector<std::int64_t>>(3, 77);
  const std::weak_ptr<const std::vector<std::int64_t>> watch = owner;
  {
    const rk::interactions data(matrix(), rk::id_map::identity(2), rk::id_map::identity(3), *owner,
                                owner);
    owner.reset();
    CHECK(data.timestamps()[2] == 77);
    CHECK_FALSE(watch.expired());
  }
  CHECK(watch.expired());
}
