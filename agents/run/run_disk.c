// SPDX-License-Identifier: MIT
// SQLite's way to the disk, with one thing made sure of: the index beside its log (run.db-shm) is memory
// mapped from a file, of which SQLite writes a byte for every 4 kB. Where the disk's blocks are smaller the
// rest is claimed when it is first touched, and on a full disk that touch is a SIGBUS. Here all of it is
// claimed first, or the database says that the disk is full.
#include "agents/run/run_parts.h"
#include "engine/base/memory.h"

#include <pthread.h>
#include <sqlite3.h>

static struct {
    pthread_mutex_t lock;
    sqlite3_vfs *below; ///< the system's own; NULL until first asked for
    sqlite3_vfs vfs;    ///< the same, but for xOpen
    const sqlite3_io_methods *methods_below;
    sqlite3_io_methods methods; ///< the same, but for xShmMap
} disk = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int map_shared(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
    int code = disk.methods_below->xShmMap(file, region, size, extend, out);
    if (code != SQLITE_OK || !*out || para_memory_claim((void *)*out, (size_t)size))
        return code;
    *out = NULL; // it is asked for again
    return SQLITE_FULL;
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    (void)vfs;
    int code = disk.below->xOpen(disk.below, name, file, flags, out_flags);
    if (code != SQLITE_OK || file->pMethods->iVersion < 2 || !file->pMethods->xShmMap)
        return code;
    pthread_mutex_lock(&disk.lock);
    if (!disk.methods_below) {
        disk.methods_below = file->pMethods;
        disk.methods = *file->pMethods;
        disk.methods.xShmMap = map_shared;
    }
    if (file->pMethods == disk.methods_below) // files of other kinds keep their own
        file->pMethods = &disk.methods;
    pthread_mutex_unlock(&disk.lock);
    return code;
}

const char *para_run_disk(void)
{
    pthread_mutex_lock(&disk.lock);
    if (!disk.below) {
        disk.below = sqlite3_vfs_find(NULL);
        disk.vfs = *disk.below;
        disk.vfs.zName = "paracosm";
        disk.vfs.pNext = NULL;
        disk.vfs.xOpen = open_file;
        sqlite3_vfs_register(&disk.vfs, 0);
    }
    pthread_mutex_unlock(&disk.lock);
    return disk.vfs.zName;
}
