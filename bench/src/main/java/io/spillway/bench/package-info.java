/** Measurements of Spillway: {@code spillway bench} and the micro-benchmarks. */
package io.spillway.bench;
