// SPDX-License-Identifier: Apache-2.0
/**
 * The bodies of requests to {@code /v1/responses}, read into what {@code inference} is asked for.
 *
 * <p>The items of the input become turns of a conversation as {@code /v1/chat/completions} reads them, tools of all kinds become
 * functions, and what the answer repeats of the request is kept as text. Entry type: {@link
 * dev.puna.api.openai.responses.request.ResponsesRequest}. <b>Threads:</b> one for a body.
 */
@NullMarked
package dev.puna.api.openai.responses.request;

import org.jspecify.annotations.NullMarked;
