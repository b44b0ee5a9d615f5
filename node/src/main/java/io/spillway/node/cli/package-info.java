/** The command line. Start with {@link io.spillway.node.cli.SpillwayCommand}. */
package io.spillway.node.cli;
