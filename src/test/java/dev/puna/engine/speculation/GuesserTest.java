// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.speculation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.token.TokenList;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GuesserTest {

    @Test
    void what_stood_before_is_guessed_to_follow_again() {
        var tokens = new TokenList(new int[] {1, 2, 3, 4, 5, 6, 7, 8, 90, 1, 2});
        var guesser = new Guesser(tokens);
        tokens.add(3);

        assertThat(guesser.look(4, false)).isEqualTo(4);
        assertThat(guess(guesser)).containsExactly(4, 5, 6, 7);
    }

    @Test
    void nothing_is_guessed_before_the_first_token_of_the_answer() {
        var guesser = new Guesser(new TokenList(new int[] {1, 2, 3, 4, 1, 2, 3}));

        assertThat(guesser.look(Guesser.MOST, false)).isZero();
    }

    @Test
    void where_tokens_are_drawn_only_what_repeats_at_length_is_guessed() {
        var tokens = new TokenList(IntStream.range(0, 100).toArray());
        var guesser = new Guesser(tokens);
        for (var token = 20; token < 30; token++) {
            tokens.add(token);

            assertThat(guesser.look(Guesser.MOST, true)).isEqualTo(token < 27 ? 0 : Guesser.MOST);
        }
    }

    @Test
    void nothing_is_guessed_where_no_two_tokens_stood_before() {
        var tokens = new TokenList(IntStream.range(0, 100).toArray());
        var guesser = new Guesser(tokens);
        for (var token = 99; token > 0; token -= 2) {
            tokens.add(token);

            assertThat(guesser.look(Guesser.MOST, false)).isZero();
        }
    }

    @Test
    void the_longer_repetition_is_preferred_to_the_later_one() {
        var tokens = new TokenList(new int[] {1, 2, 3, 4, 5, 9, 3, 4, 77, 8, 1, 2, 3});
        var guesser = new Guesser(tokens);
        tokens.add(4);

        guesser.look(1, false);

        assertThat(guess(guesser)).containsExactly(5);
    }

    @Test
    void of_equal_repetitions_the_last_one_counts() {
        var tokens = new TokenList(new int[] {1, 2, 50, 1, 2, 60, 7, 1});
        var guesser = new Guesser(tokens);
        tokens.add(2);

        guesser.look(1, false);

        assertThat(guess(guesser)).containsExactly(60);
    }

    @Test
    void what_repeats_itself_goes_on_beyond_its_own_end() {
        var tokens = new TokenList(new int[] {9, 1, 2, 1});
        var guesser = new Guesser(tokens);
        tokens.add(2);

        guesser.look(7, false);

        assertThat(guess(guesser)).containsExactly(1, 2, 1, 2, 1, 2, 1);
    }

    @Test
    void after_one_other_token_it_goes_on_where_it_was() {
        var prompt =
                IntStream.concat(IntStream.range(10, 30), IntStream.of(10, 11)).toArray();
        var tokens = new TokenList(prompt);
        var guesser = new Guesser(tokens);
        tokens.add(12);
        guesser.look(Guesser.MOST, false);
        tokens.add(99);

        guesser.look(3, false);

        assertThat(guess(guesser)).containsExactly(14, 15, 16);
    }

    @Test
    void an_image_is_not_guessed() {
        var tokens = new TokenList(new int[] {1, 2, 3, -7, -7, 4, 1});
        var guesser = new Guesser(tokens);
        tokens.add(2);

        assertThat(guesser.look(5, false)).isEqualTo(1);
        assertThat(guess(guesser)).containsExactly(3);
    }

    @Test
    void tokens_that_are_cut_out_mislead_it_at_most_once() {
        var tokens = new TokenList(IntStream.range(0, 400).map(i -> i % 40).toArray());
        var guesser = new Guesser(tokens);
        tokens.add(0);
        guesser.look(Guesser.MOST, false);
        tokens.removeRange(10, 250);
        guesser.look(Guesser.MOST, false);
        tokens.add(1);

        guesser.look(3, false);

        assertThat(guess(guesser)).containsExactly(2, 3, 4);
    }

    @Test
    void more_is_expected_of_what_came_true_and_less_of_what_did_not() {
        var tokens = new TokenList(IntStream.range(0, 300).map(i -> i % 100).toArray());
        var guesser = new Guesser(tokens);
        tokens.add(0);
        guesser.look(Guesser.MOST, false);
        var atFirst = guesser.expected(4);
        for (var token = 1; token < 40; token++) {
            tokens.add(token);
            guesser.look(Guesser.MOST, false);
        }
        var afterHits = guesser.expected(4);
        for (var token = 40; token < 60; token++) {
            tokens.add(token == 40 ? token : 1_000 + token);
            tokens.add(token % 100);
            tokens.add((token + 1) % 100);
            guesser.look(Guesser.MOST, false);
        }

        assertThat(afterHits).isGreaterThan(atFirst).isBetween(4.0, 5.0);
        assertThat(guesser.expected(4)).isLessThan(afterHits);
        assertThat(guesser.expected(0)).isEqualTo(1);
    }

    @Test
    void any_sequence_of_tokens_is_followed_without_an_error_and_guesses_are_tokens_that_were_there() {
        var random = new Random(7);
        for (var round = 0; round < 200; round++) {
            var kinds = 1 + random.nextInt(30);
            var tokens =
                    new TokenList(random.ints(1 + random.nextInt(300), 0, kinds).toArray());
            var guesser = new Guesser(tokens);
            for (var step = 0; step < 100; step++) {
                for (var more = random.nextInt(4); more >= 0; more--) {
                    tokens.add(random.nextInt(kinds));
                }
                var size = tokens.size();
                if (random.nextInt(20) == 0 && size > 4) {
                    var from = random.nextInt(size - 2);
                    tokens.removeRange(from, from + 1 + random.nextInt(size - from - 1));
                }
                var most = random.nextInt(20) - 2;

                assertThat(guesser.look(most, false)).isBetween(0, Math.max(0, Math.min(most, Guesser.MOST)));
                assertThat(IntStream.of(guess(guesser))).allMatch(token -> token >= 0 && token < kinds);
                assertThat(guesser.expected(guesser.count())).isBetween(1.0, 1.0 + guesser.count());
            }
        }
    }

    private static int[] guess(Guesser guesser) {
        return IntStream.range(0, guesser.count()).map(guesser::token).toArray();
    }
}
