// SPDX-License-Identifier: MIT
#pragma once
// What is asked of the machine, the process and its streams beyond files, threads and clocks, which have
// headers of their own. With them, everything here that is POSIX and not C: tests/check_includes.sh refuses
// such headers elsewhere. Any thread.
#include "engine/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int para_cpu_count(void);             ///< [1] >= 1 that are online
uint64_t para_memory_installed(void); ///< [byte] >= 0 of the machine; 0: unknown
int64_t para_process_id(void);        ///< [id] > 0; a child after a fork has another
/// From now on this process, with the threads it has and those that it begins, works only where others do not
/// want to: for whoever looks on. On Linux in the class of idle time and, where it leads a session, with the
/// least share of the cores for that; elsewhere at the lowest priority (nice 19). There is no way back.
void para_process_give_way(void);
/// Goes on as another process in a session of its own, where that makes a difference: Linux shares cores
/// between sessions (of terminals) before it looks at what runs in them, so that an idle program in a
/// terminal of its own has as much as a busy one in another; to be followed by para_process_give_way. First
/// thing in main, before there are threads; is killed when this process ends, by Ctrl-C too: for what has
/// nothing to lose.
/// @param out_code out, the exit code of what went on
/// @return true: this is the process that goes on; false: it has ended
bool para_process_go_apart(int *out_code);
/// Free space for this user on the disk that holds `path` [byte]; -1: unknown.
int64_t para_disk_free(const char *path);
/// The folder that the running program's file lies in, in the arena; NULL: unknown.
const char *para_program_folder(ParaArena *arena);
/// The folder of the file that this code was loaded from: the program's, or a shared library's in another
/// program; NULL: unknown.
const char *para_code_folder(ParaArena *arena);

/// Takes the lock file at `path`, which then tells who holds it. The system lets go of it when the process
/// ends; who holds it may remove the file before it lets go.
/// @param out_holder out, NULL; where another process, or another lock of this one, holds it: who, "" if the
/// file does not say
/// @param out_error out, on failure a clear sentence in the arena
/// @return a handle >= 0 for para_lock_release, or -1
int para_lock_take(const char *path, ParaArena *arena, const char **out_holder, const char **out_error);
void para_lock_release(int lock); ///< -1: no-op

typedef enum ParaStream { PARA_STREAM_OUTPUT = 1, PARA_STREAM_ERRORS = 2 } ParaStream;
bool para_stream_is_terminal(ParaStream stream);
/// Size of the stream's terminal window [character]. @return false, nothing set, if it has none
bool para_stream_size(ParaStream stream, int *out_columns, int *out_rows);
/// Writes all of it, however often the system wants to be asked. @return false if the other end is gone
bool para_stream_write(ParaStream stream, const char *text, size_t size);
/// Whether the stream is a pipe whose reader has gone, as `head` goes: nobody is there to be told.
bool para_stream_is_left(ParaStream stream);
/// Opens those of a process's three streams that were closed before its start (`>&-`): their numbers would be
/// lent to the next file opened, and what is printed would land in it. First thing in main. @return false if
/// the system does not let it
bool para_streams_open(void);
