// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import java.util.List;
import java.util.Map;

/**
 * A program and how it is called.
 *
 * @param arguments the path of the program, which is not looked for elsewhere, then its arguments
 * @param environment all of the child's variables: it has none of this process's by itself
 */
public record ChildCommand(List<String> arguments, Map<String, String> environment) {
    public ChildCommand {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("a command has a program");
        }
        arguments.forEach(ChildCommand::requireC);
        environment.forEach((name, value) -> {
            requireC(name);
            requireC(value);
            if (name.isEmpty() || name.indexOf('=') >= 0) {
                throw new IllegalArgumentException("a variable cannot be named \"" + name + "\"");
            }
        });
    }

    private static void requireC(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("an argument or variable holds a NUL");
        }
    }

    String program() {
        return arguments.getFirst();
    }
}
