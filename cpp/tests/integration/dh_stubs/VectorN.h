#pragma once

#include <cassert>
#include <cmath>
#include <vector>

typedef double REAL;
typedef int BOOL;
#ifndef FALSE
#define FALSE 0
#define TRUE 1
#endif

/// VNL's vector, as far as it is touched.
template <class T>
class vnl_vector {
 public:
  unsigned size() const { return static_cast<unsigned>(values_.size()); }
  bool set_size(unsigned n) {
    values_.resize(n);
    return true;
  }
  T& operator[](unsigned i) { return values_[i]; }
  const T& operator[](unsigned i) const { return values_[i]; }
  T magnitude() const {
    T sum = 0;
    for (const T value : values_) sum += value * value;
    return std::sqrt(sum);
  }
  T* data_block() { return values_.data(); }
  const T* data_block() const { return values_.data(); }

 private:
  std::vector<T> values_;
};

/// dH's vector. As dH's, assignment does not resize: a shorter target would be written behind, so it is asserted.
template <class TYPE = REAL>
class CVectorN {
 public:
  CVectorN() = default;
  explicit CVectorN(int dim) { SetDim(dim); }
  CVectorN(const CVectorN& from) = default;
  CVectorN& operator=(const CVectorN& from) {
    assert(GetDim() == from.GetDim());
    values_ = from.values_;
    return *this;
  }
  int GetDim() const { return static_cast<int>(values_.size()); }
  void SetDim(int dim) { values_.set_size(static_cast<unsigned>(dim)); }
  TYPE& operator[](int i) { return values_[static_cast<unsigned>(i)]; }
  const TYPE& operator[](int i) const { return values_[static_cast<unsigned>(i)]; }
  vnl_vector<TYPE>& GetVnlVector() { return values_; }
  operator TYPE*() { return values_.data_block(); }
  operator const TYPE*() const { return values_.data_block(); }

 private:
  vnl_vector<TYPE> values_;
};

/// dH's matrix: columns of rows.
template <class TYPE = REAL>
class CMatrixNxM {
 public:
  CMatrixNxM() = default;
  CMatrixNxM(int columns, int rows) : columns_(static_cast<std::size_t>(columns), CVectorN<TYPE>(rows)) {}
  const CVectorN<TYPE>& operator[](int column) const { return columns_[static_cast<std::size_t>(column)]; }
  CVectorN<TYPE>& operator[](int column) { return columns_[static_cast<std::size_t>(column)]; }
  int GetCols() const { return static_cast<int>(columns_.size()); }

 private:
  std::vector<CVectorN<TYPE>> columns_;
};
