// SPDX-License-Identifier: MIT
// The program paracosm-wild: wild levels by the thousand, or one of them. tests/wild.sh runs it in parts.
//   paracosm-wild [--kind K] [--seed N] [--first I] [--count N] [--steps N] [--solver chipmunk|lanes|both]
//                 [--trace] [--print] [--kinds]
// Level I of a long run is of kind I mod the number of kinds, or K, and has seed N + I / that number. A line
// per broken law: solver kind seed law step body value limit worst. Last line: `N levels, N failed`.
#include "tests/engine/world/wild_laws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Wish {
    bool one_kind, trace, print;
    WildKind kind;
    uint64_t seed;
    int first, count, steps;
    ParaSolverKind from, to;
} Wish;

static int usage(void)
{
    fprintf(stderr, "usage: paracosm-wild [--kind K] [--seed N] [--first I] [--count N] [--steps N] "
                    "[--solver chipmunk|lanes|both] [--trace] [--print] [--kinds]\n");
    return 2;
}

static int list_kinds(void)
{
    for (int i = 0; i < WILD_KIND_COUNT; i++)
        printf("%-10s %s\n", wild_kind_name((WildKind)i), wild_kind_about((WildKind)i));
    return 0;
}

static bool read_value(const char *option, const char *value, Wish *wish)
{
    if (!strcmp(option, "--kind"))
        return wish->one_kind = wild_kind_find(value, &wish->kind);
    if (!strcmp(option, "--solver")) {
        if (!strcmp(value, "both"))
            return true;
        bool found = para_solver_find(value, &wish->from) && wish->from != PARA_SOLVER_AUTO &&
                     para_solver_stands_alone(wish->from);
        wish->to = wish->from;
        return found;
    }
    char *end;
    long long number = strtoll(value, &end, 10);
    if (*end || number < 0 || number > 1000000000)
        return false;
    if (!strcmp(option, "--seed"))
        wish->seed = (uint64_t)number;
    else if (!strcmp(option, "--first"))
        wish->first = (int)number;
    else if (!strcmp(option, "--count"))
        wish->count = (int)number;
    else if (!strcmp(option, "--steps"))
        wish->steps = (int)number;
    else
        return false;
    return true;
}

static bool read_options(int argc, char **argv, Wish *wish)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--trace"))
            wish->trace = true;
        else if (!strcmp(argv[i], "--print"))
            wish->print = true;
        else if (i + 1 >= argc || !read_value(argv[i], argv[i + 1], wish))
            return false;
        else
            i++;
    }
    return true;
}

static int tell(const WildLevel *level, ParaSolverKind solver, const WildVerdict *verdict)
{
    for (int i = 0; i < WILD_LAW_COUNT; i++) {
        const WildFault *fault = &verdict->faults[i];
        if (fault->broken)
            printf("%s %s %llu %s %d %d %.4g %.4g %.4g\n", para_solver_name(solver),
                   wild_kind_name(level->kind), (unsigned long long)level->seed, wild_law_name((WildLaw)i),
                   fault->step, fault->body, fault->value, fault->limit, fault->worst);
    }
    return !verdict->good;
}

int main(int argc, char **argv)
{
    static WildLevel level;
    Wish wish = {.seed = 1, .count = 1, .steps = 600, .from = PARA_SOLVER_CHIPMUNK, .to = PARA_SOLVER_LANES};
    if (argc == 2 && !strcmp(argv[1], "--kinds"))
        return list_kinds();
    if (!read_options(argc, argv, &wish))
        return usage();
    setvbuf(stdout, NULL, _IOLBF, 0);
    int failed = 0, tried = 0;
    for (int i = wish.first; i < wish.first + wish.count; i++) {
        WildKind kind = wish.one_kind ? wish.kind : (WildKind)(i % WILD_KIND_COUNT);
        wild_make(&level, kind, wish.seed + (uint64_t)(wish.one_kind ? i : i / WILD_KIND_COUNT));
        if (wish.print) {
            wild_print(&level);
            continue;
        }
        for (ParaSolverKind solver = wish.from; solver <= wish.to; solver++) {
            WildVerdict verdict = wild_judge(&level, solver, wish.steps, wish.trace);
            tried += !verdict.skipped;
            failed += tell(&level, solver, &verdict);
        }
    }
    if (!wish.print)
        printf("%d levels, %d failed\n", tried, failed);
    return failed > 0;
}
