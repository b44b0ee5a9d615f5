/** What a daemon notices of its own machine, before somebody has to look for it. */
package io.spillway.node.alarm;
