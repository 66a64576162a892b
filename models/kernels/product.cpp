// Matrix products with weights, for 1x1 convolutions and tables.
#include "product.h"
#include "parallel.h"

namespace {

constexpr int64_t CHUNK = 96, GROUP = 6; // rows and panels a worker takes at a time when weights fit a cache
constexpr int64_t STREAMED = 1 << 18;    // weights, in floats, from which reading them is what costs

struct Product {
    const float* left;   // [rows, left_stride], the first `depth` of each used
    const float* weight; // [panels, depth, PANEL]
    const float* bias;   // [columns], or null
    const int32_t* into; // row of the output for each row, or null: the same
    float* output;       // [rows, output_stride]
    int64_t rows, depth, columns, left_stride, output_stride;
};

void multiply_block(const Product& p, int64_t first, int64_t last, int64_t panel) {
    alignas(64) float block[CHUNK * PANEL];
    int64_t column = panel * PANEL, columns = p.columns - column < PANEL ? p.columns - column : PANEL;
    for (int64_t row = first; row < last; row += CHUNK) {
        int64_t rows = last - row < CHUNK ? last - row : CHUNK;
        multiply_panel(rows, p.left + row * p.left_stride, p.left_stride, p.depth, p.weight + column * p.depth, block,
                       PANEL);
        for (int64_t r = 0; r < rows; ++r) {
            float* to = p.output + (p.into ? p.into[row + r] : row + r) * p.output_stride + column;
            for (int64_t i = 0; i < columns; i += LANES) {
                Vector value = load(block + r * PANEL + i);
                store(to + i, p.bias ? value + load(p.bias + column + i) : value);
            }
        }
    }
}

} // namespace

extern "C" void multiply(const Product* product) {
    const Product& p = *product;
    int64_t panels = (p.columns + PANEL - 1) / PANEL;
    if (p.depth * panels * PANEL >= STREAMED) {
        parallel(panels, [&](int64_t panel, int) { multiply_block(p, 0, p.rows, panel); });
        return;
    }
    int64_t groups = (panels + GROUP - 1) / GROUP;
    parallel((p.rows + CHUNK - 1) / CHUNK * groups, [&](int64_t i, int) {
        int64_t first = i / groups * CHUNK, last = first + CHUNK < p.rows ? first + CHUNK : p.rows;
        for (int64_t panel = i % groups * GROUP; panel < panels && panel < (i % groups + 1) * GROUP; ++panel)
            multiply_block(p, first, last, panel);
    });
}

extern "C" {
extern const int lanes = LANES, panel = PANEL;
}

// Compared with what Python declares (structures.py).
extern "C" int64_t size_of_Product() { return sizeof(Product); }
