// Noise planes: for every pixel a sum of eight bytes of a counter-based hash, the function of models/planes.py.
#include "parallel.h"
#include "vector.h"

namespace {

struct NoisePlane {
    const int64_t* rows;  // [images, height * step, width * step]: which mix holds at a pixel, one in `step` of each
                          // axis; step 0: [images], one an image
    const int64_t* seeds; // [mixes, members], of 32 bits
    const float* weights; // [mixes, members]
    float* output;        // [images, height, width]
    int64_t images, height, width, step, members, layer;
    float mean, scale; // of the sum of bytes, and what brings it to variance 1
};

constexpr uint32_t GOLDEN = 0x9E3779B9u;

inline uint32_t mix(uint32_t word) {
    word = (word ^ word >> 16) * 0x7FEB352Du;
    word = (word ^ word >> 15) * 0x846CA68Bu;
    return word ^ word >> 16;
}

inline uint32_t pair_sums(uint32_t word) { return (word & 0x00FF00FFu) + (word >> 8 & 0x00FF00FFu); }

// Adds the plane of one seed to the pixels from..to-1 of row y of an image.
void add(const NoisePlane& p, uint32_t seed, float weight, float* output, int64_t y, int64_t from, int64_t to) {
    uint32_t key = mix(seed ^ mix(p.layer + 1)), second = mix(key + GOLDEN);
    for (int64_t x = from; x < to; ++x) {
        uint32_t a = mix(mix(((uint32_t)y << 16 | (uint32_t)x) ^ key) ^ second), b = mix(a + GOLDEN);
        uint32_t pairs = pair_sums(a) + pair_sums(b);
        float value = ((float)(int32_t)((pairs & 0xFFFFu) + (pairs >> 16)) - p.mean) * p.scale;
        output[x] += weight * value;
    }
}

} // namespace

extern "C" void noise_plane(const NoisePlane* plane) {
    const NoisePlane& p = *plane;
    int64_t rows = 1 + 8192 / p.width, all = p.images * p.height;
    parallel((all + rows - 1) / rows, [&](int64_t chunk, int) {
        int64_t end = (chunk + 1) * rows < all ? (chunk + 1) * rows : all;
        for (int64_t row = chunk * rows; row < end; ++row) {
            const int64_t* owners = p.rows + (p.step ? row * p.step * p.width * p.step : row / p.height);
            float* output = p.output + row * p.width;
            for (int64_t x = 0; x < p.width; ++x)
                output[x] = 0;
            for (int64_t from = 0, to; from < p.width; from = to) { // runs of pixels of one mix
                int64_t owner = owners[from * p.step];
                for (to = p.step ? from + 1 : p.width; to < p.width && owners[to * p.step] == owner; ++to) {
                }
                for (int64_t i = owner * p.members; i < (owner + 1) * p.members; ++i)
                    if (p.weights[i] > 0)
                        add(p, p.seeds[i], p.weights[i], output, row % p.height, from, to);
            }
        }
    });
}

// Compared with what Python declares (structures.py).
extern "C" int64_t size_of_NoisePlane() { return sizeof(NoisePlane); }
