// SPDX-License-Identifier: MIT
#pragma once
// The network: what happens on a graph in one step of the model. Rounds of small rules for impulses; see
// docs/decisions/0018-a-solver-that-is-learned.md. With its backward pass, which tests hold against
// differences.
#include "agents/model/graph.h"
#include "engine/base/rng.h"

#define PARA_IMAGINE_ROUNDS_MAX 8
#define PARA_IMAGINE_TELL       16 ///< numbers that an edge tells each of its bodies, and keeps for itself
#define PARA_IMAGINE_FACTS      26 ///< numbers about an edge that stay over the rounds
#define PARA_IMAGINE_GAPS       4  ///< numbers about where its gap comes to within the step, sharply
#define PARA_IMAGINE_IN         (PARA_IMAGINE_FACTS + 2 * PARA_EDGE_ROWS + PARA_IMAGINE_GAPS + 3 * PARA_IMAGINE_TELL)
/// Numbers about what an edge feels; agents/model/said.h reads them. The second one is
/// ln(1 + |own impulse| ease / SLOW), of the first two rows over the whole step, and what the last round
/// adds.
enum { PARA_SAYS_TOUCH, PARA_SAYS_PEAK, PARA_SAYS_SPREAD, PARA_IMAGINE_SAYS };
#define PARA_IMAGINE_SLOW 0.05f ///< [m/s] changes of speed below are told apart by their size, above by ratio
#define PARA_IMAGINE_OUT  (2 * PARA_EDGE_ROWS + 3 * PARA_IMAGINE_TELL + PARA_IMAGINE_SAYS)

typedef struct ParaImagineDef {
    int rounds; ///< [1] 1..PARA_IMAGINE_ROUNDS_MAX, each with weights of its own
    int width;  ///< [1] 1..512 hidden numbers of a round
} ParaImagineDef;

typedef struct ParaImagine ParaImagine;         ///< weights, those of all rounds in one block
typedef struct ParaImagineWork ParaImagineWork; ///< scratch of one thread

ParaImagine *para_imagine_create(const ParaImagineDef *def, ParaRng *rng, ParaArena *arena);
/// All weights in one block. @param out_count [1] > 0 of them
float *para_imagine_weights(ParaImagine *net, int *out_count);
/// Scratch for graphs of up to so many nodes and edges.
/// @param learning with what backward needs
ParaImagineWork *para_imagine_work(const ParaImagine *net, int node_max, int edge_max, bool learning,
                                   ParaArena *arena);

/// One step. @param after out, [node_count, 3] motion at its end
/// @param mean out, [node_count, 3] mean motion over it: places move by that times the step
/// @param said out, [edge_count, PARA_IMAGINE_SAYS] what each edge feels, as the last round has it; NULL:
/// nobody asks
/// What happens to a world is the same to the last bit whatever worlds are beside it in the graph.
/// Threads: one per work.  Cost: rounds * edges * 2 * width * (IN + OUT) flops; no heap.
void para_imagine_step(const ParaImagine *net, ParaImagineWork *work, const ParaGraph *graph, float *after,
                       float *mean, float *said);
/// Impulses [N s] along the rows of the graph of the step before, summed over the rounds. @return [edges, 3]
const float *para_imagine_impulses(const ParaImagineWork *work);
/// Backward of the step before.
/// @param dafter, dmean inout, [node_count, 3] gradients of the loss; used up
/// @param dsaid in, [edge_count, PARA_IMAGINE_SAYS] gradient with regard to what was said; NULL: none. That
/// of the peak reaches the impulses, too: what pushes twice against each other shows in no motion
/// @param gradient inout, [weights] added to
/// @param dmotion out, [node_count, 3] gradient with regard to the nodes' motion; NULL: nobody asks
void para_imagine_backward(const ParaImagine *net, ParaImagineWork *work, const ParaGraph *graph,
                           float *dafter, float *dmean, const float *dsaid, float *gradient, float *dmotion);

/// One layer's weights of a round, for files.
typedef struct ParaImagineTensor {
    const char *name;  ///< "weight1", "bias1", "weight2", "bias2"
    int rows, columns; ///< [1] >= 1
    float *data;       ///< [rows, columns]
} ParaImagineTensor;
#define PARA_IMAGINE_TENSORS 4 ///< of each round
ParaImagineTensor para_imagine_tensor(ParaImagine *net, int round, int index);
