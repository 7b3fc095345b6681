// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.text.Progress;
import java.io.PrintWriter;

/**
 * Where answers go.
 *
 * @param out answers
 * @param err everything else
 * @param outColumns width of the terminal on {@code out}; 0 if it is none
 * @param errColumns width of the terminal on {@code err}; 0 if it is none
 */
public record Streams(PrintWriter out, PrintWriter err, int outColumns, int errColumns) {

    public Streams {
        requireNonNull(out, "out is null");
        requireNonNull(err, "err is null");
    }

    AnswerPrinter printer(RunOptions runOptions) {
        var columns = runOptions.wrapsWords() ? outColumns : 0;
        return new AnswerPrinter(out, columns, outColumns > 0, runOptions.hidesThinking());
    }

    Progress progress() {
        return new Progress(err, errColumns);
    }
}
