// SPDX-License-Identifier: Apache-2.0
/**
 * Every line of contract 9.2 as a test: what is wrong gets its status and its text, nothing hangs, memory stays bounded, and the
 * server goes on serving, which {@link dev.puna.contract.badinput.ServerUnderTest} asks after each test.
 *
 * <p>Pull and push are not there yet, so these lines wait for them: digests in a manifest that a registry sends
 * (CVE-2024-37032, CVE-2025-44779, CVE-2025-1975 are tested with manifests on disk), bombs of gzip and endless manifests in
 * answers of a registry (CVE-2024-12886), tokens for a foreign realm (CVE-2025-51471), hosts inside the network
 * (ollama#16656), and deleting a model while it is pulled. Nothing here unpacks archives (CVE-2024-45436, CVE-2024-7773),
 * transfers tensors (CVE-2026-7020) or updates itself (CVE-2026-42248), and there is no key yet for CVE-2025-63389. Images
 * are tested where they are read.
 */
@NullMarked
package dev.puna.contract.badinput;

import org.jspecify.annotations.NullMarked;
