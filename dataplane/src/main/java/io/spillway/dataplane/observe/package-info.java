/**
 * What the data plane counts. Imports no sibling. Every drop has a {@link
 * io.spillway.dataplane.observe.DropReason}.
 */
package io.spillway.dataplane.observe;
