// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.wire.ByteSink;
import dev.puna.engine.wire.ByteSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** A process for one model. Any thread. */
public interface Runner {
    /** What it says. */
    ByteSource source();

    /** What it is told. */
    ByteSink sink();

    /** Bytes of memory beside its weights that it may have; empty for any number. */
    default OptionalLong memoryLimit() {
        return OptionalLong.empty();
    }

    /** Hundredths of a second of processor time that it has used, and pages that it has read from a disk; -1 if that is not known. */
    default long work() {
        return -1;
    }

    /** Whether it would go on if it had the processor or a disk answered; so, if that is not known. */
    default boolean isBusy() {
        return true;
    }

    /** Whether it has something to keep before it ends, so that it is told to, and waited for. */
    default boolean keeps() {
        return false;
    }

    /** Closes the connection, whereupon it ends; does not wait. */
    void disconnect();

    /** Ends it at once; does not wait. */
    void kill();

    /** Completed when the process is gone and its memory is free. */
    CompletableFuture<End> end();

    /**
     * How it ended.
     *
     * @param reason in words
     * @param lastLines of what it wrote
     */
    record End(String reason, List<String> lastLines) {
        public End {
            lastLines = List.copyOf(lastLines);
        }
    }

    /** Starts processes. Any thread. */
    interface Starter {
        /**
         * Starts one.
         *
         * @throws IOException in a sentence, if the system does not let it
         */
        Runner start(RunnerNeeds needs) throws IOException;

        /** What starts the same without the locks that a driver may not bear; empty if there is no GPU, or no locks. */
        default Optional<Starter> unlocked() {
            return Optional.empty();
        }
    }
}
