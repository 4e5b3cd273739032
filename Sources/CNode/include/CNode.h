#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What the on-node installer asks of Linux: a small function for each system call, of which each returns a negated
// errno when it fails. Paths are relative to an open folder, and no part of them is a link (ELOOP) or `..` (EXDEV);
// NODE_HERE is the working directory, which only opening a root or a file that a user named begins from.

#pragma clang assume_nonnull begin

#define NODE_HERE (-100)

enum node_kind { NODE_FILE = 0, NODE_DIRECTORY = 1, NODE_LINK = 2, NODE_OTHER = 3 };

struct node_status {
  int32_t kind;
  uint32_t mode;
  uint32_t owner;
  uint32_t group;
  uint64_t links;
  int64_t size;
  uint64_t device;
  uint64_t inode;
};

struct node_space {
  uint64_t bytes;
  uint64_t inodes;
  uint64_t total;
  uint64_t block;
  bool read_only;
  bool no_exec;
};

// A file or folder that a user named: links in its path are followed.
int node_open_named(const char *path, bool folder);
int node_open_folder(int folder, const char *path);
int node_open_file(int folder, const char *path);
// A new file that nobody else can read; EEXIST when the name is taken.
int node_create(int folder, const char *path);
// A file to append to or to lock, made where it is not there.
int node_open_append(int folder, const char *path);
int node_close(int descriptor);
long node_read_at(int descriptor, void *_Nullable buffer, size_t count, int64_t offset);
long node_write(int descriptor, const void *_Nullable bytes, size_t count);
int node_truncate(int descriptor, int64_t size);
int node_descriptor_status(int descriptor, struct node_status *status);
int node_look(int folder, const char *path, struct node_status *status);
long node_read_link(int folder, const char *path, char *_Nullable buffer, size_t count);
int node_make_folder(int folder, const char *path, uint32_t mode);
int node_change_mode(int descriptor, uint32_t mode);
int node_change_owner(int descriptor, uint32_t owner, uint32_t group);
int node_symlink(const char *target, int folder, const char *path);
int node_rename(int folder, const char *path, const char *to);
// Fails with EEXIST when the new name is taken.
int node_rename_new(int folder, const char *path, const char *to);
int node_remove(int folder, const char *path);
int node_remove_folder(int folder, const char *path);
int node_sync(int descriptor);
int node_sync_file_system(int descriptor);
// Asks the kernel to forget what it keeps in memory of a file, so that reading it asks the disk.
int node_forget(int descriptor);
int node_try_lock(int descriptor);
int node_room(int descriptor, struct node_space *space);
// Names in a folder, each followed by a zero, into the buffer: their length in all; ERANGE when it is too small.
long node_list(int descriptor, char *_Nullable buffer, size_t count);

// Runs a program with this input (at most a pipe's worth) and keeps its output up to the buffer's size. Its exit
// status, or 128 and the signal that ended it; ETIMEDOUT when it was killed because time was up.
int node_run(const char *_Nullable const *_Nullable words, const void *_Nullable input, size_t input_count,
             char *_Nullable output, size_t output_count, size_t *written, int64_t milliseconds);
// Connects over TCP to a numeric address: 0, or why not.
int node_connect(const char *address, int port, int64_t milliseconds);

// Sends a datagram to a numeric address and receives one from there: its length, or why there is none.
long node_exchange(const char *address, int port, const void *_Nullable question, size_t question_count,
                   void *_Nullable answer, size_t answer_count, int64_t milliseconds);
// Whether standard error is a stream of the journal (systemd.exec(5), $JOURNAL_STREAM).
bool node_logs_to_journal(void);

int64_t node_seconds(void);
int64_t node_milliseconds(void);
void node_pause(int64_t milliseconds);
// Whether the clock is synchronised (adjtimex(2)): 1 or 0.
int node_clock_is_set(void);
// `machine` of uname(2), or `release`, or the host's name.
enum node_names { NODE_MACHINE = 0, NODE_RELEASE = 1, NODE_HOST = 2 };
long node_uname(int which, char *_Nullable buffer, size_t count);
int node_user(void);
int node_process(void);
const char *_Nullable node_environment(const char *name);
const char *node_error_text(int number);
int node_random(void *_Nullable buffer, size_t count);

int node_argument_count(void);
const char *node_argument(int index);
void node_exit(int status) __attribute__((noreturn));
void node_print(int descriptor, const void *_Nullable bytes, size_t count);

// Numbers of errors that callers tell apart.
#define NODE_EPERM 1
#define NODE_ENOENT 2
#define NODE_EIO 5
#define NODE_EACCES 13
#define NODE_EEXIST 17
#define NODE_EXDEV 18
#define NODE_ENOTDIR 20
#define NODE_EISDIR 21
#define NODE_EINVAL 22
#define NODE_ENOSPC 28
#define NODE_EROFS 30
#define NODE_ERANGE 34
#define NODE_ENOTEMPTY 39
#define NODE_ELOOP 40
#define NODE_EDQUOT 122
#define NODE_EWOULDBLOCK 11
#define NODE_ETIMEDOUT 110

#pragma clang assume_nonnull end
