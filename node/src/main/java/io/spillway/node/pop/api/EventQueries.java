package io.spillway.node.pop.api;

import graphql.schema.DataFetchingEnvironment;
import io.spillway.control.event.Event;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Answers {@code eventsFeed}. Called by several threads at once. */
final class EventQueries {
    /** As published. */
    static final int PAGE_MAX = 1000;

    /** As {@code eventsFeed} answers. */
    public record Feed(String marker, int fetchedCount, List<Account> accounts) {}

    /** The events of one account, as they are kept. */
    public record Account(String id, String errorString, List<EventStore.Kept> events) {}

    /** One event, as it is told. */
    public record Told(
            Instant time, Map<String, String> fieldsMap, List<List<String>> flatFields) {}

    private final String account;
    private final EventStore store;

    EventQueries(String account, EventStore store) {
        this.account = account;
        this.store = store;
    }

    Feed feed(DataFetchingEnvironment query) {
        ApiKey key = query.getGraphQlContext().get(ApiKey.class);
        List<String> wanted = query.getArgument("accountIDs");
        List<String> ids = wanted == null ? List.of(account) : wanted;
        String marker = query.getArgument("marker");
        if (!ids.contains(account)) {
            return new Feed(marker, 0, ids.stream().map(id -> account(id, null)).toList());
        }
        Predicate<EventStore.Kept> passing =
                filters(query.getArgument("filters"))
                        .and(kept -> key.scope().includes(kept.siteId()));
        EventStore.Page page = store.after(number(marker), passing, PAGE_MAX);
        return new Feed(
                new EventMarker(store.id(), page.last()).text(),
                page.events().size(),
                ids.stream().map(id -> account(id, page.events())).toList());
    }

    private Account account(String id, List<EventStore.Kept> own) {
        return id.equals(account)
                ? new Account(id, null, own)
                : new Account(id, AccountQueries.otherAccount(account, id), null);
    }

    /** Of another store's marker nothing can have been read here. */
    private long number(String marker) {
        if (marker == null || marker.isEmpty()) {
            return 0;
        }
        EventMarker read = EventMarker.parse(marker);
        return read.store() == store.id() ? read.number() : 0;
    }

    private static Predicate<EventStore.Kept> filters(List<Map<String, Object>> filters) {
        Predicate<EventStore.Kept> all = _ -> true;
        if (filters != null) {
            for (Map<String, Object> filter : filters) {
                all = all.and(filter(filter));
            }
        }
        return all;
    }

    private static Predicate<EventStore.Kept> filter(Map<String, Object> filter) {
        boolean isOfType = filter.get("fieldName").equals("event_type");
        boolean isNegated = String.valueOf(filter.get("operator")).contains("not");
        Set<Object> values = new HashSet<>();
        if (filter.get("values") instanceof List<?> listed) {
            values.addAll(listed);
        }
        if (values.isEmpty()) {
            throw new ApiException("filter " + filter.get("fieldName") + ": expected values");
        }
        return kept -> {
            String value = isOfType ? kept.event().type() : kept.event().subType();
            return values.contains(value) != isNegated;
        };
    }

    /** {@code fieldNames}: those, and all without. */
    static List<Told> records(DataFetchingEnvironment query) {
        Account account = query.getSource();
        List<String> wanted = query.getArgument("fieldNames");
        Set<String> names = wanted == null ? null : Set.copyOf(wanted);
        if (account.events() == null) {
            return null;
        }
        return account.events().stream()
                .map(kept -> told(account.id(), kept.event(), names))
                .toList();
    }

    private static Told told(String account, Event event, Set<String> names) {
        Instant time = Instant.ofEpochMilli(event.timeMs());
        Map<String, String> fields = new LinkedHashMap<>(event.fields());
        fields.put("account_id", account);
        fields.put("event_id", event.id());
        fields.put("event_type", event.type());
        fields.put("event_sub_type", event.subType());
        fields.put("event_message", event.message());
        fields.put("time", Long.toString(event.timeMs()));
        fields.put("time_str", time.toString());
        if (names != null) {
            fields.keySet().retainAll(names);
        }
        List<List<String>> flat =
                fields.entrySet().stream()
                        .map(entry -> List.of(entry.getKey(), entry.getValue()))
                        .toList();
        return new Told(time, fields, flat);
    }
}
