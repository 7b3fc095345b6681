// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import dev.puna.engine.wire.FrameReader;
import dev.puna.engine.wire.FrameWriter;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.ProtocolException;
import dev.puna.engine.wire.ToRunner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
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
        var toRunner = input[0] % 2 == 0;
        var stream = new ByteArrayInputStream(input, 1, input.length - 1);
        List<Object> messages;
        try {
            messages = read(new FrameReader(stream::read), toRunner);
        } catch (ProtocolException refused) {
            if (String.valueOf(refused.getMessage()).isBlank()) {
                throw new AssertionError("a refusal without words", refused);
            }
            return;
        }
        var again = new ByteArrayInputStream(written(messages));
        if (read(new FrameReader(again::read), toRunner).size() != messages.size()) {
            throw new AssertionError("sent on they are other messages");
        }
    }

    private static List<Object> read(FrameReader reader, boolean toRunner) throws IOException {
        var messages = new ArrayList<>();
        while (true) {
            var message = toRunner ? reader.readToRunner() : reader.readFromRunner();
            if (message == null) {
                return messages;
            }
            messages.add(message);
        }
    }

    private static byte[] written(List<Object> messages) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var writer = new FrameWriter(parts -> {
            for (var part : parts) {
                var copy = new byte[part.remaining()];
                part.get(copy);
                bytes.writeBytes(copy);
            }
        });
        for (var message : messages) {
            switch (message) {
                case ToRunner to -> writer.add(to);
                case FromRunner from -> writer.add(from);
                default -> throw new AssertionError(message);
            }
        }
        writer.flush();
        return bytes.toByteArray();
    }
}
