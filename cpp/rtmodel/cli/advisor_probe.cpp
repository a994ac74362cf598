#include "advisor_probe.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "case/finding.h"
#include "files/text.h"

namespace rtmodel::cli {
namespace {

constexpr int kDeadlineMs = 2000;

/// Empty when somebody listens, else the reason.
std::string try_to_connect(const addrinfo& at) {
  const int socket = ::socket(at.ai_family, at.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, at.ai_protocol);
  if (socket < 0) return std::strerror(errno);
  int code = connect(socket, at.ai_addr, at.ai_addrlen) == 0 ? 0 : errno;
  if (code == EINPROGRESS) {
    pollfd wait{socket, POLLOUT, 0};
    socklen_t length = sizeof code;
    if (poll(&wait, 1, kDeadlineMs) != 1) {
      code = ETIMEDOUT;
    } else if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &length) != 0) {
      code = errno;
    }
  }
  close(socket);
  return code == 0 ? "" : std::strerror(code);
}

}  // namespace

void require_listener(const std::string& address) {
  std::string target = address;
  for (const char* scheme : {"dns:///", "dns:", "ipv4:", "ipv6:"})
    if (target.rfind(scheme, 0) == 0) target.erase(0, std::strlen(scheme));
  const auto colon = target.rfind(':');
  // Such as unix:/run/advisor; the first plan will tell.
  if (target.find('/') != std::string::npos || colon == std::string::npos) return;
  std::string host = target.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int fault = getaddrinfo(host.c_str(), target.substr(colon + 1).c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(found, &freeaddrinfo);
  std::string reason = fault != 0 ? gai_strerror(fault) : "it has no address";
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    reason = try_to_connect(*at);
    if (reason.empty()) return;
  }
  throw InputError("no advisor at " + quotable(address) + ": " + reason +
                   "; start the host, correct --advisor, or plan without advice too (--without-advice-too)");
}

}  // namespace rtmodel::cli
