/** Which of several PoP nodes a site is attached to. */
package io.spillway.control.pop;
