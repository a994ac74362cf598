#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "VectorN.h"

/// ITK's image, as far as it is touched.
namespace itk {

template <class T, unsigned N = 3>
using Vector = std::array<T, N>;

struct Matrix3 {
  std::array<std::array<double, 3>, 3> rows{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  double operator()(unsigned r, unsigned c) const { return rows[r][c]; }
};

template <class T, unsigned N>
class Image {
 public:
  struct RegionType {
    std::array<std::size_t, N> size{};
    const std::array<std::size_t, N>& GetSize() const { return size; }
  };
  /// Shared, and converts to a plain pointer.
  class Pointer {
   public:
    Pointer() = default;
    explicit Pointer(std::shared_ptr<Image> image) : image_(std::move(image)) {}
    operator Image*() const { return image_.get(); }
    Image* operator->() const { return image_.get(); }

   private:
    std::shared_ptr<Image> image_;
  };
  static Pointer New() { return Pointer(std::make_shared<Image>()); }

  void Conform(const std::array<std::size_t, N>& size, const Vector<double, N>& spacing,
               const Vector<double, N>& origin, const Matrix3& direction) {
    region_.size = size;
    spacing_ = spacing;
    origin_ = origin;
    direction_ = direction;
    std::size_t count = 1;
    for (const std::size_t side : size) count *= side;
    values_.assign(count, T{});
  }
  const RegionType& GetBufferedRegion() const { return region_; }
  const Vector<double, N>& GetSpacing() const { return spacing_; }
  const Vector<double, N>& GetOrigin() const { return origin_; }
  const Matrix3& GetDirection() const { return direction_; }
  T* GetBufferPointer() { return values_.data(); }
  const T* GetBufferPointer() const { return values_.data(); }

 private:
  RegionType region_;
  Vector<double, N> spacing_{};
  Vector<double, N> origin_{};
  Matrix3 direction_;
  std::vector<T> values_;
};

}  // namespace itk

// As dH's headers do.
using namespace std;
using namespace itk;

typedef float VOXEL_REAL;
typedef itk::Image<VOXEL_REAL, 3> VolumeReal;
