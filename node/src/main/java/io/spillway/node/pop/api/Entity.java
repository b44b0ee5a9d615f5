package io.spillway.node.pop.api;

/** Something of the account, by its published type. */
public record Entity(String id, String name, String type) {
    public static final String SITE = "site";
}
