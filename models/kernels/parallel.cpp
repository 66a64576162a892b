#include "parallel.h"

#include <pthread.h>
#include <time.h>

int threads = 1;

namespace {

constexpr int64_t SPIN_NANOSECONDS = 100'000; // longer than what lies between two loops of a picture
constexpr int MOST = 64;

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
Loop* current = nullptr; // the loop that may be joined; read and changed under `mutex`
uint64_t announced = 0;  // counts the loops, so that a helper sees a new one without the mutex
int joined = 0;          // helpers at work on `current`
int sleeping = 0;        // helpers that must be woken
int helpers = 0;         // helpers there are

int64_t now() {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

void work(Loop& loop, int worker) {
    while (true) {
        int64_t i = __atomic_fetch_add(&loop.next, 1, __ATOMIC_RELAXED);
        if (i >= loop.count)
            return;
        loop.run(loop.body, i, worker);
    }
}

// Wait, first awake, then asleep, for a loop after number `seen`.
uint64_t await(uint64_t seen) {
    int64_t until = now() + SPIN_NANOSECONDS;
    while (__atomic_load_n(&announced, __ATOMIC_ACQUIRE) == seen) {
        if (now() < until) {
            for (int i = 0; i < 32; ++i)
                pause();
            continue;
        }
        pthread_mutex_lock(&mutex);
        ++sleeping;
        while (announced == seen)
            pthread_cond_wait(&wake, &mutex);
        --sleeping;
        pthread_mutex_unlock(&mutex);
    }
    return __atomic_load_n(&announced, __ATOMIC_ACQUIRE);
}

void* help(void* number) {
    int worker = static_cast<int>(reinterpret_cast<intptr_t>(number));
    uint64_t seen = 0;
    while (true) {
        seen = await(seen);
        pthread_mutex_lock(&mutex);
        Loop* loop = worker < threads ? current : nullptr;
        if (loop)
            ++joined;
        pthread_mutex_unlock(&mutex);
        if (!loop)
            continue;
        work(*loop, worker);
        __atomic_fetch_sub(&joined, 1, __ATOMIC_RELEASE);
    }
    return nullptr;
}

void hire() {
    while (helpers + 1 < threads) {
        pthread_t thread;
        if (pthread_create(&thread, nullptr, help, reinterpret_cast<void*>(static_cast<intptr_t>(helpers + 1)))) {
            threads = helpers + 1;
            return;
        }
        pthread_detach(thread);
        ++helpers;
    }
}

} // namespace

void share(Loop& loop) {
    bool alone = threads < 2 || loop.count < 2;
    if (!alone) {
        pthread_mutex_lock(&mutex);
        current = &loop;
        __atomic_store_n(&announced, announced + 1, __ATOMIC_RELEASE);
        if (sleeping)
            pthread_cond_broadcast(&wake);
        pthread_mutex_unlock(&mutex);
    }
    work(loop, 0);
    if (!alone) {
        pthread_mutex_lock(&mutex);
        current = nullptr; // who comes now is too late
        pthread_mutex_unlock(&mutex);
        while (__atomic_load_n(&joined, __ATOMIC_ACQUIRE))
            pause();
    }
}

extern "C" void set_threads(int count) {
    threads = count < 1 ? 1 : count > MOST ? MOST : count;
    hire();
}

// A forked child has none of its parent's threads.
namespace {
void forget_helpers() {
    pthread_mutex_init(&mutex, nullptr);
    current = nullptr;
    joined = sleeping = helpers = 0;
}
__attribute__((constructor)) void prepare_for_fork() { pthread_atfork(nullptr, nullptr, forget_helpers); }
} // namespace
