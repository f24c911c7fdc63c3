// SPDX-License-Identifier: MIT
// Bradley-Terry by Newton's method. Ratings are known up to a constant: they are held to a mean of 0, which
// adds a matrix of ones to the curvature and makes it invertible.
#include "agents/company/elo.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <string.h>

#define STEPS    100
#define PRIOR    0.5                                  // games that each has drawn with each other
#define LOGIT    (PARA_ELO_SCALE / 2.302585092994046) // [Elo] of one nat of odds
#define QUANTILE 1.959963984540054                    // of the standard normal at 97.5 %

typedef struct Fit {
    int count;
    double logit[PARA_ELO_MAX];                // ratings in nats
    double slope[PARA_ELO_MAX];                // of the log likelihood
    double curve[PARA_ELO_MAX * PARA_ELO_MAX]; // its negative second derivative, then its Cholesky factor
} Fit;

double para_elo_expected(double rating, double other) { return 1 / (1 + para_exp((other - rating) / LOGIT)); }

static void differentiate(Fit *fit, const double *wins)
{
    int n = fit->count;
    for (int i = 0; i < n * n; i++)
        fit->curve[i] = 1.0 / n; // along which all ratings move together
    memset(fit->slope, 0, sizeof fit->slope);
    for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j++) {
            double won = wins[i * n + j] + PRIOR / 2, lost = wins[j * n + i] + PRIOR / 2;
            double share = 1 / (1 + para_exp(fit->logit[j] - fit->logit[i]));
            double pull = won - (won + lost) * share, weight = (won + lost) * share * (1 - share);
            fit->slope[i] += pull;
            fit->slope[j] -= pull;
            fit->curve[i * n + i] += weight;
            fit->curve[j * n + j] += weight;
            fit->curve[i * n + j] -= weight;
            fit->curve[j * n + i] -= weight;
        }
    }
}

/// The curvature's Cholesky factor, in its place, below the diagonal.
static void factor(Fit *fit)
{
    int n = fit->count;
    for (int j = 0; j < n; j++) {
        for (int i = j; i < n; i++) {
            double sum = fit->curve[i * n + j];
            for (int k = 0; k < j; k++)
                sum -= fit->curve[i * n + k] * fit->curve[j * n + k];
            PARA_ASSERT(i > j || sum > 0);
            fit->curve[i * n + j] = i == j ? para_sqrt(sum) : sum / fit->curve[j * n + j];
        }
    }
}

static void solve(const Fit *fit, double *x)
{
    int n = fit->count;
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++)
            x[i] -= fit->curve[i * n + k] * x[k];
        x[i] /= fit->curve[i * n + i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++)
            x[i] -= fit->curve[k * n + i] * x[k];
        x[i] /= fit->curve[i * n + i];
    }
}

/// One step, no longer than 1 nat for anybody. @return how far
static double improve(Fit *fit, const double *wins)
{
    double step[PARA_ELO_MAX], most = 0;
    differentiate(fit, wins);
    factor(fit);
    memcpy(step, fit->slope, sizeof step);
    solve(fit, step);
    for (int i = 0; i < fit->count; i++)
        most = para_max(most, step[i] < 0 ? -step[i] : step[i]);
    for (int i = 0; i < fit->count; i++)
        fit->logit[i] += most > 1 ? step[i] / most : step[i];
    return most;
}

void para_elo_fit(const double *wins, int count, ParaElo *out)
{
    PARA_ASSERT(count >= 2 && count <= PARA_ELO_MAX);
    Fit fit = {.count = count};
    for (int s = 0; s < STEPS && improve(&fit, wins) > 1e-9; s++) {
    }
    differentiate(&fit, wins);
    factor(&fit);
    for (int i = 0; i < count; i++) {
        double column[PARA_ELO_MAX] = {0};
        column[i] = 1;
        solve(&fit, column);
        // The inverse has 1 / n of variance along the common shift, which is known to be nothing.
        double variance = para_max(0, column[i] - 1.0 / count);
        out[i] = (ParaElo){.rating = LOGIT * fit.logit[i], .reach = LOGIT * QUANTILE * para_sqrt(variance)};
    }
}
