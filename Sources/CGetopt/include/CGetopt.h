#pragma once

/// A long option; its code is 256 plus its index.
struct cgetopt_option {
  const char *name;
  int takes_value;
};

/// One step of getopt_long.
struct cgetopt_item {
  /// What it returned: 256 and more for a long option, a letter, 1 for an operand, '?' or ':'.
  int code;
  /// For '?' and ':' the letter or code concerned, or 0.
  int culprit;
  /// The index of the word that was looked at.
  int word;
  /// The option's value or the operand; points into `words`.
  const char *value;
};

/// Runs getopt_long(3) over all words and writes what it found to `items`, at most `capacity` of them.
///
/// All at once, because getopt keeps its state in globals: here nobody sees them, and a lock keeps
/// threads apart. Returns the number of items, or -1 when memory is out.
int cgetopt_scan(int count, char *const words[], const char *letters, const struct cgetopt_option *options,
                 int option_count, struct cgetopt_item *items, int capacity);
