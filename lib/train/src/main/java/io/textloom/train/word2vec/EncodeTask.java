package io.textloom.train.word2vec;

import io.textloom.spark.train.TrainWord2VecOptions;
import io.textloom.train.files.CorpusFile;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/** Writes one partition's documents, rows {@code (id, text, code)}, as a part of the encoded corpus; the part appears whole, by one rename, whichever attempt is first. Gives its name. */
final class EncodeTask implements Function2<Integer, Iterator<InternalRow>, Iterator<String>> {
    private static final long serialVersionUID = 1;

    static final int TEXT = 1;
    static final int CODE = 2;

    private final Broadcast<Units> units;
    private final TrainWord2VecOptions options;
    private final String directory;
    private final SerializableConfiguration conf;
    private final LongAccumulator rowsDone;

    EncodeTask(
            Broadcast<Units> units,
            TrainWord2VecOptions options,
            String directory,
            SerializableConfiguration conf,
            LongAccumulator rowsDone) {
        this.units = units;
        this.options = options;
        this.directory = directory;
        this.conf = conf;
        this.rowsDone = rowsDone;
    }

    @Override
    public Iterator<String> call(Integer partition, Iterator<InternalRow> documents) throws IOException {
        String name = String.format(java.util.Locale.ROOT, "part-%05d.ids", partition);
        Path part = new Path(directory, name);
        Path draft = new Path(directory, "." + name + "." + TaskContext.get().taskAttemptId());
        FileSystem fs = part.getFileSystem(conf.value());
        SentenceReader reader = new SentenceReader(units.value(), options.sentences(), options.lowercase());
        try (CorpusFile.Writer out = new CorpusFile.Writer(fs.create(draft, true))) {
            while (documents.hasNext()) {
                InternalRow row = documents.next();
                if (row.isNullAt(CODE)) {
                    reader.read(row.getUTF8String(TEXT).toString(), out::sentence);
                }
                rowsDone.add(1);
            }
        }
        if (fs.exists(part) || !fs.rename(draft, part)) {
            fs.delete(draft, false);
            if (!fs.exists(part)) {
                throw new IOException(
                        "Cannot rename " + draft + " to " + part + "; check the space and the rights there");
            }
        }
        return List.of(name).iterator();
    }
}
