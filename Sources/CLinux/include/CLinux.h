#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What HostFiles asks of Linux, one small function each. Every function that can fail returns a
// negated errno, so that no caller has to read errno after the Swift runtime may have changed it.
// Names of files are relative to an open folder; LINUX_HERE is the working directory.

#pragma clang assume_nonnull begin

#define LINUX_HERE (-100)

enum linux_kind { LINUX_FILE = 0, LINUX_DIRECTORY = 1, LINUX_LINK = 2, LINUX_OTHER = 3 };

struct linux_status {
  int32_t kind;
  uint32_t mode;
  uint32_t owner;
  uint32_t links;
  int64_t size;
  uint64_t device;
  uint64_t inode;
};

// Opening. `follow` says whether a link in the last part of the name is followed.
int linux_open_file(int folder, const char *name, bool follow);
int linux_open_folder(int folder, const char *name, bool follow);
// As linux_open_file by a relative path of several parts, none of them a link (ELOOP) or `..` (EXDEV).
// openat2(2) could do that since Linux 5.6; walking the parts does it everywhere.
int linux_open_beneath(int folder, const char *name);
// A new file of exactly this mode, whatever the umask; EEXIST when the name is taken.
int linux_create(int folder, const char *name, uint32_t mode);
// A file to lock, made when it is not there.
int linux_open_lock(int folder, const char *name);
void linux_close(int descriptor);

// As read(2) and write(2).
long linux_read(int descriptor, void *_Nullable buffer, size_t count);
long linux_write(int descriptor, const void *_Nullable bytes, size_t count);
// Reads until the buffer is full or the end is there: less than asked for means the end.
long linux_fill(int descriptor, void *_Nullable buffer, size_t count);
// Writes all bytes.
int linux_write_all(int descriptor, const void *_Nullable bytes, size_t count);
// As write(2), without SIGPIPE: EPIPE is all that a closed pipe does.
long linux_write_quiet(int descriptor, const void *_Nullable bytes, size_t count);
// linux_create, all bytes, close. `keeps` are the bits of a mode that umask and default access lists
// are known to leave alone: a mode within them needs no second call.
int linux_put(int folder, const char *name, uint32_t mode, uint32_t keeps, const void *_Nullable bytes,
              size_t count);

void linux_wait_writable(int descriptor);
int linux_copy_descriptor(int descriptor);

// Whether the name is a regular file of this owner with one name, this mode and these bytes: 1 or 0.
int linux_is_same(int folder, const char *name, uint32_t owner, uint32_t mode, const void *_Nullable bytes,
                  size_t count);
// Which permission bits of a new file pass the umask and the folder's default access list.
int linux_bits_kept(int folder);

int linux_descriptor_status(int descriptor, struct linux_status *status);
int linux_status(int folder, const char *name, bool follow, struct linux_status *status);
long linux_read_link(int folder, const char *name, char *_Nullable buffer, size_t count);

int linux_make_folder(int folder, const char *name, uint32_t mode);
int linux_change_mode(int descriptor, uint32_t mode);
// Gives an open file the owner and group that the name has, where they differ.
int linux_take_owner(int descriptor, int folder, const char *name);
int linux_remove(int folder, const char *name);
int linux_remove_folder(int folder, const char *name);
// Removes what `name` is, with all below it, following no link.
int linux_remove_tree(int folder, const char *name);
int linux_link(int folder, const char *name, int to_folder, const char *to_name);
int linux_symlink(const char *target, int folder, const char *name);
int linux_rename(int folder, const char *name, int to_folder, const char *to_name);
// Fails with EEXIST when the new name is taken.
int linux_rename_new(int folder, const char *name, int to_folder, const char *to_name);
// Exchanges two names in one step.
int linux_exchange(int folder, const char *name, int to_folder, const char *to_name);
int linux_sync(int descriptor);
int linux_sync_file_system(int descriptor);
// Asks the file system to spread the folders of this one over the disk (ioctl_iflags(2), FS_TOPDIR_FL).
int linux_spread_folders(int descriptor);
// Locks an open file for this process alone; EWOULDBLOCK when another holds it.
int linux_try_lock(int descriptor);
void linux_pause(int milliseconds);

// Listing. The reader keeps the descriptor and closes it.
typedef struct linux_reader linux_reader;
linux_reader *_Nullable linux_reader_open(int descriptor, int *error);
// 1 an entry, 0 the end, a negated errno otherwise. The name lives until the next call.
int linux_reader_next(linux_reader *reader, const char *_Nullable *_Nonnull name, int *kind);
void linux_reader_close(linux_reader *reader);

// Makes a folder for this user alone, as mkdtemp(3).
int linux_make_temporary(char *pattern);

// Programs.
struct linux_child {
  int32_t process;
  int32_t exit;
  int32_t input;
  int32_t output;
  int32_t errors;
};
enum linux_ready { LINUX_INPUT = 1, LINUX_OUTPUT = 2, LINUX_ERRORS = 4, LINUX_EXIT = 8 };

int linux_spawn(struct linux_child *child, const char *program, char *_Nullable const *_Nullable arguments,
                char *_Nullable const *_Nullable environment, const char *_Nullable folder);
// Waits until something is ready, at most this long: a set of linux_ready, 0 when time is up.
int linux_child_wait(const struct linux_child *child, int64_t milliseconds);
void linux_child_kill(const struct linux_child *child);
// Waits for the end of the program: its exit status, or 128 and the signal that ended it.
int linux_child_reap(struct linux_child *child);
int linux_is_program(const char *path);

// The rest.
int64_t linux_milliseconds(void);
int linux_random(void *_Nullable buffer, size_t count);
bool linux_is_terminal(int descriptor);
int linux_processors(void);

// time(2).
int64_t linux_seconds(void);
int linux_process(void);
const char *_Nullable linux_environment(const char *name);
const char *linux_error_text(int number);

// Numbers of errors that callers tell apart.
extern const int32_t linux_EAGAIN, linux_EEXIST, linux_EFBIG, linux_EILSEQ, linux_EINTR, linux_EINVAL, linux_EISDIR,
    linux_ELOOP, linux_ENOENT, linux_ENOSPC, linux_ENOSYS, linux_ENOTDIR, linux_EOPNOTSUPP, linux_EPIPE,
    linux_ETIMEDOUT, linux_EXDEV;

#pragma clang assume_nonnull end
