// Matrix products with a right side packed in panels: [panels][depth][PANEL].
#pragma once
#include "vector.h"

// out[rows, PANEL] = a[rows, depth] panel[depth, PANEL]; a sum is taken in the order of depth, whatever the rows.
template <int ROWS>
inline void multiply_rows(const float* a, int64_t a_stride, int64_t depth, const float* panel, float* out,
                          int64_t out_stride) {
    Vector left[ROWS], right[ROWS];
#pragma GCC unroll 12
    for (int r = 0; r < ROWS; ++r)
        left[r] = right[r] = Vector{};
    for (int64_t k = 0; k < depth; ++k) {
        Vector b0 = load(panel + k * PANEL), b1 = load(panel + k * PANEL + LANES);
#pragma GCC unroll 12
        for (int r = 0; r < ROWS; ++r) {
            Vector x = broadcast(a[r * a_stride + k]);
            left[r] += x * b0;
            right[r] += x * b1;
        }
    }
#pragma GCC unroll 12
    for (int r = 0; r < ROWS; ++r) {
        store(out + r * out_stride, left[r]);
        store(out + r * out_stride + LANES, right[r]);
    }
}

template <int ROWS = TILE_ROWS>
inline void multiply_rest(int64_t rows, const float* a, int64_t a_stride, int64_t depth, const float* panel, float* out,
                          int64_t out_stride) {
    if (rows == ROWS)
        multiply_rows<ROWS>(a, a_stride, depth, panel, out, out_stride);
    else if constexpr (ROWS > 1)
        multiply_rest<ROWS - 1>(rows, a, a_stride, depth, panel, out, out_stride);
}

inline void multiply_panel(int64_t rows, const float* a, int64_t a_stride, int64_t depth, const float* panel,
                           float* out, int64_t out_stride) {
    int64_t r = 0;
    for (; r + TILE_ROWS <= rows; r += TILE_ROWS)
        multiply_rows<TILE_ROWS>(a + r * a_stride, a_stride, depth, panel, out + r * out_stride, out_stride);
    if (r < rows)
        multiply_rest(rows - r, a + r * a_stride, a_stride, depth, panel, out + r * out_stride, out_stride);
}
