// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.chat.Thinking;
import dev.puna.engine.Prompt;
import dev.puna.inference.capability.ModelCapabilities;
import dev.puna.model.Capability;
import dev.puna.store.InstalledModel;
import java.util.List;

/** What follows a prompt that needs no template. */
record DirectHandler(DirectCompletion request) implements RequestHandler {

    @Override
    public String verb() {
        return "generate";
    }

    @Override
    public boolean empty() {
        return request.prompt() instanceof Prompt.Tokens(var tokens) && tokens.isEmpty();
    }

    @Override
    public void check() {}

    @Override
    public List<Capability> needs() {
        return List.of(Capability.COMPLETION);
    }

    @Override
    public int images() {
        return 0;
    }

    @Override
    public Prompt prompt(InstalledModel model, Thinking thinking, ModelCapabilities capabilities) {
        return request.prompt();
    }

    @Override
    public boolean returnsContext() {
        return false;
    }
}
