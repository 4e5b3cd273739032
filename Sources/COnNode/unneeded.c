#include "COnNode.h"

#ifdef IMAGEGEN_ON_NODE
#include <stdlib.h>

// What static libraries name and the installer never comes to. Linked from the libraries, these would bring along
// all of libsodium's ciphers and hashes for every processor, and three former formats of zstd: 190 KB.

// Only for callers that misuse libsodium's memory; the library's own ends the process as well.
void sodium_misuse(void) { abort(); }

// For keys and locked memory: the installer only checks signatures.
void randombytes_buf(void *bytes, size_t count) {
  (void)bytes;
  (void)count;
  abort();
}

// Frames of zstd before 1.0: the reader refuses every magic but today's before it asks the library.
#define NEVER(name) \
  void name(void) { abort(); }
#define NEVER_VERSION(v)                                                                                      \
  NEVER(ZBUFF##v##_createDCtx)                                                                                \
  NEVER(ZBUFF##v##_decompressContinue)                                                                        \
  NEVER(ZBUFF##v##_decompressInitDictionary)                                                                  \
  NEVER(ZBUFF##v##_freeDCtx)                                                                                  \
  NEVER(ZSTD##v##_createDCtx)                                                                                 \
  NEVER(ZSTD##v##_decompress_usingDict)                                                                       \
  NEVER(ZSTD##v##_findFrameSizeInfoLegacy)                                                                    \
  NEVER(ZSTD##v##_freeDCtx)                                                                                   \
  NEVER(ZSTD##v##_getFrameParams)

// What libsodium's locked memory and the C library's own failures would ask for.
NEVER(__assert_fail)
NEVER(madvise)
NEVER(mlock)
NEVER(mprotect)
NEVER(munlock)
NEVER(raise)
NEVER(sysconf)

NEVER_VERSION(v05)
NEVER_VERSION(v06)
NEVER_VERSION(v07)
#endif
