package io.spillway.node;

import java.net.InetSocketAddress;

/**
 * Figures for Prometheus.
 *
 * @param listen where they are asked for: one address of this machine, TCP
 */
public record MetricsConfig(InetSocketAddress listen) {}
