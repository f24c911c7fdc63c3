// SPDX-License-Identifier: MIT
#pragma once
// Peers of one process, each a thread: what engine/ranks does between processes, for tests.
#include "engine/base/peers.h"

#define PEERS_HERE_MAX 8

/// What each of them does. @param peers NULL where there is one
typedef void PeersHereWork(void *context, int rank, ParaPeers *peers);

/// Runs the work of `count` [1] 1..8 peers and returns when all are done.
/// @param lose [1] -1..; before so many'th exchange rank 1 is lost, to all; -1: nobody is
/// @return exchanges that rank 0 made
int peers_here_run(int count, PeersHereWork *work, void *context, int lose);
