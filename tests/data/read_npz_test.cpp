// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gzip_support.hpp"
#include "npy_support.hpp"
#include "read_support.hpp"

#include <core/crc32.hpp>
#include <core/little_endian.hpp>

#include <recokit/data/write.hpp>

#include <functional>

using namespace recokit;
using namespace recokit_test;

namespace {

csr_matrix<> archive(const csr_members& members, std::uint64_t zip64_from = 0xFFFFFFFF) {
  const temp_folder folder;
  write_zip(folder / "m.npz", members.list(), zip64_from);
  return read_npz(folder / "m.npz");
}

std::string archive_error(const csr_members& members) {
  const auto text = error_text<parse_error>([&] { archive(members); });
  return text.substr(text.find("m.npz"));
}

void check_small(const csr_matrix<>& m) {
  CHECK(m.rows() == 2);
  CHECK(m.cols() == 3);
  CHECK(lines_of(interactions(m)) == lines{"0 0 1", "0 2 2", "1 1 3"});
}

}  // namespace

TEST_CASE("an .npz archive with any integer and real dtypes is read") {
  check_small(archive({}));
  csr_members m;
  m.indptr = npy("<i8", "(3,)", raw<std::int64_t>({0, 2, 3}));
  m.indices = npy("<i8", "(3,)", raw<std::int64_t>({0, 2, 1}));
  m.data = npy(">i2", "(3,)", raw<std::int16_t>({1, 2, 3}, true));
  m.shape = npy("<i4", "(2,)", raw<std::int32_t>({2, 3}));
  check_small(archive(m));
  m.data = npy("|b1", "(3,)", std::string("\x01\x00\x01", 3));
  CHECK(lines_of(interactions(archive(m))) == lines{"0 0 1", "0 2 0", "1 1 1"});
}

TEST_CASE("an .npz format may be a str of four bytes a character") {
  csr_members m;
  m.format = npy("<U3", "()", std::string("c\0\0\0s\0\0\0r\0\0\0", 12));
  check_small(archive(m));
}

TEST_CASE("zip64 archives are read") { check_small(archive({}, 1)); }

TEST_CASE("rows of an .npz matrix are users and indices are their ids") {
  const temp_folder folder;
  write_zip(folder / "m.npz", csr_members{}.list());
  const auto data = read_ratings(folder / "m.npz");
  CHECK(data.users().ids() == id_map::kind::identity);
  CHECK(lines_of(data) == lines{"0 0 1", "0 2 2", "1 1 3"});
  CHECK(lines_of(read_ratings(folder / "m.npz", {.ignore_ratings = true})) ==
        lines{"0 0", "0 2", "1 1"});
}

TEST_CASE("unsorted rows of an .npz matrix are sorted and duplicates merged") {
  csr_members m;
  m.indices = npy("<i4", "(3,)", raw<std::int32_t>({2, 0, 1}));
  CHECK(lines_of(interactions(archive(m))) == lines{"0 0 2", "0 2 1", "1 1 3"});
  m.indices = npy("<i4", "(3,)", raw<std::int32_t>({2, 2, 1}));
  CHECK(lines_of(interactions(archive(m))) == lines{"0 2 3", "1 1 3"});
  const temp_folder folder;
  write_zip(folder / "m.npz", m.list());
  CHECK(lines_of(read_ratings(folder / "m.npz")) == lines{"0 2 2", "1 1 3"});
  CHECK_THAT(error_text<parse_error>(
                 [&] { read_ratings(folder / "m.npz", {.duplicates = duplicate_rule::error}); }),
             ContainsSubstring("row 0 has column 2 more than once"));
}

TEST_CASE("an .npz matrix without entries is a matrix and no interactions") {
  csr_members m;
  m.indices = npy("<i4", "(0,)", "");
  m.indptr = npy("<i4", "(3,)", raw<std::int32_t>({0, 0, 0}));
  m.data = npy("<f4", "(0,)", "");
  CHECK(archive(m).nonzeros() == 0);
  const temp_folder folder;
  write_zip(folder / "m.npz", m.list());
  CHECK_THAT(error_text<parse_error>([&] { read_ratings(folder / "m.npz"); }),
             ContainsSubstring("no interactions"));
}

TEST_CASE("bad arrays in an .npz archive are named") {
  const auto with = [](const std::function<void(csr_members&)>& change) {
    csr_members m;
    change(m);
    return archive_error(m);
  };
  CHECK_THAT(with([](auto& m) { m.format = npy("|S3", "()", "csc"); }),
             ContainsSubstring("m.npz: the matrix has the format \"csc\", expected csr"));
  CHECK_THAT(with([](auto& m) { m.shape = npy("<i8", "(1,)", raw<std::int64_t>({2})); }),
             ContainsSubstring("shape must hold two integers"));
  CHECK_THAT(with([](auto& m) {
               m.shape = npy("<f8", "(2,)", raw<double>({2, 3}));
             }),
             ContainsSubstring("shape must hold two integers"));
  CHECK_THAT(with([](auto& m) {
               m.shape = npy("<i8", "(2,)", raw<std::int64_t>({2, -3}));
             }),
             ContainsSubstring("shape must be in [0, 2^31 - 1]"));
  CHECK_THAT(with([](auto& m) {
               m.shape = npy("<i8", "(2,)", raw<std::int64_t>({2, std::int64_t{1} << 31}));
             }),
             ContainsSubstring("shape must be in [0, 2^31 - 1]"));
  CHECK_THAT(with([](auto& m) {
               m.shape = npy("<i8", "(2,)", raw<std::int64_t>({2000000000, 3}));
             }),
             ContainsSubstring("indptr must hold 2000000001 integers"));
  CHECK_THAT(with([](auto& m) {
               m.indptr = npy("<i4", "(3,)", raw<std::int32_t>({0, 4, 3}));
             }),
             ContainsSubstring("indptr[2] = 3 must not be less"));
  CHECK_THAT(with([](auto& m) {
               m.indptr = npy("<i4", "(3,)", raw<std::int32_t>({1, 2, 3}));
             }),
             ContainsSubstring("indptr[0] = 1 must be 0"));
  CHECK_THAT(with([](auto& m) {
               m.indptr = npy("<i4", "(3,)", raw<std::int32_t>({0, 2, 9}));
             }),
             ContainsSubstring("indices must hold as many integers as indptr says, 9"));
  CHECK_THAT(with([](auto& m) {
               m.indices = npy("<i4", "(3,)", raw<std::int32_t>({0, 3, 1}));
             }),
             ContainsSubstring("indices[1] = 3 must be in [0, 3)"));
  CHECK_THAT(with([](auto& m) {
               m.indices = npy("<i4", "(3,)", raw<std::int32_t>({0, 2, -1}));
             }),
             ContainsSubstring("indices[2] = -1 must be in [0, 3)"));
  CHECK_THAT(with([](auto& m) {
               m.data = npy("<f8", "(2,)", raw<double>({1, 2}));
             }),
             ContainsSubstring("data must hold as many numbers"));
  CHECK_THAT(with([](auto& m) {
               m.data = npy("<f8", "(3,)", raw<double>({1, 1e39, 2}));
             }),
             ContainsSubstring("data[1] = ") && ContainsSubstring("must be finite"));
  CHECK_THAT(with([](auto& m) {
               m.data = npy("<f4", "(3,)", raw<float>({1, 2, std::nanf("")}));
             }),
             ContainsSubstring("data[2] = nan must be finite"));
  CHECK_THAT(with([](auto& m) { m.data = npy("<c8", "(3,)", std::string(24, 'x')); }),
             ContainsSubstring("the dtype \"<c8\" of data is not supported"));
  CHECK_THAT(with([](auto& m) { m.data = m.data.substr(0, 30); }),
             ContainsSubstring("m.npz (data.npy): the .npy header is truncated"));
}

TEST_CASE("an .npz archive without a member is named") {
  const temp_folder folder;
  for (const std::string missing : {"indices", "indptr", "shape", "data"}) {
    auto members = csr_members{}.list();
    std::erase_if(members, [&](const auto& m) { return m.first == missing + ".npy"; });
    write_zip(folder / "m.npz", members);
    CHECK_THAT(error_text<parse_error>([&] { read_npz(folder / "m.npz"); }),
               ContainsSubstring("the archive has no member " + missing + ".npy"));
  }
  write_zip(folder / "m.npz", {{"arr_0.npy", npy("<i4", "(0,)", "")}});
  CHECK_THAT(error_text<parse_error>([&] { read_npz(folder / "m.npz"); }),
             ContainsSubstring("not a matrix of scipy.sparse.save_npz"));
}

TEST_CASE("an .npz archive cut at any byte is an error") {
  const temp_folder folder;
  write_zip(folder / "m.npz", csr_members{}.list());
  const std::string whole = file_content(folder / "m.npz");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto file = folder.file("cut.npz", whole.substr(0, size));
    CAPTURE(size);
    CHECK_THROWS_AS(read_npz(file), parse_error);
  }
}

TEST_CASE("a changed byte in a member is found by its checksum") {
  const temp_folder folder;
  write_zip(folder / "m.npz", csr_members{}.list());
  std::string content = file_content(folder / "m.npz");
  const auto at = content.find(raw<double>({1, 2, 3}));
  REQUIRE(at != std::string::npos);
  content[at] = static_cast<char>(content[at] ^ 1);
  const auto file = folder.file("damaged.npz", content);
  CHECK_THAT(error_text<parse_error>([&] { read_npz(file); }),
             ContainsSubstring("data.npy is damaged: its checksum is wrong"));
}

TEST_CASE("the checksum of zip archives has its published value") {
  CHECK(detail::crc32(0, "123456789") == 0xCBF43926u);
  CHECK(detail::crc32(0, "") == 0u);
  std::string text;
  for (int i = 0; i < 100; ++i) text += static_cast<char>(i * 37);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const auto first = detail::crc32(0, std::string_view(text).substr(0, cut));
    REQUIRE(detail::crc32(first, std::string_view(text).substr(cut)) == detail::crc32(0, text));
  }
}

#if defined(RECOKIT_HAS_ZLIB)

namespace {

// The archive of write_zip with every member deflated, sizes claimed as told.
std::string deflated(const csr_members& members, std::uint32_t claim_more = 0) {
  std::string body;
  std::string directory;
  for (const auto& [name, content] : members.list()) {
    const std::string packed = pack(content, -15);
    std::string fields;
    detail::append_little(fields, std::uint16_t{20});
    detail::append_little(fields, std::uint16_t{0});
    detail::append_little(fields, std::uint16_t{8});
    detail::append_little(fields, std::uint32_t{0});
    detail::append_little(fields, detail::crc32(0, content));
    detail::append_little(fields, static_cast<std::uint32_t>(packed.size()));
    detail::append_little(fields, static_cast<std::uint32_t>(content.size()) + claim_more);
    detail::append_little(fields, static_cast<std::uint16_t>(name.size()));
    detail::append_little(fields, std::uint16_t{0});
    directory += "PK\x01\x02" + std::string("\x14\0", 2) + fields + std::string(10, '\0');
    detail::append_little(directory, static_cast<std::uint32_t>(body.size()));
    directory += name;
    body += "PK\x03\x04" + fields + name + packed;
  }
  std::string end = "PK\x05\x06" + std::string(4, '\0') + std::string("\x05\0\x05\0", 4);
  detail::append_little(end, static_cast<std::uint32_t>(directory.size()));
  detail::append_little(end, static_cast<std::uint32_t>(body.size()));
  return body + directory + end + std::string(2, '\0');
}

}  // namespace

TEST_CASE("deflated members of an .npz archive are read") {
  const temp_folder folder;
  check_small(read_npz(folder.file("m.npz", deflated({}))));
}

TEST_CASE("deflated members of another size than claimed are refused") {
  const temp_folder folder;
  CHECK_THAT(error_text<parse_error>([&] { read_npz(folder.file("m.npz", deflated({}, 1))); }),
             ContainsSubstring("bytes but claims"));
  CHECK_THAT(
      error_text<parse_error>([&] { read_npz(folder.file("m.npz", deflated({}, 0u - 10))); }),
      ContainsSubstring("unpacks to more than its"));
  CHECK_THAT(
      error_text<parse_error>([&] { read_npz(folder.file("m.npz", deflated({}, 1u << 31))); }),
      ContainsSubstring("impossible"));
}

#endif
