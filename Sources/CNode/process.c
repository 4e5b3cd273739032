#define _GNU_SOURCE
#include "CNode.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin"

static int argument_count;
static char **arguments;

// glibc gives a program's words to its constructors, in static programs too; Embedded Swift has no CommandLine.
__attribute__((constructor)) static void keep_arguments(int count, char **words) {
  argument_count = count;
  arguments = words;
}

int node_argument_count(void) { return argument_count; }
const char *node_argument(int index) { return arguments[index]; }
void node_exit(int status) { _exit(status); }

void node_print(int descriptor, const void *bytes, size_t count) {
  for (size_t done = 0; done < count;) {
    ssize_t written = write(descriptor, (const char *)bytes + done, count - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    done += (size_t)written;
  }
}

int64_t node_seconds(void) {
  struct timespec now;
  syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
  return now.tv_sec;
}

int64_t node_milliseconds(void) {
  struct timespec now;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void node_pause(int64_t milliseconds) {
  struct timespec rest = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  while (nanosleep(&rest, &rest) < 0 && errno == EINTR) continue;
}

int node_clock_is_set(void) {
  struct timex clock = {0};
  int state = adjtimex(&clock);
  if (state < 0) return -errno;
  return state != TIME_ERROR && (clock.status & STA_UNSYNC) == 0;
}

long node_uname(int which, char *buffer, size_t count) {
  struct utsname names;
  if (uname(&names) < 0) return -errno;
  const char *name = which == NODE_MACHINE ? names.machine : which == NODE_RELEASE ? names.release : names.nodename;
  size_t length = strlen(name);
  if (length > count) return -ERANGE;
  memcpy(buffer, name, length);
  return (long)length;
}

int node_user(void) { return (int)geteuid(); }
int node_process(void) { return (int)getpid(); }
const char *node_environment(const char *name) { return getenv(name); }
const char *node_error_text(int number) {
  // As strerror(3), without its translations.
  const char *text = strerrordesc_np(number);
  return text ? text : "an error without a name";
}

int node_random(void *buffer, size_t count) {
  return getrandom(buffer, count, 0) == (ssize_t)count ? 0 : -EIO;
}

// Becomes the program of this name, looked for as the caller's PATH says; returns only an errno.
static int become(const char *const *words, const char *folders) {
  // Nothing of the caller's environment reaches a program but the words: no LD_*, no locale.
  static char *const environment[] = {"PATH=" DEFAULT_PATH, "LC_ALL=C", "SYSTEMD_COLORS=0", "SYSTEMD_PAGER=", NULL};
  const char *name = words[0];
  size_t length = strlen(name);
  int error = ENOENT;
  char path[4096];
  if (length == 0 || length > 255) return error;
  if (name[strcspn(name, "/")]) {
    execve(name, (char *const *)words, environment);
    return errno;
  }
  for (;;) {
    size_t folder = strcspn(folders, ":");
    if (folder > 0 && folder + length + 2 <= sizeof path) {
      memcpy(path, folders, folder);
      path[folder] = '/';
      memcpy(path + folder + 1, name, length + 1);
      execve(path, (char *const *)words, environment);
      if (errno != ENOENT && errno != ENOTDIR) error = errno;
    }
    if (!folders[folder]) return error;
    folders += folder + 1;
  }
}

// Starts a program with these for its input and output. Not posix_spawn(3): that needs a third of the C library.
static int spawn(const char *const *words, int input, int output, pid_t *child) {
  const char *folders = getenv("PATH");
  // Of the child, which runs in this memory until it is another program.
  volatile int error = 0;
  pid_t made = vfork();
  if (made == 0) {
    sigset_t none;
    memset(&none, 0, sizeof none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0) error = errno;
    else error = become(words, folders ? folders : DEFAULT_PATH);
    // A unit's PATH may be shorter than a login's: NixOS names what it knows of.
    if (error == ENOENT && folders) error = become(words, DEFAULT_PATH);
    _exit(127);
  }
  if (made < 0) return -errno;
  if (error != 0) {
    while (waitpid(made, NULL, 0) < 0 && errno == EINTR) continue;
    return -error;
  }
  *child = made;
  return 0;
}

// Reads until the end, the buffer's or the time's: -ETIMEDOUT for the last.
static int collect(int from, char *output, size_t size, size_t *written, int64_t deadline) {
  *written = 0;
  for (;;) {
    int64_t left = deadline - node_milliseconds();
    struct pollfd waiting = {from, POLLIN, 0};
    int ready = left <= 0 ? 0 : poll(&waiting, 1, (int)(left > 1000000 ? 1000000 : left));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0 && deadline <= node_milliseconds()) return -ETIMEDOUT;
    if (ready <= 0) continue;
    char rest[512];
    int keeps = output && *written < size;
    ssize_t got = read(from, keeps ? output + *written : rest, keeps ? size - *written : sizeof rest);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return 0;
    if (keeps) *written += (size_t)got;
  }
}

int node_run(const char *const *words, const void *input, size_t input_count, char *output, size_t output_count,
             size_t *written, int64_t milliseconds) {
  *written = 0;
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC) < 0) return -errno;
  if (pipe2(out, O_CLOEXEC) < 0) {
    int error = errno;
    close(in[0]), close(in[1]);
    return -error;
  }
  // Fits into the pipe: nothing waits for a program that reads nothing.
  if (input_count > 0 && write(in[1], input, input_count) < 0) input_count = 0;
  close(in[1]);
  pid_t child;
  int error = spawn(words, in[0], out[1], &child);
  close(in[0]), close(out[1]);
  if (error < 0) {
    close(out[0]);
    return error;
  }
  int state = 0;
  int result = collect(out[0], output, output_count, written, node_milliseconds() + milliseconds);
  close(out[0]);
  if (result < 0) kill(child, SIGKILL);
  while (waitpid(child, &state, 0) < 0 && errno == EINTR) continue;
  if (result < 0) return result;
  return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

// A socket and where it is to lead; the socket, or why there is none.
static int open_socket(const char *address, int port, int type, struct sockaddr_storage *to, socklen_t *length) {
  memset(to, 0, sizeof *to);
  struct sockaddr_in *four = (struct sockaddr_in *)to;
  struct sockaddr_in6 *six = (struct sockaddr_in6 *)to;
  if (inet_pton(AF_INET, address, &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons((uint16_t)port);
    *length = sizeof *four;
  } else if (inet_pton(AF_INET6, address, &six->sin6_addr) == 1) {
    six->sin6_family = AF_INET6;
    six->sin6_port = htons((uint16_t)port);
    *length = sizeof *six;
  } else {
    return -EINVAL;
  }
  int made = socket(to->ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  return made < 0 ? -errno : made;
}

static int wait_for(int descriptor, short events, int64_t milliseconds) {
  struct pollfd waiting = {descriptor, events, 0};
  return poll(&waiting, 1, (int)(milliseconds > 1000000 ? 1000000 : milliseconds)) > 0 ? 0 : -ETIMEDOUT;
}

int node_connect(const char *address, int port, int64_t milliseconds) {
  struct sockaddr_storage to;
  socklen_t length;
  int connection = open_socket(address, port, SOCK_STREAM, &to, &length);
  if (connection < 0) return connection;
  int error = connect(connection, (struct sockaddr *)&to, length) < 0 ? errno : 0;
  if (error == EINPROGRESS) {
    socklen_t size = sizeof error;
    if (wait_for(connection, POLLOUT, milliseconds) < 0) error = ETIMEDOUT;
    else if (getsockopt(connection, SOL_SOCKET, SO_ERROR, &error, &size) < 0) error = errno;
  }
  close(connection);
  return -error;
}

long node_exchange(const char *address, int port, const void *question, size_t question_count, void *answer,
                   size_t answer_count, int64_t milliseconds) {
  struct sockaddr_storage to;
  socklen_t length;
  int talk = open_socket(address, port, SOCK_DGRAM, &to, &length);
  if (talk < 0) return talk;
  // Connected, so that nothing but its peer's datagrams come in.
  long result = connect(talk, (struct sockaddr *)&to, length) < 0 ? -errno : 0;
  if (result == 0 && write(talk, question, question_count) < 0) result = -errno;
  if (result == 0) result = wait_for(talk, POLLIN, milliseconds);
  if (result == 0) {
    result = read(talk, answer, answer_count);
    if (result < 0) result = -errno;
  }
  close(talk);
  return result;
}

// Reads digits up to a byte that is none.
static const char *read_number(const char *text, uint64_t *number) {
  for (*number = 0; *text >= '0' && *text <= '9'; text++) *number = *number * 10 + (uint64_t)(*text - '0');
  return text;
}

bool node_logs_to_journal(void) {
  const char *stream = getenv("JOURNAL_STREAM");
  struct stat found;
  uint64_t device, inode;
  if (!stream || fstat(2, &found) < 0) return false;
  stream = read_number(stream, &device);
  if (*stream != ':') return false;
  stream = read_number(stream + 1, &inode);
  return !*stream && device == found.st_dev && inode == found.st_ino;
}
