// The distinct 3x3 neighborhoods of a map of ids, kept from edit to edit: an edit looks only at its own surroundings,
// and a pattern keeps its number, and so its row in every table, for as long as it is remembered.
#include "vector.h"

namespace {

struct Patterns {
    int32_t* index; // [height, width]: number of the pattern at each pixel, -1 before the first edit
    int32_t* rows;  // [capacity, 9]: the ids of each pattern, -1 for outside the image unless borders are replicated
    int32_t* slots; // hash table [slot_count] of pattern number + 1, 0 = free; slot_count a power of two
    int32_t* seen;  // [capacity]: the last edit a pattern was in use
    int64_t slot_count, count;
    int64_t used; // how many of `count` stand somewhere in the map
};

struct Level {
    int32_t* ids; // [height, width]
    int64_t height, width, edit;
    int64_t replicate; // outside the image stand the ids at its borders
    Patterns small;    // of ids: what one 3x3 convolution sees
    Patterns large;    // of small.index: what two in a row see
};

struct Box {
    int64_t top, left, bottom, right; // bottom and right are outside

    Box grown(int64_t height, int64_t width) const {
        return {top > 0 ? top - 1 : 0, left > 0 ? left - 1 : 0, bottom < height ? bottom + 1 : height,
                right < width ? right + 1 : width};
    }
};

struct Neighborhood {
    int32_t ids[9];

    bool operator==(const Neighborhood& other) const {
        int32_t difference = 0;
        for (int k = 0; k < 9; ++k)
            difference |= ids[k] ^ other.ids[k];
        return difference == 0;
    }
    uint64_t hash() const {
        uint64_t hash = 0;
        for (int k = 0; k < 9; ++k)
            hash = (hash ^ (uint32_t)ids[k]) * 0x9E3779B97F4A7C15u, hash ^= hash >> 29;
        return hash;
    }
};

Neighborhood& row(const Patterns& p, int64_t number) { return reinterpret_cast<Neighborhood*>(p.rows)[number]; }

// The slot of these ids: where they stand, or the free one where they belong.
int32_t& slot(const Patterns& p, const Neighborhood& ids) {
    uint64_t at = ids.hash();
    while (true) {
        int32_t& found = p.slots[at & (p.slot_count - 1)];
        if (found == 0 || row(p, found - 1) == ids)
            return found;
        ++at;
    }
}

int32_t number(Patterns& p, const Neighborhood& ids) {
    int32_t& found = slot(p, ids);
    if (found == 0) {
        row(p, p.count) = ids;
        p.seen[p.count] = 0;
        found = ++p.count;
    }
    return found - 1;
}

void find(Patterns& p, const int32_t* ids, int64_t height, int64_t width, bool replicate, const Box& box) {
    for (int64_t y = box.top; y < box.bottom; ++y) {
        auto column = [&](Neighborhood& window, int k, int64_t x) {
            if (replicate)
                x = clamp(x, width);
            for (int i = 0; i < 3; ++i) {
                int64_t v = replicate ? clamp(y + i - 1, height) : y + i - 1;
                bool inside = v >= 0 && v < height && x >= 0 && x < width;
                window.ids[3 * i + k] = inside ? ids[v * width + x] : -1;
            }
        };
        Neighborhood window;
        column(window, 1, box.left - 1);
        column(window, 2, box.left);
        Neighborhood last;
        int32_t last_number = -1;
        for (int64_t x = box.left; x < box.right; ++x) {
            for (int i = 0; i < 9; i += 3)
                window.ids[i] = window.ids[i + 1], window.ids[i + 1] = window.ids[i + 2];
            column(window, 2, x + 1);
            if (last_number < 0 || !(window == last))
                last = window, last_number = number(p, window);
            p.index[y * width + x] = last_number;
        }
    }
}

void count_used(Patterns& p, int64_t pixels, int64_t edit) {
    p.used = 0;
    for (int64_t i = 0; i < pixels; ++i) {
        int32_t& seen = p.seen[p.index[i]];
        p.used += seen != edit;
        seen = edit;
    }
}

// Drop the patterns that are not in use; keep [used] receives the old numbers of the others, in order.
void drop_unused(Patterns& p, int64_t pixels, int64_t edit, int32_t* keep) {
    int64_t kept = 0;
    for (int64_t i = 0; i < p.count; ++i) {
        if (p.seen[i] != edit)
            continue;
        row(p, kept) = row(p, i);
        keep[kept] = i;
        p.seen[i] = -kept - 1; // for a moment, the new number
        ++kept;
    }
    for (int64_t i = 0; i < pixels; ++i)
        p.index[i] = -p.seen[p.index[i]] - 1;
    p.count = p.used = kept;
}

void rehash(Patterns& p, int64_t edit) {
    for (int64_t i = 0; i < p.slot_count; ++i)
        p.slots[i] = 0;
    for (int64_t i = 0; i < p.count; ++i) {
        slot(p, row(p, i)) = i + 1;
        p.seen[i] = edit;
    }
}

} // namespace

// Take the new ids, one in `step` of each axis of fresh [height * step, width * step]. True if any differs.
extern "C" bool update(Level* level, const int32_t* fresh, int64_t step) {
    int64_t height = level->height, width = level->width;
    Box box{height, width, 0, 0};
    for (int64_t y = 0; y < height; ++y)
        for (int64_t x = 0; x < width; ++x) {
            int32_t id = fresh[(y * width * step + x) * step];
            if (id == level->ids[y * width + x])
                continue;
            level->ids[y * width + x] = id;
            if (y < box.top)
                box.top = y;
            if (x < box.left)
                box.left = x;
            if (y >= box.bottom)
                box.bottom = y + 1;
            if (x >= box.right)
                box.right = x + 1;
        }
    if (box.bottom == 0)
        return false;
    box = box.grown(height, width);
    find(level->small, level->ids, height, width, level->replicate, box);
    find(level->large, level->small.index, height, width, level->replicate, box.grown(height, width));
    ++level->edit;
    count_used(level->small, height * width, level->edit);
    count_used(level->large, height * width, level->edit);
    return true;
}

// Forget all patterns that are not in use. keep_small and keep_large have room for `used` old numbers each.
extern "C" void forget(Level* level, int32_t* keep_small, int32_t* keep_large) {
    int64_t pixels = level->height * level->width;
    Patterns &small = level->small, &large = level->large;
    drop_unused(large, pixels, level->edit, keep_large);
    drop_unused(small, pixels, level->edit, keep_small);
    for (int64_t i = 0; i < large.count * 9; ++i) // large patterns consist of small ones, which have new numbers
        if (large.rows[i] >= 0)
            large.rows[i] = -small.seen[large.rows[i]] - 1;
    rehash(small, level->edit);
    rehash(large, level->edit);
}

// Number the distinct ids from 0 in the order in which they come; returns how many there are. values receives them,
// numbers [count] that of each id (-1: none, as before). places has a zero for every possible id, and again afterwards.
extern "C" int64_t number_ids(const int32_t* ids, int64_t count, int32_t* places, int32_t* values, int32_t* numbers) {
    int64_t found = 0;
    for (int64_t i = 0; i < count; ++i) {
        if (ids[i] < 0) {
            numbers[i] = -1;
            continue;
        }
        int32_t& place = places[ids[i]];
        if (place == 0) {
            values[found] = ids[i];
            place = ++found;
        }
        numbers[i] = place - 1;
    }
    for (int64_t i = 0; i < found; ++i)
        places[values[i]] = 0;
    return found;
}

// Compared with what Python declares (structures.py).
extern "C" int64_t size_of_Patterns() { return sizeof(Patterns); }
extern "C" int64_t size_of_Level() { return sizeof(Level); }
