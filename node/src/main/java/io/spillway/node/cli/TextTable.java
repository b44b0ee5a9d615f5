package io.spillway.node.cli;

import java.util.List;
import java.util.regex.Pattern;

/** Rows of cells in aligned columns; a column of numbers is aligned to the right. */
final class TextTable {

    private static final String GAP = "  ";
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?|-");

    /** Lines with their ends; every row has as many cells as the first. */
    static String of(List<List<String>> rows) {
        int columnCount = rows.isEmpty() ? 0 : rows.getFirst().size();
        int[] widths = new int[columnCount];
        boolean[] right = new boolean[columnCount];
        for (int i = 0; i < columnCount; i++) {
            int column = i;
            widths[i] = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
            right[i] =
                    rows.size() > 1
                            && i > 0
                            && rows.stream().skip(1).allMatch(row -> isNumber(row.get(column)));
        }
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(line(row, widths, right)).append('\n'));
        return text.toString();
    }

    private static boolean isNumber(String cell) {
        return NUMBER.matcher(cell).matches();
    }

    private static String line(List<String> row, int[] widths, boolean[] right) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String padding = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? "" : GAP);
            line.append(right[i] ? padding + row.get(i) : row.get(i) + padding);
        }
        return line.toString().stripTrailing();
    }

    private TextTable() {}
}
