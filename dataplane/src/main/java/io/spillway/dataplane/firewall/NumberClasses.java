package io.spillway.dataplane.firewall;

/**
 * Finds the class of a small number by a table for each block of 65536 of them; a block in which
 * all are of one class has a table of one entry. Immutable.
 */
final class NumberClasses {
    private static final int BLOCK_BITS = 16;
    private static final int BLOCK_LENGTH = 1 << BLOCK_BITS;

    private final int[][] blocks;

    /**
     * @param blockCount how many there are; numbers beyond do not occur
     */
    NumberClasses(ValueClasses classes, int blockCount) {
        blocks = new int[blockCount][];
        for (int block = 0; block < blockCount; block++) {
            long start = (long) block << BLOCK_BITS;
            int first = classes.find(0, start, 0, classes.size());
            int last = classes.find(0, start + BLOCK_LENGTH - 1, first, classes.size());
            blocks[block] = block(classes, start, first, last);
        }
    }

    private static int[] block(ValueClasses classes, long start, int first, int last) {
        if (first == last) {
            return new int[] {classes.classFrom(first)};
        }
        int[] block = new int[BLOCK_LENGTH];
        int boundary = first;
        for (int i = 0; i < BLOCK_LENGTH; i++) {
            while (boundary < last && classes.low(boundary + 1) <= start + i) {
                boundary++;
            }
            block[i] = classes.classFrom(boundary);
        }
        return block;
    }

    int find(int number) {
        int[] block = blocks[number >>> BLOCK_BITS];
        return block[number & BLOCK_LENGTH - 1 & block.length - 1];
    }
}
