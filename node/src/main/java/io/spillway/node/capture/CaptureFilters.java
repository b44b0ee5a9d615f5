package io.spillway.node.capture;

import io.spillway.tap.PacketFilter;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A filter expression, compiled for each form that packets are captured in. For a form in which it
 * makes no sense, such as {@code ether host} where there is no Ethernet header, nothing matches.
 *
 * <p>Owned by one thread at a time.
 */
final class CaptureFilters implements AutoCloseable {
    private final Map<CapturePlace.Form, PacketFilter> byForm =
            new EnumMap<>(CapturePlace.Form.class);
    private final Set<String> refusals = new LinkedHashSet<>();
    private final boolean isOpen;

    /**
     * @param expression of libpcap; empty: everything matches
     * @throws IllegalArgumentException with what libpcap says, when it makes sense nowhere; or that
     *     there is no libpcap
     */
    CaptureFilters(String expression, List<CapturePlace> places, int snapLength) {
        isOpen = expression.isEmpty();
        if (isOpen) {
            return;
        }
        if (PacketFilter.unavailableReason() != null) {
            throw new IllegalArgumentException(
                    "filter: "
                            + PacketFilter.unavailableReason()
                            + ", expected no filter, or that library (Debian: libpcap0.8)");
        }
        places.stream()
                .map(CapturePlace::form)
                .distinct()
                .filter(form -> form != CapturePlace.Form.OTHER)
                .forEach(form -> compile(expression, form, snapLength));
        if (byForm.isEmpty()) {
            throw new IllegalArgumentException(
                    "filter: " + expression + ": " + String.join("; ", refusals));
        }
    }

    private void compile(String expression, CapturePlace.Form form, int snapLength) {
        boolean isFrame = form == CapturePlace.Form.FRAME;
        int linkType = isFrame ? PacketFilter.ETHERNET : PacketFilter.RAW_IP;
        try {
            byForm.put(form, new PacketFilter(expression, linkType, snapLength));
        } catch (IllegalArgumentException e) {
            refusals.add(e.getMessage());
        }
    }

    /** Whether the packet at that address is wanted. */
    boolean matches(CapturePlace.Form form, long address, int captured, int length) {
        if (isOpen) {
            return true;
        }
        PacketFilter filter = byForm.get(form);
        return filter != null && filter.matches(address, captured, length);
    }

    /** Whether nothing that is captured in this form can match. */
    boolean isSenseless(CapturePlace.Form form) {
        return !isOpen && !byForm.containsKey(form);
    }

    @Override
    public void close() {
        byForm.values().forEach(PacketFilter::close);
    }
}
