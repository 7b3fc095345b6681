// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.packed;

import dev.puna.conversion.tensor.ElementType;
import dev.puna.conversion.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Elements of a tensor by their number, of which some that follow each other are held. Read either as numbers or as whole ones.
 * <b>Threads:</b> one.
 */
final class Window {
    private static final int ELEMENTS = 4096;

    private final Tensor tensor;
    private float[] numbers = {};
    private int[] wholes = {};
    private long first;

    Window(Tensor tensor) {
        this.tensor = tensor;
    }

    /** An element as a number of 32 bits. */
    float number(long element) {
        var at = element - first;
        if (at < 0 || at >= numbers.length) {
            numbers = new float[ahead(element)];
            tensor.read(element, numbers, 0, numbers.length);
            first = element;
            at = 0;
        }
        return numbers[(int) at];
    }

    /** An element as it is stored, in 32 bits: bytes without a sign, the lower half of what is longer. */
    int whole(long element) {
        var at = element - first;
        if (at < 0 || at >= wholes.length) {
            wholes = read(element, ahead(element));
            first = element;
            at = 0;
        }
        return wholes[(int) at];
    }

    /** Lets go what is held. */
    void forget() {
        numbers = new float[0];
        wholes = new int[0];
    }

    private int ahead(long element) {
        return (int) Math.min(ELEMENTS, tensor.elements() - element);
    }

    private int[] read(long element, int count) {
        var type = tensor.type();
        var bytes = ByteBuffer.allocate(count * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        tensor.copy(element, count, bytes);
        bytes.flip();
        var values = new int[count];
        if (type == ElementType.I32) {
            bytes.asIntBuffer().get(values);
            return values;
        }
        for (var index = 0; index < count; index++) {
            values[index] = switch (type.bytes()) {
                case 1 -> Byte.toUnsignedInt(bytes.get());
                case 2 -> bytes.getShort();
                case 4 -> bytes.getInt();
                default -> (int) bytes.getLong();
            };
        }
        return values;
    }
}
