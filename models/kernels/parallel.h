// Loops over a few threads that wait for nobody: a thread the system does not run in time is left out of the loop,
// where OpenMP would hold up all the others. On a machine that does other things as well this is the difference
// between tens and hundreds of milliseconds a picture.
#pragma once
#include <stdint.h>

extern int threads; // that work on a loop, the calling one included

// What a loop's helpers see of it.
struct Loop {
    void (*run)(const void* body, int64_t i, int worker);
    const void* body;
    int64_t count, next;
};

void share(Loop& loop);

// body(i, worker) for i in 0..count-1, each once, in no order; worker is in 0..threads-1, and no two at a time are the
// same. Only one thread at a time may call this.
template <class Body> void parallel(int64_t count, const Body& body) {
    Loop loop{[](const void* data, int64_t i, int worker) { (*static_cast<const Body*>(data))(i, worker); }, &body,
              count, 0};
    share(loop);
}
