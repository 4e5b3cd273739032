#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

int64_t linux_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int linux_random(void *buffer, size_t count) {
  for (size_t done = 0; done < count;) {
    long given = getrandom((char *)buffer + done, count - done, 0);
    if (given >= 0) done += (size_t)given;
    else if (errno != EINTR) return -errno;
  }
  return 0;
}

bool linux_is_terminal(int descriptor) { return isatty(descriptor) == 1; }

// What this process may use, not what the machine has: containers and taskset count.
int64_t linux_seconds(void) { return (int64_t)time(NULL); }

int linux_processors(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) < 0) return 1;
  int count = CPU_COUNT(&set);
  return count < 1 ? 1 : count;
}

int linux_process(void) { return getpid(); }

const char *linux_environment(const char *name) { return getenv(name); }

const char *linux_error_text(int number) {
#ifdef __GLIBC__
  const char *text = strerrordesc_np(number);  // never translated
#else
  const char *text = strerror(number);
#endif
  return text ? text : "unknown error";
}

const int32_t linux_EAGAIN = EAGAIN, linux_EEXIST = EEXIST, linux_EFBIG = EFBIG, linux_EILSEQ = EILSEQ,
              linux_EINTR = EINTR, linux_EINVAL = EINVAL, linux_EISDIR = EISDIR, linux_ELOOP = ELOOP,
              linux_ENOENT = ENOENT, linux_ENOSPC = ENOSPC, linux_ENOSYS = ENOSYS, linux_ENOTDIR = ENOTDIR,
              linux_EOPNOTSUPP = EOPNOTSUPP, linux_EPIPE = EPIPE, linux_ETIMEDOUT = ETIMEDOUT, linux_EXDEV = EXDEV;
