package io.spillway.node.bgp;

import io.spillway.routing.bgp.Direction;

/**
 * Connections to BGP neighbours, which go by their place in the configuration. Called on the
 * control thread only, as is the listener.
 */
public interface BgpTransport {
    /** No neighbours. */
    BgpTransport NONE =
            new BgpTransport() {
                @Override
                public void connect(int neighbour) {}

                @Override
                public void send(int neighbour, Direction direction, byte[] bytes) {}

                @Override
                public void close(int neighbour, Direction direction) {}
            };

    /** Told what becomes of connections; of one that was closed from here, nothing more. */
    interface Listener {
        /** False: it is not wanted, and closed. Else an earlier one of that direction is. */
        boolean onConnected(int neighbour, Direction direction);

        void onConnectFailed(int neighbour, String why);

        /** The bytes are the listener's. */
        void onBytes(int neighbour, Direction direction, byte[] bytes);

        void onClosed(int neighbour, Direction direction, String why);

        /** Whether what is sent is taken as fast as it comes. */
        void onWritable(int neighbour, Direction direction, boolean isWritable);
    }

    /** Its outcome is told, unless the attempt is closed first. */
    void connect(int neighbour);

    /** Takes the bytes. Without effect when there is no such connection. */
    void send(int neighbour, Direction direction, byte[] bytes);

    /** When all is sent; or gives up the attempt. */
    void close(int neighbour, Direction direction);
}
