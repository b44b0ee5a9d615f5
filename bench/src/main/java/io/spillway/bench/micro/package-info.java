/**
 * JMH benchmarks of single steps, each beside its reference: the bare native call, the JDK, another
 * library. {@link io.spillway.bench.micro.MicroCommand} runs them.
 */
package io.spillway.bench.micro;
