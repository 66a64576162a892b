// Loops over the thread pool torch already has: a second pool would fight it for the cores.
#pragma once
#include <stdint.h>

// GOMP_parallel of the OpenMP runtime that torch loaded; see native.py.
typedef void (*Launch)(void (*body)(void*), void* data, unsigned threads, unsigned flags);
extern Launch launch;
extern int threads;

// body(i, worker) for i in 0..count-1, each once; workers are numbered from 0 and take the next i when they are free.
template <class Body>
void parallel(int64_t count, const Body& body) {
    struct Shared {
        const Body* body;
        int64_t count, next;
        int workers;
    } shared{&body, count, 0, 0};
    auto work = [](void* data) {
        Shared* shared = static_cast<Shared*>(data);
        int worker = __atomic_fetch_add(&shared->workers, 1, __ATOMIC_RELAXED);
        while (true) {
            int64_t i = __atomic_fetch_add(&shared->next, 1, __ATOMIC_RELAXED);
            if (i >= shared->count) break;
            (*shared->body)(i, worker);
        }
    };
    if (launch == nullptr || threads < 2 || count < 2)
        work(&shared);
    else
        launch(work, &shared, threads, 0);
}
