// 2x2 average pooling of [pixels, channels].
#include "parallel.h"
#include "vector.h"

namespace {

struct Pooling {
    const float* input;
    float* output;
    int64_t rows, width, channels; // of the output, rows those of all images
    int64_t input_stride, output_stride;
};

} // namespace

extern "C" void pool(const Pooling* pooling) {
    const Pooling& p = *pooling;
    parallel(p.rows, [&](int64_t y, int) {
        for (int64_t x = 0; x < p.width; ++x) {
            const float* above = p.input + (2 * y * 2 * p.width + 2 * x) * p.input_stride;
            const float* below = above + 2 * p.width * p.input_stride;
            float* to = p.output + (y * p.width + x) * p.output_stride;
            for (int64_t channel = 0; channel < p.channels; channel += LANES) {
                Vector sum = load(above + channel) + load(above + p.input_stride + channel);
                sum += load(below + channel) + load(below + p.input_stride + channel);
                store(to + channel, 0.25f * sum);
            }
        }
    });
}
