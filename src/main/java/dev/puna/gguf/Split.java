// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import dev.puna.failure.InvalidRequest;
import java.util.Optional;

/**
 * Which part of a model a file holds, where one is split over several. Only the first part says anything about the model.
 * Source: the keys that llama.cpp's {@code gguf-split} writes.
 *
 * @param number this part, from 0
 * @param count parts of the whole, at least 2
 */
public record Split(int number, int count) {
    private static final String NUMBER = "split.no";
    private static final String COUNT = "split.count";

    /** Refuses a part that the whole does not have. */
    public Split {
        if (count < 2 || number < 0 || number >= count) {
            throw new InvalidRequest("GGUF file is part %d of %d".formatted(number, count));
        }
    }

    /** Whether this part describes the model. */
    public boolean isFirst() {
        return number == 0;
    }

    static Optional<Split> of(GgufFile file) {
        if (!file.metadata().containsKey(COUNT) && !file.metadata().containsKey(NUMBER)) {
            return Optional.empty();
        }
        var count = number(file, COUNT);
        var number = number(file, NUMBER);
        return count == 1 && number == 0 ? Optional.empty() : Optional.of(new Split(number, count));
    }

    /** llama.cpp v0.5.0 ends the process over any other type. */
    private static int number(GgufFile file, String key) {
        if (file.metadata().get(key) instanceof GgufValue.Whole(var type, var bits) && type == GgufValueType.UINT16) {
            return (int) bits;
        }
        throw new InvalidRequest("GGUF key " + key + " must be of type UINT16");
    }
}
