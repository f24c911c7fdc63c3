# Run folder and replays.
list(APPEND PARA_AGENTS_TESTS
    tests/agents/run/test_run_facts.c
    tests/agents/run/test_run_folder.c
    tests/agents/run/test_run_thin.c
    tests/agents/run/test_statistics.c
    tests/agents/env/test_env_meddle.c
    tests/agents/env/test_env_sandbox.c
    tests/agents/env/test_replay.c)
# Env, batch, lesson, the door for other languages, and the golden hashes.
list(APPEND PARA_AGENTS_TESTS
    tests/agents/abi/test_abi.c
    tests/agents/abi/test_abi_episode.c
    tests/agents/abi/test_abi_meddle.c
    tests/agents/abi/test_abi_spans.c
    tests/agents/abi/test_abi_players.c
    tests/agents/abi/test_abi_probe.c
    tests/agents/batch/test_surprise.c
    tests/agents/env/test_decision.c
    tests/agents/env/test_env.c
    tests/agents/env/test_env_mirror.c
    tests/agents/env/test_env_players.c
    tests/agents/env/test_report.c
    tests/agents/observe/observe_stage.c
    tests/agents/env/test_golden.c
    tests/agents/observe/test_observe.c
    tests/agents/memory/test_keeper.c
    tests/agents/memory/test_map.c
    tests/agents/observe/test_observe_limits.c
    tests/agents/observe/test_observe_map.c
    tests/agents/observe/test_observe_memory.c
    tests/agents/observe/test_observe_sees.c
    tests/agents/observe/test_observe_heard.c
    tests/agents/observe/test_observe_moves.c
    tests/agents/observe/test_pairs.c
    tests/agents/observe/test_picture.c
    tests/agents/env/test_probe.c
    tests/agents/lesson/test_lesson.c
    tests/agents/lesson/test_train_locale.c
    tests/agents/lesson/test_questions.c
    tests/agents/lesson/test_resume.c
    tests/agents/lesson/test_settings.c
    tests/agents/lesson/test_self_contained.c
    tests/agents/lesson/test_solvers.c
    tests/agents/lesson/test_training.c
    tests/agents/lesson/test_training_demos.c
    tests/agents/lesson/test_training_dream.c
    tests/agents/lesson/test_training_model.c
    tests/agents/lesson/test_training_peers.c
    tests/agents/lesson/test_training_stream.c
    tests/agents/env/test_widths.c)
# Network, learner, checkpoints.
list(APPEND PARA_AGENTS_TESTS
    tests/agents/learn/reference.c
    tests/agents/rehearsal/test_rehearsal.c
    tests/agents/recall/test_recall.c
    tests/agents/skill/test_skill.c
    tests/agents/company/test_company.c
    tests/agents/company/test_pool.c
    tests/agents/think/test_reflex.c
    tests/agents/think/test_slow.c
    tests/agents/think/test_think.c
    tests/agents/learn/test_clone.c
    tests/agents/demos/test_demos.c
    tests/agents/learn/test_imitate.c
    tests/agents/search/test_search.c
    tests/agents/run/test_checkpoint.c
    tests/agents/net/test_conv.c
    tests/agents/policy/test_beta.c
    tests/agents/policy/test_core.c
    tests/agents/policy/test_relation.c
    tests/agents/policy/test_sight.c
    tests/agents/policy/test_policy.c
    tests/agents/policy/test_value.c
    tests/agents/net/test_product.c
    tests/agents/learn/test_ppo.c
    tests/agents/learn/test_moments.c
    tests/agents/lifelong/test_keep.c
    tests/agents/learn/test_ppo_adam.c
    tests/agents/learn/test_ppo_hold.c
    tests/agents/learn/test_ppo_muon.c
    tests/agents/learn/test_ppo_loss.c
    tests/agents/learn/test_ppo_peers.c
    tests/agents/learn/test_ppo_update.c
    tests/agents/learn/toy.c)
# The model of how worlds move.
list(APPEND PARA_AGENTS_TESTS
    tests/agents/model/taught.c
    tests/agents/dream/test_dream.c
    tests/agents/model/test_graph.c
    tests/agents/model/test_held.c
    tests/agents/puzzle/test_puzzle.c
    tests/agents/model/test_imagine.c
    tests/agents/model/test_near.c
    tests/agents/foresight/test_omens.c
    tests/agents/model/test_said.c
    tests/agents/model/test_teach.c
    tests/agents/foresight/test_witness.c)
# The model of pixels.
list(APPEND PARA_AGENTS_TESTS
    tests/agents/pixels/test_pixels.c)
# Collector, trials, makers, what a training leaves behind.
list(APPEND PARA_AGENTS_TESTS
    tests/agents/database.c
    tests/agents/archive/test_archive.c
    tests/agents/archive/test_elites.c
    tests/agents/lesson/test_evaluate.c
    tests/agents/lesson/test_episodes.c
    tests/agents/lesson/test_loop.c
    tests/agents/lesson/tiny_run.c
    tests/agents/maker/test_children.c
    tests/agents/maker/test_edge.c
    tests/agents/maker/test_maker.c
    tests/agents/maker/test_paired.c
    tests/agents/maker/test_predictor.c
    tests/agents/maker/test_novelty.c
    tests/agents/player/test_card.c
    tests/agents/player/test_collector.c
    tests/agents/player/test_curiosity.c
    tests/agents/player/test_learn_players.c
    tests/agents/player/test_trials.c
    tests/agents/test_doors.c
    tests/agents/tiny.c)
