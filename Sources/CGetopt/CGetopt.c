#include "CGetopt.h"

#include <getopt.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int cgetopt_scan(int count, char *const words[], const char *letters, const struct cgetopt_option *options,
                 int option_count, struct cgetopt_item *items, int capacity) {
  struct option *table = calloc((size_t)option_count + 1, sizeof *table);
  if (table == NULL) return -1;
  for (int index = 0; index < option_count; index++) {
    table[index].name = options[index].name;
    table[index].has_arg = options[index].takes_value ? required_argument : no_argument;
    table[index].val = 256 + index;
  }
  int used = 0;
  pthread_mutex_lock(&lock);
  opterr = 0;
  optind = 0; // glibc and musl: start anew
  while (used < capacity) {
    int word = optind == 0 ? 1 : optind;
    optarg = NULL;
    int code = getopt_long(count, words, letters, table, NULL);
    if (code == -1) break;
    items[used++] = (struct cgetopt_item){code, code == '?' || code == ':' ? optopt : 0, word, optarg};
  }
  // What stands behind `--`.
  for (int word = optind; word < count && used < capacity; word++) {
    items[used++] = (struct cgetopt_item){1, 0, word, words[word]};
  }
  pthread_mutex_unlock(&lock);
  free(table);
  return used;
}
