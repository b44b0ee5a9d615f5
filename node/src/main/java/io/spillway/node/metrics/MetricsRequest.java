package io.spillway.node.metrics;

import static io.netty.handler.codec.http.HttpHeaderNames.ACCEPT;
import static io.netty.handler.codec.http.HttpHeaderNames.ALLOW;
import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: one request, one answer, the end. What comes behind the request's head is thrown
 * away, but read: a connection that is closed with bytes unread takes the answer with it. Owned by
 * the server's thread.
 */
final class MetricsRequest extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsRequest.class);
    private static final String PATH = "/metrics";
    private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final Supplier<Scrape> source;
    private boolean isAsked;

    /** Nobody hears what comes. */
    private static final class Deaf extends SimpleChannelInboundHandler<Object> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, Object bytes) {}
    }

    MetricsRequest(Supplier<Scrape> source) {
        super(HttpObject.class);
        this.source = source;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (isAsked || !(part instanceof HttpRequest request)) {
            return;
        }
        isAsked = true;
        context.pipeline().addFirst(new Deaf());
        HttpResponseStatus refusal = refusal(request);
        if (refusal != null) {
            refuse(context, refusal);
            return;
        }
        Exposition wanted = Exposition.accepted(request.headers().get(ACCEPT));
        Thread.ofVirtual().name("metrics-request").start(() -> serve(context, wanted));
    }

    /** Null: none. */
    private static HttpResponseStatus refusal(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return HttpResponseStatus.BAD_REQUEST;
        }
        if (!isOurs(request.uri())) {
            return HttpResponseStatus.NOT_FOUND;
        }
        boolean isAllowed = METHODS.contains(request.method());
        return isAllowed ? null : HttpResponseStatus.METHOD_NOT_ALLOWED;
    }

    private static boolean isOurs(String uri) {
        return uri.equals(PATH) || uri.startsWith(PATH + "?");
    }

    /** A fault of ours ends neither the daemon nor the next scrape. */
    private void serve(ChannelHandlerContext context, Exposition wanted) {
        ByteBuf content = context.alloc().ioBuffer();
        try {
            wanted.write(source.get(), content);
        } catch (RuntimeException e) {
            LOG.error("metrics: not gathered", e);
            content.release();
            refuse(context, HttpResponseStatus.INTERNAL_SERVER_ERROR);
            return;
        }
        answer(context, response(HttpResponseStatus.OK, wanted.contentType(), content));
    }

    private static void refuse(ChannelHandlerContext context, HttpResponseStatus status) {
        ByteBuf text = Unpooled.copiedBuffer(status.reasonPhrase() + "\n", US_ASCII);
        FullHttpResponse response = response(status, "text/plain", text);
        if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            response.headers().set(ALLOW, "GET, HEAD");
        }
        answer(context, response);
    }

    private static FullHttpResponse response(
            HttpResponseStatus status, String type, ByteBuf content) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
        response.headers()
                .set(CONTENT_TYPE, type)
                .setInt(CONTENT_LENGTH, content.readableBytes())
                .set(CONNECTION, HttpHeaderValues.CLOSE);
        return response;
    }

    /** The codec leaves out the content of an answer to HEAD. */
    private static void answer(ChannelHandlerContext context, FullHttpResponse response) {
        context.writeAndFlush(response)
                .addListener((ChannelFutureListener) MetricsRequest::onAnswered);
    }

    /** The far side closes then, or has its time. */
    private static void onAnswered(ChannelFuture written) {
        if (written.isSuccess()) {
            ((DuplexChannel) written.channel()).shutdownOutput();
        } else {
            written.channel().close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        LOG.debug("metrics: {}", thrown.toString());
        context.close();
    }
}
