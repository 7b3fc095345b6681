// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The answer to {@code _debug_render_only}.
 *
 * @param renderedTemplate the text that would go before the model
 * @param imageCount images that go with it
 */
public record DebugInfo(
        @JsonProperty("rendered_template") String renderedTemplate,

        @JsonProperty("image_count") @JsonInclude(Include.NON_DEFAULT)
        int imageCount) {}
