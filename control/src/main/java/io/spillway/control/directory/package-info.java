/** Who the sites of the account are, which tunnels to them should exist, and who opens them. */
package io.spillway.control.directory;
