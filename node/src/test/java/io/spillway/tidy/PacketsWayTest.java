package io.spillway.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The guard itself: it refuses bad sources and lets good ones pass. */
class PacketsWayTest {

    private static final String FILE = "dataplane/forward/Bad.java";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "long a = System.nanoTime(); | System.nanoTime;",
                "var a = java.time.Instant.now(); | Instant.now;",
                "String a = String.format(\"%d\", 1); | String.format;",
                "String a = \"slot \" + number; | text put together;",
                "System.out.println(1); | PrintStream.*;",
                "org.slf4j.LoggerFactory.getLogger(\"a\").info(\"b\"); | Logger.*;",
                "int a = java.util.List.of(1).stream().mapToInt(x -> x).sum(); | BaseStream.*;",
                "var a = java.util.Optional.of(1); | Optional.*;",
                "var a = new java.util.HashMap<Integer, Integer>(); | Map.*;",
                "Integer a = Integer.valueOf(number); | Integer.valueOf;",
                "try { Thread.sleep(1); } catch (InterruptedException e) { } | Thread.sleep;",
                "synchronized (this) { } | synchronized block;",
                "var a = java.util.Objects.hash(1, 2); | variadic call of hash;",
                "System.arraycopy(bytes, 0, bytes, 1, 1); | System.arraycopy;",
                "unsafe.putBytes(0, bytes); | MutableDirectBuffer.putBytes;",
                "unsafe.getBytes(0, bytes); | DirectBuffer.getBytes;",
                "java.nio.ByteBuffer.allocate(9).put(bytes); | ByteBuffer.put;",
                "java.nio.ByteBuffer.allocate(9).get(bytes); | ByteBuffer.get;",
                "var a = java.lang.foreign.MemorySegment.NULL.copyFrom(null); | MemorySegment.copyFrom;",
                "Runnable a = Thread::onSpinWait; Runnable b = this::hot; long c = 0; "
                        + "java.util.function.LongSupplier d = System::nanoTime; | System.nanoTime;",
            })
    void shouldRefuse(String statement, String expected) throws IOException {
        Set<String> findings = findings("void hot() { " + statement + " }");

        assertTrue(
                findings.stream().anyMatch(f -> f.contains("Bad.hot: " + expected)),
                () -> statement + " -> " + findings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "void hot() { int a = unsafe.getInt(0); unsafe.putLong(0, 7); }",
                "void hot() { java.nio.ByteBuffer.allocate(9).put((byte) 1).get(); }",
                "void hot() { if (number < 0) throw new IllegalStateException(\"n \" + number); }",
                "void hot() { assert number > 0 : \"n \" + number; }",
                "Bad() { System.arraycopy(bytes, 0, bytes, 1, 1); new java.util.HashMap<>(); }",
                "static Bad of() { java.util.List.of(1).stream().toList(); return null; }",
                "public String toString() { return \"Bad \" + number; }",
                "int n = once(); private int once() { return (int) System.nanoTime(); }",
                "Bad() { a(); } private void a() { b(); } private void b() { System.nanoTime(); }",
                "void hot() { throw why(); } private RuntimeException why() {"
                        + " return new RuntimeException(\"n \" + number); }",
                "int[] table; void hot() { System.arraycopy(table, 0, table, 1, 1); }",
                "void cold() { System.nanoTime(); }",
                "void copy() { unsafe.putBytes(0, bytes); }",
                "void hot(java.lang.invoke.MethodHandle h) throws Throwable { h.invokeExact(1, 2); }",
                "void hot(org.agrona.collections.Int2IntHashMap m) { m.get(1); }",
            })
    void shouldLetPass(String member) throws IOException {
        assertEquals(Set.of(), findings(member));
    }

    @Test
    void shouldRefusePrivateMethodThatPacketsPassToo() throws IOException {
        String member =
                "Bad() { a(); } void hot() { a(); } private void a() { System.nanoTime(); }";

        assertEquals(1, findings(member).size());
    }

    @Test
    void shouldLetColdClassPass() throws IOException {
        String source = "package x; final class Cold { long now() { return System.nanoTime(); } }";

        assertEquals(Set.of(), scan("x/Cold.java", source));
    }

    @Test
    void shouldAllowVolatileOnlyWhereMemoryIsShared() throws IOException {
        String source = "package x; final class A { volatile int i; }";

        assertEquals(Set.of(), scan("y/dataplane/agent/A.java", source));
        assertEquals(1, scan("y/dataplane/forward/A.java", source).size());
    }

    @Test
    void shouldNameFileAndLine() throws IOException {
        Set<String> findings = findings("\n\nvoid hot() {\n Thread.yield(); System.nanoTime(); }");

        assertEquals(
                Set.of(
                        FILE
                                + ":7: Bad.hot: System.nanoTime; take nowNs from the duty cycle"
                                + " (STYLE 19, 23)"),
                findings);
    }

    private static Set<String> findings(String member) throws IOException {
        return scan(
                FILE,
                """
                package x; class Bad {
                int number; byte[] bytes;
                org.agrona.concurrent.UnsafeBuffer unsafe;
                %s }
                """
                        .formatted(member));
    }

    private static Set<String> scan(String file, String text) throws IOException {
        TidyRules rules =
                new TidyRules(
                        Ban.CALLS,
                        Ban.COPIES,
                        Ban.BYTE_BUFFER_COPIES,
                        List.of("Cold: tests"),
                        List.of("Bad.cold: tests"),
                        List.of("Bad.copy: tests"));
        return PacketsWay.findings(List.of(new PacketsWay.Source(file, text)), rules).stream()
                .collect(Collectors.toSet());
    }
}
