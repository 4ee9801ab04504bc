// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gzip_support.hpp"
#include "npy_support.hpp"
#include "read_support.hpp"

#include <recokit/core/random.hpp>
#include <recokit/data/write.hpp>

#include <functional>

using namespace recokit;
using namespace recokit_test;

namespace {

constexpr int rounds = 3000;

// A few random changes: flipped, replaced, removed or doubled bytes, and a cut.
std::string mutate(std::string text, random_stream& random) {
  static constexpr char spice[] =
      "\0\n\r,;\t\" :-+.0919eEnN%{}()'\xff\x80"
      "PK";
  for (auto changes = 1 + random.below(4); changes != 0 && !text.empty(); --changes) {
    const auto at = static_cast<std::size_t>(random.below(text.size()));
    const auto size = static_cast<std::size_t>(1 + random.below(8));
    switch (random.below(6)) {
      case 0:
        text[at] = static_cast<char>(text[at] ^ (1 << random.below(8)));
        break;
      case 1:
        text[at] = spice[static_cast<std::size_t>(random.below(sizeof spice))];
        break;
      case 2:
        text.erase(at, size);
        break;
      case 3:
        text.insert(at, text.substr(at, size));
        break;
      case 4:
        text[at] = static_cast<char>(random());
        break;
      default:
        if (random.below(4) == 0) text.resize(at);
        break;
    }
  }
  return text;
}

// Every outcome is a data set that holds together, or a recokit::error.
void check_robust(const std::string& valid,
                  const std::function<csr_matrix<>(const std::filesystem::path&, bool)>& reader) {
  const temp_folder folder;
  const auto original = folder.file("x", valid);
  reader(original, false);  // the sample itself must be good
  int read_count = 0;
  for (int round = 0; round < rounds; ++round) {
    random_stream random(7, random_purpose::user, static_cast<std::uint64_t>(round));
    const std::string text = mutate(valid, random);
    const auto file = folder.file("x", text);
    CAPTURE(round);
    try {
      const auto data = reader(file, random.below(2) == 0);
      // The checking constructor looks at every entry.
      csr_view<>(data.rows(), data.cols(), data.view().offsets(), data.view().indices(),
                 data.view().values());
      ++read_count;
    } catch (const error&) {
    } catch (const std::exception& other) {
      FAIL("not a recokit::error: " << other.what());
    }
  }
  CHECK(read_count < rounds);  // some changes do harm
}

void check_robust_ratings(const std::string& valid, read_options options = {}) {
  check_robust(valid, [options](const std::filesystem::path& file, bool pieces) {
    auto own = options;
    own.policy.threads = pieces ? 2 : 1;
    const auto data =
        detail::read_ratings_tuned(file, own, {.piece_bytes = pieces ? std::size_t{16} : 0});
    if (data.users().size() != data.rows()) throw std::logic_error("users");
    if (data.items().size() != data.cols()) throw std::logic_error("items");
    return data.matrix();
  });
}

}  // namespace

TEST_CASE("damaged tables never crash") {
  check_robust_ratings(
      "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n1,1029,3.0,1260759179\n"
      "7,1061,3.0,1260759182\n15,1129,2.0,1260759185\n");
  check_robust_ratings("196\t242\t3\t881250949\n186\t302\t3\t891717742\n22\t377\t1\t878887116\n");
  check_robust_ratings("a,\"x, y\",5\r\nb,\"z \"\"q\"\"\",4\r\nc,w,1\r\n",
                       {.duplicates = duplicate_rule::error});
  check_robust_ratings("1::1193::5::978300760\n1::661::3::978302109\n2::1193::4::978298413\n");
  check_robust_ratings("u1 i1 3\nu2  i2 4\n u1 i3 5 \n", {.delimiter = ' '});
  check_robust_ratings("1,2,3,4,5,6\n2,3,4,5,6,7\n", {.user = 1, .item = 4, .rating = 5});
}

TEST_CASE("damaged LightGCN lines never crash") {
  check_robust_ratings("0 1 2 3 10\n1 5\n2\n3 1 2 8\n");
  check_robust_ratings("0 1 2 3 10\n1 5\n2\n3 1 2 8\n",
                       {.format = file_format::lightgcn, .duplicates = duplicate_rule::sum});
}

TEST_CASE("damaged MatrixMarket files never crash") {
  check_robust_ratings(
      "%%MatrixMarket matrix coordinate real general\n% c\n3 4 3\n1 1 1.5\n2 4 -3\n3 2 1e3\n");
  check_robust_ratings("%%MatrixMarket matrix coordinate pattern symmetric\n3 3 3\n1 1\n2 1\n3 2\n",
                       {.duplicates = duplicate_rule::sum});
}

TEST_CASE("damaged .npz archives never crash") {
  const temp_folder folder;
  write_npz(folder / "m", csr_matrix<>(2, 3, {0, 2, 3}, {0, 2, 1}, {1, 2, 3}));
  check_robust(file_content(folder / "m"),
               [](const std::filesystem::path& file, bool) { return read_npz(file); });
  write_zip(folder / "m", csr_members{}.list(), 1);
  check_robust(file_content(folder / "m"),
               [](const std::filesystem::path& file, bool) { return read_npz(file); });
}

TEST_CASE("damaged arrays in sound .npz archives never crash") {
  const temp_folder folder;
  for (int member = 0; member < 5; ++member) {
    for (int round = 0; round < 600; ++round) {
      random_stream random(9, random_purpose::user, static_cast<std::uint64_t>(round));
      auto members = csr_members{}.list();
      auto& content = members[static_cast<std::size_t>(member)].second;
      content = mutate(content, random);
      std::filesystem::remove(folder / "m.npz");
      write_zip(folder / "m.npz", members);
      CAPTURE(member, round);
      try {
        const auto data = read_npz(folder / "m.npz");
        csr_view<>(data.rows(), data.cols(), data.view().offsets(), data.view().indices(),
                   data.view().values());
      } catch (const error&) {
      } catch (const std::exception& other) {
        FAIL("not a recokit::error: " << other.what());
      }
    }
  }
}

TEST_CASE("damaged .npy arrays never crash") {
  check_robust(npy("<f4", "(2, 3)", raw<float>({1, 2, 3, 4, 5, 6}), true),
               [](const std::filesystem::path& file, bool) {
                 const auto m = read_npy(file);
                 if (m.size() > 100) throw std::logic_error("more elements than bytes");
                 return csr_matrix<>();
               });
}

#if defined(RECOKIT_HAS_ZLIB)
TEST_CASE("damaged gzip files never crash") {
  check_robust_ratings(gzip("1,31,2.5,1260759144\n1,1029,3.0,1260759179\n7,1061,3.0,1260759182\n"));
}
#endif
