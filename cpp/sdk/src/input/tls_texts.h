#pragma once

#include "dh_advisor/session.h"

namespace dh_advisor {

/// Puts the texts of files in the place of their paths. kInvalidInput that names the field otherwise.
Status read_tls(TlsOptions& tls);

}  // namespace dh_advisor
