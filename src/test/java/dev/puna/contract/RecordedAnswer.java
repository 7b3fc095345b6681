// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract;

import java.util.Map;
import java.util.Optional;

/**
 * An HTTP answer, recorded or fresh.
 *
 * @param status its status
 * @param headers its headers by lower-case names
 * @param body its body, empty if that was cut out of a recording
 */
record RecordedAnswer(int status, Map<String, String> headers, Optional<String> body) {
    RecordedAnswer {
        headers = Map.copyOf(headers);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
