// SPDX-License-Identifier: Apache-2.0
package dev.puna.modelfile;

/** One command of a Modelfile with its value, quotes taken off. {@link #line} gives its text back. */
public sealed interface Instruction {

    /**
     * What the model is made of.
     *
     * @param source a model's name, or a file or folder beside the Modelfile
     */
    record From(String source) implements Instruction {}

    /**
     * An option that every request of the model starts from.
     *
     * @param name as written; {@link Parameters} knows which there are
     * @param value as written
     */
    record Parameter(String name, String value) implements Instruction {}

    /** How a conversation becomes a prompt. */
    record Template(String text) implements Instruction {}

    /** What the model is told before everything else. */
    record SystemPrompt(String text) implements Instruction {}

    /**
     * A fine-tuning that goes on top of the model.
     *
     * @param source a file or folder beside the Modelfile
     */
    record Adapter(String source) implements Instruction {}

    /** Terms of use; there may be several. */
    record License(String text) implements Instruction {}

    /**
     * A turn that every chat starts with.
     *
     * @param role {@code system}, {@code user} or {@code assistant}
     * @param text what is said
     */
    record Message(String role, String text) implements Instruction {}

    /** Which built-in code writes the prompt. */
    record Renderer(String name) implements Instruction {}

    /** Which built-in code reads the answer. */
    record Parser(String name) implements Instruction {}

    /**
     * What it takes to run the model.
     *
     * @param version the oldest server that can
     */
    record Requires(String version) implements Instruction {}

    /**
     * A small model that guesses ahead.
     *
     * @param source a file or folder beside the Modelfile
     */
    record Draft(String source) implements Instruction {}

    /**
     * Something the model can do, whatever its files say; there may be several.
     *
     * @param name {@code tools}, {@code vision} and so on
     */
    record Capability(String name) implements Instruction {}

    /** The command as a Modelfile has it, quoted where it must be, without a line's end. */
    default String line() {
        return switch (this) {
            case From(var source) -> "FROM " + Quotes.put(source);
            case Parameter(var name, var value) -> "PARAMETER " + name + " " + Quotes.put(value);
            case Template(var text) -> "TEMPLATE " + Quotes.put(text);
            case SystemPrompt(var text) -> "SYSTEM " + Quotes.put(text);
            case Adapter(var source) -> "ADAPTER " + Quotes.put(source);
            case License(var text) -> "LICENSE " + Quotes.put(text);
            case Message(var role, var text) -> "MESSAGE " + role + " " + Quotes.put(text);
            case Renderer(var name) -> "RENDERER " + Quotes.put(name);
            case Parser(var name) -> "PARSER " + Quotes.put(name);
            case Requires(var version) -> "REQUIRES " + Quotes.put(version);
            case Draft(var source) -> "DRAFT " + Quotes.put(source);
            case Capability(var name) -> "CAPABILITY " + Quotes.put(name);
        };
    }
}
