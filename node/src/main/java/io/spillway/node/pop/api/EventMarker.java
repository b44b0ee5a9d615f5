package io.spillway.node.pop.api;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * How far a caller has read, as opaque text.
 *
 * @param store of which {@link EventStore}; with another one the reading begins anew
 * @param number of the last event that was read, or looked at and passed over
 */
record EventMarker(long store, long number) {
    private static final int LENGTH = 2 * Long.BYTES;

    String text() {
        byte[] bytes = ByteBuffer.allocate(LENGTH).putLong(store).putLong(number).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static EventMarker parse(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (bytes.length == LENGTH) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                return new EventMarker(buffer.getLong(), buffer.getLong());
            }
        } catch (IllegalArgumentException e) {
            // Not Base64: refused below like another length.
        }
        throw new ApiException("marker: expected that of an answer, or none to begin anew");
    }
}
