package io.spillway.bench.verdict;

import java.util.function.Function;

/**
 * One promise of the project: a line of the verdict.
 *
 * @param demand for people
 */
record Must(String name, String demand, Function<Evidence, Judgement> judge) {}
