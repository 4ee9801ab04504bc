// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "npy_support.hpp"
#include "read_support.hpp"

using namespace recokit;
using namespace recokit_test;

namespace {

row_major_matrix<double> array(const std::string& content) {
  const temp_folder folder;
  return read_npy(folder.file("a.npy", content));
}

std::string array_error(const std::string& content) {
  const auto text = error_text<parse_error>([&] { array(content); });
  return text.substr(text.find("a.npy"));
}

row_major_matrix<double> two_by_three() {
  row_major_matrix<double> m(2, 3);
  m << 1, 2, 3, 4, 5, 6;
  return m;
}

template <class T>
std::vector<T> one_to_six() {
  return {T{1}, T{2}, T{3}, T{4}, T{5}, T{6}};
}

}  // namespace

TEST_CASE("every real dtype and byte order of .npy is read") {
  const auto check = [&](auto zero, const std::string& type) {
    using number = decltype(zero);
    CAPTURE(type);
    const auto values = one_to_six<number>();
    CHECK(array(npy("<" + type, "(2, 3)", raw(values))) == two_by_three());
    CHECK(array(npy(">" + type, "(2, 3)", raw(values, true))) == two_by_three());
    CHECK(array(npy("=" + type, "(2, 3)", raw(values))) == two_by_three());
  };
  check(float{}, "f4");
  check(double{}, "f8");
  check(std::int8_t{}, "i1");
  check(std::int16_t{}, "i2");
  check(std::int32_t{}, "i4");
  check(std::int64_t{}, "i8");
  check(std::uint8_t{}, "u1");
  check(std::uint16_t{}, "u2");
  check(std::uint32_t{}, "u4");
  check(std::uint64_t{}, "u8");
  CHECK(array(npy("|b1", "(3,)", std::string("\x01\x00\x01", 3)))(2, 0) == 1.0);
}

TEST_CASE("half precision .npy arrays are widened") {
  const auto m = array(
      npy("<f2", "(6,)", raw<std::uint16_t>({0x3C00, 0xC000, 0x0001, 0x7BFF, 0x7C00, 0x3555})));
  CHECK(m(0, 0) == 1.0);
  CHECK(m(1, 0) == -2.0);
  CHECK(m(2, 0) == 0x1p-24);
  CHECK(m(3, 0) == 65504.0);
  CHECK(std::isinf(m(4, 0)));
  CHECK(m(5, 0) == 0.333251953125);
}

TEST_CASE("Fortran order of .npy is turned around") {
  CHECK(array(npy("<f8", "(2, 3)", raw<double>({1, 4, 2, 5, 3, 6}), true)) == two_by_three());
}

TEST_CASE("versions 1 to 3 of .npy are read") {
  for (const int version : {1, 2, 3}) {
    CHECK(array(npy("<f4", "(2, 3)", raw(one_to_six<float>()), false, version)) == two_by_three());
  }
  CHECK_THAT(array_error(npy("<f4", "(2, 3)", raw(one_to_six<float>()), false, 4)),
             ContainsSubstring("unknown .npy version 4"));
}

TEST_CASE("a .npy array of one dimension is one column and may be empty") {
  const auto m = array(npy("<i4", "(3,)", raw<std::int32_t>({7, 8, 9})));
  CHECK(m.rows() == 3);
  CHECK(m.cols() == 1);
  CHECK(m(2, 0) == 9.0);
  CHECK(array(npy("<i4", "(0,)", "")).size() == 0);
  CHECK(array(npy("<i4", "(0, 5)", "")).cols() == 5);
  CHECK(array(npy("<i4", "(5, 0)", "", true)).rows() == 5);
}

TEST_CASE(".npy arrays of other dimensions and dtypes are refused") {
  CHECK_THAT(array_error(npy("<i4", "()", "1234")), ContainsSubstring("0 dimensions"));
  CHECK_THAT(array_error(npy("<i4", "(1, 1, 1)", "1234")), ContainsSubstring("3 dimensions"));
  CHECK_THAT(array_error(npy("<c8", "(1,)", "12345678")),
             ContainsSubstring("the dtype \"<c8\" is not supported"));
  CHECK_THAT(array_error(npy("|S4", "(1,)", "1234")), ContainsSubstring("not supported"));
  CHECK_THAT(array_error(npy("<f16", "(1,)", std::string(16, 'x'))),
             ContainsSubstring("not supported"));
  CHECK_THAT(array_error(npy("|O", "(1,)", "12345678")), ContainsSubstring("unknown dtype"));
}

TEST_CASE("a truncated .npy array is an error wherever it is cut") {
  const std::string whole = npy("<f4", "(2, 3)", raw(one_to_six<float>()));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(array(whole.substr(0, size)), parse_error);
  }
  CHECK_THAT(array_error(whole + "x"), ContainsSubstring("1 bytes follow the array"));
}

TEST_CASE("sizes in a .npy header that no memory holds are refused at once") {
  CHECK_THAT(array_error(npy("<f8", "(4611686018427387904, 4)", "12345678")),
             ContainsSubstring("truncated"));
  CHECK_THAT(array_error(npy("<f8", "(18446744073709551615,)", "12345678")),
             ContainsSubstring("truncated"));
  CHECK_THAT(array_error(npy("<f8", "(99999999999999999999,)", "12345678")),
             ContainsSubstring("expected a size"));
  CHECK_THAT(array_error(npy("<f8", "(0, 18446744073709551615)", "")),
             ContainsSubstring("63 bits"));
}

TEST_CASE("damaged .npy headers are refused") {
  const auto header = [](const std::string& text) {
    return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(text.size()) + '\0' + text;
  };
  for (const std::string text :
       {"", "{", "{'descr'", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': Maybe}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, x)}", "{'what': 1}",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': ()}",
        "{'descr': '<f4, 'fortran_order': False, 'shape': (0,)}"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(array(header(text)), parse_error);
  }
  CHECK(array(header("{\"descr\": \"<f4\", 'shape': (0L,), 'fortran_order': False}")).size() == 0);
}
