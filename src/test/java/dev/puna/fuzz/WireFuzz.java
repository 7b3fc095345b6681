// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import dev.puna.engine.wire.Frames;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.ProtocolException;
import dev.puna.engine.wire.ToRunner;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * What the server and the process of a model say to each other; what is read can be sent on and is read again. The first byte says in
 * which direction: even for what the server says.
 */
final class WireFuzz implements FuzzTarget {
    @Override
    public String name() {
        return "wire";
    }

    @Override
    public void run(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        var direction = input[0] % 2 == 0 ? ToRunner.class : FromRunner.class;
        List<Object> messages;
        try {
            messages = Frames.read(Arrays.copyOfRange(input, 1, input.length), direction);
        } catch (ProtocolException refused) {
            if (String.valueOf(refused.getMessage()).isBlank()) {
                throw new AssertionError("a refusal without words", refused);
            }
            return;
        }
        if (Frames.read(Frames.of(messages.toArray()), direction).size() != messages.size()) {
            throw new AssertionError("sent on they are other messages");
        }
    }
}
