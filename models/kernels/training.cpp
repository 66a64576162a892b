// A SPADE layer in training, in as few walks through memory as it takes: batch norm, noise plane, scale and shift of
// each pixel's pattern, leaky ReLU, and a border for the convolution after it. Activations are fp32 or bf16, everything
// else is fp32. And the gradient of sums over patterns.
#include "parallel.h"
#include "vector.h"

#include <string.h>

namespace {

struct Normalization {
    const void* input;     // [images, height, width, channels]
    const void* given;     // gradient of the output, of its size; backward only
    void* output;          // as input; with a border [images, height + 2, width + 2, channels]. backward: as input, its
                           // gradient
    const float* plane;    // [images, height, width], or null
    const float* strength; // [channels], or null
    const float* table;    // [rows, 2 * channels]: gamma, then beta
    const int64_t* index;  // [images, height, width]: row of each pixel
    const float* mean;     // [channels]
    const float* factor;   // [channels]: 1 / deviation
    float* sums;           // [parts, 3, channels]: what each part of the pixels adds up to
    float* table_sums;     // [parts, rows, 2 * channels]: gradient of the table, of each part; zeros before
    int64_t images, height, width, channels, rows, parts;
    int64_t border;                              // 1: the output has one pixel more on every side, equal to the nearest
    int64_t input_half, given_half, output_half; // which are bf16
    float slope;                                 // of the leaky ReLU; 1 = none
};

struct Spreading {
    const float* given;  // [patterns, width]
    const int64_t* rows; // [patterns, 9] ids
    float* table;        // [ids, 9, width], zeros before
    int64_t patterns, width;
};

typedef uint32_t Words __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float))));
typedef uint16_t Halves __attribute__((vector_size(LANES * sizeof(uint16_t)), aligned(sizeof(uint16_t))));

template <bool HALF> inline Vector read(const void* from, int64_t at) {
    if (!HALF)
        return load(static_cast<const float*>(from) + at);
    Halves halves = *reinterpret_cast<const Halves*>(static_cast<const uint16_t*>(from) + at);
    return (Vector)(__builtin_convertvector(halves, Words) << 16);
}

template <bool HALF> inline void write(void* to, int64_t at, Vector value) {
    if (!HALF)
        return store(static_cast<float*>(to) + at, value);
    Words words = (Words)value;
    words = (words + 0x7FFF + (words >> 16 & 1)) >> 16; // to the nearest, ties to even
    *reinterpret_cast<Halves*>(static_cast<uint16_t*>(to) + at) = __builtin_convertvector(words, Halves);
}

inline void add(float* to, Vector value) { store(to, load(to) + value); }

struct Pixel {
    int64_t at, outside;           // its number in the input, and in what has a border
    int64_t left, right, up, down; // how far its copies in the border go, 0 or 1
    const float *gamma, *beta;
    Vector noise;

    bool copied() const { return left | right | up | down; }
};

// body(part, pixel) for every pixel, those of one part one after the other.
template <class Body> void for_pixels(const Normalization& n, const Body& body) {
    int64_t rows = n.images * n.height, width = n.width + 2 * n.border;
    parallel(n.parts, [&](int64_t part, int) {
        for (int64_t row = rows * part / n.parts; row < rows * (part + 1) / n.parts; ++row) {
            int64_t image = row / n.height, y = row % n.height;
            Pixel pixel;
            pixel.up = n.border && y == 0, pixel.down = n.border && y == n.height - 1;
            for (int64_t x = 0; x < n.width; ++x) {
                pixel.at = row * n.width + x;
                pixel.outside = (image * (n.height + 2 * n.border) + y + n.border) * width + x + n.border;
                pixel.left = n.border && x == 0, pixel.right = n.border && x == n.width - 1;
                pixel.gamma = n.table + n.index[pixel.at] * 2 * n.channels;
                pixel.beta = pixel.gamma + n.channels;
                pixel.noise = broadcast(n.plane ? n.plane[pixel.at] : 0.f);
                body(part, pixel);
            }
        }
    });
}

template <class Body> inline void for_copies(const Normalization& n, const Pixel& pixel, const Body& body) {
    for (int64_t dy = -pixel.up; dy <= pixel.down; ++dy)
        for (int64_t dx = -pixel.left; dx <= pixel.right; ++dx)
            if (dy || dx)
                body(pixel.outside + dy * (n.width + 2) + dx);
}

constexpr int64_t ROW = 128; // pixels that are added up before their sum joins the others: fp32 keeps its digits

template <bool HALF> void add_up(const Normalization& n) {
    int64_t pixels = n.images * n.height * n.width, channels = n.channels;
    parallel(n.parts, [&](int64_t part, int) {
        float *sum = n.sums + part * 3 * channels, *squares = sum + channels;
        for (int64_t c = 0; c < 2 * channels; ++c)
            sum[c] = 0;
        int64_t last = pixels * (part + 1) / n.parts;
        for (int64_t row = pixels * part / n.parts; row < last; row += ROW) {
            int64_t end = row + ROW < last ? row + ROW : last;
            for (int64_t c = 0; c < channels; c += LANES) {
                // Around a value of the channel, or large means would drown small deviations.
                Vector origin = read<HALF>(n.input, c), total = {}, square = {};
                for (int64_t p = row; p < end; ++p) {
                    Vector x = read<HALF>(n.input, p * channels + c) - origin;
                    total += x, square += x * x;
                }
                add(sum + c, total), add(squares + c, square);
            }
        }
    });
}

inline Vector normalized(const Normalization& n, Vector x, int64_t c) {
    return (x - load(n.mean + c)) * load(n.factor + c);
}

template <bool IN, bool OUT> void forward(const Normalization& n) {
    int64_t bytes = n.channels * (OUT ? 2 : 4);
    char* output = static_cast<char*>(n.output);
    for_pixels(n, [&](int64_t, const Pixel& pixel) {
        for (int64_t c = 0; c < n.channels; c += LANES) {
            Vector value = normalized(n, read<IN>(n.input, pixel.at * n.channels + c), c);
            if (n.plane)
                value += pixel.noise * load(n.strength + c);
            value += value * load(pixel.gamma + c) + load(pixel.beta + c);
            write<OUT>(n.output, pixel.outside * n.channels + c, leaky(value, n.slope));
        }
        if (pixel.copied())
            for_copies(n, pixel,
                       [&](int64_t copy) { memcpy(output + copy * bytes, output + pixel.outside * bytes, bytes); });
    });
}

// hat: what batch norm makes; value: what is scaled then; gradient: before the leaky ReLU.
template <bool IN, bool GIVEN>
inline void retrace(const Normalization& n, const Pixel& pixel, int64_t c, Vector& hat, Vector& value,
                    Vector& gradient) {
    hat = normalized(n, read<IN>(n.input, pixel.at * n.channels + c), c);
    value = n.plane ? hat + pixel.noise * load(n.strength + c) : hat;
    gradient = read<GIVEN>(n.given, pixel.outside * n.channels + c);
    if (pixel.copied())
        for_copies(n, pixel, [&](int64_t copy) { gradient += read<GIVEN>(n.given, copy * n.channels + c); });
    Vector result = value + value * load(pixel.gamma + c) + load(pixel.beta + c);
    gradient = result > Vector{} ? gradient : gradient * n.slope;
}

template <bool IN, bool GIVEN> void add_gradients(const Normalization& n) {
    int64_t channels = n.channels;
    for (int64_t i = 0; i < n.parts * 3 * channels; ++i)
        n.sums[i] = 0;
    for_pixels(n, [&](int64_t part, const Pixel& pixel) {
        float* sums = n.sums + part * 3 * channels;
        float* table = n.table_sums + part * n.rows * 2 * channels + (pixel.gamma - n.table);
        for (int64_t c = 0; c < channels; c += LANES) {
            Vector hat, value, gradient;
            retrace<IN, GIVEN>(n, pixel, c, hat, value, gradient);
            add(table + c, gradient * value), add(table + channels + c, gradient);
            gradient += gradient * load(pixel.gamma + c);
            add(sums + c, gradient), add(sums + channels + c, gradient * hat);
            if (n.plane)
                add(sums + 2 * channels + c, gradient * pixel.noise);
        }
    });
    constexpr int64_t CHUNK = 4096; // a multiple of LANES
    int64_t size = n.rows * 2 * channels;
    parallel((size + CHUNK - 1) / CHUNK, [&](int64_t chunk, int) {
        int64_t end = (chunk + 1) * CHUNK < size ? (chunk + 1) * CHUNK : size;
        for (int64_t part = 1; part < n.parts; ++part)
            for (int64_t i = chunk * CHUNK; i < end; i += LANES)
                add(n.table_sums + i, load(n.table_sums + part * size + i));
    });
}

template <bool IN, bool GIVEN> void backward(const Normalization& n) {
    const float *mean = n.sums, *product = mean + n.channels; // of the gradient, and of that times what is normalized
    for_pixels(n, [&](int64_t, const Pixel& pixel) {
        for (int64_t c = 0; c < n.channels; c += LANES) {
            Vector hat, value, gradient;
            retrace<IN, GIVEN>(n, pixel, c, hat, value, gradient);
            gradient += gradient * load(pixel.gamma + c);
            gradient = (gradient - load(mean + c) - hat * load(product + c)) * load(n.factor + c);
            write<IN>(n.output, pixel.at * n.channels + c, gradient);
        }
    });
}

} // namespace

extern "C" int64_t sum_parts() { return threads; }

// sums [parts, 3, channels]: of x - x[0] and its square.
extern "C" void normalization_sums(const Normalization* n) { n->input_half ? add_up<true>(*n) : add_up<false>(*n); }

extern "C" void normalize(const Normalization* n) {
    n->input_half    ? n->output_half ? forward<true, true>(*n) : forward<true, false>(*n)
    : n->output_half ? forward<false, true>(*n)
                     : forward<false, false>(*n);
}

// table_sums [0]: the gradient of the table; sums [parts, 3, channels]: of the gradient of what batch norm makes, of
// that times what it makes, and of that times the plane.
extern "C" void normalize_sums_backward(const Normalization* n) {
    n->input_half   ? n->given_half ? add_gradients<true, true>(*n) : add_gradients<true, false>(*n)
    : n->given_half ? add_gradients<false, true>(*n)
                    : add_gradients<false, false>(*n);
}

// output: the gradient of the input, from the first two of the sums as means, in their first part.
extern "C" void normalize_backward(const Normalization* n) {
    n->input_half   ? n->given_half ? backward<true, true>(*n) : backward<true, false>(*n)
    : n->given_half ? backward<false, true>(*n)
                    : backward<false, false>(*n);
}

// The gradient of what sum_rows does: table[rows[p, k], k] += given[p].
extern "C" void spread_rows(const Spreading* spreading) {
    constexpr int64_t SLAB = 2 * LANES; // channels that one worker adds up, for all patterns
    const Spreading& s = *spreading;
    parallel((s.width + SLAB - 1) / SLAB, [&](int64_t slab, int) {
        int64_t first = slab * SLAB, last = first + SLAB < s.width ? first + SLAB : s.width;
        for (int64_t p = 0; p < s.patterns; ++p)
            for (int64_t k = 0; k < 9; ++k) {
                float* to = s.table + (s.rows[p * 9 + k] * 9 + k) * s.width;
                for (int64_t c = first; c < last; c += LANES)
                    add(to + c, load(s.given + p * s.width + c));
            }
    });
}

// Compared with what Python declares (structures.py).
extern "C" int64_t size_of_Normalization() { return sizeof(Normalization); }
extern "C" int64_t size_of_Spreading() { return sizeof(Spreading); }
