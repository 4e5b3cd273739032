#include "COnNode.h"

#ifdef IMAGEGEN_ON_NODE
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

// What runs before `main`, in the place of the C library's crt1.o: that one brings along printing, locales, character
// sets and loading of shared objects, half a megabyte of which the installer uses nothing. Of the C library it has the
// functions that are one system call, and those need a thread's control block (x86-64 psABI, thread-local storage,
// variant II), which is all that is made here: there is one thread, and there are no relocations.

int main(int count, char **words);

typedef void constructor(int count, char **words, char **environment);
extern constructor *const __init_array_start[], *const __init_array_end[];

// Finds out what the processor can do. libcrypto has it called from the section .init, whose beginning and end would
// be crti.o and crtn.o.
void OPENSSL_cpuid_setup(void);

// The part of the control block that code refers to by its offset from %fs.
static struct {
  void *self;
  void *dynamic_threads;
  void *thread;
  uint64_t threads;
  uint64_t system_info;
  uint64_t stack_guard;
  uint64_t pointer_guard;
  char rest[4096];
} *control;

static struct {
  _Alignas(64) char storage[512];
  _Alignas(64) char control[sizeof *control];
} thread;

// Before thread-local storage is there nothing may fail in a way that says why.
static _Noreturn void stop(void) {
  for (;;) __builtin_trap();
}

static void make_thread(const Elf64_Phdr *headers, size_t count, const uint64_t *random) {
  control = (void *)thread.control;
  control->self = control->thread = control;
  if (random) {
    // The first byte stays zero: no text that runs over its end brings it along.
    control->stack_guard = random[0] & ~(uint64_t)0xff;
    control->pointer_guard = random[1];
  }
  for (size_t index = 0; index < count; index++) {
    const Elf64_Phdr *header = &headers[index];
    if (header->p_type != PT_TLS) continue;
    size_t size = (header->p_memsz + header->p_align - 1) / header->p_align * header->p_align;
    if (size > sizeof thread.storage || header->p_align > 64) stop();
    const char *from = (const char *)header->p_vaddr;
    char *to = (char *)control - size;
    for (size_t byte = 0; byte < header->p_filesz; byte++) to[byte] = from[byte];
  }
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(SYS_arch_prctl), "D"(0x1002 /* ARCH_SET_FS */), "S"(control)
                   : "rcx", "r11", "memory");
  if (result != 0) stop();
}

__attribute__((used, visibility("hidden"))) void on_node_start(uintptr_t *stack) {
  int count = (int)stack[0];
  char **words = (char **)(stack + 1);
  char **environment = words + count + 1;
  char **end = environment;
  while (*end) end++;
  const Elf64_Phdr *headers = NULL;
  const uint64_t *random = NULL;
  size_t header_count = 0;
  for (uintptr_t *pair = (uintptr_t *)(end + 1); pair[0] != AT_NULL; pair += 2) {
    if (pair[0] == AT_PHDR) headers = (const Elf64_Phdr *)pair[1];
    if (pair[0] == AT_PHNUM) header_count = pair[1];
    if (pair[0] == AT_RANDOM) random = (const uint64_t *)pair[1];
  }
  make_thread(headers, header_count, random);
  environ = environment;
  OPENSSL_cpuid_setup();
  for (constructor *const *made = __init_array_start; made < __init_array_end; made++)
    (*made)(count, words, environment);
  _exit(main(count, words));
}

__asm__(
    ".globl _start\n"
    ".type _start, @function\n"
    "_start:\n"
    "  xor %ebp, %ebp\n"
    "  mov %rsp, %rdi\n"
    "  and $-16, %rsp\n"
    "  call on_node_start\n"
    "  ud2\n");

// The C library's own ends every thread, flushes files and may print.
void abort(void) {
  kill(getpid(), SIGABRT);
  stop();
}

_Noreturn void __stack_chk_fail(void) { stop(); }

// Around calls that a thread could be cancelled in.
int __pthread_enable_asynccancel(void) { return 0; }
void __pthread_disable_asynccancel(int former) { (void)former; }

char *getenv(const char *name) {
  size_t length = strlen(name);
  for (char **entry = environ; entry && *entry; entry++) {
    size_t same = 0;
    while (same < length && (*entry)[same] == name[same]) same++;
    if (same == length && (*entry)[same] == '=') return *entry + same + 1;
  }
  return NULL;
}

// Only for the seeds of hash tables, whose order nothing shows.
void arc4random_buf(void *buffer, size_t count) {
  for (size_t done = 0; done < count;) {
    ssize_t more = getrandom((char *)buffer + done, count - done, 0);
    if (more < 0 && errno != EINTR) abort();
    if (more > 0) done += (size_t)more;
  }
}

// Of the sizes of hash tables, which are far below 2^53.
double ceil(double number) {
  double whole = (double)(int64_t)number;
  return whole < number ? whole + 1 : whole;
}
#endif
