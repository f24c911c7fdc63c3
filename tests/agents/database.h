// SPDX-License-Identifier: MIT
#pragma once
// A run's database asked past our own code. Used by the tests of what a training leaves behind.
#include <sqlite3.h>
#include <stdint.h>

/// Opens FOLDER/run.db for reading; sqlite3_close it.
sqlite3 *database_open(const char *folder);
/// The statement of some SQL; sqlite3_finalize it.
sqlite3_stmt *database_query(sqlite3 *database, const char *sql);
/// First column of the first row; 0 if there is none.
int64_t database_whole(sqlite3 *database, const char *sql);
double database_real(sqlite3 *database, const char *sql);
