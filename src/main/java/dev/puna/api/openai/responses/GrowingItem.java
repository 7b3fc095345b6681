// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import dev.puna.api.openai.responses.wire.OutputItem;

/** An item that the model is still writing; it tells the {@link EventList} of the stream how it grows. */
interface GrowingItem {

    /**
     * Ends it, and tells so.
     *
     * @param status {@code completed}, or {@code incomplete} where the answer was cut
     */
    OutputItem end(String status);
}
