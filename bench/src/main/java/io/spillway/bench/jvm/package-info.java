/** What a Java machine says of itself. */
package io.spillway.bench.jvm;
