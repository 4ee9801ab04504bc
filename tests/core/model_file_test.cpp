// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "model_bytes.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temp_folder.hpp"

#include <recokit/core/model_file.hpp>

#include <limits>
#include <numeric>

namespace rk = recokit;
using recokit_test::ContainsSubstring;
using recokit_test::error_text;
using recokit_test::file_content;
using recokit_test::model_bytes;
using recokit_test::temp_folder;

namespace {

enum class colour { red, green };
constexpr std::array<std::string_view, 2> enum_names(colour) { return {"red", "green"}; }

struct sample_params {
  int count = 3;
  double rate = 0.1;
  std::uint64_t seed = std::numeric_limits<std::uint64_t>::max();
  bool on = true;
  colour paint = colour::green;
  std::optional<float> limit{};

  static constexpr auto fields() {
    return std::tuple{rk::field("count", &sample_params::count, 1, 9, "c"),
                      rk::field("rate", &sample_params::rate, 0, 1, "r"),
                      rk::field("seed", &sample_params::seed, "s"),
                      rk::field("on", &sample_params::on, "o"),
                      rk::field("paint", &sample_params::paint, "p"),
                      rk::field("limit", &sample_params::limit, "l")};
  }
};

rk::csr_matrix<> sample_csr() { return {3, 4, {0, 2, 2, 3}, {0, 3, 1}, {1.5f, -2, 4}}; }

void write_sample(const std::filesystem::path& file) {
  rk::model_writer out(file, "sample");
  out.add("count", std::int64_t{1} << 40);
  out.add("flag", true);
  out.add("paint", colour::green);
  out.add("name", "ärger\n");
  out.add("doubles", std::vector<double>{1, 0.1, -0.0});
  out.add("bytes", std::vector<std::uint8_t>{7, 255});
  out.add("nothing", std::vector<float>{});
  rk::row_major_matrix<float> dense(2, 3);
  dense << 1, 2, 3, 4, 5, 6;
  out.add("dense", dense);
  out.add("sparse", sample_csr());
  out.history(sample_csr());
  out.params(sample_params{.rate = 1.0 / 3});
  out.commit();
}

void read_sample(rk::model_reader& in) {
  CHECK(in.number<std::int64_t>("count") == std::int64_t{1} << 40);
  CHECK(in.number<bool>("flag"));
  CHECK(in.number<colour>("paint") == colour::green);
  CHECK(in.text("name") == "ärger\n");
  const auto doubles = in.vector<double>("doubles", 3);
  CHECK(doubles == std::vector<double>{1, 0.1, 0});
  CHECK(std::signbit(doubles[2]));
  CHECK(in.vector<std::uint8_t>("bytes") == std::vector<std::uint8_t>{7, 255});
  CHECK(in.vector<float>("nothing").empty());
  CHECK(in.matrix<float>("dense", 2, 3)(1, 0) == 4);
  for (const auto& m : {in.csr<>("sparse", 3, rk::any_size), in.history(3, 4)}) {
    CHECK(m.rows() == 3);
    CHECK(m.cols() == 4);
    CHECK(m.row(0).indices[1] == 3);
    CHECK(m.row(0).values[1] == -2);
    CHECK(m.row(1).size() == 0);
  }
  const auto params = in.params<sample_params>();
  CHECK(params.rate == 1.0 / 3);
  CHECK(params.seed == std::numeric_limits<std::uint64_t>::max());
  CHECK(params.paint == colour::green);
  CHECK_FALSE(params.limit);
  in.finish();
}

// Everything that reading may end in: the text of the error, or nothing when all went well.
std::string outcome(const std::filesystem::path& file) {
  try {
    rk::model_reader in(file, "sample");
    in.number<std::int64_t>("count");
    in.csr<>("sparse");
    in.history(3, 4);
    in.params<sample_params>();
    return {};
  } catch (const rk::parse_error& problem) {
    return problem.what();
  }
}

}  // namespace

TEST_CASE("a model file gives back what was written into it") {
  const temp_folder folder;
  write_sample(folder / "m");
  rk::model_reader in(folder / "m", "sample");
  CHECK(in.kind() == "sample");
  CHECK(in.version() == RECOKIT_VERSION);
  CHECK(in.has("dense"));
  CHECK_FALSE(in.has("density"));
  CHECK(in.names().front() == "count");
  read_sample(in);
}

TEST_CASE("sparse matrices of a model file outlive the reader and the file, and are aligned") {
  const temp_folder folder;
  write_sample(folder / "m");
  const auto sparse = rk::model_reader(folder / "m").csr<>("sparse");
  std::filesystem::remove(folder / "m");
  CHECK(sparse.row(2).values[0] == 4);
  const auto address = [](const auto& span) {
    return reinterpret_cast<std::uintptr_t>(span.data());
  };
  CHECK(address(sparse.view().offsets()) % 8 == 0);
  CHECK(address(sparse.view().indices()) % 4 == 0);
  CHECK(address(sparse.view().values()) % 4 == 0);
}

TEST_CASE("sparse matrices without rows, entries or values keep what they are") {
  const temp_folder folder;
  {
    rk::model_writer out(folder / "m", "sample");
    out.add("none", rk::csr_matrix<>{});
    out.add("empty", rk::csr_matrix<>(2, 5, {0, 0, 0}, {}));
    out.add("pattern", rk::csr_matrix<>(1, 5, {0, 2}, {1, 4}));
    out.add("wide", rk::csr_matrix<double, std::int64_t, std::int32_t>(1, 5, {0, 1}, {4}, {0.5}));
    out.history({});
    out.commit();
  }
  rk::model_reader in(folder / "m");
  CHECK(in.csr<>("none").rows() == 0);
  CHECK(in.csr<>("empty", 2, 5).nonzeros() == 0);
  CHECK_FALSE(in.csr<>("pattern").has_values());
  CHECK(in.csr<>("pattern").row(0).indices[1] == 4);
  CHECK((in.csr<double, std::int64_t, std::int32_t>("wide").row(0).values[0]) == 0.5);
  CHECK(in.history(2, 5).rows() == 0);
  in.finish();
}

TEST_CASE("the bytes of a model file are those of its description") {
  const temp_folder folder;
  rk::model_writer out(folder / "m", "tiny");
  out.add("b", true);
  out.add("x", std::vector<float>{0.5f, 3});
  out.add("text", "abc");
  out.add("n", std::int64_t{-2});
  out.params(sample_params{});
  rk::row_major_matrix<double> dense(1, 2);
  dense << 7, 0.1;
  out.add("d", dense);
  out.commit();
  // Elements of eight bytes come first, then those of four and of one, else as they were added.
  model_bytes expected;
  expected.header("tiny", "2", RECOKIT_VERSION_STRING)
      .metadata("params.count", "3")
      .metadata("params.rate", "0.1")
      .metadata("params.seed", "18446744073709551615")
      .metadata("params.on", "true")
      .metadata("params.paint", "green")
      .metadata("params.limit", "none")
      .section("n", "I64", "[]", model_bytes::numbers(std::int64_t{-2}))
      .section("d", "F64", "[1,2]", model_bytes::numbers(7.0, 0.1))
      .section("x", "F32", "[2]", model_bytes::numbers(0.5f, 3.0f))
      .section("b", "U8", "[]", "\x01")
      .section("text", "U8", "[3]", "abc");
  CHECK(file_content(folder / "m") == expected.end());
}

TEST_CASE("a model file is laid out as safetensors prescribes") {
  const temp_folder folder;
  write_sample(folder / "m");
  const std::string bytes = file_content(folder / "m");
  std::uint64_t length = 0;
  for (std::size_t n = 0; n < 8; ++n) {
    length |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes.at(n))) << 8 * n;
  }
  REQUIRE(length < bytes.size());
  CHECK((8 + length) % 64 == 0);
  const std::string json = bytes.substr(8, length);
  CHECK(json.front() == '{');
  CHECK(json[json.find_last_not_of(' ')] == '}');

  const auto number_at = [&](std::size_t at) { return std::stoull(json.substr(at)); };
  std::vector<std::string> names;
  std::uint64_t end = 0;
  std::uint64_t smallest = 8;
  for (std::size_t at = json.find("{\"dtype\":\""); at != std::string::npos;
       at = json.find("{\"dtype\":\"", at + 1)) {
    const auto quote = json.rfind('"', at - 3);
    names.push_back(json.substr(quote + 1, at - 3 - quote));
    const std::string dtype = json.substr(at + 10, json.find('"', at + 10) - at - 10);
    const std::uint64_t element = dtype == "U8" ? 1 : std::stoull(dtype.substr(1)) / 8;
    CHECK(element <= smallest);
    smallest = element;
    std::uint64_t size = element;
    std::size_t part = json.find("\"shape\":[", at) + 9;
    while (json[part] != ']') {
      size *= number_at(part);
      part = json.find_first_of(",]", part);
      if (json[part] == ',') ++part;
    }
    part = json.find("\"data_offsets\":[", at) + 16;
    INFO(names.back());
    CHECK(number_at(part) == end);
    CHECK(end % element == 0);
    end = number_at(json.find(',', part) + 1);
    CHECK(end - number_at(part) == size);
  }
  CHECK(8 + length + end == bytes.size());
  CHECK(names == rk::model_reader(folder / "m").names());
  CHECK(names.size() == 16);
}

TEST_CASE("a model file put together by hand gives its numbers") {
  const temp_folder folder;
  const model_bytes b;
  const auto file =
      model_bytes()
          .header("tiny", "2", "1.2.3")
          .section("n", "I64", "[]", b.numbers(std::int64_t{-3}))
          .section("d", "F64", "[1,2]", b.numbers(0.1, -7.0))
          .section("s.shape", "I64", "[2]", b.numbers(std::int64_t{1}, std::int64_t{9}))
          .section("s.offsets", "I64", "[2]", b.numbers(std::int64_t{0}, std::int64_t{3}))
          .section("s.indices", "I32", "[3]", b.numbers(1, 2, 8))
          .section("s.values", "F32", "[3]", b.numbers(1.5f, 2.5f, 3.5f))
          .section("t", "U8", "[3]", "abc")
          .end();
  rk::model_reader in(folder.file("m", file), "tiny");
  CHECK(in.version() == 10203);
  CHECK(in.number<std::int64_t>("n") == -3);
  CHECK(in.matrix<double>("d")(0, 0) == 0.1);
  const auto sparse = in.csr<>("s");
  CHECK(sparse.row(0).indices[2] == 8);
  CHECK(sparse.row(0).values[2] == 3.5f);
  CHECK(in.text("t") == "abc");
}

TEST_CASE("large and small sections come back in any order of writing") {
  const temp_folder folder;
  std::vector<std::int32_t> many(700'001);
  std::iota(many.begin(), many.end(), 0);
  std::vector<double> doubles(40'000);
  std::iota(doubles.begin(), doubles.end(), 0.5);
  const std::vector<std::uint8_t> bytes(65'537, 7);
  {
    rk::model_writer out(folder / "m", "large");
    out.add("bytes", bytes);
    out.add("many", many);
    out.add("one", 1.0f);
    out.add("doubles", doubles);
    out.add("small", std::vector<std::uint8_t>(65'536, 9));
    // What was added may go before the commit.
    std::fill(many.begin(), many.end(), 0);
    out.commit();
  }
  rk::model_reader in(folder / "m");
  CHECK(in.names() == std::vector<std::string>{"doubles", "many", "one", "bytes", "small"});
  std::iota(many.begin(), many.end(), 0);
  CHECK(in.vector<std::int32_t>("many") == many);
  CHECK(in.vector<double>("doubles") == doubles);
  CHECK(in.vector<std::uint8_t>("bytes") == bytes);
  CHECK(in.vector<std::uint8_t>("small") == std::vector<std::uint8_t>(65'536, 9));
  const auto files = std::filesystem::directory_iterator(folder.path());
  CHECK(std::distance(begin(files), end(files)) == 1);
}

TEST_CASE("content of several blocks is checked block by block") {
  const temp_folder folder;
  std::vector<std::int32_t> many(700'000);
  std::iota(many.begin(), many.end(), 0);
  {
    rk::model_writer out(folder / "m", "large");
    out.add("many", many);
    out.commit();
  }
  CHECK(rk::model_reader(folder / "m").vector<std::int32_t>("many") == many);
  std::string bytes = file_content(folder / "m");
  const auto data = bytes.size() - many.size() * 4;
  const auto checksum = model_bytes::content_checksum(std::string_view(bytes).substr(data));
  CHECK(bytes.find("\"crc32.many\":\"" + checksum + "\"") < data);
  for (const std::size_t at : {data, std::size_t{1'500'000}, bytes.size() - 1}) {
    bytes[at] = static_cast<char>(bytes[at] ^ 16);
    CHECK_THAT(error_text<rk::parse_error>([&] { rk::model_reader(folder.file("bad", bytes)); }),
               ContainsSubstring("section \"many\" is damaged: its checksum is"));
    bytes[at] = static_cast<char>(bytes[at] ^ 16);
  }
}

TEST_CASE("a file cut off at any byte is refused by name") {
  const temp_folder folder;
  write_sample(folder / "m");
  const std::string bytes = file_content(folder / "m");
  REQUIRE(outcome(folder.file("part", bytes)).empty());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto text = outcome(folder.file("part", std::string_view(bytes).substr(0, size)));
    INFO(size << ": " << text);
    REQUIRE(text.find((folder / "part").string()) == 0);
    REQUIRE(text.find(size == 0 ? "is not a model file" : "is cut off") != std::string::npos);
  }
  CHECK_THAT(outcome(folder.file("part", bytes + "x")),
             ContainsSubstring("has 1 bytes after its end"));
}

TEST_CASE("a file with any one bit flipped is refused by name") {
  const temp_folder folder;
  write_sample(folder / "m");
  std::string bytes = file_content(folder / "m");
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    // Eight flips a byte are few enough for the beginning; elsewhere another bit at each byte.
    const bool header = at < 192;
    for (unsigned bit = header ? 0 : at % 8; bit < (header ? 8 : at % 8 + 1); ++bit) {
      const char good = bytes[at];
      bytes[at] = static_cast<char>(static_cast<unsigned char>(good) ^ (1u << bit));
      const auto text = outcome(folder.file("bad", bytes));
      bytes[at] = good;
      INFO(at << "." << bit << ": " << text);
      REQUIRE(text.find((folder / "bad").string()) == 0);
      REQUIRE((text.find("damaged") != std::string::npos ||
               text.find("is not a model file") != std::string::npos));
    }
  }
}

TEST_CASE("padding, case of digits and a foreign checksum of the header are refused") {
  const temp_folder folder;
  const auto refusal = [&](const std::string& bytes) {
    return error_text<rk::parse_error>([&] { rk::model_reader(folder.file("bad", bytes)); });
  };
  const std::string good = model_bytes().header("padded").end();
  REQUIRE(rk::model_reader(folder.file("good", good)).kind() == "padded");
  const auto change = [&](std::size_t at, const std::string& text) {
    std::string bytes = good;
    return bytes.replace(at, text.size(), text);
  };
  REQUIRE(good.back() == ' ');
  CHECK_THAT(refusal(change(good.size() - 1, "\t")), ContainsSubstring("is damaged"));
  const auto digits = good.find("header_crc32") + 15;
  CHECK_THAT(refusal(change(digits, "00000000")), ContainsSubstring("is damaged"));
  std::string upper = good.substr(digits, 8);
  for (char& c : upper) c = static_cast<char>(c >= 'a' ? c - 32 : c);
  if (upper != good.substr(digits, 8)) {
    CHECK_THAT(refusal(change(digits, upper)), ContainsSubstring("is damaged"));
  }
  // With a checksum that holds, what is behind the last brace must still be spaces.
  std::string json = model_bytes().header("padded").json();
  CHECK_THAT(refusal(model_bytes::sealed(json + "  x")), ContainsSubstring("spaces up to its end"));
  CHECK_THAT(refusal(model_bytes::sealed(json + "\n")), ContainsSubstring("spaces up to its end"));
}

TEST_CASE("headers that are other JSON or none are refused, whatever their checksum") {
  const temp_folder folder;
  const auto refusal = [&](const std::string& bytes) {
    return error_text<rk::parse_error>([&] { rk::model_reader(folder.file("bad", bytes)); });
  };
  const std::string four = model_bytes::numbers(1.0f);
  const std::string good = model_bytes().header("tiny").section("x", "F32", "[1]", four).json();
  REQUIRE(rk::model_reader(folder.file("good", model_bytes::sealed(good, four))).has("x"));
  // Every part of the header that goes missing is one that is missed.
  const std::size_t fixed = good.find("\"algorithm\"");
  for (std::size_t at = fixed; at < good.size(); ++at) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{7}, good.size()}) {
      std::string json = good;
      json.erase(at, size);
      INFO(json);
      try {
        rk::model_reader in(folder.file("bad", model_bytes::sealed(json, four)));
        // A letter of the kind or a digit of the shape may go, but then it is another model.
        in.vector<float>("x", 1);
        CHECK(in.kind() != "tiny");
      } catch (const rk::parse_error&) {
      }
    }
  }
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string json = good;
    REQUIRE(json.find(from) != std::string::npos);
    return refusal(model_bytes::sealed(json.replace(json.find(from), from.size(), to), four));
  };
  CHECK_THAT(with("tiny", "ti\\u006ey"), ContainsSubstring("has a header that no recokit writes"));
  CHECK_THAT(with("\"shape\"", " \"shape\""), ContainsSubstring("no recokit writes"));
  CHECK_THAT(with("[1]", "[[1]]"), ContainsSubstring("expected a whole number"));
  CHECK_THAT(with("[1]", "[01]"), ContainsSubstring("expected a whole number"));
  CHECK_THAT(with("[1]", "[1.0]"), ContainsSubstring("no recokit writes"));
  CHECK_THAT(with("[1]", "[1,]"), ContainsSubstring("expected a whole number"));
  CHECK_THAT(with("[1]", "[-1]"), ContainsSubstring("expected a whole number"));
  CHECK_THAT(with("[1]", "[9223372036854775808]"), ContainsSubstring("a number below 2^63"));
  CHECK_THAT(with("[1]", "[99999999999999999999999]"), ContainsSubstring("a number below 2^63"));
  CHECK_THAT(with("tiny\"", "tiny\",\"algorithm\":\"more\""),
             ContainsSubstring("has the metadata \"algorithm\" twice"));
  CHECK_THAT(with("tiny\"", "tiny\",\"colour\":\"red\""),
             ContainsSubstring("has the unknown metadata \"colour\""));
  CHECK_THAT(with("tiny", ""), ContainsSubstring("has no good metadata \"algorithm\""));
  CHECK_THAT(with("tiny", std::string(33, 'k')), ContainsSubstring("no good metadata"));
  CHECK_THAT(with("0.1.0", "0.1"), ContainsSubstring("expected a version"));
  CHECK_THAT(with("0.1.0", "0.100.0"), ContainsSubstring("expected a version"));
  CHECK_THAT(with("crc32.x", "crc32.y"), ContainsSubstring("section \"x\" has no good checksum"));
  CHECK_THAT(with("\"crc32.x", "\"crc32.y\":\"00000000\",\"crc32.x"),
             ContainsSubstring("has 2 checksums of 1 sections"));
  CHECK_THAT(with("\"x\":{", "\"\":{"), ContainsSubstring("has no good name in section 1"));
  CHECK_THAT(with("\"x\":{", "\"" + std::string(29, 'x') + "\":{"),
             ContainsSubstring("has no good name in section 1"));
  CHECK_THAT(with("F32", "F16"), ContainsSubstring("section \"x\" has the unknown type \"F16\""));
  CHECK_THAT(with("F32", ""), ContainsSubstring("section \"x\" has the unknown type \"\""));
  // Other files of safetensors, and headers that claim to be huge.
  const std::string other = R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  CHECK_THAT(refusal(model_bytes::sealed(other, four)), ContainsSubstring("is not a model file"));
  const std::string bytes = model_bytes::sealed(good, four);
  for (const std::uint64_t length :
       {std::uint64_t{1} << 20 | 56, std::uint64_t{1} << 24 | 56, ~std::uint64_t{7}}) {
    CHECK_THAT(refusal(model_bytes::number(length) + bytes.substr(8)),
               ContainsSubstring("is not a model file"));
  }
  CHECK_THAT(refusal(model_bytes::number(std::uint64_t{1} << 19 | 56) + bytes.substr(8)),
             ContainsSubstring("is cut off or damaged: its header of 524344 bytes"));
}

TEST_CASE("a file whose checksums hold and whose content does not is refused by name") {
  const temp_folder folder;
  const auto refusal = [&](const model_bytes& bytes, const auto& read) {
    const auto file = folder.file("bad", bytes.end());
    return error_text<rk::parse_error>([&] {
      rk::model_reader in(file);
      read(in);
    });
  };
  const auto nothing = [](rk::model_reader&) {};
  const auto start = [] { return model_bytes().header("tiny"); };
  const model_bytes b;
  const auto four = b.numbers(1.0f, 2.0f, 3.0f, 4.0f);

  CHECK_THAT(refusal(model_bytes().header("tiny", "3", "1.2.3"), nothing),
             ContainsSubstring("has format version 3 (written by recokit 1.2.3), this recokit "
                               "reads version 2"));
  CHECK_THAT(refusal(start().section("x", "F32", "[1099511627776,1099511627776]", four), nothing),
             ContainsSubstring("has an impossible shape: rank 2"));
  CHECK_THAT(refusal(start().section("x", "F32", "[9223372036854775807]", four), nothing),
             ContainsSubstring("has an impossible shape: rank 1"));
  CHECK_THAT(refusal(start().section("x", "F32", "[4,1,1]", four), nothing),
             ContainsSubstring("has an impossible shape: rank 3"));
  CHECK_THAT(refusal(start().section_at("x", "F32", "[400]", four, "0,1600").data(four), nothing),
             ContainsSubstring("is cut off: section \"x\" holds 1600 bytes from byte "));
  CHECK_THAT(refusal(start().section_at("x", "F32", "[5]", four, "0,16").data(four), nothing),
             ContainsSubstring("section \"x\" goes from byte 0 to 16 of the data, but its shape "
                               "takes 20 bytes"));
  CHECK_THAT(refusal(start().section_at("x", "F32", "[4]", four, "16,0").data(four), nothing),
             ContainsSubstring("section \"x\" begins at byte 16 of the data, expected 0"));
  CHECK_THAT(
      refusal(start().section("x", "F32", "[4]", four).section_at("y", "F32", "[4]", four, "0,16"),
              nothing),
      ContainsSubstring("section \"y\" begins at byte 0 of the data, expected 16"));
  CHECK_THAT(
      refusal(start().section("x", "F32", "[4]", four).data(" ").section("y", "U8", "[1]", "a"),
              nothing),
      ContainsSubstring("section \"y\" begins at byte 17 of the data, expected 16"));
  CHECK_THAT(
      refusal(start().section("a", "U8", "[1]", "a").section("x", "F32", "[4]", four), nothing),
      ContainsSubstring("section \"x\" begins at byte 1 of the data, expected a multiple of 4"));
  CHECK_THAT(refusal(start().section("x", "F32", "[4]", four).data("12345"), nothing),
             ContainsSubstring("has 5 bytes after its end"));
  CHECK_THAT(refusal(start().section_at("x", "F32", "[4]", "other", "0,16").data(four), nothing),
             ContainsSubstring("section \"x\" is damaged"));
  std::string twice = start().section("x", "F32", "[4]", four).json();
  twice.insert(twice.size() - 1, R"(,"x":{"dtype":"F32","shape":[0],"data_offsets":[16,16]})");
  CHECK_THAT(error_text<rk::parse_error>(
                 [&] { rk::model_reader(folder.file("bad", model_bytes::sealed(twice, four))); }),
             ContainsSubstring("section \"x\" is there twice"));

  const auto x = [&] { return start().section("x", "F32", "[4]", four); };
  CHECK_THAT(refusal(x(), [](auto& in) { in.template vector<double>("x"); }),
             ContainsSubstring("section \"x\" is an array of 4 elements of type f32, expected an "
                               "array of any number elements of type f64"));
  CHECK_THAT(refusal(x(), [](auto& in) { in.template vector<float>("x", 5); }),
             ContainsSubstring("expected an array of 5 elements of type f32"));
  CHECK_THAT(refusal(x(), [](auto& in) { in.template number<float>("x"); }),
             ContainsSubstring("expected a number of type f32"));
  CHECK_THAT(refusal(x(), [](auto& in) { in.template matrix<float>("x", 2); }),
             ContainsSubstring("expected a matrix 2 x any of type f32"));
  CHECK_THAT(refusal(x(), [](auto& in) { in.text("x"); }), ContainsSubstring("of type text"));
  CHECK_THAT(refusal(x(), [](auto& in) { in.text("y"); }),
             ContainsSubstring("has no section \"y\", which a model of kind \"tiny\" needs"));
  CHECK_THAT(refusal(x(), [](auto& in) { in.finish(); }),
             ContainsSubstring("section \"x\" is unknown to a model of kind \"tiny\""));

  const auto inf = std::numeric_limits<float>::infinity();
  const auto strange = [&] { return start().section("x", "F32", "[2]", b.numbers(1.0f, inf)); };
  CHECK_THAT(refusal(strange(), [](auto& in) { in.template vector<float>("x"); }),
             ContainsSubstring("section \"x\" entry 1 is inf, expected a finite number"));
  CHECK(rk::model_reader(folder.file("good", strange().end()))
            .vector<float>("x", 2, rk::values::any)[1] == inf);

  CHECK_THAT(refusal(start().section("e", "I32", "[]", b.numbers(2)),
                     [](auto& in) { in.template number<colour>("e"); }),
             ContainsSubstring("section \"e\" is 2, expected one of 2 values from 0"));
  CHECK_THAT(refusal(start().section("e", "U8", "[]", "\x02"),
                     [](auto& in) { in.template number<bool>("e"); }),
             ContainsSubstring("section \"e\" is 2, expected 0 or 1"));
}

TEST_CASE("params of a file that are not those of the model are refused") {
  const temp_folder folder;
  const auto refusal = [&](const model_bytes& bytes, const auto& read) {
    const auto file = folder.file("bad", bytes.end());
    return error_text<rk::parse_error>([&] {
      rk::model_reader in(file);
      read(in);
    });
  };
  const auto params = [](auto& in) { in.template params<sample_params>(); };
  CHECK_THAT(refusal(model_bytes().header("tiny"), params),
             ContainsSubstring("has no section \"params\""));
  CHECK_THAT(refusal(model_bytes().header("tiny").metadata("params.count", "7"), params),
             ContainsSubstring("section \"params\" rate = (missing): must be given"));
  CHECK_THAT(refusal(model_bytes().header("tiny").metadata("params.count", "70"), params),
             ContainsSubstring("section \"params\""));
  CHECK_THAT(refusal(model_bytes().header("tiny").metadata("params.count", "7"),
                     [](auto& in) { in.finish(); }),
             ContainsSubstring("has params, which a model of kind \"tiny\" does not know"));
}

TEST_CASE("a file of the format before is refused with both versions") {
  const temp_folder folder;
  // Of either byte order, as recokit 0.1.0 wrote them.
  for (const std::string& text : {std::string("\x04\x03\x02\x01\x01\0\0\0\x64\0\0\0", 12),
                                  std::string("\x01\x02\x03\x04\0\0\0\x01\0\0\0\x64", 12)}) {
    const auto file = folder.file("old", "\x89RKM\r\n\x1a\n" + text + std::string(108, '\0'));
    CHECK_THAT(error_text<rk::parse_error>([&] { rk::model_reader in(file); }),
               ContainsSubstring("has format version 1 (written by recokit 0.1.0), this recokit "
                                 "reads version 2; save the model again"));
  }
}

TEST_CASE("a sparse matrix of a file is checked like one of the user") {
  const temp_folder folder;
  const model_bytes b;
  const auto refusal = [&](std::int64_t rows, std::int64_t cols, std::vector<std::int64_t> offsets,
                           std::vector<int> indices, std::vector<float> values) {
    const auto bytes = [&](const auto& list) {
      std::string text;
      for (const auto n : list) text += b.number(n);
      return text;
    };
    const auto shape = [](const auto& list) { return "[" + std::to_string(list.size()) + "]"; };
    const auto file =
        folder.file("bad", model_bytes()
                               .header("tiny")
                               .section("s.shape", "I64", "[2]", b.numbers(rows, cols))
                               .section("s.offsets", "I64", shape(offsets), bytes(offsets))
                               .section("s.indices", "I32", shape(indices), bytes(indices))
                               .section("s.values", "F32", shape(values), bytes(values))
                               .end());
    return error_text<rk::parse_error>([&] { rk::model_reader(file).csr<>("s", 2); });
  };
  const std::vector<float> ones{1, 1, 1};
  CHECK_THAT(refusal(3, 4, {0, 1, 2, 3}, {0, 1, 2}, ones),
             ContainsSubstring("section \"s\" is 3 x 4, expected 2 x any"));
  CHECK_THAT(refusal(2, -1, {0, 1, 3}, {0, 1, 2}, ones), ContainsSubstring("is 2 x -1"));
  CHECK_THAT(refusal(2, 4, {0, 1}, {0, 1, 2}, ones),
             ContainsSubstring("section \"s.offsets\" is an array of 2 elements"));
  CHECK_THAT(refusal(2, 4, {1, 1, 3}, {0, 1, 2}, ones),
             ContainsSubstring("section \"s\" offsets[0] = 1: must be 0"));
  CHECK_THAT(refusal(2, 4, {0, 1, 9}, {0, 1, 2}, ones), ContainsSubstring("offsets[rows] is 9"));
  CHECK_THAT(refusal(2, 4, {0, 4, 3}, {0, 1, 2}, ones), ContainsSubstring("must not be less"));
  CHECK_THAT(refusal(2, 4, {0, 1, 3}, {0, 1, 4}, ones), ContainsSubstring("must be in [0, cols)"));
  CHECK_THAT(refusal(2, 4, {0, 1, 3}, {0, 2, 1}, ones), ContainsSubstring("must ascend"));
  CHECK_THAT(refusal(2, 4, {0, 1, 3}, {0, 1, 2}, {1, 1}),
             ContainsSubstring("section \"s.values\""));
  CHECK_THAT(refusal(2, 4, {0, 1, 3}, {0, 1, 2}, {1, 1, std::nanf("")}),
             ContainsSubstring("must be finite"));
  CHECK_THAT(refusal(2, std::int64_t{1} << 40, {0, 1, 3}, {0, 1, 2}, ones),
             ContainsSubstring("must fit the index type"));
}

TEST_CASE("a file of another kind is refused with both kinds") {
  const temp_folder folder;
  write_sample(folder / "m");
  CHECK_THAT(error_text<rk::parse_error>([&] { rk::model_reader(folder / "m", "ials"); }),
             ContainsSubstring("m: holds a model of kind \"sample\", expected \"ials\""));
}

TEST_CASE("a text file, an empty file, a folder and a missing file are refused by name") {
  const temp_folder folder;
  for (const std::string text : {"", "user,item\n", "\x89PNG\r\n\x1a\n and so on"}) {
    CHECK_THAT(error_text<rk::parse_error>([&] { rk::model_reader(folder.file("t", text)); }),
               ContainsSubstring("is not a model file of recokit"));
  }
  CHECK_THAT(error_text<rk::io_error>([&] { rk::model_reader{folder.path()}; }),
             ContainsSubstring("is a directory"));
  CHECK_THROWS_AS(rk::model_reader(folder / "none"), rk::io_error);
}

TEST_CASE("a model file appears when it is whole and replaces the one before") {
  const temp_folder folder;
  const auto names = [&] {
    const auto files = std::filesystem::directory_iterator(folder.path());
    return std::distance(begin(files), end(files));
  };
  write_sample(folder / "m");
  {
    rk::model_writer out(folder / "m", "other");
    out.add("x", 1.0f);
  }
  CHECK(rk::model_reader(folder / "m").kind() == "sample");
  CHECK(names() == 1);
  {
    rk::model_writer out(folder / "m", "other");
    out.add("x", 1.0f);
    out.commit();
  }
  CHECK(rk::model_reader(folder / "m").kind() == "other");
  CHECK(names() == 1);
}

TEST_CASE("the same model gives the same bytes") {
  const temp_folder folder;
  write_sample(folder / "a");
  write_sample(folder / "b");
  CHECK(file_content(folder / "a") == file_content(folder / "b"));
}

TEST_CASE("a model file cannot go where no file can") {
  const temp_folder folder;
  CHECK_THAT(error_text<rk::io_error>([&] { write_sample(folder / "no such folder" / "m"); }),
             ContainsSubstring("no such folder"));
  CHECK_THROWS_AS(write_sample(folder.path()), rk::io_error);
}

TEST_CASE("names that a file cannot hold are refused when it is written") {
  const temp_folder folder;
  rk::model_writer out(folder / "m", "sample");
  out.add("x", 1.0f);
  CHECK_THAT(error_text<rk::value_error>([&] { out.add("x", 2.0f); }),
             ContainsSubstring("section name = \"x\": is in the file already"));
  CHECK_THROWS_AS(out.add("", 1.0f), rk::value_error);
  CHECK_THROWS_AS(out.add(std::string(29, 'x'), 1.0f), rk::value_error);
  CHECK_NOTHROW(out.add(std::string(28, 'x'), 1.0f));
  for (const std::string name : {"a\"b", "a\\b", "a\n", "\xC3\xA4", "__metadata__"}) {
    CHECK_THROWS_AS(out.add(name, 1.0f), rk::value_error);
  }
  CHECK_THROWS_AS(out.add("params", "speed=\"fast\"\n"), rk::value_error);
  CHECK_THROWS_AS(out.add("params", "no line of params"), rk::value_error);
  CHECK_THROWS_AS(rk::model_writer(folder / "k", ""), rk::value_error);
  CHECK_THROWS_AS(rk::model_writer(folder / "k", std::string(33, 'k')), rk::value_error);
  CHECK_NOTHROW(rk::model_writer(folder / "k", std::string(32, 'k')));
}

TEST_CASE("the history stays out of a file when asked, or is refused where it is needed") {
  const temp_folder folder;
  {
    rk::model_writer out(folder / "m", "sample", {.history = false});
    out.history(sample_csr());
    CHECK(error_text<rk::value_error>(
              [&] { out.required_history(sample_csr(), "slope one needs the ratings"); }) ==
          "options.history = false: slope one needs the ratings, so its file has to hold them; "
          "save with history = true");
    out.commit();
  }
  CHECK(rk::model_reader(folder / "m").names().empty());
  CHECK(rk::model_reader(folder / "m").history(3, 4).rows() == 0);
}

TEST_CASE("params go through text by their table of fields") {
  const sample_params some{
      .count = 9, .rate = 0.1, .on = false, .paint = colour::red, .limit = 0.3f};
  const std::string text = rk::params_text(some);
  CHECK(text == "count=9\nrate=0.1\nseed=18446744073709551615\non=false\npaint=red\nlimit=0.3\n");
  const auto again = rk::params_from_text<sample_params>(text);
  CHECK(again.limit == 0.3f);
  CHECK(rk::params_text(again) == text);

  const auto refusal = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return error_text<rk::value_error>([&] { rk::params_from_text<sample_params>(changed); });
  };
  CHECK(refusal("rate=0.1\n", "") == "rate = (missing): must be given");
  CHECK(refusal("rate=0.1\n", "rate=0.1\nspeed=2\n") ==
        "speed = 2: is no field of these params, or given twice");
  CHECK(refusal("rate=0.1\n", "rate=0.1\nrate=0.1\n") ==
        "rate = 0.1: is no field of these params, or given twice");
  CHECK(refusal("rate=0.1", "rate=2") == "params.rate = 2: must be in [0, 1]");
  CHECK(refusal("rate=0.1", "rate=nan") == "params.rate = nan: must be in [0, 1]");
  CHECK(refusal("rate=0.1", "rate=0.1x") == "rate = \"0.1x\": must be a number");
  CHECK(refusal("count=9", "count=1e1") ==
        "count = \"1e1\": must be a whole number that fits the field");
  CHECK(refusal("on=false", "on=0") == "on = \"0\": must be true or false");
  CHECK(refusal("red", "blue") == "paint = \"blue\": must be one of red, green");
  CHECK(refusal("on=false", "on") == "line = \"on\": must be name=value");
}
