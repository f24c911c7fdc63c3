// SPDX-License-Identifier: MIT
#pragma once
// Time for people and rates; never for anything that decides a result.

/// Seconds of a steady clock [s].
double para_clock_seconds(void);
/// Seconds of CPU time this process has used, all threads [s].
double para_clock_cpu_seconds(void);
/// Seconds of CPU time the calling thread has used [s].
double para_clock_thread_seconds(void);
/// Waits; a signal may cut it short. @param seconds [s]; none if <= 0
void para_clock_sleep(double seconds);
/// Current UTC time as "2026-05-31T12:00:00Z" into out[21].
void para_clock_utc(char out[21]);
