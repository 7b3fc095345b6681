// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.text.NumberFormat;
import java.util.Locale;

/** Leaves numbers written as "3 thousand" out of the native executable, which nothing here writes: a class and its tables of rules. */
// Nothing here is called in Java: native-image puts this method in the place of the JDK's.
@SuppressWarnings({"unused", "DoNotCallSuggester"})
@TargetClass(className = "sun.util.locale.provider.NumberFormatProviderImpl")
final class WithoutCompactNumbers {
    @Substitute
    public NumberFormat getCompactNumberInstance(Locale locale, NumberFormat.Style style) {
        throw new UnsupportedOperationException("compact numbers are not in this executable");
    }
}
