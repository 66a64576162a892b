// Vectors of floats in the compiler's own notation: the same source for every processor it can build for.
#pragma once
#include <stddef.h>
#include <stdint.h>

#if defined(__AVX512F__)
constexpr int LANES = 16;     // floats in a register
constexpr int TILE_ROWS = 12; // rows of a product kept in registers at once
#else
constexpr int LANES = 8;
constexpr int TILE_ROWS = 6;
#endif
constexpr int PANEL = 2 * LANES; // columns of a product kept in registers at once

typedef float Vector __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float))));

// The nearest of 0..size-1.
inline int64_t clamp(int64_t at, int64_t size) { return at < 0 ? 0 : at < size ? at : size - 1; }

inline Vector load(const float* from) { return *reinterpret_cast<const Vector*>(from); }
inline void store(float* to, Vector value) { *reinterpret_cast<Vector*>(to) = value; }
inline Vector broadcast(float value) { return value - Vector{}; }
inline Vector leaky(Vector x, float slope) {
    Vector scaled = x * slope;
    return x > Vector{} ? x : scaled;
}
