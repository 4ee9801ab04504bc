// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "numbered_model.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <recokit/core/random.hpp>

#include <chrono>
#include <csignal>
#include <set>
#include <string>
#include <thread>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rk = recokit;
using recokit_test::numbered_model;
using recokit_test::temp_folder;

namespace {

// The program of save_loop.cpp, until the end of its life.
class saver {
 public:
  saver(std::string way, std::string file) {
    std::string program = RECOKIT_SAVE_LOOP;
    char* const arguments[] = {program.data(), way.data(), file.data(), nullptr};
    REQUIRE(::posix_spawn(&id_, program.c_str(), nullptr, nullptr, arguments, environ) == 0);
  }
  ~saver() {
    if (id_ > 0) kill();
  }
  saver(const saver&) = delete;
  saver& operator=(const saver&) = delete;

  bool lives() const { return ::waitpid(id_, nullptr, WNOHANG) == 0; }
  void kill() {
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
    id_ = 0;
  }

 private:
  pid_t id_ = 0;
};

// What load says of the file after each of many kills, at a random moment after the first save.
template <class See>
void kill_often(const std::string& way, const See& see) {
  constexpr int kills = 40;
  const temp_folder folder;
  const auto file = folder / "model.rkm";
  for (int round = 0; round < kills; ++round) {
    rk::random_stream random(1, rk::random_purpose::user, static_cast<std::uint64_t>(round));
    std::filesystem::remove(file);
    saver child(way, file.string());
    while (!std::filesystem::exists(file)) {
      REQUIRE(child.lives());
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::this_thread::sleep_for(
        std::chrono::microseconds(static_cast<std::int64_t>(random.below(20'000))));
    REQUIRE(child.lives());
    child.kill();
    CAPTURE(round);
    see(numbered_model::load(file));  // throws unless the file is whole
  }
}

}  // namespace

TEST_CASE("a process killed while it saves leaves a whole model, the old or the new") {
  std::set<int> found;
  kill_often("save", [&](const numbered_model& model) { found.insert(model.number()); });
  CHECK(found == std::set<int>{1, 2});
}

TEST_CASE("a process killed while it writes checkpoints leaves a whole one") {
  std::set<int> epochs;
  kill_often("checkpoint", [&](const numbered_model& model) { epochs.insert(model.number()); });
  CHECK(*epochs.begin() >= 1);
  CHECK(epochs.size() > 1);
}
