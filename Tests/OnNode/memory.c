// Random requests against the installer's own allocator and copying, built with another name for each of its functions:
// blocks are aligned, none overlaps another, each keeps what was written to it, zeroed memory is zero.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *own_malloc(size_t size);
void own_free(void *memory);
void *own_calloc(size_t count, size_t size);
int own_posix_memalign(void **memory, size_t alignment, size_t size);
void *own_memcpy(void *to, const void *from, size_t count);
void *own_memmove(void *to, const void *from, size_t count);
void *own_memset(void *to, int byte, size_t count);
int own_memcmp(const void *one, const void *other, size_t count);
size_t own_strlen(const char *text);
size_t own_strcspn(const char *text, const char *stops);

static uint64_t state;
static uint64_t draw(uint64_t below) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return state % below;
}

static int fail(const char *what) {
  printf("failed: %s\n", what);
  exit(1);
}

struct piece {
  unsigned char *start;
  size_t size;
  unsigned char mark;
};

static void check(const struct piece *piece) {
  for (size_t at = 0; at < piece->size; at++)
    if (piece->start[at] != piece->mark) fail("a block does not keep what was written to it");
}

static void blocks(void) {
  static struct piece pieces[400];
  for (int step = 0; step < 60000; step++) {
    struct piece *piece = &pieces[draw(400)];
    if (piece->start) {
      check(piece);
      own_free(piece->start);
      piece->start = NULL;
      continue;
    }
    // Most are small; now and then one of each list, and one with pages of its own.
    size_t largest = (size_t)1 << (4 + draw(draw(200) == 0 ? 18 : 10));
    size_t size = draw(largest + 1), alignment = 16;
    void *made = NULL;
    switch (draw(4)) {
      case 0:
        made = own_calloc(1 + draw(4), size);
        for (size_t at = 0; made && at < size; at++)
          if (((unsigned char *)made)[at]) fail("memory that should be zero is not");
        break;
      case 1:
        alignment = (size_t)8 << draw(10);
        if (own_posix_memalign(&made, alignment, size) != 0) fail("no aligned memory");
        break;
      default: made = own_malloc(size);
    }
    if (!made) fail("no memory");
    if ((uintptr_t)made % alignment) fail("a block is not aligned");
    *piece = (struct piece){made, size, (unsigned char)draw(256)};
    own_memset(made, piece->mark, size);
  }
  // Overlap would have shown as a mark that changed; what is left is looked at once more, two by two as well.
  for (int one = 0; one < 400; one++) {
    if (!pieces[one].start) continue;
    check(&pieces[one]);
    for (int other = 0; other < one; other++) {
      const struct piece *a = &pieces[one], *b = &pieces[other];
      if (b->start && a->start < b->start + b->size && b->start < a->start + a->size) fail("two blocks overlap");
    }
  }
  if (own_malloc(SIZE_MAX - 8) || own_calloc(SIZE_MAX / 2, 3)) fail("more memory than there is");
  void *none;
  if (own_posix_memalign(&none, 24, 8) == 0) fail("an alignment that is none");
}

static int sign(int number) { return (number > 0) - (number < 0); }

static void copies(void) {
  unsigned char ours[600], theirs[600], source[300];
  for (int step = 0; step < 20000; step++) {
    for (size_t at = 0; at < sizeof ours; at++) ours[at] = theirs[at] = (unsigned char)draw(3);
    for (size_t at = 0; at < sizeof source; at++) source[at] = (unsigned char)draw(3);
    size_t from = draw(300), to = draw(300), count = draw(300);
    own_memmove(ours + to, ours + from, count), memmove(theirs + to, theirs + from, count);
    if (memcmp(ours, theirs, sizeof ours) != 0) fail("memmove");
    own_memcpy(ours + to, source, count), memcpy(theirs + to, source, count);
    if (memcmp(ours, theirs, sizeof ours) != 0) fail("memcpy");
    if (sign(own_memcmp(ours + from, source, count)) != sign(memcmp(ours + from, source, count))) fail("memcmp");
    ours[599] = 0;
    if (own_strlen((char *)ours + from) != strlen((char *)ours + from)) fail("strlen");
    if (own_strcspn((char *)ours + from, "\1") != strcspn((char *)ours + from, "\1")) fail("strcspn");
  }
}

int main(int count, char **words) {
  state = count > 1 ? strtoull(words[1], NULL, 10) | 1 : 1;
  blocks();
  copies();
  puts("ok");
  return 0;
}
