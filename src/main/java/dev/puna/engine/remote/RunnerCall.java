// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.wire.FromRunner;
import dev.puna.failure.Failure;

/** Somebody who waits for answers to a call. On the thread that reads from the process, which must not be held up. */
interface RunnerCall {
    /** An answer that is neither a failure nor the end of a stream. */
    void answer(FromRunner message);

    /** The end of a stream of answers. */
    void ended();

    /** The call has failed; the last that is heard of it. */
    void failed(Failure failure);
}
