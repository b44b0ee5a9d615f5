/**
 * The account's API for programs: GraphQL by HTTP, its keys, its store of events and the log of who
 * did what. Knows nothing of how a PoP works: it is given records and gives answers. Nothing of it
 * is loaded where no {@code api} is configured.
 */
package io.spillway.node.pop.api;
