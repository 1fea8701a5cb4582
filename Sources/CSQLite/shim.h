#include <sqlite3.h>

// SQLite is configured through a function of any number of arguments, which Swift cannot call.

static inline int wirecase_sqlite_count_no_memory(void) {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
