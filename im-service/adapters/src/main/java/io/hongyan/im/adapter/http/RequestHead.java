package io.hongyan.im.adapter.http;

import io.hongyan.protocol.ErrorCode;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;

/** What RFC 9112 demands of a request line and headers, beyond what the codec checks. */
final class RequestHead {
    static final int LINE_BYTES_MAX = 8_192;
    static final int HEADERS_BYTES_MAX = 16_384;

    private RequestHead() {}

    /** Null where there is none. */
    static Problem fault(HttpRequest head) {
        if (head.decoderResult().isFailure()) {
            return undecoded(head.decoderResult().cause());
        }
        boolean newer = head.protocolVersion().equals(HttpVersion.HTTP_1_1);
        if (!newer && !head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return new Problem(
                    ErrorCode.MALFORMED,
                    HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED,
                    "The server accepts HTTP/1.1 and HTTP/1.0 only.");
        }
        int hosts = head.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || newer && hosts == 0) {
            return Problem.malformed("A request must have exactly one header Host.");
        }
        List<String> codings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.isEmpty()
                && !(codings.size() == 1
                        && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(
                                codings.get(0).strip()))) {
            return new Problem(
                    ErrorCode.MALFORMED,
                    HttpResponseStatus.NOT_IMPLEMENTED,
                    "The only transfer coding that is accepted is chunked.");
        }
        String expected = head.headers().get(HttpHeaderNames.EXPECT);
        if (expected != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expected)) {
            return new Problem(
                    ErrorCode.MALFORMED,
                    HttpResponseStatus.EXPECTATION_FAILED,
                    "The only expectation that is accepted is 100-continue.");
        }
        return null;
    }

    private static Problem undecoded(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new Problem(
                    ErrorCode.TOO_LARGE,
                    HttpResponseStatus.REQUEST_URI_TOO_LONG,
                    "The request line may have at most " + LINE_BYTES_MAX + " bytes.");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new Problem(
                    ErrorCode.TOO_LARGE,
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "The headers may have at most " + HEADERS_BYTES_MAX + " bytes.");
        }
        return Problem.malformed("This is not an HTTP request.");
    }
}
