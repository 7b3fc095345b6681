// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

/** Makes the readers of one engine's answers, which share the time that reading may take. <b>Threads:</b> any. */
final class AnswerReaders {

    private final ReadingTime time = new ReadingTime(System::nanoTime);

    /** The caller closes it. */
    AnswerReader open(AnswerForm form) {
        return switch (form) {
            case AnswerForm.Plain _ -> new PlainReader();
            case AnswerForm.Described described ->
                described.plain() ? new PlainReader() : new DescribedReader(described, time.share());
            case AnswerForm.Tagged tagged -> new TaggedReader(tagged);
        };
    }
}
