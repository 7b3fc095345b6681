// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.OutputClosed;
import dev.puna.failure.Failure;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns whatever ended a command into one sentence on standard error and exit code 1. */
final class ExecutionErrors implements IExecutionExceptionHandler {
    /** What a shell reports of a program that was killed by writing to a pipe nobody reads. */
    private static final int ENDED_BY_SIGPIPE = 141;

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof OutputClosed) {
            return ENDED_BY_SIGPIPE;
        }
        command.getOut().flush();
        var errors = command.getErr();
        errors.println("Error: " + sentence(e));
        errors.flush();
        return 1;
    }

    private static String sentence(Exception e) {
        return switch (e) {
            case CommandFailure failure -> failure.sentence();
            case Failure failure -> failure.text();
            case UncheckedIOException failure -> String.valueOf(failure.getMessage());
            default -> "something unforeseen happened in puna itself: " + e;
        };
    }
}
