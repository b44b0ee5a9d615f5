/**
 * Tells people what happened, straight from the machine where it did: by webhook and by syslog,
 * when nobody else can.
 *
 * <pre>
 *   journals &gt; NoticeSource &gt; NoticeSender, one for each target &gt; NoticeTarget &gt; Dialer
 * </pre>
 */
package io.spillway.node.notify;
