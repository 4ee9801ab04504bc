// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/arena.hpp"

#include "support/catch.hpp"
#include "support/error_text.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace {

namespace ck = recokit::cuda_kernels;
using recokit_test::error_text;

constexpr std::uint64_t mebi = std::uint64_t{1} << 20;

struct ledger {
  std::uint64_t available = 64 * mebi;
  int living = 0;
  int allocations = 0;
};

/// Memory of the host that keeps a ledger. A chunk begins with its size.
struct counted_memory {
  ledger* book;
  void* allocate(std::uint64_t bytes) const {
    auto* const block = static_cast<char*>(std::aligned_alloc(256, bytes + 256));
    std::memcpy(block, &bytes, sizeof bytes);
    book->available -= bytes;
    ++book->living;
    ++book->allocations;
    return block + 256;
  }
  void release(void* memory) const noexcept {
    char* const block = static_cast<char*>(memory) - 256;
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, block, sizeof bytes);
    book->available += bytes;
    --book->living;
    std::free(block);
  }
  std::uint64_t available() const { return book->available; }
};

using arena = ck::arena<counted_memory>;

}  // namespace

TEST_CASE("an arena reserves nothing before it is asked") {
  ledger book;
  const arena memory(0, {&book});
  CHECK(book.allocations == 0);
  CHECK(memory.reserved_bytes() == 0);
}

TEST_CASE("allocations of a scope are aligned and do not overlap") {
  ledger book;
  arena memory(0, {&book});
  arena::scope scope(memory);
  auto* const a = scope.allocate<char>("a", 3);
  auto* const b = scope.allocate<double>("b", 100);
  auto* const c = scope.allocate<char>("c", 0);
  std::memset(a, 1, 3);
  std::memset(b, 2, 100 * sizeof(double));
  CHECK(reinterpret_cast<std::uintptr_t>(b) % 256 == 0);
  CHECK(reinterpret_cast<std::uintptr_t>(c) % 256 == 0);
  CHECK(a[2] == 1);
  CHECK(static_cast<void*>(c) != static_cast<void*>(b));
}

TEST_CASE("what a scope gave back is handed out again without asking the device") {
  ledger book;
  arena memory(0, {&book});
  void* first = nullptr;
  for (int i = 0; i < 5; ++i) {
    arena::scope scope(memory);
    void* const now = scope.allocate<char>("scratch", 5 * mebi);
    if (i == 0) first = now;
    CHECK(now == first);
  }
  CHECK(book.allocations == 1);
}

TEST_CASE("an inner scope gives back its own and leaves the outer one's") {
  ledger book;
  arena memory(0, {&book});
  arena::scope outer(memory);
  int* const kept = outer.allocate<int>("kept", 10);
  kept[9] = 7;
  void* inner_place = nullptr;
  {
    arena::scope inner(memory);
    inner_place = inner.allocate<int>("inner", 10);
    inner.allocate<char>("a chunk of its own", 3 * mebi);
  }
  CHECK(outer.allocate<int>("next", 10) == inner_place);
  CHECK(kept[9] == 7);
}

TEST_CASE("small unused chunks make room for a large one under the cap") {
  ledger book;
  arena memory(8 * mebi, {&book});
  {
    arena::scope scope(memory);
    for (int i = 0; i < 3; ++i) scope.allocate<char>("two", 2 * mebi);
  }
  CHECK(memory.reserved_bytes() == 6 * mebi);
  arena::scope scope(memory);
  scope.allocate<char>("seven", 7 * mebi);
  CHECK(memory.reserved_bytes() == 7 * mebi);
  CHECK(book.living == 1);
}

TEST_CASE("a request beyond the cap names what, how much and what is left") {
  ledger book;
  arena memory(4 * mebi, {&book});
  arena::scope scope(memory);
  scope.allocate<char>("first", 3 * mebi);
  CHECK(error_text<recokit::memory_error>([&] { scope.allocate<float>("factors", mebi); }) ==
        "factors needs 4194304 bytes but 1048576 are available");
  CHECK(memory.reserved_bytes() == 3 * mebi);
}

TEST_CASE("a request beyond the device is refused before the device is asked") {
  ledger book;
  arena memory(0, {&book});
  arena::scope scope(memory);
  CHECK_THROWS_AS(scope.allocate<char>("all", 65 * mebi), recokit::memory_error);
  CHECK_THROWS_AS(scope.allocate<double>("overflow", std::numeric_limits<std::uint64_t>::max() / 4),
                  recokit::memory_error);
  CHECK(book.allocations == 0);
}

TEST_CASE("an arena gives everything back in the end") {
  ledger book;
  {
    arena memory(0, {&book});
    arena::scope scope(memory);
    scope.allocate<char>("one", 2 * mebi);
    scope.allocate<char>("two", 3 * mebi);
    CHECK(book.living == 2);
  }
  CHECK(book.living == 0);
  CHECK(book.available == 64 * mebi);
}
