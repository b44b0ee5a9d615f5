package io.spillway.node.pop.api;

import graphql.GraphQLContext;
import graphql.schema.Coercing;
import graphql.schema.GraphQLScalarType;
import java.util.Locale;

/** Kinds of values that GraphQL has not; only answered, never taken. */
final class ApiScalars {
    /** RFC 3339, as an Instant writes itself. */
    static final GraphQLScalarType DATE_TIME =
            scalar(
                    "DateTime",
                    new Coercing<Object, String>() {
                        @Override
                        public String serialize(
                                Object value, GraphQLContext context, Locale locale) {
                            return value.toString();
                        }
                    });

    /** A Map whose values JSON has. */
    static final GraphQLScalarType MAP =
            scalar(
                    "Map",
                    new Coercing<Object, Object>() {
                        @Override
                        public Object serialize(
                                Object value, GraphQLContext context, Locale locale) {
                            return value;
                        }
                    });

    private ApiScalars() {}

    private static GraphQLScalarType scalar(String name, Coercing<?, ?> coercing) {
        return GraphQLScalarType.newScalar().name(name).coercing(coercing).build();
    }
}
