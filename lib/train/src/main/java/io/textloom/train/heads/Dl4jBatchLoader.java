package io.textloom.train.heads;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The rows of a step on an executor, by a path that tells where they stand: the directory of the vectors, {@code #}, and the place. */
final class Dl4jBatchLoader implements MultiDataSetLoader {
    private static final long serialVersionUID = 1;

    private final List<HeadPlan> plans;
    private final int dimensions;
    private final String directory;
    private final SerializableConfiguration conf;
    private transient @Nullable Examples examples;

    Dl4jBatchLoader(List<HeadPlan> plans, int dimensions, String directory, Configuration conf) {
        this.plans = new ArrayList<>(plans);
        this.dimensions = dimensions;
        this.directory = directory;
        this.conf = new SerializableConfiguration(conf);
    }

    static String path(String directory, BatchPlace place) {
        Block block = place.block();
        return directory + "#"
                + String.join(
                        ",",
                        String.valueOf(place.head()),
                        block.file(),
                        String.valueOf(block.offset()),
                        String.valueOf(block.bytes()),
                        String.valueOf(block.examples()),
                        String.valueOf(place.order()),
                        String.valueOf(place.from()),
                        String.valueOf(place.to()));
    }

    private static BatchPlace place(String path) {
        String[] parts = path.substring(path.lastIndexOf('#') + 1).split(",");
        return new BatchPlace(
                Integer.parseInt(parts[0]),
                new Block(parts[1], Long.parseLong(parts[2]), Integer.parseInt(parts[3]), Integer.parseInt(parts[4])),
                Long.parseLong(parts[5]),
                Integer.parseInt(parts[6]),
                Integer.parseInt(parts[7]));
    }

    @Override
    public synchronized MultiDataSet load(Source source) throws java.io.IOException {
        Dl4jThreads.one(); // of the worker's thread, which asks here for its rows
        if (examples == null) {
            Path vectors = new Path(directory);
            examples = new Examples(
                    vectors.getFileSystem(conf.value()),
                    vectors,
                    plans.stream().map(plan -> plan.head().name()).toList());
        }
        BatchPlace place = place(source.getPath());
        HeadPlan plan = plans.get(place.head());
        return Dl4jNet.data(plan.head(), dimensions, HeadBatch.of(plan, dimensions, examples.of(place)));
    }
}
