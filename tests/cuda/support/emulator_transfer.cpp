// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
// Copies that do not wait, made at the last moment: when someone waits for them. Who reads before
// that finds what was there, and who overwrites the source too early sends the wrong bytes.
#include "runtime/handles.hpp"
#include "runtime/transfer.hpp"

#include <cstdint>
#include <cstring>
#include <map>
#include <new>
#include <vector>

namespace recokit::cuda_kernels {
namespace {

struct copy {
  void* to;
  const void* from;
  std::size_t bytes;
};

struct stream_work {
  std::vector<copy> copies;
  std::size_t done = 0;
};

std::map<stream_t, stream_work>& streams() {
  static std::map<stream_t, stream_work> all;
  return all;
}

void finish(stream_t stream, std::size_t count) {
  stream_work& work = streams()[stream];
  for (; work.done < count; ++work.done) {
    const copy& next = work.copies[work.done];
    std::memcpy(next.to, next.from, next.bytes);
  }
}

struct point {
  stream_t stream = nullptr;
  std::size_t count = 0;
};

point& point_of(event_t handle) { return *reinterpret_cast<point*>(handle); }

}  // namespace

void* allocate_pinned(std::size_t bytes) {
  return bytes == 0 ? nullptr : ::operator new (bytes, std::align_val_t{256});
}
void free_pinned(void* memory) noexcept { ::operator delete (memory, std::align_val_t{256}); }

void start_copy_to_device(void* device, const void* pinned, std::size_t bytes, stream_t stream) {
  if (bytes != 0) streams()[stream].copies.push_back({device, pinned, bytes});
}

void start_copy(void* to, const void* from, std::size_t bytes, stream_t stream) {
  start_copy_to_device(to, from, bytes, stream);
}
void wait_for(stream_t stream) { finish(stream, streams()[stream].copies.size()); }

event::event() : handle_(reinterpret_cast<event_t>(new point)) {}
event::~event() { delete &point_of(handle_); }
void event::record(stream_t stream) {
  point_of(handle_) = {stream, streams()[stream].copies.size()};
}
void event::hold(stream_t /*stream*/) const { wait(); }
void event::wait() const {
  const point& at = point_of(handle_);
  finish(at.stream, at.count);
}

own_stream::own_stream() : stream_(reinterpret_cast<stream_t>(new char)) {}
own_stream::~own_stream() {
  finish(stream_, streams()[stream_].copies.size());
  streams().erase(stream_);
  delete reinterpret_cast<char*>(stream_);
}

}  // namespace recokit::cuda_kernels
