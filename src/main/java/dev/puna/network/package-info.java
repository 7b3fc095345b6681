// SPDX-License-Identifier: Apache-2.0
/**
 * How this program reaches others: which authorities it trusts and which proxies stand between, both as the environment says.
 *
 * <p>Values, for any thread. Entry types: {@link dev.puna.network.SystemTrust}, {@link dev.puna.network.EnvironmentProxies}.
 */
@NullMarked
package dev.puna.network;

import org.jspecify.annotations.NullMarked;
