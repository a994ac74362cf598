#include <algorithm>

#include "checksum.h"
#include "session_impl.h"

namespace dh_advisor {
namespace {

// Below the smallest message limit.
constexpr std::size_t kChunkBytes = 32 << 10;

}  // namespace

Status Session::Impl::send_volume(const VolumeView& volume) {
  settle();
  if (!conversation.is_live()) return conversation.status();
  if (const Status status = check(volume); !status.ok()) return status;
  has_sent_volumes_ = true;
  const std::size_t total_bytes = std::size_t{volume.shape[0]} * volume.shape[1] * volume.shape[2] * 2;
  const char* bytes = static_cast<const char*>(volume.data);
  Crc32c crc;
  for (std::size_t offset = 0; offset < total_bytes && conversation.is_live(); offset += kChunkBytes) {
    const std::size_t length = std::min(kChunkBytes, total_bytes - offset);
    crc.process_bytes(bytes + offset, length);
    pb::VolumeChunk& chunk = *event.mutable_volume_chunk();
    chunk.Clear();
    chunk.set_kind(static_cast<pb::TensorKind>(volume.kind));
    chunk.set_data_type(volume.kind == TensorKind::kCt ? pb::DATA_TYPE_INT16 : pb::DATA_TYPE_UINT16);
    for (std::uint32_t extent : volume.shape) chunk.add_shape(extent);
    for (double spacing : volume.spacing_mm) chunk.add_spacing_mm(spacing);
    chunk.set_offset_bytes(static_cast<std::uint32_t>(offset));
    chunk.set_data(bytes + offset, length);
    chunk.set_running_crc32c(crc.checksum());
    tell();
  }
  return conversation.status();
}

}  // namespace dh_advisor
