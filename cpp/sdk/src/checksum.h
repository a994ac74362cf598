#pragma once

#include <boost/crc.hpp>
#include <cstdint>
#include <string>

/// CRC32C (Castagnoli, RFC 3720), as every sender of tensors and volumes computes it.
namespace dh_advisor {

using Crc32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;

inline std::uint32_t crc32c(const std::string& bytes) {
  Crc32c crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

}  // namespace dh_advisor
