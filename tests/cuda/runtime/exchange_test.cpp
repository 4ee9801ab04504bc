// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/exchange.hpp"

#include "runtime/handles.hpp"
#include "runtime/memory.hpp"
#include "runtime/transfer.hpp"
#include "support/target.hpp"

#include <recokit/core/device.hpp>

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

namespace ck = recokit::cuda_kernels;
using bytes = std::vector<unsigned char>;

constexpr std::size_t length = 1000;

/// An array of zeros on a device or in pinned memory of the host.
struct member {
  member(int ordinal, bool pinned) : device(ordinal), on_host(pinned) {
    const ck::current_device here(device);
    stream.emplace();
    if (pinned) {
      host.emplace(length);
      std::fill_n(host->data(), length, static_cast<unsigned char>(0));
    } else {
      own.emplace(length);
      ck::fill_device(own->data(), 0, length, stream->get());
    }
  }
  unsigned char* data() { return on_host ? host->data() : own->data(); }
  /// Gives the stream the copy of a part that this member makes.
  void make(const ck::pinned_buffer& from, std::size_t begin, std::size_t size) {
    const ck::current_device here(device);
    ck::start_copy(data() + begin, const_cast<ck::pinned_buffer&>(from).data() + begin, size,
                   stream->get());
  }
  bytes now() {
    const ck::current_device here(device);
    if (on_host) return {host->data(), host->data() + length};
    return own->to_host(stream->get());
  }

  int device;
  bool on_host;
  std::optional<ck::own_stream> stream;
  std::optional<ck::device_buffer<unsigned char>> own;
  std::optional<ck::pinned_buffer> host;
};

/// Member n makes bytes [begins[n], begins[n + 1]) of the whole.
void check_exchange(ck::array_exchange& exchange, std::vector<std::unique_ptr<member>>& members,
                    const std::vector<std::size_t>& begins, unsigned seed) {
  ck::pinned_buffer whole(length);
  for (std::size_t n = 0; n < length; ++n) {
    whole.data()[n] = static_cast<unsigned char>(n * 31 + seed);
  }
  std::vector<ck::shared_array> arrays;
  for (std::size_t n = 0; n < members.size(); ++n) {
    const std::size_t size = begins[n + 1] - begins[n];
    members[n]->make(whole, begins[n], size);
    arrays.push_back({members[n]->device, members[n]->stream->get(), members[n]->data(),
                      members[n]->on_host, begins[n], size});
  }
  exchange.run(arrays);
  const bytes expected(whole.data(), whole.data() + length);
  for (auto& each : members) CHECK(each->now() == expected);
}

std::vector<std::unique_ptr<member>> made_members(std::size_t count, bool pinned) {
  std::vector<std::unique_ptr<member>> members;
  for (std::size_t n = 0; n < count; ++n) {
    // One on the host makes all take the way of copies.
    members.push_back(std::make_unique<member>(static_cast<int>(n), pinned && n == 0));
  }
  return members;
}

/// The parts of two or three members, one of them without any.
std::vector<std::vector<std::size_t>> cuts(std::size_t members) {
  if (members == 2) return {{0, 333, length}, {0, 0, length}};
  return {{0, 333, 334, length}, {0, 500, 500, length}};
}

}  // namespace

TEST_CASE("every device gets what each has made, behind the work of its stream") {
  RECOKIT_REQUIRE_TARGET();
  const std::size_t count = std::min<std::size_t>(recokit::detail::cuda_devices().size(), 3);
  if (count < 2) {
    std::cout << "recokit: test skipped, one GPU" << std::endl;
    SUCCEED("skipped");
    return;
  }
  std::vector<int> ordinals;
  for (std::size_t n = 0; n < count; ++n) ordinals.push_back(static_cast<int>(n));
  const bool pinned = GENERATE(false, true);

  auto members = made_members(count, pinned);
  const auto copies = ck::make_copying_exchange();
  unsigned seed = 1;
  for (const auto& begins : cuts(count)) check_exchange(*copies, members, begins, seed++);
  if (pinned) return;
  const auto direct = ck::make_device_exchange(ordinals);
  for (const auto& begins : cuts(count)) check_exchange(*direct, members, begins, seed++);
}
