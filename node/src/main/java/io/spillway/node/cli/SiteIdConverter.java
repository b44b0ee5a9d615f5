package io.spillway.node.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A site's ID on the command line: decimal, unsigned 64 bits, not 0. */
final class SiteIdConverter implements ITypeConverter<Long> {

    @Override
    public Long convert(String text) {
        try {
            long id = Long.parseUnsignedLong(text);
            if (id != 0 && Character.isDigit(text.charAt(0))) {
                return id;
            }
        } catch (NumberFormatException e) {
            // Refused below like 0.
        }
        throw new TypeConversionException("'" + text + "': expected 1..18446744073709551615");
    }
}
