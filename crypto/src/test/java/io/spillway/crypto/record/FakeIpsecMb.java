package io.spillway.crypto.record;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.spillway.crypto.record.IpsecMbFunctions.Function;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * As much of the multi-buffer library as {@link IpsecMbFunctions} asks: its symbols, its version,
 * and a manager that {@code init_mb_mgr_auto} fills with the chosen functions.
 */
final class FakeIpsecMb implements SymbolLookup, AutoCloseable {
    private static final int MANAGER_LENGTH = 472;
    private static final int FUNCTION_DISTANCE = 64;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment manager = arena.allocate(MANAGER_LENGTH, Long.BYTES);
    private final Map<String, MemorySegment> symbols = new HashMap<>();
    private final Map<Function, Long> chosen = new HashMap<>();
    private final int version;
    private long lastAddress = 0x10_0000;
    private boolean hasMemory = true;
    private int managerCount;

    FakeIpsecMb(int version) {
        this.version = version;
        define("imb_get_version", MethodType.methodType(int.class));
        define("alloc_mb_mgr", MethodType.methodType(long.class, long.class));
        define("init_mb_mgr_auto", MethodType.methodType(void.class, long.class, long.class));
        define("free_mb_mgr", MethodType.methodType(void.class, long.class));
    }

    /** Adds the functions of a set to the symbols. */
    void export(String set) {
        for (Function function : Function.values()) {
            lastAddress += FUNCTION_DISTANCE;
            symbols.put(function.symbol(set), MemorySegment.ofAddress(lastAddress));
        }
    }

    void choose(String set) {
        for (Function function : Function.values()) {
            choose(function, set);
        }
    }

    void choose(Function function, String set) {
        chosen.put(function, address(function.symbol(set)));
    }

    void refuseManagers() {
        hasMemory = false;
    }

    long address(String symbol) {
        return symbols.get(symbol).address();
    }

    /** Managers allocated and not yet freed. */
    int managerCount() {
        return managerCount;
    }

    @Override
    public Optional<MemorySegment> find(String name) {
        return Optional.ofNullable(symbols.get(name));
    }

    @Override
    public void close() {
        arena.close();
    }

    // The four functions, by their names in the library.

    int imb_get_version() {
        return version;
    }

    long alloc_mb_mgr(long flags) {
        managerCount += hasMemory ? 1 : 0;
        return hasMemory ? manager.address() : 0;
    }

    void init_mb_mgr_auto(long address, long architecture) {
        chosen.forEach((function, it) -> manager.set(JAVA_LONG, function.managerOffset(), it));
    }

    void free_mb_mgr(long address) {
        managerCount--;
    }

    @SuppressWarnings("restricted")
    private void define(String name, MethodType type) {
        try {
            symbols.put(
                    name,
                    Linker.nativeLinker()
                            .upcallStub(
                                    MethodHandles.lookup().bind(this, name, type),
                                    descriptor(type),
                                    arena));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static FunctionDescriptor descriptor(MethodType type) {
        FunctionDescriptor descriptor =
                type.returnType() == void.class
                        ? FunctionDescriptor.ofVoid()
                        : FunctionDescriptor.of(
                                type.returnType() == int.class ? JAVA_INT : JAVA_LONG);
        for (int i = 0; i < type.parameterCount(); i++) {
            descriptor = descriptor.appendArgumentLayouts(JAVA_LONG);
        }
        return descriptor;
    }
}
