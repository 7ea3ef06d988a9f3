package io.textloom.bench.chaos;

import io.textloom.bench.chaos.Comparison.Difference;
import io.textloom.bench.chaos.ResultTable.Entry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.hadoop.hdfs.client.HdfsAdmin;

/** A quota of a real HDFS, of names or of bytes, that the output runs into; then it is lifted, and the same command goes on. */
final class Quota implements Scenario {
    private static final int ROWS = 20_000;
    private static final long MEGABYTE = 1 << 20;

    private final Store store;

    Quota(Store store) {
        this.store = store;
        if (!store.label().equals("hdfs")) {
            throw new IllegalArgumentException("Only HDFS has quotas; run the scenario with --store hdfs");
        }
    }

    @Override
    public List<Entry> run(Session session) throws IOException, InterruptedException {
        Tally tally = new Tally("quota", session);
        Random random = new Random(session.seed);
        Path corpus = session.textloom.work().resolve("quota-" + session.seed + ".jsonl");
        Corpus.write(corpus, session.seed, ROWS, 12);
        List<String> job =
                List.of("tokenize", "--id-column", "id", "--partitions", "12", "--json", "--input", corpus.toString());
        String reference = session.reference("quota-" + session.seed, job);
        HdfsAdmin admin = new HdfsAdmin(URI.create(store.root()), store.configuration());
        for (int run = 0; run < session.runs; run++) {
            boolean names = run % 2 == 0;
            // a block that is being written counts as a whole one, three times
            long quota = names ? 1 + random.nextInt(60) : (3 + random.nextInt(20)) * MEGABYTE;
            String output = store.root() + "/" + session.name("quota");
            org.apache.hadoop.fs.Path directory = new org.apache.hadoop.fs.Path(output);
            store.fileSystem().mkdirs(directory);
            if (names) {
                admin.setQuota(directory, quota);
            } else {
                admin.setSpaceQuota(directory, quota);
            }
            List<String> arguments = new ArrayList<>(job);
            arguments.addAll(List.of("--output", output));
            Session.Ended met = session.runInStore("quota", arguments);
            boolean told = met.err().toLowerCase(Locale.ROOT).contains("quota");
            String wrong = met.exit() == 0 || (met.exit() == 5 && told) ? "" : "exit " + met.exit() + "; ";
            OutputWatch watch = new OutputWatch(store.fileSystem(), output);
            List<String> half = Comparison.halfFiles(watch, output, store.configuration());
            wrong += half.isEmpty() ? "" : "half files " + half + "; ";
            admin.clearQuota(directory);
            admin.clearSpaceQuota(directory);
            Session.Ended again = session.runInStore("again", arguments);
            wrong += again.exit() == 0 ? "" : "again exit " + again.exit() + ": " + again.message();
            Difference difference = session.comparison.compare(reference, output, store.fileSystem());
            tally.add(
                    names ? "names" : "bytes",
                    difference,
                    wrong,
                    quota + (names ? " names" : " bytes") + ": exit " + met.exit() + " (" + met.message() + "), then "
                            + again.exit());
        }
        return tally.entry("quota of HDFS", "message, then resumed");
    }
}
