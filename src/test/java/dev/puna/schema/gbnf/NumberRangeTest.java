// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.gbnf;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NumberRangeTest {
    @ParameterizedTest
    @CsvSource({
        "0,1,0.5|0|1|1.0|0.999,-1|1.1|2|-0.1",
        "-1.5,1.25,-1.5|-1|0|1.25|1.2|-0.75|0.3,1.26|-1.51|2|-2|1.3",
        "10,200,10|99.9|150|200|200.00,9.9|200.1|1000|20000",
        "0.05,0.07,0.05|0.06|0.069|0.07,0.04|0.071|0.1|0.049",
        ",5,5|-100|0|4.99,5.01|6|50",
        "3.7,,3.7|3.8|4|12345.5,3.69|3|0|-4",
        "5,5,5|5.0,5.1|4.9"
    })
    void numbers_inside_are_taken_and_others_are_not(
            @Nullable String least, @Nullable String most, String inside, String outside) {
        var pattern = pattern(new NumberRange(decimal(least), false, decimal(most), false));

        for (var number : inside.split("\\|")) {
            // Where both bounds agree to their last digit, only the shortest way to write the number is offered.
            if (!(least != null && least.equals(most) && number.contains("."))) {
                assertThat(pattern.matcher(number).matches()).as(number).isTrue();
            }
        }
        for (var number : outside.split("\\|")) {
            assertThat(pattern.matcher(number).matches()).as(number).isFalse();
        }
    }

    @Test
    void random_ranges_take_random_numbers_just_where_they_lie_inside() {
        var random = new Random(7);
        for (int round = 0; round < 3_000; round++) {
            var one = number(random);
            var other = number(random);
            var range = new NumberRange(one.min(other), random.nextBoolean(), one.max(other), random.nextBoolean());
            var rule = range.rule();
            for (int i = 0; i < 20 && !rule.isEmpty(); i++) {
                var number = i == 0 ? one : i == 1 ? other : number(random);
                boolean taken = pattern(range).matcher(number.toPlainString()).matches();
                assertThat(!taken || inside(range, number))
                        .as("%s takes %s by %s", range, number, rule)
                        .isTrue();
                // Digits beyond those of the bounds may always follow, so a number that has them all is taken.
                var written = number.setScale(4).toPlainString();
                if (inside(range, number) && number.signum() != 0 && one.compareTo(other) != 0) {
                    assertThat(pattern(range).matcher(written).matches())
                            .as("%s takes %s by %s", range, written, rule)
                            .isTrue();
                }
            }
        }
    }

    private static boolean inside(NumberRange range, BigDecimal number) {
        int low = number.compareTo(requireNonNull(range.least()));
        int high = number.compareTo(requireNonNull(range.most()));
        return (range.aboveLeast() ? low > 0 : low >= 0) && (range.belowMost() ? high < 0 : high <= 0);
    }

    private static BigDecimal number(Random random) {
        int scale = random.nextInt(4);
        return BigDecimal.valueOf(random.nextInt(-300, 300) * (long) Math.pow(10, random.nextInt(3)), scale);
    }

    private static @Nullable BigDecimal decimal(@Nullable String text) {
        return text == null ? null : new BigDecimal(text);
    }

    /** What the rules use of llama.cpp's notation is the notation of regular expressions but for spaces and quotes. */
    private static Pattern pattern(NumberRange range) {
        return Pattern.compile(
                range.rule().replace("\".\"", "\\.").replace("\"-\"", "-").replace(" ", ""));
    }
}
