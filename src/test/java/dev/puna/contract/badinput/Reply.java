// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract.badinput;

import static org.assertj.core.api.Assertions.assertThat;

/** What came back. */
record Reply(int status, String body) {
    /** A refusal in one sentence. */
    void isRefused(int wanted, String sentence) {
        assertThat(body).contains("{\"error\":\"").contains(sentence);
        assertThat(status).as(body).isEqualTo(wanted);
        isPlain();
    }

    /** A refusal, whatever its sentence. */
    Reply isRefused() {
        assertThat(status).as(body).isIn(400, 404, 500);
        assertThat(body).contains("{\"error\":\"");
        return isPlain();
    }

    /** A refusal of what the caller sent. */
    void isBadRequest() {
        assertThat(status).as(body).isEqualTo(400);
        isRefused();
    }

    Reply isServed() {
        assertThat(status).as(body).isEqualTo(200);
        assertThat(body).doesNotContain("\"error\"");
        return isPlain();
    }

    /** Nothing of the inside of the server. */
    private Reply isPlain() {
        assertThat(body).doesNotContain("Exception", "dev.puna", "java.", "\\tat ");
        return this;
    }

    /** Either, as long as it is one of both: for input that is odd but not wrong. */
    void isRefusedOrServed() {
        if (status == 200) {
            isServed();
        } else {
            isRefused();
        }
    }
}
