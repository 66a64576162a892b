// Half and double size of [pixels, channels]: 2x2 average pooling, bilinear upsampling.
#include "parallel.h"
#include "vector.h"

namespace {

struct Pooling {
    const float* input;
    float* output;
    int64_t rows, width, channels; // of the output, rows those of all images
    int64_t input_stride, output_stride;
};

struct Upsampling {
    const float* input;                      // [images, height / 2, width / 2, channels]
    float* output;                           // [images, bottom - top, width, channels]
    int64_t images, height, width, channels; // of the output
    int64_t top, bottom;                     // rows to compute, which the output consists of
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

// Every output pixel lies a quarter of a pixel from one input pixel and three quarters from the next, on either axis;
// beyond the borders stand the pixels at the borders.
extern "C" void upsample(const Upsampling* upsampling) {
    const Upsampling& u = *upsampling;
    int64_t height = u.height / 2, width = u.width / 2, rows = u.bottom - u.top;
    parallel(u.images * rows, [&](int64_t row, int) {
        int64_t image = row / rows, y = u.top + row % rows;
        const float* pixels = u.input + image * height * width * u.channels;
        const float* near = pixels + y / 2 * width * u.channels;
        const float* far = pixels + clamp(y / 2 + (y % 2 ? 1 : -1), height) * width * u.channels;
        for (int64_t x = 0; x < u.width; ++x) {
            int64_t here = x / 2 * u.channels, beside = clamp(x / 2 + (x % 2 ? 1 : -1), width) * u.channels;
            float* to = u.output + (row * u.width + x) * u.channels;
            for (int64_t channel = 0; channel < u.channels; channel += LANES) {
                Vector first = 0.75f * load(near + here + channel) + 0.25f * load(near + beside + channel);
                Vector second = 0.75f * load(far + here + channel) + 0.25f * load(far + beside + channel);
                store(to + channel, 0.75f * first + 0.25f * second);
            }
        }
    });
}

// Compared with what Python declares (structures.py).
extern "C" int64_t size_of_Pooling() { return sizeof(Pooling); }
extern "C" int64_t size_of_Upsampling() { return sizeof(Upsampling); }
