#include "COnNode.h"

#ifdef IMAGEGEN_ON_NODE
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

// Memory, for one thread: lists of free blocks of some sixty sizes, and pages of their own for what is larger. The C
// library's allocator takes 26 KB, and as much again of printing with it.

struct block {
  // What was asked of the kernel for it, or 0 where it belongs to a list; and which list, or how far it was moved.
  size_t mapped;
  size_t list;
  struct block *next;
};

enum {
  HEAD = offsetof(struct block, next),
  PAGE = 4096,
  LARGEST = 1 << 20,
  REGION = 1 << 18,
  // For each power of two from 64 to 2^19 four sizes, and four below.
  LISTS = 60,
  MOVED = 1 << 8,
};

static struct block *unused[LISTS];
static char *region;
static size_t left;

static size_t list_of(size_t size) {
  if (size <= 64) return size == 0 ? 0 : (size - 1) / 16;
  unsigned power = 63 - (unsigned)__builtin_clzl(size - 1);
  return 4 + (power - 6) * 4 + ((size - 1) >> (power - 2) & 3);
}

static size_t size_of(size_t list) {
  if (list < 4) return (list + 1) * 16;
  size_t power = 6 + (list - 4) / 4;
  return ((size_t)1 << power) + ((list - 4) % 4 + 1) * ((size_t)1 << (power - 2));
}

static void *pages(size_t size) {
  void *found = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return found == MAP_FAILED ? NULL : found;
}

void *malloc(size_t size) {
  struct block *block;
  if (size > LARGEST) {
    if (size > PTRDIFF_MAX - 2 * PAGE) return NULL;
    size_t whole = (size + HEAD + PAGE - 1) / PAGE * PAGE;
    block = pages(whole);
    if (!block) return NULL;
    block->mapped = whole;
    return (char *)block + HEAD;
  }
  size_t list = list_of(size);
  block = unused[list];
  if (block) {
    unused[list] = block->next;
    return (char *)block + HEAD;
  }
  size_t whole = HEAD + size_of(list);
  if (whole > REGION / 8) {
    block = pages(whole);
    if (block) block->list = list;
    return block ? (char *)block + HEAD : NULL;
  }
  if (left < whole) {
    // What is left of the region before stays unused: an eighth of it at most, and most often some bytes.
    region = pages(REGION);
    if (!region) return left = 0, NULL;
    left = REGION;
  }
  block = (struct block *)region;
  region += whole;
  left -= whole;
  block->list = list;
  return (char *)block + HEAD;
}

void free(void *memory) {
  if (!memory) return;
  struct block *block = (struct block *)((char *)memory - HEAD);
  if (block->mapped == 0 && block->list >= MOVED) block = (struct block *)((char *)block - (block->list - MOVED));
  if (block->mapped != 0) {
    munmap(block, block->mapped);
    return;
  }
  block->next = unused[block->list];
  unused[block->list] = block;
}

void *calloc(size_t count, size_t size) {
  size_t whole;
  if (__builtin_mul_overflow(count, size, &whole)) return NULL;
  char *memory = malloc(whole);
  // Pages of its own are zero as the kernel gives them.
  if (memory && whole <= LARGEST) __builtin_memset(memory, 0, whole);
  return memory;
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
  if (alignment <= 16) return (*memory = malloc(size)) ? 0 : ENOMEM;
  if (size > PTRDIFF_MAX - 2 * alignment) return ENOMEM;
  char *whole = malloc(size + alignment);
  if (!whole) return ENOMEM;
  char *moved = (char *)(((uintptr_t)whole + alignment - 1) & ~(uintptr_t)(alignment - 1));
  if (moved != whole) {
    struct block *block = (struct block *)(moved - HEAD);
    block->mapped = 0;
    block->list = MOVED + (size_t)(moved - whole);
  }
  *memory = moved;
  return 0;
}

// Copying: the C library has these for a dozen processors each. What is large is moved by the processor's own string
// instructions.

void *memcpy(void *restrict to, const void *restrict from, size_t count) {
  void *start = to;
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
  return start;
}

void *memmove(void *to, const void *from, size_t count) {
  char *target = to;
  const char *source = from;
  if ((uintptr_t)target - (uintptr_t)source >= count) return memcpy(to, from, count);
  while (count >= 8) {
    uint64_t word;
    count -= 8;
    __builtin_memcpy(&word, source + count, 8);
    __builtin_memcpy(target + count, &word, 8);
  }
  while (count > 0) count--, target[count] = source[count];
  return to;
}

void *memset(void *to, int byte, size_t count) {
  void *start = to;
  __asm__ volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(byte) : "memory");
  return start;
}

int memcmp(const void *one, const void *other, size_t count) {
  const unsigned char *left_byte = one, *right_byte = other;
  for (; count >= 8; count -= 8, left_byte += 8, right_byte += 8) {
    uint64_t a, b;
    __builtin_memcpy(&a, left_byte, 8);
    __builtin_memcpy(&b, right_byte, 8);
    if (a != b) break;
  }
  for (; count > 0; count--, left_byte++, right_byte++)
    if (*left_byte != *right_byte) return *left_byte < *right_byte ? -1 : 1;
  return 0;
}

size_t strlen(const char *text) {
  const char *end = text;
  // Not a loop that a compiler takes for strlen itself.
  while (*(const volatile char *)end) end++;
  return (size_t)(end - text);
}

size_t strcspn(const char *text, const char *stops) {
  size_t length = 0;
  for (; text[length]; length++)
    for (const char *stop = stops; *stop; stop++)
      if (*stop == text[length]) return length;
  return length;
}

void __explicit_bzero_chk(void *memory, size_t count, size_t room) {
  (void)room;
  memset(memory, 0, count);
}
#endif
