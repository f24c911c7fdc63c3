// SPDX-License-Identifier: MIT
#pragma once
// Takes what newer layouts of a run's database have out of one, for tests of bringing old runs up to date.

/// Layout 7 becomes 6.
#define LAYOUT_6 "DROP TABLE stream_scores; DROP TABLE stream_reference;"

/// And 5.
#define LAYOUT_5                                                                                             \
    LAYOUT_6 "ALTER TABLE reports DROP COLUMN model_error; ALTER TABLE reports DROP COLUMN model_doubt;"

/// And 4.
#define LAYOUT_4                                                                                             \
    LAYOUT_5                                                                                                 \
    "DROP VIEW outcomes; DROP TABLE report_sums; DROP TABLE level_sums; DROP INDEX reports_by_level;"

/// And 3.
#define LAYOUT_3                                                                                             \
    LAYOUT_4                                                                                                 \
    "ALTER TABLE reports DROP COLUMN recipe; ALTER TABLE reports DROP COLUMN cause;"                         \
    "ALTER TABLE reports DROP COLUMN body; ALTER TABLE reports DROP COLUMN other;"                           \
    "ALTER TABLE reports DROP COLUMN zone; ALTER TABLE reports DROP COLUMN x; ALTER TABLE reports DROP "     \
    "COLUMN y;"                                                                                              \
    "ALTER TABLE reports DROP COLUMN closest; ALTER TABLE reports DROP COLUMN coverage;"                     \
    "ALTER TABLE reports DROP COLUMN impulse; ALTER TABLE reports DROP COLUMN touched;"                      \
    "ALTER TABLE reports DROP COLUMN moved; ALTER TABLE reports DROP COLUMN surprise;"                       \
    "ALTER TABLE levels DROP COLUMN recipe;"
