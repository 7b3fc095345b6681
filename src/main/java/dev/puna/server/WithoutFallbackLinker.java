// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;

/**
 * Leaves the linker out of the native executable by which Java calls C where it does not know how the processor does that. Of all
 * processors that Puna runs on it knows.
 */
// Nothing here is called in Java: native-image puts this method in the place of the JDK's.
@SuppressWarnings({"unused", "DoNotCallSuggester"})
@TargetClass(className = "jdk.internal.foreign.abi.fallback.FallbackLinker")
final class WithoutFallbackLinker {
    @Substitute
    public static WithoutFallbackLinker getInstance() {
        throw new UnsupportedOperationException("this processor has a linker of its own");
    }
}
