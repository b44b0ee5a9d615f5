/** {@code spillway bench verdict}: every promise in figures, measured and judged. */
package io.spillway.bench.verdict;
