package io.textloom.train.heads;

import io.textloom.classify.HeadInput;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Examples one after the other, in blocks that are read whole. Of each example four lengths, then its targets and its vectors, all big-endian.
 */
final class ExampleFile {
    private static final int BUFFER_BYTES = 1 << 16;

    /** Of one block, about; one example may be larger. unit: bytes */
    private static final int BLOCK_BYTES = 4 << 20;

    private ExampleFile() {}

    /** Writes examples. Not safe for concurrent use. */
    static final class Writer implements Closeable {
        private final String name;
        private final DataOutputStream out;
        private final List<Block> blocks = new ArrayList<>();
        private long blockStart;
        private int examples;
        private long at;

        /** @param name that the blocks tell */
        Writer(String name, OutputStream out) {
            this.name = name;
            this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER_BYTES));
        }

        void write(Example example) throws IOException {
            HeadInput input = example.input();
            out.writeInt(input.items());
            out.writeInt(example.targets().length);
            out.writeInt(input.u().length);
            out.writeInt(input.v().length);
            at += 16;
            write(example.targets());
            write(input.u());
            write(input.v());
            examples++;
            if (at - blockStart >= BLOCK_BYTES) {
                endBlock();
            }
        }

        private void write(float[] values) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
            bytes.asFloatBuffer().put(values);
            out.write(bytes.array());
            at += bytes.capacity();
        }

        private void endBlock() {
            if (examples > 0) {
                blocks.add(new Block(name, blockStart, Math.toIntExact(at - blockStart), examples));
            }
            blockStart = at;
            examples = 0;
        }

        /** Known after {@link #close}. */
        List<Block> blocks() {
            return blocks;
        }

        @Override
        public void close() throws IOException {
            endBlock();
            out.close();
        }
    }

    /** The examples of one block. */
    static List<Example> read(FileSystem fs, Path directory, Block block) throws IOException {
        Path file = new Path(directory, block.file());
        byte[] bytes = new byte[block.bytes()];
        try (FSDataInputStream in = fs.open(file)) {
            in.readFully(block.offset(), bytes);
        } catch (EOFException e) {
            throw new IOException(file + " is shorter than its index says; start the training anew", e);
        }
        List<Example> examples = new ArrayList<>(block.examples());
        ByteBuffer data = ByteBuffer.wrap(bytes);
        for (int i = 0; i < block.examples(); i++) {
            int items = data.getInt();
            float[] targets = new float[data.getInt()];
            float[] u = new float[data.getInt()];
            float[] v = new float[data.getInt()];
            take(data, targets);
            take(data, u);
            take(data, v);
            examples.add(new Example(new HeadInput(items, u, v), targets));
        }
        return examples;
    }

    private static void take(ByteBuffer data, float[] values) {
        data.asFloatBuffer().get(values);
        data.position(data.position() + 4 * values.length);
    }

    /** Blocks as a file of their own. */
    static void write(DataOutputStream out, List<Block> blocks) throws IOException {
        out.writeInt(blocks.size());
        for (Block block : blocks) {
            out.writeUTF(block.file());
            out.writeLong(block.offset());
            out.writeInt(block.bytes());
            out.writeInt(block.examples());
        }
    }

    static List<Block> blocks(DataInputStream in) throws IOException {
        int count = in.readInt();
        List<Block> blocks = new ArrayList<>(Math.min(count, 1 << 16));
        for (int i = 0; i < count; i++) {
            blocks.add(new Block(in.readUTF(), in.readLong(), in.readInt(), in.readInt()));
        }
        return blocks;
    }
}
