package io.spillway.node.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageDecoder;
import io.spillway.control.wire.WireCodec;
import io.spillway.control.wire.WireException;
import io.spillway.control.wire.WireSender;
import java.util.List;

/** Bytes of one frame to a valid frame, or an exception that ends the connection. */
final class WireDecoder extends MessageToMessageDecoder<ByteBuf> {
    private final WireSender sender;

    WireDecoder(WireSender sender) {
        super(ByteBuf.class);
        this.sender = sender;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> frames)
            throws WireException {
        frames.add(WireCodec.decode(bytes.nioBuffer(), sender));
    }
}
