package io.textloom.train.elmo;

import io.textloom.text.RejectCode;
import io.textloom.token.SpecialTokens;
import io.textloom.token.TokenEncoder;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokens;
import io.textloom.train.files.CorpusFile;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes one partition's documents, rows {@code (text, code, held out)}, as two parts of the encoded corpus: what is trained on and what is held out. Each document comes with the tokens that its tokenizer puts around a text. A part
 * appears whole, by one rename, whichever attempt is first. Gives what it counted.
 */
final class EncodeTask implements Function2<Integer, Iterator<InternalRow>, Iterator<Tally>> {
    private static final long serialVersionUID = 1;

    private static final int TEXT = 0;
    private static final int CODE = 1;
    private static final int HELD_OUT = 2;

    private final Broadcast<byte[]> tokenizer;
    private final String directory;
    private final SerializableConfiguration conf;
    private final LongAccumulator rowsDone;

    EncodeTask(
            Broadcast<byte[]> tokenizer, String directory, SerializableConfiguration conf, LongAccumulator rowsDone) {
        this.tokenizer = tokenizer;
        this.directory = directory;
        this.conf = conf;
        this.rowsDone = rowsDone;
    }

    /** Names of the parts of a partition. */
    static String part(int partition, boolean heldOut) {
        return String.format(Locale.ROOT, heldOut ? "held-%05d.ids" : "part-%05d.ids", partition);
    }

    @Override
    public Iterator<Tally> call(Integer partition, Iterator<InternalRow> rows) throws IOException {
        FileSystem fs = new Path(directory).getFileSystem(conf.value());
        Path trained = draft(part(partition, false));
        Path held = draft(part(partition, true));
        SortedMap<String, Long> tally = new TreeMap<>();
        try (Tokenizer opened = TokenizerBytes.open(tokenizer.value());
                TokenEncoder encoder = opened.encoder();
                CorpusFile.Writer trainedOut = new CorpusFile.Writer(create(fs, trained));
                CorpusFile.Writer heldOut = new CorpusFile.Writer(create(fs, held))) {
            Documents documents = new Documents(encoder, opened.specialTokens(), tally);
            while (rows.hasNext()) {
                InternalRow row = rows.next();
                tally.merge(Tally.ROWS_IN, 1L, Long::sum);
                if (row.isNullAt(CODE)) {
                    boolean isHeld = row.getBoolean(HELD_OUT);
                    documents.write(row.getUTF8String(TEXT).getBytes(), isHeld ? heldOut : trainedOut, isHeld);
                } else {
                    tally.merge(Tally.REJECTED + row.getUTF8String(CODE), 1L, Long::sum);
                }
                rowsDone.add(1);
            }
        }
        appear(fs, trained, part(partition, false));
        appear(fs, held, part(partition, true));
        return List.of(new Tally(tally)).iterator();
    }

    private Path draft(String name) {
        return new Path(directory, "." + name + "." + TaskContext.get().taskAttemptId());
    }

    private static OutputStream create(FileSystem fs, Path draft) throws IOException {
        return fs.create(draft, true);
    }

    private void appear(FileSystem fs, Path draft, String name) throws IOException {
        Path part = new Path(directory, name);
        if (fs.exists(part) || !fs.rename(draft, part)) {
            fs.delete(draft, false);
            if (!fs.exists(part)) {
                throw new IOException(
                        "Cannot rename " + draft + " to " + part + "; check the space and the rights there");
            }
        }
    }

    /** Texts to ids. */
    private static final class Documents {
        private final TokenEncoder encoder;
        private final SpecialTokens around;
        private final SortedMap<String, Long> tally;
        private final Tokens tokens = new Tokens();

        Documents(TokenEncoder encoder, SpecialTokens around, SortedMap<String, Long> tally) {
            this.encoder = encoder;
            this.around = around;
            this.tally = tally;
        }

        void write(byte[] utf8, CorpusFile.Writer out, boolean held) {
            try {
                encoder.encode(utf8, 0, utf8.length, tokens);
            } catch (RuntimeException e) {
                tally.merge(Tally.REJECTED + RejectCode.TOKENIZER_FAILED, 1L, Long::sum);
                return;
            }
            int[] ids = new int[tokens.size() + around.count()];
            int size = 0;
            for (int id : around.before()) {
                ids[size++] = id;
            }
            System.arraycopy(tokens.ids(), 0, ids, size, tokens.size());
            size += tokens.size();
            for (int id : around.after()) {
                ids[size++] = id;
            }
            tally.merge(Tally.TEXT_BYTES, (long) utf8.length, Long::sum);
            if (size < 2) {
                tally.merge(Tally.TOO_SHORT, 1L, Long::sum);
                return;
            }
            out.sentence(ids, 0, size);
            tally.merge(held ? Tally.HELD_DOCUMENTS : Tally.DOCUMENTS, 1L, Long::sum);
            tally.merge(held ? Tally.HELD_TOKENS : Tally.TOKENS, (long) size, Long::sum);
        }
    }
}
