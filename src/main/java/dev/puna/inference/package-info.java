// SPDX-License-Identifier: Apache-2.0
/**
 * What is asked of models, whatever the API that it is asked through: the model is found, held against what the request demands,
 * its options are merged, it is leased, and the engine's events are streamed.
 *
 * <p>Entry types are {@link dev.puna.inference.GenerationService} and {@link dev.puna.inference.EmbeddingService}; requests come as
 * plain records, and what is wrong with them is a {@link dev.puna.failure.Failure}. Any API may call; nothing here knows one.
 * The checks read the store, so they need a worker thread; events come on the threads of the engine.
 */
@NullMarked
package dev.puna.inference;

import org.jspecify.annotations.NullMarked;
