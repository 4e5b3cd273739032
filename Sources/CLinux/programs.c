#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { SLICE = 100 };

// A pipe whose ends are above 2: a process started without standard streams must not have them
// overwritten while the child's are put in place.
static int make_pipe(int ends[2]) {
  int low[2];
  if (pipe2(low, O_CLOEXEC) < 0) return -errno;
  int error = 0;
  for (int index = 0; index < 2; index++) {
    ends[index] = fcntl(low[index], F_DUPFD_CLOEXEC, 3);
    if (ends[index] < 0) error = -errno;
    close(low[index]);
  }
  return error;
}

static void close_all(int pipes[3][2]) {
  for (int index = 0; index < 6; index++)
    if (pipes[index / 2][index % 2] >= 0) close(pipes[index / 2][index % 2]);
}

static int start(pid_t *process, const char *program, char *const *arguments, char *const *environment,
                 const char *folder, int pipes[3][2]) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  int error = posix_spawn_file_actions_init(&actions);
  if (error) return -error;
  error = posix_spawnattr_init(&attributes);
  if (error) {
    posix_spawn_file_actions_destroy(&actions);
    return -error;
  }
  error = posix_spawn_file_actions_adddup2(&actions, pipes[0][0], 0);
  if (!error) error = posix_spawn_file_actions_adddup2(&actions, pipes[1][1], 1);
  if (!error) error = posix_spawn_file_actions_adddup2(&actions, pipes[2][1], 2);
  if (!error && folder) error = posix_spawn_file_actions_addchdir_np(&actions, folder);
  if (!error) error = posix_spawnattr_setsigmask(&attributes, &none);
  if (!error) error = posix_spawnattr_setsigdefault(&attributes, &defaults);
  if (!error) error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  // A program that was written a moment ago is busy for as long as the child of another thread, between its fork and its
  // exec, still has the file open: a matter of milliseconds.
  for (int attempt = 0; !error; attempt++) {
    error = posix_spawn(process, program, &actions, &attributes, arguments, environment ? environment : environ);
    if (error != ETXTBSY || attempt == 50) break;
    error = 0;
    nanosleep(&(struct timespec){.tv_nsec = 5 * 1000 * 1000}, NULL);
  }
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return -error;
}

int linux_spawn(struct linux_child *child, const char *program, char *const *arguments, char *const *environment,
                const char *folder) {
  int pipes[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
  int error = 0;
  for (int index = 0; index < 3 && error == 0; index++) error = make_pipe(pipes[index]);
  pid_t process = 0;
  if (error == 0) error = start(&process, program, arguments, environment, folder, pipes);
  if (error < 0) {
    close_all(pipes);
    return error;
  }
  close(pipes[0][0]);
  close(pipes[1][1]);
  close(pipes[2][1]);
  fcntl(pipes[0][1], F_SETFL, O_NONBLOCK);
  fcntl(pipes[1][0], F_SETFL, O_NONBLOCK);
  fcntl(pipes[2][0], F_SETFL, O_NONBLOCK);
  child->process = process;
  child->exit = (int)syscall(SYS_pidfd_open, process, 0);
  child->input = pipes[0][1];
  child->output = pipes[1][0];
  child->errors = pipes[2][0];
  return 0;
}

static bool has_ended(const struct linux_child *child) {
  siginfo_t information = {0};
  return waitid(P_PID, (id_t)child->process, &information, WEXITED | WNOHANG | WNOWAIT) == 0 && information.si_pid != 0;
}

int linux_child_wait(const struct linux_child *child, int64_t milliseconds) {
  struct pollfd waits[4] = {{.fd = child->input, .events = POLLOUT},
                            {.fd = child->output, .events = POLLIN},
                            {.fd = child->errors, .events = POLLIN},
                            {.fd = child->exit, .events = POLLIN}};
  // Kernels before 5.3 have no descriptor of a process; there its end is looked for now and then.
  bool blind = child->exit < 0;
  int limit = milliseconds > 1000000 ? 1000000 : milliseconds < 0 ? 0 : (int)milliseconds;
  int count = poll(waits, 4, blind && limit > SLICE ? SLICE : limit);
  if (count < 0) return errno == EINTR ? 0 : -errno;
  int ready = 0;
  for (int index = 0; index < 4; index++)
    if (waits[index].revents) ready |= 1 << index;
  if (blind && has_ended(child)) ready |= LINUX_EXIT;
  return ready;
}

void linux_child_kill(const struct linux_child *child) { kill(child->process, SIGKILL); }

int linux_child_reap(struct linux_child *child) {
  int status = 0;
  pid_t ended;
  do ended = waitpid(child->process, &status, 0);
  while (ended < 0 && errno == EINTR);
  int error = ended < 0 ? -errno : 0;
  int *descriptors[] = {&child->exit, &child->input, &child->output, &child->errors};
  for (int index = 0; index < 4; index++) {
    if (*descriptors[index] >= 0) close(*descriptors[index]);
    *descriptors[index] = -1;
  }
  if (error < 0) return error;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int linux_is_program(const char *path) {
  struct stat found;
  return stat(path, &found) == 0 && S_ISREG(found.st_mode) && access(path, X_OK) == 0;
}

long linux_write_quiet(int descriptor, const void *bytes, size_t count) {
  sigset_t pipe, before, pending;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  sigpending(&pending);
  bool was_pending = sigismember(&pending, SIGPIPE);
  if (pthread_sigmask(SIG_BLOCK, &pipe, &before) != 0) return -EINVAL;
  long written = linux_write(descriptor, bytes, count);
  if (written == -EPIPE && !was_pending) {
    struct timespec none = {0, 0};
    while (sigtimedwait(&pipe, NULL, &none) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return written;
}

void linux_wait_writable(int descriptor) {
  struct pollfd wait = {.fd = descriptor, .events = POLLOUT};
  poll(&wait, 1, -1);
}

int linux_copy_descriptor(int descriptor) {
  int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  return copy < 0 ? -errno : copy;
}

void linux_pause(int milliseconds) { poll(NULL, 0, milliseconds); }
