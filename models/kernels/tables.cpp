// What a SPADE layer does with tables over region patterns: sum nine rows, and look up scale and shift.
#include "parallel.h"
#include "vector.h"

namespace {

struct Sums {
    const float* table;   // [ids, 9] rows of `width`, `stride` floats apart
    const int32_t* rows;  // [patterns, 9] ids, negative: outside the image, which counts as zero
    const int32_t* which; // patterns to do, or null for first..first+count-1
    const float* bias;    // [width]
    float* output;        // [patterns, width]
    int64_t first, count, width, stride;
    int64_t rectify; // ReLU on the sums
};

struct Modulation {
    const float* input;
    const float* plane;    // [height, width] noise of each pixel, added to the input in the `strength` [channels] of
    const float* strength; // each channel; null for none
    const float* table;    // [rows, 2 * channels]: scale, then shift
    const int32_t* index;  // row of each pixel, or null: one row a pixel
    float* output;         // [height, width, channels]
    int64_t height, width, channels;
    int64_t upsample; // input has half the size
    float slope;      // of the leaky ReLU on the result; 1 = none
};

} // namespace

extern "C" void sum_rows(const Sums* sums) {
    constexpr int64_t CHUNK = 32;
    const Sums& s = *sums;
    parallel((s.count + CHUNK - 1) / CHUNK, [&](int64_t chunk, int) {
        int64_t end = (chunk + 1) * CHUNK < s.count ? (chunk + 1) * CHUNK : s.count;
        for (int64_t i = chunk * CHUNK; i < end; ++i) {
            int64_t pattern = s.which ? s.which[i] : s.first + i;
            const float* from[9];
            int taps = 0;
            for (int k = 0; k < 9; ++k) {
                int64_t id = s.rows[pattern * 9 + k];
                if (id >= 0)
                    from[taps++] = s.table + (id * 9 + k) * s.stride;
            }
            float* to = s.output + pattern * s.width;
            for (int64_t channel = 0; channel < s.width; channel += LANES) {
                Vector sum = load(s.bias + channel);
                for (int k = 0; k < taps; ++k)
                    sum += load(from[k] + channel);
                store(to + channel, s.rectify ? leaky(sum, 0.f) : sum);
            }
        }
    });
}

namespace {

template <bool NOISE> void modulate(const Modulation& m) {
    int64_t rows = 1 + 8192 / (m.width * m.channels), chunks = (m.height + rows - 1) / rows;
    parallel(chunks, [&](int64_t chunk, int) {
        int64_t end = (chunk + 1) * rows < m.height ? (chunk + 1) * rows : m.height;
        for (int64_t y = chunk * rows; y < end; ++y)
            for (int64_t x = 0; x < m.width; ++x) {
                int64_t p = y * m.width + x, q = m.upsample ? y / 2 * (m.width / 2) + x / 2 : p;
                const float* scale = m.table + (m.index ? m.index[p] : p) * 2 * m.channels;
                const float *shift = scale + m.channels, *from = m.input + q * m.channels;
                float* to = m.output + p * m.channels;
                Vector noise = broadcast(NOISE ? m.plane[p] : 0.f);
                for (int64_t channel = 0; channel < m.channels; channel += LANES) {
                    Vector value = load(from + channel);
                    if (NOISE)
                        value += noise * load(m.strength + channel);
                    value = value * load(scale + channel) + load(shift + channel);
                    store(to + channel, leaky(value, m.slope));
                }
            }
    });
}

} // namespace

extern "C" void modulate(const Modulation* modulation) {
    modulation->plane ? modulate<true>(*modulation) : modulate<false>(*modulation);
}

// Compared with what Python declares (structures.py).
extern "C" int64_t size_of_Sums() { return sizeof(Sums); }
extern "C" int64_t size_of_Modulation() { return sizeof(Modulation); }
