// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import dev.puna.device.ComputeDevice;
import dev.puna.device.Placement;
import java.io.IOException;
import java.util.List;

/** Devices, and what lies on them, in bodies. */
final class DeviceCodec {
    private static final List<ComputeDevice.Kind> KINDS = List.of(ComputeDevice.Kind.values());

    private DeviceCodec() {}

    static void writeDevice(BodyWriter out, ComputeDevice device) {
        out.text(device.name());
        out.text(device.backend());
        out.text(device.description());
        out.one(device.kind());
        out.text(device.id());
        out.int64(device.freeBytes());
        out.int64(device.totalBytes());
    }

    static ComputeDevice readDevice(BodyReader in) throws IOException {
        return new ComputeDevice(in.text(), in.text(), in.text(), in.oneOf(KINDS), in.text(), in.int64(), in.int64());
    }

    static void writePlacement(BodyWriter out, Placement placement) {
        out.list(placement.shares(), DeviceCodec::writeShare);
    }

    static Placement readPlacement(BodyReader in) throws IOException {
        return new Placement(in.list(DeviceCodec::readShare));
    }

    private static void writeShare(BodyWriter out, Placement.Share share) {
        out.text(share.device());
        out.int32(share.layers());
    }

    private static Placement.Share readShare(BodyReader in) throws IOException {
        return new Placement.Share(in.text(), in.int32());
    }
}
