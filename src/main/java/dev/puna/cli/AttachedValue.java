// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Lets an option take a value behind an equals sign only: {@code --think=high}. Without one it is "true", and the next word
 * is none of its business.
 */
final class AttachedValue implements IParameterPreprocessor {
    // picocli names the type.
    @SuppressWarnings("JdkObsolete")
    @Override
    public boolean preprocess(Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        if (!"=".equals(info.get("separator"))) {
            words.push("true");
        }
        return false;
    }
}
