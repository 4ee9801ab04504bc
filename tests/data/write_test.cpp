// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "entries.hpp"
#include "npy_support.hpp"
#include "read_support.hpp"

#include <recokit/data/write.hpp>

#include <bit>
#include <limits>

using namespace recokit;
using namespace recokit_test;

namespace {

// Floats whose text is easy to get wrong.
std::vector<float> difficult_floats() {
  return {0.1f,
          -0.0f,
          1.0f / 3.0f,
          std::numeric_limits<float>::max(),
          std::numeric_limits<float>::min(),
          std::numeric_limits<float>::denorm_min(),
          -1.17549421e-38f,
          16777216.0f,
          1e10f,
          123456.789f};
}

csr_matrix<> difficult_matrix() {
  const auto values = difficult_floats();
  std::vector<index_t> columns;
  for (std::size_t k = 0; k < values.size(); ++k) columns.push_back(static_cast<index_t>(2 * k));
  const auto n = static_cast<offset_t>(values.size());
  return csr_matrix<>(3, 40, {0, 0, n, n}, columns, values);
}

void check_same_bits(const csr_view<>& a, const csr_view<>& b) {
  REQUIRE(a.rows() == b.rows());
  REQUIRE(a.cols() == b.cols());
  REQUIRE(a.nonzeros() == b.nonzeros());
  REQUIRE(a.has_values() == b.has_values());
  CHECK(std::equal(a.offsets().begin(), a.offsets().end(), b.offsets().begin()));
  CHECK(std::equal(a.indices().begin(), a.indices().end(), b.indices().begin()));
  for (std::size_t k = 0; k < a.values().size(); ++k) {
    CAPTURE(a.values()[k], b.values()[k]);
    CHECK(std::bit_cast<std::uint32_t>(a.values()[k]) ==
          std::bit_cast<std::uint32_t>(b.values()[k]));
  }
}

csr_matrix<> small_pattern() { return csr_matrix<>(2, 3, {0, 2, 3}, {0, 2, 1}); }

}  // namespace

TEST_CASE("a MatrixMarket file reads back to the same bits") {
  const temp_folder folder;
  write_matrix_market(folder / "m.mtx", difficult_matrix());
  check_same_bits(read_matrix_market(folder / "m.mtx"), difficult_matrix());
  write_matrix_market(folder / "p.mtx", small_pattern());
  check_same_bits(read_matrix_market(folder / "p.mtx"), small_pattern());
  CHECK(file_content(folder / "p.mtx") ==
        "%%MatrixMarket matrix coordinate pattern general\n2 3 3\n1 1\n1 3\n2 2\n");
  write_matrix_market(folder / "e.mtx", csr_matrix<>());
  CHECK(read_matrix_market(folder / "e.mtx").rows() == 0);
}

TEST_CASE("an .npz file reads back to the same bits") {
  const temp_folder folder;
  write_npz(folder / "m.npz", difficult_matrix());
  check_same_bits(read_npz(folder / "m.npz"), difficult_matrix());
  write_npz(folder / "e.npz", csr_matrix<>());
  CHECK(read_npz(folder / "e.npz").rows() == 0);
}

TEST_CASE("a pattern-only matrix gets ones in an .npz file") {
  const temp_folder folder;
  write_npz(folder / "p.npz", small_pattern());
  const auto m = read_npz(folder / "p.npz");
  CHECK(lines_of(interactions(m)) == lines{"0 0 1", "0 2 1", "1 1 1"});
}

TEST_CASE("the same matrix gives the same .npz bytes") {
  const temp_folder folder;
  write_npz(folder / "a.npz", difficult_matrix());
  write_npz(folder / "b.npz", difficult_matrix());
  CHECK(file_content(folder / "a.npz") == file_content(folder / "b.npz"));
}

TEST_CASE("an .npy file reads back to the same bits") {
  const temp_folder folder;
  row_major_matrix<double> wide(2, 3);
  wide << 0.1, -0.0, 1e300, 5e-324, 1.0 / 3.0, 2;
  write_npy(folder / "d.npy", wide);
  const auto back = read_npy(folder / "d.npy");
  REQUIRE(back.rows() == 2);
  REQUIRE(back.cols() == 3);
  for (Eigen::Index k = 0; k < 6; ++k) {
    CHECK(std::bit_cast<std::uint64_t>(back.data()[k]) ==
          std::bit_cast<std::uint64_t>(wide.data()[k]));
  }
  row_major_matrix<float> narrow(3, 1);
  narrow << 0.1f, 2.0f, -3.5f;
  write_npy(folder / "f.npy", narrow);
  CHECK(read_npy(folder / "f.npy").cast<float>() == narrow);
}

TEST_CASE("a block of a larger matrix is written without its surroundings") {
  const temp_folder folder;
  row_major_matrix<float> whole(3, 4);
  whole << 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12;
  write_npy(folder / "b.npy", whole.block(1, 1, 2, 2));
  row_major_matrix<double> expected(2, 2);
  expected << 6, 7, 10, 11;
  CHECK(read_npy(folder / "b.npy") == expected);
}

TEST_CASE("the elements of an .npy file start at a multiple of 64 bytes") {
  const temp_folder folder;
  for (const int cols : {0, 1, 100, 100000}) {
    write_npy(folder / "a.npy", row_major_matrix<float>(1, cols).setZero());
    const auto size = file_content(folder / "a.npy").size();
    CHECK((size - static_cast<std::size_t>(cols) * 4) % 64 == 0);
  }
}

TEST_CASE("a CSV file reads back to the same interactions") {
  const temp_folder folder;
  const std::string text =
      "user,item,rating,timestamp\n\"a,b\",\"say \"\"x\"\"\",0.1,5\n\" c \",Am\xe9lie,3e38,-7\n"
      "\"\",\"\r\",1e-45,0\nplain,1,2,9223372036854775807\n";
  const auto data = read(text);
  write_csv(folder / "a.csv", data);
  const auto back = read_ratings(folder / "a.csv");
  CHECK(back.users() == data.users());
  CHECK(back.items() == data.items());
  check_same_bits(back.view(), data.view());
  CHECK(lines_of(back) == lines_of(data));
  CHECK(back.rows() == 4);
  CHECK(back.timestamps()[3] == INT64_MAX);
}

TEST_CASE("a CSV file has the columns that the interactions have") {
  const temp_folder folder;
  const auto content = [&](std::string_view text) {
    write_csv(folder / "a.csv", read(text));
    return file_content(folder / "a.csv");
  };
  CHECK(content("2,3\n1,4\n") == "user,item\n1,4\n2,3\n");
  CHECK(content("2,3,4.5\n") == "user,item,rating\n2,3,4.5\n");
  CHECK(content("2,3,4.5,6\n") == "user,item,rating,timestamp\n2,3,4.5,6\n");
  write_csv(folder / "t.csv", read("2,3,4.5,6\n", {.ignore_ratings = true}));
  CHECK(file_content(folder / "t.csv") == "user,item,timestamp\n2,3,6\n");
  CHECK(lines_of(read_ratings(folder / "t.csv")) == lines{"2 3 6"});
}

TEST_CASE("an id with a line feed cannot be written as CSV and the old file stays") {
  const temp_folder folder;
  const auto file = folder.file("a.csv", "old");
  const interactions data(small_pattern(), id_map::from_strings({"a\nb", "c"}),
                          id_map::identity(3));
  CHECK_THAT(error_text<value_error>([&] { write_csv(file, data); }),
             ContainsSubstring("must not hold a line feed"));
  CHECK(file_content(file) == "old");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a writer replaces the old file and leaves nothing else behind") {
  const temp_folder folder;
  const auto file = folder.file("m.mtx", "old");
  write_matrix_market(file, small_pattern());
  CHECK(read_matrix_market(file).nonzeros() == 3);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("through a link the file behind it is replaced") {
  const temp_folder folder;
  const auto file = folder.file("m.mtx", "old");
  std::filesystem::create_symlink(file, folder / "link.mtx");
  write_matrix_market(folder / "link.mtx", small_pattern());
  CHECK(std::filesystem::is_symlink(folder / "link.mtx"));
  CHECK(read_matrix_market(file).nonzeros() == 3);
}

TEST_CASE("a folder that is not there and a target that is no file are errors of the system") {
  const temp_folder folder;
  CHECK_THAT(error_text<io_error>([&] { write_npz(folder / "no" / "m.npz", small_pattern()); }),
             ContainsSubstring("No such file"));
  CHECK_THAT(error_text<io_error>([&] { write_npz(folder.path(), small_pattern()); }),
             ContainsSubstring("is not a regular file"));
  CHECK_THROWS_AS(write_npz("/dev/null", small_pattern()), io_error);
}

TEST_CASE("a file larger than the buffer of a writer is whole") {
  std::vector<offset_t> offsets{0};
  std::vector<index_t> columns;
  for (index_t r = 0; r < 2000; ++r) {
    for (index_t c = r % 7; c < 200; c += 3) columns.push_back(c);
    offsets.push_back(static_cast<offset_t>(columns.size()));
  }
  const csr_matrix<> large(2000, 200, offsets, columns);
  const temp_folder folder;
  write_matrix_market(folder / "m.mtx", large);
  check_same_bits(read_matrix_market(folder / "m.mtx"), large);
  write_csv(folder / "m.csv", interactions(large));
  CHECK(read_ratings(folder / "m.csv").nonzeros() == large.nonzeros());
}

TEST_CASE("a zip64 archive of a writer is read back") {
  const temp_folder folder;
  write_zip(folder / "m.npz", csr_members{}.list(), 100);
  CHECK(read_npz(folder / "m.npz").nonzeros() == 3);
}
