/** What happened, told exactly once: the journal on disk and the rule of the recovery events. */
package io.spillway.control.event;
