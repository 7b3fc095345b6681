// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out of the native executable the machine code that JLine writes at run time to hear signals. It then asks the Java runtime
 * for them, as this class makes it do by being of no use.
 */
// Nothing here is called in Java: native-image puts these methods in the place of JLine's.
@SuppressWarnings("unused")
@Substitute
@TargetClass(className = "org.jline.terminal.impl.ffm.FfmSignalHandler")
final class WithoutSignalCode {
    @Substitute
    static boolean isAvailable() {
        return false;
    }

    @Substitute
    static @Nullable Object register(String name, Runnable handler) {
        return null;
    }

    @Substitute
    static @Nullable Object registerDefault(String name) {
        return null;
    }

    @Substitute
    static void unregister(String name, Object registration) {}
}
