// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;

/** A server under test and how it is spoken to. Prompts go in as they are; answers are greedy. */
interface Peer extends AutoCloseable {

    ObjectMapper JSON = new ObjectMapper();

    RunningServer server();

    /** Free text if the schema is empty, otherwise JSON that satisfies it. */
    RunningServer.Stream generate(String prompt, int tokens, String schema) throws IOException, InterruptedException;

    default RunningServer.Stream generate(String prompt, int tokens) throws IOException, InterruptedException {
        return generate(prompt, tokens, "");
    }

    /**
     * Free text of just so many tokens, wherever the model would end it.
     *
     * @return how many tokens the server says there were
     */
    int answer(String prompt, int tokens) throws IOException, InterruptedException;

    void embed(List<String> texts) throws IOException, InterruptedException;

    @Override
    default void close() {
        server().close();
    }
}
