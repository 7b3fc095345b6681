// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.failure.InvalidRequest;
import java.util.Arrays;

/** The vocabulary of a tokeniser's model: pieces with their ids, of a Unigram model with scores too. <b>Threads:</b> one. */
final class Pieces {
    /** No published vocabulary has a million pieces. */
    static final int MAX_ID = (1 << 22) - 1;

    private static final int NONE = -1;

    private final Texts texts = new Texts();
    private final boolean scored;
    private int[] ids = new int[1 << 6];
    private float[] scores = {};
    /** Numbers of texts by their ids, made when it is needed. */
    private int[] byId = {};

    private int size = NONE;

    Pieces(boolean scored) {
        this.scored = scored;
    }

    /** Whether it has scores, so that ids are places in a list. */
    boolean scored() {
        return scored;
    }

    void add(String text, long id) {
        if (id < 0 || id > MAX_ID) {
            throw new InvalidRequest(
                    TokenizerJson.FILE + " gives " + Quoted.of(text) + " the id " + id + ", which is out of range");
        }
        var number = texts.count();
        texts.add(text);
        if (number == ids.length) {
            ids = Arrays.copyOf(ids, 2 * number);
        }
        ids[number] = (int) id;
        size = NONE;
    }

    void add(String text, float score) {
        var number = texts.count();
        add(text, (long) number);
        if (number >= scores.length) {
            scores = Arrays.copyOf(scores, Math.max(1 << 6, 2 * number));
        }
        scores[number] = score;
    }

    /** How many different pieces there are. */
    int size() {
        if (size == NONE) {
            arrange();
        }
        return size;
    }

    /** One more than the largest id. */
    int end() {
        return size() == 0 ? 0 : byId.length;
    }

    /** The id of a piece, or -1. */
    int id(String text) {
        var number = texts.find(text);
        return number < 0 ? NONE : ids[number];
    }

    /** The id of a piece, or -1. */
    int id(byte[] text, int from, int to) {
        var number = texts.find(text, from, to);
        return number < 0 ? NONE : ids[number];
    }

    /** Whether an id has a piece. */
    boolean has(int id) {
        return id >= 0 && id < end() && byId[id] != NONE;
    }

    String text(int id) {
        return texts.text(number(id));
    }

    byte[] bytes(int id) {
        return texts.get(number(id));
    }

    float score(int id) {
        return scores[number(id)];
    }

    private int number(int id) {
        if (!has(id)) {
            throw new InvalidRequest(TokenizerJson.FILE + " has no token with the id " + id);
        }
        return byId[id];
    }

    private void arrange() {
        size = 0;
        var end = 0;
        for (var number = 0; number < texts.count(); number++) {
            end = Math.max(end, ids[number] + 1);
        }
        byId = new int[end];
        Arrays.fill(byId, NONE);
        for (var number = 0; number < texts.count(); number++) {
            if (!scored && texts.find(texts.get(number)) != number) {
                continue;
            }
            var other = byId[ids[number]];
            if (other != NONE) {
                throw new InvalidRequest(TokenizerJson.FILE + " gives the id " + ids[number] + " to both "
                        + Quoted.of(texts.text(other)) + " and " + Quoted.of(texts.text(number)));
            }
            byId[ids[number]] = number;
            size++;
        }
    }
}
