// C11's threads, as librdkafka uses them, on top of pthreads. The thread sanitizer follows pthreads only: a thread made
// by glibc's thrd_create crashes it, and what mtx_lock orders it does not see. Linked with -fsanitize=thread only, in
// the place of glibc's own. glibc gives mtx_t and cnd_t the size and alignment of their pthread counterparts.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

// The sanitizer's own, for an order that it cannot see: what came before release comes before a later acquire.
void __tsan_acquire(void* address);
void __tsan_release(void* address);

_Static_assert(sizeof(mtx_t) >= sizeof(pthread_mutex_t), "mtx_t holds a pthread_mutex_t");
_Static_assert(sizeof(cnd_t) >= sizeof(pthread_cond_t), "cnd_t holds a pthread_cond_t");

struct Start {
    thrd_start_t function;
    void* argument;
};

static int status(int error) {
    switch (error) {
    case 0:
        return thrd_success;
    case ETIMEDOUT:
        return thrd_timedout;
    case EBUSY:
        return thrd_busy;
    case ENOMEM:
        return thrd_nomem;
    default:
        return thrd_error;
    }
}

static void* run(void* raw) {
    const struct Start start = *(struct Start*)raw;
    free(raw);
    return (void*)(intptr_t)start.function(start.argument);
}

int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
    struct Start* start = malloc(sizeof(*start));
    if (start == NULL) {
        return thrd_nomem;
    }
    start->function = function;
    start->argument = argument;
    const int error = pthread_create(thread, NULL, run, start);
    if (error != 0) {
        free(start);
    }
    return status(error);
}

int thrd_join(thrd_t thread, int* result) {
    void* value = NULL;
    const int error = pthread_join(thread, &value);
    if (error == 0 && result != NULL) {
        *result = (int)(intptr_t)value;
    }
    return status(error);
}

int mtx_init(mtx_t* mutex, int type) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes,
                              (type & mtx_recursive) != 0 ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
    const int error = pthread_mutex_init((pthread_mutex_t*)mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
    return status(error);
}

// A lock is destroyed by whoever drops the last reference to its owner. librdkafka's counter orders that after every
// unlock, unseen by the sanitizer; so it is told.
void mtx_destroy(mtx_t* mutex) {
    __tsan_acquire(mutex);
    pthread_mutex_destroy((pthread_mutex_t*)mutex);
}

int mtx_lock(mtx_t* mutex) {
    return status(pthread_mutex_lock((pthread_mutex_t*)mutex));
}

int mtx_trylock(mtx_t* mutex) {
    return status(pthread_mutex_trylock((pthread_mutex_t*)mutex));
}

int mtx_unlock(mtx_t* mutex) {
    const int error = pthread_mutex_unlock((pthread_mutex_t*)mutex);
    __tsan_release(mutex);
    return status(error);
}

int cnd_init(cnd_t* condition) {
    return status(pthread_cond_init((pthread_cond_t*)condition, NULL));
}

void cnd_destroy(cnd_t* condition) {
    pthread_cond_destroy((pthread_cond_t*)condition);
}

int cnd_signal(cnd_t* condition) {
    return status(pthread_cond_signal((pthread_cond_t*)condition));
}

int cnd_broadcast(cnd_t* condition) {
    return status(pthread_cond_broadcast((pthread_cond_t*)condition));
}

int cnd_wait(cnd_t* condition, mtx_t* mutex) {
    return status(pthread_cond_wait((pthread_cond_t*)condition, (pthread_mutex_t*)mutex));
}

int cnd_timedwait(cnd_t* restrict condition, mtx_t* restrict mutex, const struct timespec* restrict until) {
    return status(pthread_cond_timedwait((pthread_cond_t*)condition, (pthread_mutex_t*)mutex, until));
}
