#include "parallel.h"

Launch launch = nullptr;
int threads = 1;

extern "C" void set_threads(Launch new_launch, int count) {
    launch = new_launch;
    threads = count;
}
