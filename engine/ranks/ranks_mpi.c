// SPDX-License-Identifier: MIT
// Peers over MPI. One exchange is a receive and a send for each peer, and a wait for all of them that lets
// others have the processor: MPI's own wait would keep it busy, and four ranks may share two processors.
#include "engine/base/assert.h"
#include "engine/base/clock.h"
#include "engine/base/maths.h"
#include "engine/base/platform.h"
#include "engine/ranks/launch.h"
#include "engine/ranks/ranks.h"

#include <limits.h>
#include <mpi.h>

#define LOOKS     500   // before it sleeps: about as long as a small message takes between two machines
#define NAP       50e-6 // [s] between looks after that, at least
#define NAP_SHARE 0.25  // of the time waited so far: that much longer it may take
#define NAP_MOST  1e-3  // [s]
#define TAGS      32768 // an MPI has at least so many

typedef struct Job {
    MPI_Comm everyone;
    int rank, count;
    int looks;             // LOOKS, or 0 where ranks share processors: then looking keeps others from working
    int tag;               // of the next exchange: who is out of step is not heard
    double patience;       // [s]
    MPI_Request *requests; // [2 * count]
} Job;

/// Waits for all requests. @return false: one failed, or nothing came for too long
static bool wait_for(const Job *job, int count)
{
    double since = para_clock_seconds();
    for (int64_t look = 0;; look++) {
        int done = 0;
        if (MPI_Testall(count, job->requests, &done, MPI_STATUSES_IGNORE) != MPI_SUCCESS)
            return false;
        if (done)
            return true;
        if (look < job->looks)
            continue;
        double waited = para_clock_seconds() - since;
        if (waited > job->patience)
            return false;
        para_clock_sleep(para_clamp(NAP_SHARE * waited, NAP, NAP_MOST));
    }
}

static bool exchange(void *context, const ParaPeersPart *send, ParaPeersPart *receive)
{
    Job *job = context;
    int open = 0, tag = job->tag;
    bool good = true;
    job->tag = (tag + 1) % TAGS;
    for (int i = 0; i < job->count && good; i++) { // receives first: what comes then has a place to go
        PARA_ASSERT(receive[i].size <= INT_MAX && send[i].size <= INT_MAX);
        if (i != job->rank && receive[i].size > 0)
            good = MPI_Irecv(receive[i].data, (int)receive[i].size, MPI_BYTE, i, tag, job->everyone,
                             &job->requests[open++]) == MPI_SUCCESS;
    }
    for (int i = 0; i < job->count && good; i++)
        if (i != job->rank && send[i].size > 0)
            good = MPI_Isend(send[i].data, (int)send[i].size, MPI_BYTE, i, tag, job->everyone,
                             &job->requests[open++]) == MPI_SUCCESS;
    return good && wait_for(job, open);
}

/// How many of the ranks are on this machine.
static int ranks_here(void)
{
    MPI_Comm here = MPI_COMM_NULL;
    int count = 1;
    if (MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &here) == MPI_SUCCESS) {
        MPI_Comm_size(here, &count);
        MPI_Comm_free(&here);
    }
    return count;
}

ParaPeers *para_ranks_join(double patience, ParaArena *arena, const char **out_error)
{
    *out_error = NULL;
    if (para_ranks_launched() == 1)
        return NULL;
    int level = 0;
    Job *job = PARA_NEW(arena, Job, 1);
    job->patience = patience;
    *out_error = "the ranks of this job do not meet; `mpirun -n 2 hostname` shows whether it is the network";
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level) != MPI_SUCCESS)
        return NULL;
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    if (MPI_Comm_dup(MPI_COMM_WORLD, &job->everyone) != MPI_SUCCESS ||
        MPI_Comm_rank(job->everyone, &job->rank) != MPI_SUCCESS ||
        MPI_Comm_size(job->everyone, &job->count) != MPI_SUCCESS)
        return NULL;
    MPI_Comm_set_errhandler(job->everyone, MPI_ERRORS_RETURN);
    if (job->count == 1) { // of another MPI than the launcher's: all would write the same run
        *out_error = "the launcher started several ranks, but each is alone: its mpirun is not that of the "
                     "MPI this build was linked with";
        return NULL;
    }
    job->requests = PARA_NEW(arena, MPI_Request, 2 * job->count);
    *out_error = NULL;
    int here = ranks_here();
    job->looks = here <= para_cpu_count() ? LOOKS : 0;
    return para_peers_create(job->rank, job->count, here, exchange, job, arena);
}

void para_ranks_leave(ParaPeers *peers, int code, bool hurry)
{
    int begun = 0, over = 0;
    MPI_Initialized(&begun);
    MPI_Finalized(&over);
    if (!begun || over)
        return;
    if (hurry || !peers || peers->lost)
        MPI_Abort(MPI_COMM_WORLD, code);
    MPI_Finalize();
}
