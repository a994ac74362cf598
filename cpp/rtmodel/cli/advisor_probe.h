#pragma once

#include <string>

namespace rtmodel::cli {

/// Connects once and hangs up: whether anybody listens at an advisor's address, within two seconds. Says nothing to
/// whom it reaches, so that no plan is counted there. Addresses of kinds unknown here pass. Throws InputError that
/// names the address and the reason.
void require_listener(const std::string& address);

}  // namespace rtmodel::cli
