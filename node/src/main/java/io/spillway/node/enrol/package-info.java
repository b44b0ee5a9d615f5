/**
 * How a site gets its certificate: a token of one use, made at the PoP and carried to the site by a
 * person; a key made at the site that never leaves it; one exchange over TLS.
 *
 * <pre>
 *   PoP: EnrollTokenCommand &gt; EnrolTokens (on disk) ...... Enrolment &lt; ChannelServer
 *   site:                     JoinToken (text)       &gt; JoinCommand &gt; Join
 * </pre>
 */
package io.spillway.node.enrol;
