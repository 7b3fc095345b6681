// SPDX-License-Identifier: Apache-2.0
package dev.puna.modelfile;

import dev.puna.failure.InvalidRequest;
import dev.puna.modelfile.Instruction.Message;
import dev.puna.modelfile.Instruction.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** One pass over the text of a Modelfile. Grammar: contract 3.1; used once, by one thread. */
final class ModelfileReader {
    private static final List<String> ROLES = List.of("system", "user", "assistant");
    private static final String COMMAND_NEEDED =
            "command must be one of \"from\", \"license\", \"template\", \"system\", \"adapter\", \"draft\", "
                    + "\"renderer\", \"parser\", \"parameter\", \"message\", or \"requires\"";
    private static final String ROLE_NEEDED = "message role must be one of \"system\", \"user\", or \"assistant\"";

    private final String text;
    private int position;

    ModelfileReader(String text) {
        this.text = text;
    }

    List<Instruction> read() {
        var instructions = new ArrayList<Instruction>();
        skipToCommand();
        while (!atEnd()) {
            instructions.add(instruction());
            skipToCommand();
        }
        return instructions;
    }

    private Instruction instruction() {
        var command = command();
        return switch (command) {
            case "from" -> new Instruction.From(value());
            case "parameter" -> new Parameter(word(ModelfileReader::isParameterLetter), value());
            case "template" -> new Instruction.Template(value());
            case "system" -> new Instruction.SystemPrompt(value());
            case "adapter" -> new Instruction.Adapter(value());
            case "license" -> new Instruction.License(value());
            case "message" -> new Message(role(), value());
            case "renderer" -> new Instruction.Renderer(value());
            case "parser" -> new Instruction.Parser(value());
            case "requires" -> new Instruction.Requires(value());
            case "draft" -> new Instruction.Draft(value());
            case "capability" -> new Instruction.Capability(value());
            default -> throw atLine(COMMAND_NEEDED);
        };
    }

    /** Anything begins a command, if only to be refused; what cannot be seen counts as nothing there, and nowhere else. */
    private String command() {
        var first = text.codePointAt(position);
        position += Character.charCount(first);
        var command = (isInvisible(first) ? "" : Character.toString(first)) + letters(ModelfileReader::isLetter);
        if (atEnd()) {
            throw unexpectedEnd("");
        }
        if (!isSpace(text.charAt(position))) {
            throw atLine(COMMAND_NEEDED);
        }
        return command.toLowerCase(Locale.ROOT);
    }

    private String role() {
        var role = word(ModelfileReader::isLetter);
        if (!ROLES.contains(role)) {
            throw atLine(ROLE_NEEDED);
        }
        return role;
    }

    /** The word between a command and its value. */
    private String word(IntPredicate allowed) {
        skipSpaces();
        var word = letters(allowed);
        if (atEnd() || !isSpace(text.charAt(position))) {
            throw unexpectedEnd(atEnd() ? "" : word);
        }
        return word;
    }

    /** The letters from here on. */
    private String letters(IntPredicate allowed) {
        var word = new StringBuilder();
        for (; !atEnd(); position++) {
            var next = text.charAt(position);
            if (!allowed.test(next)) {
                break;
            }
            word.append(next);
        }
        return word.toString();
    }

    private String value() {
        var start = position;
        while (start < text.length() && Quotes.isBlank(text.charAt(start)) && !isNewline(text.charAt(start))) {
            start++;
        }
        while (true) {
            position = endOfLine(position);
            var end = position;
            while (end > start && Quotes.isBlank(text.charAt(end - 1))) {
                end--;
            }
            if (Quotes.isComplete(text, start, end)) {
                return Quotes.take(text.substring(start, end));
            }
            if (atEnd()) {
                throw unexpectedEnd("");
            }
            // Only a line that holds a quote can end an open value.
            var quote = text.indexOf('"', position);
            position = quote < 0 ? text.length() : quote;
        }
    }

    private int endOfLine(int from) {
        var end = from;
        while (end < text.length() && !isNewline(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private void skipToCommand() {
        while (!atEnd()) {
            var next = text.charAt(position);
            if (next == '#') {
                position = endOfLine(position);
            } else if (isSpace(next) || isNewline(next)) {
                position++;
            } else {
                return;
            }
        }
    }

    private void skipSpaces() {
        while (!atEnd() && isSpace(text.charAt(position))) {
            position++;
        }
    }

    private boolean atEnd() {
        return position >= text.length();
    }

    /** With the number that Ollama counts: every CR and LF is a line's end, the one that cut a command short among them. */
    private InvalidRequest atLine(String message) {
        var line = 1
                + text.substring(0, position + 1)
                        .chars()
                        .filter(ModelfileReader::isNewline)
                        .count();
        return new InvalidRequest("(line " + line + "): " + message);
    }

    private static InvalidRequest unexpectedEnd(String after) {
        return new InvalidRequest(after.isEmpty() ? "unexpected EOF" : "unexpected EOF: " + after);
    }

    /** What Go's {@code strconv.IsPrint} refuses. */
    private static boolean isInvisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            case Character.SPACE_SEPARATOR -> character != ' ';
            default -> false;
        };
    }

    private static boolean isLetter(int character) {
        return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    }

    private static boolean isParameterLetter(int character) {
        return isLetter(character) || (character >= '0' && character <= '9') || character == '_';
    }

    private static boolean isSpace(int character) {
        return character == ' ' || character == '\t';
    }

    private static boolean isNewline(int character) {
        return character == '\n' || character == '\r';
    }
}
