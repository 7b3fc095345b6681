// SPDX-License-Identifier: Apache-2.0
/**
 * SHA-256 of many bytes, as fast as the processor can.
 *
 * <p>Hashing is most of the work of a pull, an upload and an import. Nothing here starts a thread. The only foreign functions are
 * those of OpenSSL's libcrypto, where the machine has it. Entry type: {@link dev.puna.hashing.Sha256}.
 */
@NullMarked
package dev.puna.hashing;

import org.jspecify.annotations.NullMarked;
