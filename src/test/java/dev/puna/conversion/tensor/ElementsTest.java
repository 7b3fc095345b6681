// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Elements of all types become the numbers that they stand for. */
class ElementsTest {
    private static final int PATTERNS = 1 << 16;

    @Test
    void each_bfloat16_is_the_upper_half_of_a_number() {
        var numbers = decoded(ElementType.BF16);

        for (var bits = 0; bits < PATTERNS; bits++) {
            assertThat(Float.floatToRawIntBits(numbers[bits])).isEqualTo(bits << 16);
            if (!Float.isNaN(numbers[bits])) {
                assertThat(Elements.bfloat16(numbers[bits])).isEqualTo((short) bits);
            } else {
                assertThat(Elements.bfloat16(numbers[bits])).isEqualTo((short) (bits | 0x40));
            }
        }
    }

    @Test
    void each_half_is_what_its_sign_exponent_and_fraction_say() {
        var numbers = decoded(ElementType.F16);

        for (var bits = 0; bits < PATTERNS; bits++) {
            var exponent = (bits >> 10) & 0x1f;
            var fraction = bits & 0x3ff;
            var size = exponent == 0
                    ? fraction * Math.pow(2, -24)
                    : exponent == 31
                            ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                            : (1024 + fraction) * Math.pow(2, exponent - 25.0);
            assertThat(numbers[bits]).isEqualTo(Float.valueOf((float) ((bits & 0x8000) == 0 ? size : -size)));
        }
    }

    @Test
    void numbers_are_rounded_to_the_nearest_bfloat16() {
        for (var upper = 0; upper < 0x7f7f; upper++) {
            for (var lower : new int[] {1, 0x7fff, 0x8000, 0x8001, 0xffff}) {
                var value = Float.intBitsToFloat((upper << 16) | lower);
                var below = new BigDecimal(Float.intBitsToFloat(upper << 16));
                var above = new BigDecimal(Float.intBitsToFloat((upper + 1) << 16));
                var order = new BigDecimal(value).subtract(below).compareTo(above.subtract(new BigDecimal(value)));
                var expected = order < 0 || (order == 0 && upper % 2 == 0) ? upper : upper + 1;
                assertThat(Elements.bfloat16(value)).isEqualTo((short) expected);
                assertThat(Elements.bfloat16(-value)).isEqualTo((short) (expected | 0x8000));
            }
        }
    }

    @Test
    void each_byte_of_four_and_three_bits_is_a_number() {
        for (var bits = 0; bits < 256; bits++) {
            var exponent = (bits >> 3) & 0xf;
            var fraction = bits & 7;
            var size = exponent == 0 ? fraction / 512.0 : (1 + fraction / 8.0) * Math.pow(2, exponent - 7.0);
            var number = (float) (bits < 128 ? size : -size);
            assertThat(Elements.e4m3((byte) bits)).isEqualTo(Float.valueOf((bits & 0x7f) == 0x7f ? Float.NaN : number));
        }
    }

    @Test
    void powers_of_two_have_no_sign() {
        assertThat(Elements.e8m0((byte) 127)).isEqualTo(1);
        assertThat(Elements.e8m0((byte) 0)).isEqualTo((float) Math.pow(2, -127));
        assertThat(Elements.e8m0((byte) 254)).isEqualTo((float) Math.pow(2, 127));
        assertThat(Elements.e8m0((byte) 255)).isNaN();
    }

    @ParameterizedTest
    @EnumSource
    void every_type_can_be_read(ElementType type) {
        var bytes = ByteBuffer.allocate(2 * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        var into = new float[] {-1, -1, -1};

        Elements.decode(type, bytes, into, 1, 2);

        var zero = type == ElementType.F8_E8M0 ? (float) Math.pow(2, -127) : 0;
        assertThat(into).containsExactly(-1, zero, zero);
    }

    @Test
    void the_largest_unsigned_number_is_not_negative() {
        var bytes = ByteBuffer.allocate(Long.BYTES).putLong(0, -1);
        var into = new float[1];

        Elements.decode(ElementType.U64, bytes, into, 0, 1);

        assertThat(into).containsExactly(0x1p64f);
    }

    private static float[] decoded(ElementType type) {
        var bytes = ByteBuffer.allocate(PATTERNS * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (var bits = 0; bits < PATTERNS; bits++) {
            bytes.putShort((short) bits);
        }
        var numbers = new float[PATTERNS];
        Elements.decode(type, bytes.flip(), numbers, 0, PATTERNS);
        return numbers;
    }
}
