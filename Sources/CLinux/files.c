#define _GNU_SOURCE
#include "CLinux.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(LINUX_HERE == AT_FDCWD, "the working directory's number");

// Repeats a call that a signal interrupted, and turns its failure into a negated errno.
#define RETURN_CALL(type, call)                 \
  type result;                                  \
  do result = (call);                           \
  while (result < 0 && errno == EINTR);         \
  return result < 0 ? (type)-errno : result

// O_NONBLOCK: opening somebody's pipe in place of a file must not wait for its other end.
int linux_open_file(int folder, const char *name, bool follow) {
  RETURN_CALL(int, openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW)));
}

int linux_open_folder(int folder, const char *name, bool follow) {
  RETURN_CALL(int, openat(folder, name, O_RDONLY | O_CLOEXEC | O_DIRECTORY | (follow ? 0 : O_NOFOLLOW)));
}

int linux_open_beneath(int folder, const char *name) {
  int here = folder;
  for (;;) {
    size_t length = strcspn(name, "/");
    char part[256];
    int next;
    if (length == 0 || (length == 1 && name[0] == '.')) next = -EINVAL;
    else if (length == 2 && name[0] == '.' && name[1] == '.') next = -EXDEV;
    else if (length >= sizeof part) next = -ENAMETOOLONG;
    else {
      memcpy(part, name, length);
      part[length] = 0;
      next = name[length] ? linux_open_folder(here, part, false) : linux_open_file(here, part, false);
    }
    if (here != folder) close(here);
    if (next < 0 || !name[length]) return next;
    here = next;
    name += length + 1;
  }
}

int linux_open_lock(int folder, const char *name) {
  RETURN_CALL(int, openat(folder, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0644));
}

static int create(int folder, const char *name, uint32_t mode, uint32_t keeps) {
  int file;
  do file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode & 0777);
  while (file < 0 && errno == EINTR);
  if (file < 0) return -errno;
  if ((mode & ~keeps) != 0 && fchmod(file, mode) < 0) {
    int error = errno;
    unlinkat(folder, name, 0);
    close(file);
    return -error;
  }
  return file;
}

int linux_create(int folder, const char *name, uint32_t mode) { return create(folder, name, mode, 0); }

void linux_close(int descriptor) { close(descriptor); }

long linux_read(int descriptor, void *buffer, size_t count) { RETURN_CALL(long, read(descriptor, buffer, count)); }

long linux_write(int descriptor, const void *bytes, size_t count) { RETURN_CALL(long, write(descriptor, bytes, count)); }

long linux_fill(int descriptor, void *buffer, size_t count) {
  size_t done = 0;
  while (done < count) {
    long given = linux_read(descriptor, (char *)buffer + done, count - done);
    if (given < 0) return given;
    if (given == 0) break;
    done += (size_t)given;
  }
  return (long)done;
}

int linux_write_all(int descriptor, const void *bytes, size_t count) {
  for (size_t done = 0; done < count;) {
    long written = linux_write(descriptor, (const char *)bytes + done, count - done);
    if (written < 0) return (int)written;
    done += (size_t)written;
  }
  return 0;
}

int linux_put(int folder, const char *name, uint32_t mode, uint32_t keeps, const void *bytes, size_t count) {
  int file = create(folder, name, mode, keeps);
  if (file < 0) return file;
  int error = linux_write_all(file, bytes, count);
  if (close(file) < 0 && error == 0 && errno != EINTR) error = -errno;
  if (error < 0) unlinkat(folder, name, 0);
  return error;
}

int linux_is_same(int folder, const char *name, uint32_t owner, uint32_t mode, const void *bytes, size_t count) {
  int file = linux_open_file(folder, name, false);
  if (file < 0) return 0;
  struct stat found;
  int same = fstat(file, &found) == 0 && S_ISREG(found.st_mode) && found.st_nlink == 1 && found.st_uid == owner &&
             (found.st_mode & 07777) == mode && (size_t)found.st_size == count;
  char buffer[16384];
  for (size_t done = 0; same && done < count;) {
    size_t rest = count - done < sizeof buffer ? count - done : sizeof buffer;
    long given = linux_read(file, buffer, rest);
    same = given > 0 && memcmp(buffer, (const char *)bytes + done, (size_t)given) == 0;
    done += given > 0 ? (size_t)given : 0;
  }
  close(file);
  return same;
}

int linux_take_owner(int descriptor, int folder, const char *name) {
  struct stat own, other;
  if (fstat(descriptor, &own) < 0 || fstatat(folder, name, &other, AT_SYMLINK_NOFOLLOW) < 0) return -errno;
  if (own.st_uid == other.st_uid && own.st_gid == other.st_gid) return 0;
  return fchown(descriptor, other.st_uid, other.st_gid) < 0 ? -errno : 0;
}

int linux_bits_kept(int folder) {
  static const char name[] = ".mode";
  int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0777);
  if (file < 0) return -errno;
  struct stat found;
  int result = fstat(file, &found) < 0 ? -errno : (int)(found.st_mode & 0777);
  close(file);
  unlinkat(folder, name, 0);
  return result;
}

static int take_status(int result, const struct stat *found, struct linux_status *status) {
  if (result < 0) return -errno;
  status->kind = S_ISREG(found->st_mode)   ? LINUX_FILE
                 : S_ISDIR(found->st_mode) ? LINUX_DIRECTORY
                 : S_ISLNK(found->st_mode) ? LINUX_LINK
                                           : LINUX_OTHER;
  status->mode = found->st_mode & 07777;
  status->owner = found->st_uid;
  status->links = (uint32_t)found->st_nlink;
  status->size = found->st_size;
  status->device = found->st_dev;
  status->inode = found->st_ino;
  return 0;
}

int linux_descriptor_status(int descriptor, struct linux_status *status) {
  struct stat found;
  return take_status(fstat(descriptor, &found), &found, status);
}

int linux_status(int folder, const char *name, bool follow, struct linux_status *status) {
  struct stat found;
  return take_status(fstatat(folder, name, &found, follow ? 0 : AT_SYMLINK_NOFOLLOW), &found, status);
}

long linux_read_link(int folder, const char *name, char *buffer, size_t count) {
  RETURN_CALL(long, readlinkat(folder, name, buffer, count));
}

int linux_make_folder(int folder, const char *name, uint32_t mode) { RETURN_CALL(int, mkdirat(folder, name, mode)); }

int linux_change_mode(int descriptor, uint32_t mode) { RETURN_CALL(int, fchmod(descriptor, mode)); }

int linux_remove(int folder, const char *name) { RETURN_CALL(int, unlinkat(folder, name, 0)); }

int linux_remove_folder(int folder, const char *name) { RETURN_CALL(int, unlinkat(folder, name, AT_REMOVEDIR)); }

int linux_link(int folder, const char *name, int to_folder, const char *to_name) {
  RETURN_CALL(int, linkat(folder, name, to_folder, to_name, 0));
}

int linux_symlink(const char *target, int folder, const char *name) {
  RETURN_CALL(int, symlinkat(target, folder, name));
}

int linux_rename(int folder, const char *name, int to_folder, const char *to_name) {
  RETURN_CALL(int, renameat(folder, name, to_folder, to_name));
}

int linux_rename_new(int folder, const char *name, int to_folder, const char *to_name) {
  RETURN_CALL(int, (int)syscall(SYS_renameat2, folder, name, to_folder, to_name, 1 /* RENAME_NOREPLACE */));
}

int linux_exchange(int folder, const char *name, int to_folder, const char *to_name) {
  RETURN_CALL(int, (int)syscall(SYS_renameat2, folder, name, to_folder, to_name, 2 /* RENAME_EXCHANGE */));
}

int linux_sync(int descriptor) { RETURN_CALL(int, fsync(descriptor)); }

int linux_sync_file_system(int descriptor) { RETURN_CALL(int, syncfs(descriptor)); }

int linux_spread_folders(int descriptor) {
  int flags = 0;
  if (ioctl(descriptor, FS_IOC_GETFLAGS, &flags) < 0) return -errno;
  flags |= FS_TOPDIR_FL;
  return ioctl(descriptor, FS_IOC_SETFLAGS, &flags) < 0 ? -errno : 0;
}

int linux_try_lock(int descriptor) { RETURN_CALL(int, flock(descriptor, LOCK_EX | LOCK_NB)); }

int linux_make_temporary(char *pattern) { return mkdtemp(pattern) ? 0 : -errno; }

struct linux_reader {
  DIR *stream;
};

linux_reader *linux_reader_open(int descriptor, int *error) {
  linux_reader *reader = malloc(sizeof *reader);
  DIR *stream = reader ? fdopendir(descriptor) : NULL;
  if (stream) {
    reader->stream = stream;
    return reader;
  }
  *error = -errno;
  close(descriptor);
  free(reader);
  return NULL;
}

static bool is_dots(const char *name) { return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2])); }

int linux_reader_next(linux_reader *reader, const char **name, int *kind) {
  struct dirent *entry;
  do {
    errno = 0;
    entry = readdir(reader->stream);
  } while (entry && is_dots(entry->d_name));
  if (!entry) return -errno;
  *name = entry->d_name;
  switch (entry->d_type) {
    case DT_REG: *kind = LINUX_FILE; return 1;
    case DT_DIR: *kind = LINUX_DIRECTORY; return 1;
    case DT_LNK: *kind = LINUX_LINK; return 1;
    case DT_UNKNOWN: break;
    default: *kind = LINUX_OTHER; return 1;
  }
  struct linux_status status;
  int error = linux_status(dirfd(reader->stream), entry->d_name, false, &status);
  *kind = error < 0 ? LINUX_OTHER : status.kind;
  return 1;
}

void linux_reader_close(linux_reader *reader) {
  closedir(reader->stream);
  free(reader);
}

// Deeper trees than anything this tool writes; each level holds a descriptor.
enum { MAXIMUM_DEPTH = 128 };

static int remove_below(int folder, int depth) {
  int error = 0;
  linux_reader *reader = linux_reader_open(folder, &error);
  if (!reader) return error;
  const char *name;
  int kind, more = 0;
  while (error == 0 && (more = linux_reader_next(reader, &name, &kind)) > 0) {
    int here = dirfd(reader->stream);
    if (kind == LINUX_DIRECTORY) {
      int below = depth < MAXIMUM_DEPTH ? linux_open_folder(here, name, false) : -ELOOP;
      error = below < 0 ? below : remove_below(below, depth + 1);
      if (error == 0 && unlinkat(here, name, AT_REMOVEDIR) < 0) error = -errno;
    } else if (unlinkat(here, name, 0) < 0) {
      error = -errno;
    }
    if (error == -ENOENT) error = 0;
  }
  linux_reader_close(reader);
  return error < 0 ? error : more;
}

int linux_remove_tree(int folder, const char *name) {
  int below = linux_open_folder(folder, name, false);
  if (below == -ENOTDIR || below == -ELOOP) return linux_remove(folder, name);
  if (below < 0) return below;
  int error = remove_below(below, 0);
  return error < 0 ? error : linux_remove_folder(folder, name);
}
