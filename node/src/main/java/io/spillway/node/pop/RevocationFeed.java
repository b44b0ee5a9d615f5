package io.spillway.node.pop;

import com.google.protobuf.ByteString;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Revocations;
import java.util.Optional;

/** The account's revocation list as sites are told it. Any thread. */
public final class RevocationFeed {
    private volatile byte[] list;

    /**
     * @param der the newest list
     */
    public void publish(byte[] der) {
        list = der.clone();
    }

    Optional<Frame> frame() {
        return Optional.ofNullable(list)
                .map(ByteString::copyFrom)
                .map(crl -> Revocations.newBuilder().setCrl(crl))
                .map(revocations -> Frame.newBuilder().setRevocations(revocations).build());
    }
}
