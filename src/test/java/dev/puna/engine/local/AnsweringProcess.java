// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.support.TestModelFiles;
import java.nio.file.Path;
import java.util.List;

/** A program that loads a model and prints what it answers: {@code MODEL QUESTION}. */
public final class AnsweringProcess {
    private static final int CONTEXT = 256;

    private AnsweringProcess() {}

    public static void main(String[] arguments) {
        var files = TestModelFiles.of(List.of(Path.of(arguments[0])));
        try (var engine = EngineTests.load(files, CONTEXT, 1, CONTEXT)) {
            var answer = EngineTests.ask(
                    engine, EngineTests.chat(arguments[1]).tokens(8).request());
            System.out.println("answer " + answer.text());
        }
    }
}
