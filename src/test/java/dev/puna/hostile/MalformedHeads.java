// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Request lines, headers and lengths as no client should send them, and requests within requests. */
final class MalformedHeads {
    private static final String END = "\r\n";

    /** What a request that was smuggled in would ask for. */
    private static final String HIDDEN = "GET /api/version HTTP/1.1\r\nHost: %s\r\n\r\n";

    private static final List<String> METHODS = List.of(
            "PUT",
            "PATCH",
            "OPTIONS",
            "TRACE",
            "CONNECT",
            "get",
            "POST ",
            "PRI",
            "FOO",
            "P\u0000ST",
            "M-SEARCH",
            "",
            "é",
            "A".repeat(5_000));
    private static final List<String> VERSIONS = List.of(
            "HTTP/1.0",
            "HTTP/0.9",
            "HTTP/2.0",
            "HTTP/9.9",
            "HTTP/1.2",
            "HTTP/1",
            "HTTP/-1.1",
            "http/1.1",
            "HTTP/1.1 ",
            "ICY",
            "",
            "HTTP/1.1\r");
    private static final List<String> ENDINGS = List.of(
            "?",
            "?a=b&a=b",
            "?%",
            "#a",
            "/",
            "//",
            "/..",
            "/../../etc/passwd",
            "/%2e%2e/%2e%2e",
            "%00",
            "%",
            "%zz",
            "%ff",
            "\u0000",
            " a",
            "\u00e9",
            ";a=b",
            "\\",
            "?" + "a".repeat(9_000),
            "/" + "a".repeat(5_000),
            "?a=\u0001",
            "*",
            "%2f..%2f",
            "/.",
            "\t");
    private static final List<String> LENGTHS = List.of(
            "-1",
            "+2",
            "0x10",
            " ",
            "",
            "2, 2",
            "2,3",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999",
            "1e3",
            "2 2",
            "\u0662",
            "00000000002",
            "2;a",
            "NaN",
            "4294967298");
    private static final List<String> ENCODINGS = List.of(
            "chunked, chunked",
            "xchunked",
            " chunked",
            "chunked ",
            "CHUNKED",
            "identity",
            "gzip",
            "gzip, chunked",
            "chunked, gzip",
            "\u000bchunked",
            "chunked\u0000",
            "",
            "chunked;a=b",
            "\"chunked\"",
            "chunked,");
    private static final List<String> SIZES = List.of(
            "-1",
            "zz",
            "",
            "0x2",
            "7fffffff",
            "80000000",
            "ffffffffffffffff",
            "10000000000000000",
            "2 ",
            " 2",
            "2;a=\"\r\n\"",
            "2\t",
            "2;" + "a".repeat(9_000),
            "+2",
            "0;",
            "00000000",
            "2\n",
            "2\r");
    private static final List<String> HEADERS = List.of(
            "Content-Type: \u0000",
            "Content-Type: text/plain; charset=utf-7",
            "Content-Type: ;;;",
            "Content-Type: multipart/form-data",
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Encoding: gzip",
            "Content-Encoding: zstd",
            "Content-Encoding: br, gzip",
            "Content-Encoding: é",
            "Accept: */*;q=9",
            "Accept: " + "a/b,".repeat(2_000),
            "Accept-Encoding: gzip, zstd, br",
            "Expect: 100-continue",
            "Expect: 200-ok",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13",
            "Connection: close",
            "Connection: keep-alive, close, Transfer-Encoding",
            "Connection: Content-Length",
            "Host: other.example",
            "Host: ",
            "Host: a b",
            "Host: [::1",
            "Host: 127.0.0.1:99999",
            "Host: \u0000",
            "Origin: null",
            "Origin: http://evil.example",
            "Origin: é",
            "Authorization: Bearer \u00ff",
            "X-Forwarded-For: " + "1.2.3.4,".repeat(1_000),
            "X-Forwarded-For: [::g]",
            "Forwarded: for=\"_\"",
            "Range: bytes=0-,5-1",
            "If-None-Match: *",
            "Cookie: " + "a=b;".repeat(1_500),
            "no colon",
            ": no name",
            "A b: c",
            "A\u0000: c",
            "A: \u0000",
            "A:\r b",
            " folded: a",
            "\tfolded",
            "A: b\n C: d",
            "A" + "a".repeat(9_000) + ": b",
            "A: " + "b".repeat(70_000),
            "é: b",
            "(: b",
            "A\r: b",
            "A : b",
            "Puna-File: /etc/passwd",
            "Puna-File: %00",
            "Puna-Link: 1",
            "traceparent: 00-" + "0".repeat(32) + "-" + "0".repeat(16) + "-00",
            "x-stainless-timeout: -1",
            "anthropic-version: ",
            "x-api-key: " + "k".repeat(4_000),
            "Content-Length: 5",
            "Transfer-Encoding: chunked",
            "TE: trailers",
            "Trailer: Content-Length");

    private final String host;
    private final Random random;

    MalformedHeads(String host, Random random) {
        this.host = host;
        this.random = random;
    }

    /** A request as it should be, with a body by its length. */
    byte[] plain(String method, String path, byte[] body) {
        return request(method + " " + path + " HTTP/1.1", List.of("Content-Length: " + body.length), body);
    }

    /** The line is none, or asks for something odd. */
    byte[] line(String method, String path, byte[] body) {
        var line =
                switch (random.nextInt(6)) {
                    case 0 -> HostileModels.pick(METHODS, random) + " " + path + " HTTP/1.1";
                    case 1 -> method + " " + path + " " + HostileModels.pick(VERSIONS, random);
                    case 2, 3 -> method + " " + path + HostileModels.pick(ENDINGS, random) + " HTTP/1.1";
                    case 4 ->
                        method + " "
                                + HostileModels.pick(
                                        List.of(
                                                "http://other.example" + path,
                                                "*",
                                                "other.example:80",
                                                path.substring(1),
                                                "",
                                                "/" + path,
                                                "\\" + path,
                                                "http://",
                                                "//" + host + path),
                                        random)
                                + " HTTP/1.1";
                    default ->
                        HostileModels.pick(
                                List.of(
                                        "",
                                        " ",
                                        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000",
                                        "GET",
                                        "GET /",
                                        "\r",
                                        "\u0000\u0000\u0000",
                                        "PRI * HTTP/2.0\r\n\r\nSM\r\n"),
                                random);
                };
        return request(line, List.of("Content-Length: " + body.length), body);
    }

    /** One or more headers are odd, or there are very many, or the one of the host is missing. */
    byte[] headers(String method, String path, byte[] body) {
        var headers = new ArrayList<>(List.of("Content-Length: " + body.length));
        for (var times = 1 + random.nextInt(2); times > 0; times--) {
            headers.add(random.nextInt(headers.size() + 1), HostileModels.pick(HEADERS, random));
        }
        if (random.nextInt(12) == 0) {
            var many = random.nextInt(1_500);
            for (var i = 0; i < many; i++) {
                headers.add("A" + i + ": b");
            }
        }
        var bytes = request(method + " " + path + " HTTP/1.1", headers, body);
        return random.nextInt(10) == 0
                ? new String(bytes, ISO_8859_1)
                        .replaceFirst("Host: [^\r]*\r\n", "")
                        .getBytes(ISO_8859_1)
                : random.nextInt(10) == 0
                        ? new String(bytes, ISO_8859_1).replace("\r\n", "\n").getBytes(ISO_8859_1)
                        : bytes;
    }

    /** The length is no number, or not that of the body, or told twice. */
    byte[] length(String method, String path, byte[] body) {
        var headers =
                switch (random.nextInt(4)) {
                    case 0 -> List.of("Content-Length: " + HostileModels.pick(LENGTHS, random));
                    case 1 -> List.of("Content-Length: " + (body.length + 1 + random.nextInt(1_000)));
                    case 2 -> List.of("Content-Length: " + random.nextInt(body.length + 1));
                    default ->
                        List.of(
                                "Content-Length: " + body.length,
                                "Content-Length: " + HostileModels.pick(LENGTHS, random));
                };
        return request(method + " " + path + " HTTP/1.1", headers, body);
    }

    /** In chunks, of which none need be one. */
    byte[] chunked(String method, String path, byte[] body) {
        var coding = random.nextInt(4) == 0 ? HostileModels.pick(ENCODINGS, random) : "chunked";
        var chunks = new ByteArrayOutputStream();
        for (var at = 0; at < body.length; ) {
            var size = Math.min(body.length - at, 1 + random.nextInt(random.nextInt(4) == 0 ? 3 : 4_000));
            var odd = random.nextInt(6) == 0;
            write(chunks, (odd ? HostileModels.pick(SIZES, random) : Integer.toHexString(size)) + END);
            chunks.write(body, at, size);
            write(chunks, random.nextInt(20) == 0 ? "x" : END);
            at += size;
            if (chunks.size() > body.length + 4_000) {
                chunks.write(body, at, body.length - at);
                break;
            }
        }
        write(
                chunks,
                switch (random.nextInt(6)) {
                    case 0 -> "0\r\nContent-Length: 5\r\nA: b\r\n\r\n";
                    case 1 -> "0\r\n";
                    case 2 -> "0\r\n: \u0000\r\n\r\n";
                    default -> "0\r\n\r\n";
                });
        return request(
                method + " " + path + " HTTP/1.1", List.of("Transfer-Encoding: " + coding), chunks.toByteArray());
    }

    /** Says its length in two ways, so that whoever believes the other finds another request in it. */
    byte[] smuggled(String method, String path) {
        var hidden = HIDDEN.formatted(host);
        return switch (random.nextInt(4)) {
            case 0 ->
                request(
                        method + " " + path + " HTTP/1.1",
                        List.of("Content-Length: " + (5 + hidden.length()), "Transfer-Encoding: chunked"),
                        ("0\r\n\r\n" + hidden).getBytes(ISO_8859_1));
            case 1 ->
                request(
                        method + " " + path + " HTTP/1.1",
                        List.of("Transfer-Encoding: chunked", "Content-Length: 4"),
                        (Integer.toHexString(hidden.length()) + END + hidden + "\r\n0\r\n\r\n").getBytes(ISO_8859_1));
            case 2 ->
                request(
                        method + " " + path + " HTTP/1.1",
                        List.of("Transfer-Encoding: "
                                + HostileModels.pick(
                                        List.of("xchunked", "identity", "foo", "gzip", "chunked, foo", "\u000bchunked"),
                                        random)),
                        hidden.getBytes(ISO_8859_1));
            default ->
                request(
                        method + " " + path + " HTTP/1.1",
                        List.of("Content-Length: 0", "Content-Length: " + hidden.length()),
                        hidden.getBytes(ISO_8859_1));
        };
    }

    private byte[] request(String line, List<String> headers, byte[] body) {
        var bytes = new ByteArrayOutputStream();
        write(bytes, line + END + "Host: " + host + END + String.join(END, headers) + END + END);
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    private static void write(ByteArrayOutputStream bytes, String text) {
        bytes.writeBytes(text.getBytes(ISO_8859_1));
    }
}
