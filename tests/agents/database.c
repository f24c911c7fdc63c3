// SPDX-License-Identifier: MIT
// A run's database asked past our own code.
#include "tests/agents/database.h"

#include "tests/tests.h"

#include <stdio.h>

sqlite3 *database_open(const char *folder)
{
    char path[512];
    sqlite3 *database = NULL;
    snprintf(path, sizeof path, "%s/run.db", folder);
    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    return database;
}

sqlite3_stmt *database_query(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(database));
    return statement;
}

int64_t database_whole(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *row = database_query(database, sql);
    int64_t value = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
    sqlite3_finalize(row);
    return value;
}

double database_real(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *row = database_query(database, sql);
    double value = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_double(row, 0) : 0;
    sqlite3_finalize(row);
    return value;
}
