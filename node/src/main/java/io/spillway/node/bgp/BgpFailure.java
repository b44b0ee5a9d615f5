package io.spillway.node.bgp;

import io.netty.channel.ConnectTimeoutException;

/** Why a connection failed, in one line for people. */
final class BgpFailure {
    private BgpFailure() {}

    static String inWords(Throwable cause) {
        String said = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        int number = said.indexOf("): "); // Netty: "recvAddress(..) failed with error(-104): ..."
        return (number < 0 ? said : said.substring(number + 3)).replaceAll("\\p{Cntrl}", "?");
    }

    /**
     * Of an attempt to connect. Linux drops what is signed otherwise than it should be and tells
     * neither side, but counts it.
     *
     * @param before what was counted when the attempt began
     */
    static String ofConnect(
            Throwable cause, boolean isSigned, SignatureFaults before, SignatureFaults now) {
        if (!(cause instanceof ConnectTimeoutException)) {
            return inWords(cause);
        }
        if (now.count() > before.count()) {
            return "no answer; meanwhile came segments whose TCP MD5 signature is "
                    + now.kindSince(before)
                    + ": the passwords differ";
        }
        return isSigned ? "no answer; perhaps the TCP MD5 passwords differ" : "no answer";
    }
}
