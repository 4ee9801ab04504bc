// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gzip.hpp"

#include <recokit/core/check.hpp>
#include <recokit/core/errors.hpp>

#include <algorithm>
#include <limits>

#if defined(RECOKIT_HAS_ZLIB)
#include <zlib.h>
#endif

namespace recokit::inline RECOKIT_ABI::detail {

bool is_gzip(std::string_view bytes) noexcept {
  return bytes.size() >= 3 && bytes.substr(0, 3) == "\x1f\x8b\x08";
}

#if defined(RECOKIT_HAS_ZLIB)
namespace {

constexpr std::size_t window = std::size_t{1} << 18;

/// An inflate stream over a range of bytes that hands out blocks of up to `window` bytes.
class inflater {
 public:
  inflater(std::string_view bytes, int window_bits) : rest_(bytes) {
    if (inflateInit2(&stream_, window_bits) != Z_OK) {
      throw memory_error("the zlib window", window, 0);
    }
  }
  ~inflater() { inflateEnd(&stream_); }
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;

  enum class outcome { more, end, damaged, truncated };

  /// Appends at most `room` bytes to `out`.
  outcome step(std::string& out, std::size_t room) {
    if (stream_.avail_in == 0) {
      const auto take = std::min<std::size_t>(rest_.size(), std::numeric_limits<uInt>::max());
      // zlib's field is not const in old versions; it does not write through it.
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest_.data()));
      stream_.avail_in = static_cast<uInt>(take);
      rest_.remove_prefix(take);
    }
    const std::size_t used = out.size();
    room = std::min(room, window);
    out.resize(used + room);
    stream_.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream_.avail_out = static_cast<uInt>(room);
    const int status = inflate(&stream_, Z_NO_FLUSH);
    out.resize(out.size() - stream_.avail_out);
    if (status == Z_STREAM_END) return outcome::end;
    if (status == Z_BUF_ERROR || (status == Z_OK && left() == 0 && stream_.avail_out != 0)) {
      return outcome::truncated;
    }
    return status == Z_OK ? outcome::more : outcome::damaged;
  }

  /// Bytes not consumed yet.
  std::size_t left() const noexcept { return stream_.avail_in + rest_.size(); }

 private:
  z_stream stream_{};
  std::string_view rest_;
};

}  // namespace

std::string gunzip(std::string_view bytes, const std::string& name, std::uint64_t limit) {
  std::string out;
  const std::size_t total = bytes.size();
  while (is_gzip(bytes)) {
    inflater stream(bytes, 15 + 16);
    for (;;) {
      if (out.size() >= limit) return out;
      if (out.capacity() - out.size() < window) {
        check::fits_memory(name + " unpacked", out.capacity() * std::uint64_t{2});
        out.reserve(std::max(out.capacity() * 2, window));
      }
      const auto room =
          static_cast<std::size_t>(std::min<std::uint64_t>(limit - out.size(), window));
      const auto outcome = stream.step(out, room);
      if (outcome == inflater::outcome::end) break;
      if (outcome == inflater::outcome::more) continue;
      const auto at = std::to_string(total - stream.left());
      throw parse_error(name, 0, 0,
                        outcome == inflater::outcome::truncated
                            ? "the gzip stream is truncated: it ends after byte " + at
                            : "the gzip stream is damaged near byte " + at);
    }
    bytes = bytes.substr(bytes.size() - stream.left());
  }
  // gzip pads with zeros on some media; anything else behind the last member is not ours.
  if (bytes.find_first_not_of('\0') != std::string_view::npos) {
    throw parse_error(
        name, 0, 0,
        "unknown bytes follow the gzip stream at byte " + std::to_string(total - bytes.size()));
  }
  return out;
}

std::string inflate_raw(std::string_view bytes, std::uint64_t size, const std::string& name,
                        const std::string& what) {
  const auto fail = [&](const std::string& message) {
    throw parse_error(name, 0, 0, what + " " + message);
  };
  // No deflate stream grows by more: a larger claim is refused before memory is asked for.
  constexpr std::uint64_t most = 1032;
  if (size / most > bytes.size()) fail("claims " + std::to_string(size) + " bytes: impossible");
  std::string out;
  out.reserve(static_cast<std::size_t>(size) + 1);
  inflater stream(bytes, -15);
  for (;;) {
    // One byte of room beyond the end lets zlib say that it is the end.
    const auto outcome = stream.step(out, static_cast<std::size_t>(size) - out.size() + 1);
    if (out.size() > size) fail("unpacks to more than its " + std::to_string(size) + " bytes");
    if (outcome == inflater::outcome::end) break;
    if (outcome == inflater::outcome::truncated) fail("is truncated");
    if (outcome == inflater::outcome::damaged) fail("is damaged: not a deflate stream");
  }
  if (out.size() != size) {
    fail("unpacks to " + std::to_string(out.size()) + " bytes but claims " + std::to_string(size));
  }
  return out;
}

#else

namespace {
[[noreturn]] void no_zlib(const std::string& name) {
  throw not_built_error("reading " + name + ", which is compressed,",
                        "-DRECOKIT_ZLIB=ON where zlib is installed");
}
}  // namespace

std::string gunzip(std::string_view, const std::string& name, std::uint64_t) { no_zlib(name); }

std::string inflate_raw(std::string_view, std::uint64_t, const std::string& name,
                        const std::string&) {
  no_zlib(name);
}

#endif

}  // namespace recokit::inline RECOKIT_ABI::detail
