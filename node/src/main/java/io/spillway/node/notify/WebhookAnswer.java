package io.spillway.node.notify;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.spillway.node.channel.FailureText;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a webhook answers, of which only the status counts. One request. */
final class WebhookAnswer extends SimpleChannelInboundHandler<HttpObject> {
    private static final long MAX_S = 10;

    private final CompletableFuture<HttpResponseStatus> status = new CompletableFuture<>();

    /** On the thread that asked. */
    HttpResponseStatus await() throws IOException {
        try {
            return status.get(MAX_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer in " + MAX_S + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(FailureText.of(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (!(part instanceof HttpResponse response)) {
            return;
        }
        if (response.decoderResult().isFailure()) {
            status.completeExceptionally(new IOException("the answer is no HTTP"));
        } else {
            status.complete(response.status());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        status.completeExceptionally(new IOException(FailureText.CLOSED_BY_FAR_SIDE));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        status.completeExceptionally(thrown);
        context.close();
    }
}
