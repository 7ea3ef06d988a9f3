package io.textloom.bench.chaos;

import java.io.IOException;
import java.util.List;

/** Something bad that happens to jobs, and the count of what came of it. */
interface Scenario {
    /** @return rows for the table */
    List<ResultTable.Entry> run(Session session) throws IOException, InterruptedException;
}
