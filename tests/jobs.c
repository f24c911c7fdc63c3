// SPDX-License-Identifier: MIT
// One process a group: fork, its streams in a file without a name, its score through a pipe.
#include "tests/jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/// A group on its way.
typedef struct Job {
    pid_t process; ///< 0: none
    int number;    ///< [1] >= 0 of the group
    FILE *said;    ///< both of its streams
    int score;     ///< the end of a pipe that its score comes out of
} Job;

static void give_up(const char *what)
{
    perror(what);
    exit(2);
}

/// The child: everything it says goes into the file.
static void be_a_job(const Job *job, int write_end, void (*run)(void *, int, TestsScore *), void *context)
{
    TestsScore score = {0, 0};
    if (dup2(fileno(job->said), STDOUT_FILENO) < 0 || dup2(fileno(job->said), STDERR_FILENO) < 0)
        give_up("dup2");
    run(context, job->number, &score);
    fflush(NULL);
    exit(write(write_end, &score, sizeof score) == (ssize_t)sizeof score ? 0 : 2);
}

static void begin(Job *job, int number, void (*run)(void *, int, TestsScore *), void *context)
{
    int ends[2];
    job->number = number;
    job->said = tmpfile();
    if (!job->said)
        give_up("tmpfile");
    if (pipe(ends) != 0)
        give_up("pipe");
    fflush(NULL);
    job->process = fork();
    if (job->process < 0)
        give_up("fork");
    if (job->process == 0) {
        close(ends[0]);
        be_a_job(job, ends[1], run, context);
    }
    close(ends[1]);
    job->score = ends[0];
}

/// Prints what it said, and adds its score.
static void end(Job *job, int status, TestsScore *score)
{
    char text[4096];
    size_t size;
    TestsScore own = {0, 0};
    rewind(job->said);
    while ((size = fread(text, 1, sizeof text, job->said)) > 0)
        fwrite(text, 1, size, stdout);
    fclose(job->said);
    if (read(job->score, &own, sizeof own) != (ssize_t)sizeof own || status != 0) {
        printf("[  FAILED  ] group %d of the list ended by %s %d\n", job->number + 1,
               WIFSIGNALED(status) ? "signal" : "exit code",
               WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        own.failed++;
    }
    close(job->score);
    score->passed += own.passed;
    score->failed += own.failed;
    job->process = 0;
}

void tests_run_jobs(int jobs, int count, void (*run)(void *context, int number, TestsScore *score),
                    void *context, TestsScore *score)
{
    Job all[TESTS_JOBS_MAX] = {{0}};
    int next = 0, running = 0;
    while (next < count || running > 0) {
        for (int k = 0; k < jobs; k++)
            if (!all[k].process && next < count) {
                begin(&all[k], next++, run, context);
                running++;
            }
        int status;
        pid_t process = wait(&status);
        if (process < 0)
            give_up("wait");
        for (int k = 0; k < jobs; k++)
            if (all[k].process == process) {
                end(&all[k], status, score);
                running--;
            }
    }
}
