// SPDX-License-Identifier: Apache-2.0
package dev.puna.modelfile;

import static java.util.stream.Collectors.joining;

import dev.puna.failure.InvalidRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The instructions of a Modelfile in their order; at least one is a {@link Instruction.From}.
 *
 * @param instructions comments and empty lines left out
 */
public record Modelfile(List<Instruction> instructions) {

    public Modelfile {
        instructions = List.copyOf(instructions);
        if (instructions.stream().noneMatch(Instruction.From.class::isInstance)) {
            throw new InvalidRequest("no FROM line");
        }
    }

    /** Reads UTF-8, or UTF-16 that starts with a byte order mark. */
    public static Modelfile parse(byte[] file) {
        var encoding = encodingOf(file);
        var text = new String(file, encoding);
        return parse(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    /**
     * Reads the text of a Modelfile.
     *
     * @throws InvalidRequest with the line's number where one line is to blame
     */
    public static Modelfile parse(String text) {
        return new Modelfile(new ModelfileReader(text).read());
    }

    /** The text that parses to these instructions: one line each, longer where a value has lines of its own. */
    public String text() {
        return instructions.stream().map(Instruction::line).collect(joining("\n", "", "\n"));
    }

    private static Charset encodingOf(byte[] file) {
        if (file.length < 2) {
            return StandardCharsets.UTF_8;
        }
        return switch (((file[0] & 0xff) << 8) | (file[1] & 0xff)) {
            case 0xfeff -> StandardCharsets.UTF_16BE;
            case 0xfffe -> StandardCharsets.UTF_16LE;
            default -> StandardCharsets.UTF_8;
        };
    }
}
