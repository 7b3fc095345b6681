// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.chat.Thinking;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import dev.puna.inference.capability.ModelCapabilities;
import dev.puna.inference.capability.ThinkingControls;
import dev.puna.model.Capability;
import dev.puna.store.InstalledModel;

/**
 * How much a model reasons in an answer, by the request and by what the model is made for; a model that can think does so unless told
 * not to. Source: contract 1.3 and 1.4.
 *
 * @param asked the model as the client names it
 * @param model the model
 * @param capabilities what it can do
 */
record ThinkingDecision(String asked, InstalledModel model, ModelCapabilities capabilities) {

    /** What the request asks for, in the values that the model is known to have. */
    Thinking wanted(ThinkOption option) {
        return option.resolved(ThinkingControls.of(model.config(), model.template(), thinks()));
    }

    /**
     * What the model gets to hear.
     *
     * @param option what the request says
     * @param wanted the same as a value that the model may have
     * @throws InvalidRequest if it must think and cannot
     */
    Thinking decided(ThinkOption option, Thinking wanted) {
        if (thinks()) {
            if (wanted == Thinking.UNSET) {
                return Thinking.ON;
            }
            return model.config().isGptOss() && wanted == Thinking.MAX ? Thinking.HIGH : wanted;
        }
        if (option instanceof ThinkOption.IfAble) {
            return Thinking.UNSET;
        }
        if (wanted.wanted()) {
            throw new InvalidRequest(GoQuote.quoted(asked) + " does not support thinking" + hint());
        }
        return wanted;
    }

    private boolean thinks() {
        return capabilities.include(Capability.THINKING);
    }

    /** What helps with models that were made before their kind was known to think. */
    private String hint() {
        return ThinkTags.mayBeInTextOf(model)
                ? ". Pull the model again to get the latest version with full thinking support"
                : "";
    }
}
