// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test that leaves native owners open, beyond those that its class opened before all tests, and a class that
 * leaves any.
 */
public final class NoNativeLeaks implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(NoNativeLeaks.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        assertThat(NativeMemory.live()).as("left open by other tests").isEmpty();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put("open", NativeMemory.live());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        assertThat(NativeMemory.live())
                .as("native owners open after the test")
                .isEqualTo(context.getStore(NAMESPACE).get("open", Map.class));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        assertThat(NativeMemory.live()).as("native owners open after all tests").isEmpty();
        assertThat(NativeMemory.openOwners()).isZero();
    }
}
