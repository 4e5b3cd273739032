#define _GNU_SOURCE
#include "CNode.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(NODE_HERE == AT_FDCWD, "the working directory's number");
_Static_assert(NODE_ENOTEMPTY == ENOTEMPTY && NODE_ELOOP == ELOOP && NODE_EDQUOT == EDQUOT, "numbers of errors");

// Repeats a call that a signal interrupted, and turns its failure into a negated errno.
#define RETURN_CALL(type, call)                \
  type result;                                 \
  do result = (call);                          \
  while (result < 0 && errno == EINTR);        \
  return result < 0 ? (type)-errno : result

#define FOLDER (O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW)

// Opens the folder that the last part of a path lies in and finds that part. openat2(2) could do that since Linux
// 5.6; walking the parts does it everywhere. Closed with `leave`.
static int enter(int folder, const char *path, const char **last) {
  int here = folder;
  for (;;) {
    size_t length = strcspn(path, "/");
    char part[256];
    if (length == 0 || (length == 1 && path[0] == '.')) {
      // A folder itself: `.` as the whole path.
      if (here == folder && length == 1 && !path[1]) return *last = path, here;
      if (here != folder) close(here);
      return -EINVAL;
    }
    if (length == 2 && path[0] == '.' && path[1] == '.') {
      if (here != folder) close(here);
      return -EXDEV;
    }
    if (length >= sizeof part) {
      if (here != folder) close(here);
      return -ENAMETOOLONG;
    }
    if (!path[length]) return *last = path, here;
    memcpy(part, path, length);
    part[length] = 0;
    int next;
    do next = openat(here, part, FOLDER);
    while (next < 0 && errno == EINTR);
    int error = errno;
    if (here != folder) close(here);
    if (next < 0) {
      // A link where a folder should be is ENOTDIR with these flags: tell it from a plain file.
      return error == ENOTDIR ? -ELOOP : -error;
    }
    here = next;
    path += length + 1;
  }
}

static void leave(int here, int folder) {
  if (here != folder) {
    int error = errno;
    close(here);
    errno = error;
  }
}

#define WITH_PARENT(type, call)                       \
  const char *last;                                   \
  int here = enter(folder, path, &last);              \
  if (here < 0 && here != NODE_HERE) return here;     \
  type result;                                        \
  do result = (call);                                 \
  while (result < 0 && errno == EINTR);               \
  if (result < 0) result = (type)-errno;              \
  leave(here, folder);                                \
  return result

int node_open_named(const char *path, bool folder) {
  RETURN_CALL(int, open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (folder ? O_DIRECTORY : 0)));
}

int node_open_folder(int folder, const char *path) { WITH_PARENT(int, openat(here, last, FOLDER)); }

int node_open_file(int folder, const char *path) {
  WITH_PARENT(int, openat(here, last, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK));
}

int node_create(int folder, const char *path) {
  WITH_PARENT(int, openat(here, last, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
}

int node_open_append(int folder, const char *path) {
  WITH_PARENT(int, openat(here, last, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
}

int node_close(int descriptor) { return close(descriptor) < 0 && errno != EINTR ? -errno : 0; }

long node_read_at(int descriptor, void *buffer, size_t count, int64_t offset) {
  RETURN_CALL(long, pread(descriptor, buffer, count, offset));
}

long node_write(int descriptor, const void *bytes, size_t count) {
  RETURN_CALL(long, write(descriptor, bytes, count));
}

int node_truncate(int descriptor, int64_t size) { RETURN_CALL(int, ftruncate(descriptor, size)); }

static void fill(struct node_status *status, const struct stat *found) {
  status->kind = S_ISREG(found->st_mode)   ? NODE_FILE
                 : S_ISDIR(found->st_mode) ? NODE_DIRECTORY
                 : S_ISLNK(found->st_mode) ? NODE_LINK
                                           : NODE_OTHER;
  status->mode = found->st_mode & 07777;
  status->owner = found->st_uid;
  status->group = found->st_gid;
  status->links = found->st_nlink;
  status->size = found->st_size;
  status->device = found->st_dev;
  status->inode = found->st_ino;
}

int node_descriptor_status(int descriptor, struct node_status *status) {
  struct stat found;
  if (fstat(descriptor, &found) < 0) return -errno;
  fill(status, &found);
  return 0;
}

int node_look(int folder, const char *path, struct node_status *status) {
  const char *last;
  int here = enter(folder, path, &last);
  if (here < 0) return here;
  struct stat found;
  int result = fstatat(here, last, &found, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
  leave(here, folder);
  if (result == 0) fill(status, &found);
  return result;
}

long node_read_link(int folder, const char *path, char *buffer, size_t count) {
  WITH_PARENT(long, readlinkat(here, last, buffer, count));
}

int node_make_folder(int folder, const char *path, uint32_t mode) {
  const char *last;
  int here = enter(folder, path, &last);
  if (here < 0) return here;
  int result = mkdirat(here, last, 0700) < 0 ? -errno : 0;
  if (result == 0 && mode != 0700) {
    // The umask has no say in it. AT_SYMLINK_NOFOLLOW is not needed: nobody else can have put a link there.
    int made = openat(here, last, FOLDER);
    if (made < 0 || fchmod(made, mode) < 0) result = -errno;
    if (made >= 0) close(made);
  }
  leave(here, folder);
  return result;
}

int node_change_mode(int descriptor, uint32_t mode) { RETURN_CALL(int, fchmod(descriptor, mode)); }

int node_change_owner(int descriptor, uint32_t owner, uint32_t group) {
  RETURN_CALL(int, fchown(descriptor, owner, group));
}

int node_symlink(const char *target, int folder, const char *path) {
  WITH_PARENT(int, symlinkat(target, here, last));
}

static int renamed(int folder, const char *path, const char *to, unsigned flags) {
  const char *last, *to_last;
  int here = enter(folder, path, &last);
  if (here < 0) return here;
  int there = enter(folder, to, &to_last);
  int result = there < 0 ? there : 0;
  if (result == 0 && syscall(SYS_renameat2, here, last, there, to_last, flags) < 0) result = -errno;
  if (there >= 0) leave(there, folder);
  leave(here, folder);
  return result;
}

int node_rename(int folder, const char *path, const char *to) { return renamed(folder, path, to, 0); }

int node_rename_new(int folder, const char *path, const char *to) {
  return renamed(folder, path, to, RENAME_NOREPLACE);
}

int node_remove(int folder, const char *path) { WITH_PARENT(int, unlinkat(here, last, 0)); }

int node_remove_folder(int folder, const char *path) { WITH_PARENT(int, unlinkat(here, last, AT_REMOVEDIR)); }

int node_sync(int descriptor) { RETURN_CALL(int, fsync(descriptor)); }

int node_sync_file_system(int descriptor) { RETURN_CALL(int, syncfs(descriptor)); }

int node_forget(int descriptor) { return -posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED); }

int node_try_lock(int descriptor) { RETURN_CALL(int, flock(descriptor, LOCK_EX | LOCK_NB)); }

int node_room(int descriptor, struct node_space *space) {
  struct statvfs found;
  if (fstatvfs(descriptor, &found) < 0) return -errno;
  space->bytes = (uint64_t)found.f_bavail * found.f_frsize;
  // A file system that makes inodes as it needs them says that it has none.
  space->inodes = found.f_files == 0 ? UINT64_MAX : found.f_favail;
  space->total = (uint64_t)found.f_blocks * found.f_frsize;
  space->block = found.f_frsize;
  space->read_only = (found.f_flag & ST_RDONLY) != 0;
  space->no_exec = (found.f_flag & ST_NOEXEC) != 0;
  return 0;
}

static bool is_dots(const char *name) {
  return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

long node_list(int descriptor, char *buffer, size_t count) {
  int copy = openat(descriptor, ".", FOLDER);
  if (copy < 0) return -errno;
  // As getdents64(2) has them, with no reader of the C library between.
  _Alignas(struct dirent64) char entries[8192];
  size_t used = 0;
  long result = 0;
  while (result == 0) {
    long got = syscall(SYS_getdents64, copy, entries, sizeof entries);
    if (got < 0) result = -errno;
    if (got <= 0) break;
    for (long at = 0; at < got && result == 0;) {
      const struct dirent64 *entry = (const struct dirent64 *)(entries + at);
      at += entry->d_reclen;
      if (is_dots(entry->d_name)) continue;
      size_t length = strlen(entry->d_name) + 1;
      if (length > count - used) {
        result = -ERANGE;
      } else {
        memcpy(buffer + used, entry->d_name, length);
        used += length;
      }
    }
  }
  close(copy);
  return result < 0 ? result : (long)used;
}
