package io.spillway.node;

/**
 * How the packets' way is set up.
 *
 * @param cipher auto, ipsec-mb, openssl or jce
 * @param loop auto, io_uring or epoll
 * @param poolSlots packet buffers made at start
 */
public record DataPlaneConfig(String cipher, String loop, int poolSlots) {}
