// A 3x3 convolution as Winograd's F(4x4, 3x3): 36 products for 16 outputs instead of 144, no other change than the
// order of additions. What stands next to the convolution in OASIS is folded into its two transforms: on the way in
// the look-up of table rows, nearest x2 upsampling and the leaky ReLU, on the way out bias, 2x2 average pooling and
// the residual sum. Every output is computed by the same additions whatever else is computed with it.
#include "parallel.h"
#include "product.h"

namespace {

constexpr int TILE = 6, STEP = 4, POINTS = TILE * TILE;
constexpr int64_t BLOCK = 12, STREAMED_BLOCK = 96; // tiles at work at once
constexpr int64_t MOST_CHANNELS = 16384;
constexpr int64_t SKEW = 16; // between the points of a block, so that they do not fall on the same cache sets

struct Convolution {
    const float* input;
    const int32_t* index;  // row of input at each pixel, or null
    const float* weight;   // transformed, [36, panels, depth, PANEL]; streamed: as it is, [9, panels, depth, PANEL]
    const float* bias;     // [outputs]
    const float* residual; // added to the output, or null
    float* output;
    float* scratch;               // scratch_floats() of them
    int64_t batch, height, width; // of the convolution
    int64_t top, bottom;          // rows to compute, top a multiple of STEP: output and residual begin with row `top`;
                                  // all rows where a batch has several images
    int64_t input_top;            // row that input or index begins with; one more on either side of the others is read
    int64_t depth, input_stride;  // input channels used, and floats between input pixels
    int64_t outputs, output_stride, residual_stride;
    int64_t upsample, residual_upsample; // input, residual have half the size
    int64_t pool;                        // output and residual have half the size
    int64_t streamed;                    // the transformed weights would be more than a cache holds
    int64_t replicate;                   // beyond the borders stand the pixels at the borders, not zeros
    float slope;                         // of the leaky ReLU on the input; 1 = none

    int64_t tiles_across() const { return (width + STEP - 1) / STEP; }
    int64_t tiles_down() const { return (bottom - top + STEP - 1) / STEP; }
    int64_t tiles() const { return batch * tiles_across() * tiles_down(); }
    int64_t panels() const { return (outputs + PANEL - 1) / PANEL; }
    int64_t channels() const { return (depth + LANES - 1) / LANES * LANES; }
    int64_t block() const { return streamed ? STREAMED_BLOCK : BLOCK; }
    int64_t entry_stride() const { return block() * channels() + SKEW; }
    int64_t exit_stride() const { return block() * panels() * PANEL + SKEW; }
    int64_t block_floats() const { return POINTS * (entry_stride() + exit_stride()); }
    int64_t row_floats() const { return TILE * depth * PANEL; } // weights of a row of points
};

// The polynomial's points: 0, +-A, +-B, infinity. Exact in binary, and six times more accurate than 0, +-1, +-2.
constexpr float A = 0.75f, B = 1.5f;

// B^T along one axis: six samples to six points.
inline void enter(const Vector* d, int stride, Vector* v) {
    Vector d0 = d[0], d1 = d[stride], d2 = d[2 * stride], d3 = d[3 * stride], d4 = d[4 * stride], d5 = d[5 * stride];
    Vector near_even = d4 - B * B * d2, near_odd = A * d3 - A * B * B * d1;
    Vector far_even = d4 - A * A * d2, far_odd = B * d3 - B * A * A * d1;
    v[0] = A * A * B * B * d0 - (A * A + B * B) * d2 + d4;
    v[1] = near_even + near_odd;
    v[2] = near_even - near_odd;
    v[3] = far_even + far_odd;
    v[4] = far_even - far_odd;
    v[5] = A * A * B * B * d1 - (A * A + B * B) * d3 + d5;
}

// A^T along one axis: six points to four outputs.
inline void leave(const Vector* m, int stride, Vector* y) {
    Vector near_sum = m[stride] + m[2 * stride], near_difference = m[stride] - m[2 * stride];
    Vector far_sum = m[3 * stride] + m[4 * stride], far_difference = m[3 * stride] - m[4 * stride];
    y[0] = m[0] + near_sum + far_sum;
    y[1] = A * near_difference + B * far_difference;
    y[2] = A * A * near_sum + B * B * far_sum;
    y[3] = A * A * A * near_difference + B * B * B * far_difference + m[5 * stride];
}

struct Tile {
    int64_t image, top, left;
};

inline Tile tile_at(const Convolution& c, int64_t t) {
    int64_t across = c.tiles_across(), down = c.tiles_down();
    return {t / (across * down), c.top + t / across % down * STEP, t % across * STEP};
}

// Where a tile's samples stand in the input, per channel; samples outside the image are zeros, or as at its borders.
inline void find_samples(const Convolution& c, const Tile& tile, const float** from) {
    alignas(64) static const float zeros[MOST_CHANNELS] = {};
    int half = c.upsample ? 1 : 0;
    int64_t width = c.width >> half, columns[TILE];
    for (int j = 0; j < TILE; ++j) {
        int64_t x = tile.left + j - 1;
        if (c.replicate)
            x = clamp(x, c.width);
        columns[j] = x >= 0 && x < c.width ? x >> half : -1;
    }
    for (int i = 0; i < TILE; ++i) {
        int64_t y = tile.top + i - 1;
        if (c.replicate)
            y = clamp(y, c.height);
        bool inside = y >= 0 && y < c.height;
        int64_t row = (tile.image * (c.height >> half) + (y >> half) - c.input_top) * width;
        for (int j = 0; j < TILE; ++j) {
            int64_t p = row + columns[j];
            bool there = inside && columns[j] >= 0;
            from[i * TILE + j] = there ? c.input + (c.index ? c.index[p] : p) * c.input_stride : zeros;
        }
    }
}

// Of tiles first..last-1 to entry [point][tile][channels].
void transform_input(const Convolution& c, int64_t first, int64_t last, float* entry) {
    for (int64_t t = first; t < last; ++t) {
        const float* from[POINTS];
        find_samples(c, tile_at(c, t), from);
        float* to = entry + (t - first) * c.channels();
        for (int64_t channel = 0; channel < c.channels(); channel += LANES) {
            Vector d[POINTS], half[POINTS], full[TILE];
#pragma GCC unroll 36
            for (int i = 0; i < POINTS; ++i)
                d[i] = load(from[i] + channel);
            if (c.slope != 1.f)
#pragma GCC unroll 36
                for (int i = 0; i < POINTS; ++i)
                    d[i] = leaky(d[i], c.slope);
#pragma GCC unroll 6
            for (int j = 0; j < TILE; ++j) {
                enter(d + j, TILE, full);
#pragma GCC unroll 6
                for (int i = 0; i < TILE; ++i)
                    half[i * TILE + j] = full[i];
            }
#pragma GCC unroll 6
            for (int i = 0; i < TILE; ++i) {
                enter(half + i * TILE, 1, full);
#pragma GCC unroll 6
                for (int j = 0; j < TILE; ++j)
                    store(to + (i * TILE + j) * c.entry_stride() + channel, full[j]);
            }
        }
    }
}

// Of tiles first..last-1 from exit [point][tile][panels * PANEL].
void transform_output(const Convolution& c, int64_t first, int64_t last, const float* exit) {
    int step = c.pool ? 2 : 1;
    int64_t height = (c.bottom - c.top) / step, width = c.width / step;
    for (int64_t t = first; t < last; ++t) {
        Tile tile = tile_at(c, t);
        const float* from = exit + (t - first) * c.panels() * PANEL;
        for (int64_t channel = 0; channel < c.outputs; channel += LANES) {
            Vector half[STEP * TILE], full[STEP * STEP];
#pragma GCC unroll 6
            for (int j = 0; j < TILE; ++j) {
                Vector column[TILE], y[STEP];
#pragma GCC unroll 6
                for (int i = 0; i < TILE; ++i)
                    column[i] = load(from + (i * TILE + j) * c.exit_stride() + channel);
                leave(column, 1, y);
#pragma GCC unroll 4
                for (int i = 0; i < STEP; ++i)
                    half[i * TILE + j] = y[i];
            }
#pragma GCC unroll 4
            for (int i = 0; i < STEP; ++i)
                leave(half + i * TILE, 1, full + i * STEP);
            Vector bias = load(c.bias + channel);
            for (int i = 0; i < STEP; i += step)
                for (int j = 0; j < STEP; j += step) {
                    int64_t y = (tile.top - c.top + i) / step, x = (tile.left + j) / step;
                    if (y >= height || x >= width)
                        continue;
                    const Vector* at = full + i * STEP + j;
                    Vector value = (c.pool ? 0.25f * (at[0] + at[1] + at[STEP] + at[STEP + 1]) : at[0]) + bias;
                    int64_t p = (tile.image * height + y) * width + x;
                    if (c.residual) {
                        int64_t r = c.residual_upsample ? (tile.image * (height / 2) + y / 2) * (width / 2) + x / 2 : p;
                        value += load(c.residual + r * c.residual_stride + channel);
                    }
                    store(c.output + p * c.output_stride + channel, value);
                }
        }
    }
}

void multiply_point(const Convolution& c, int64_t point, int64_t panel, int64_t tiles, const float* entry,
                    const float* weight, float* exit) {
    multiply_panel(tiles, entry + point * c.entry_stride(), c.channels(), c.depth, weight,
                   exit + point * c.exit_stride() + panel * PANEL, c.panels() * PANEL);
}

// G along one axis: the three taps of a filter at point i.
inline Vector filter(int i, Vector w0, Vector w1, Vector w2) {
    constexpr float NEAR = 1 / (2 * A * A * (A * A - B * B)), FAR = 1 / (2 * B * B * (B * B - A * A));
    switch (i) {
    case 0:
        return w0 * (1 / (A * A * B * B));
    case 1:
        return (w0 + A * w1 + A * A * w2) * NEAR;
    case 2:
        return (w0 - A * w1 + A * A * w2) * NEAR;
    case 3:
        return (w0 + B * w1 + B * B * w2) * FAR;
    case 4:
        return (w0 - B * w1 + B * B * w2) * FAR;
    default:
        return w2;
    }
}

// The weights of one panel at row i of the points: [6, depth, PANEL].
void transform_weight(const Convolution& c, int64_t panel, int i, float* to) {
    int64_t count = c.depth * PANEL, tap = c.panels() * count;
    const float* from = c.weight + panel * count;
    for (int64_t at = 0; at < count; at += LANES) {
        Vector row[3];
#pragma GCC unroll 3
        for (int k = 0; k < 3; ++k) {
            const float* w = from + k * tap + at;
            row[k] = filter(i, load(w), load(w + 3 * tap), load(w + 6 * tap));
        }
#pragma GCC unroll 6
        for (int j = 0; j < TILE; ++j)
            store(to + j * count + at, filter(j, row[0], row[1], row[2]));
    }
}

// Weights that fit a cache: each worker takes a few tiles all the way.
void convolve_blocks(const Convolution& c) {
    int64_t block = c.block(), tiles = c.tiles(), count = c.depth * PANEL;
    parallel((tiles + block - 1) / block, [&](int64_t i, int worker) {
        int64_t first = i * block, last = first + block < tiles ? first + block : tiles;
        float *entry = c.scratch + worker * c.block_floats(), *exit = entry + POINTS * c.entry_stride();
        transform_input(c, first, last, entry);
        for (int64_t point = 0; point < POINTS; ++point)
            for (int64_t panel = 0; panel < c.panels(); ++panel)
                multiply_point(c, point, panel, last - first, entry, c.weight + (point * c.panels() + panel) * count,
                               exit);
        transform_output(c, first, last, exit);
    });
}

// Weights that do not: all workers share the tiles of a block. The weights are read once for it and transformed on
// the way, which takes less time than reading four times as many.
void convolve_streamed(const Convolution& c) {
    constexpr int64_t SHARE = 4; // tiles a worker transforms at a time
    float *entry = c.scratch, *exit = entry + POINTS * c.entry_stride(), *weights = entry + c.block_floats();
    for (int64_t begin = 0, tiles = c.tiles(); begin < tiles; begin += c.block()) {
        int64_t end = begin + c.block() < tiles ? begin + c.block() : tiles;
        int64_t shares = (end - begin + SHARE - 1) / SHARE;
        parallel(shares, [&](int64_t i, int) {
            int64_t first = begin + i * SHARE, last = first + SHARE < end ? first + SHARE : end;
            transform_input(c, first, last, entry + i * SHARE * c.channels());
        });
        parallel(c.panels(), [&](int64_t panel, int worker) {
            float* weight = weights + worker * c.row_floats();
            for (int i = 0; i < TILE; ++i) {
                transform_weight(c, panel, i, weight);
                for (int j = 0; j < TILE; ++j)
                    multiply_point(c, i * TILE + j, panel, end - begin, entry, weight + j * c.depth * PANEL, exit);
            }
        });
        parallel(shares, [&](int64_t i, int) {
            int64_t first = begin + i * SHARE, last = first + SHARE < end ? first + SHARE : end;
            transform_output(c, first, last, exit + i * SHARE * c.panels() * PANEL);
        });
    }
}

} // namespace

extern "C" int64_t scratch_floats(const Convolution* c) {
    return c->streamed ? c->block_floats() + threads * c->row_floats() : threads * c->block_floats();
}

extern "C" void convolve(const Convolution* c) {
    if (c->streamed)
        convolve_streamed(*c);
    else
        convolve_blocks(*c);
}

// Compared with what Python declares (structures.py).
extern "C" int64_t size_of_Convolution() { return sizeof(Convolution); }
