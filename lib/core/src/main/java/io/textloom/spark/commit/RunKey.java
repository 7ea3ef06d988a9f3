package io.textloom.spark.commit;

import java.util.SortedMap;

/**
 * What must agree before a run takes over the finished tasks of another.
 *
 * @param base the output's last commit when the run began; empty for none
 */
record RunKey(RunMode mode, String base, SortedMap<String, String> resultSettings) {}
