package io.spillway.routing.fib;

/** Short decimal numbers in ASCII digits: no sign, no blanks, no digits of other scripts. */
final class Decimal {
    static final int NOT_A_NUMBER = -1;
    static final int LEADING_ZERO = -2;

    private static final int DIGITS_MAX = 3;

    private Decimal() {}

    /** The value from 0 to {@code max}, or one of the negative reasons. */
    static int parse(String text, int max) {
        if (text.isEmpty() || text.length() > DIGITS_MAX) {
            return NOT_A_NUMBER;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return NOT_A_NUMBER;
            }
            value = value * 10 + digit - '0';
        }
        if (text.length() > 1 && text.charAt(0) == '0') {
            return LEADING_ZERO;
        }
        return value <= max ? value : NOT_A_NUMBER;
    }
}
