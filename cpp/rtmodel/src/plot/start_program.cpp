#include "plot/start_program.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <spawn.h>
#include <sys/wait.h>
#endif

#include <cstring>
#include <system_error>

#ifndef _WIN32
extern char** environ;
#endif

namespace rtmodel {

#ifdef _WIN32

ProgramEnd run_program(const std::string& program, const std::vector<std::string>& arguments,
                       const std::filesystem::path& folder) {
  std::string line = '"' + program + '"';
  for (const std::string& argument : arguments) line += " \"" + argument + '"';
  std::wstring command = std::filesystem::u8path(line).native();
  STARTUPINFOW start{};
  start.cb = sizeof start;
  PROCESS_INFORMATION process{};
  if (CreateProcessW(nullptr, command.data(), nullptr, nullptr, FALSE, CREATE_NO_WINDOW, nullptr, folder.c_str(),
                     &start, &process) == 0)
    return {std::system_category().message(static_cast<int>(GetLastError())), -1};
  WaitForSingleObject(process.hProcess, INFINITE);
  DWORD exit_code = 1;
  GetExitCodeProcess(process.hProcess, &exit_code);
  CloseHandle(process.hThread);
  CloseHandle(process.hProcess);
  return {"", static_cast<int>(exit_code)};
}

#else

ProgramEnd run_program(const std::string& program, const std::vector<std::string>& arguments,
                       const std::filesystem::path& folder) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  // posix_spawn changes none of them.
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  pid_t child = 0;
  const int fault = posix_spawnp(&child, program.c_str(), &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (fault != 0) return {std::strerror(fault), -1};
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return {};
  return {"", WEXITSTATUS(status)};
}

#endif

}  // namespace rtmodel
