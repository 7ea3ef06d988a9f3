package io.textloom.train.heads;

import io.textloom.model.TrainedHead;
import io.textloom.tensor.HeadTask;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What was made of a part of a head's rows, or of all: blocks, counts, and the sums from which scales and weights follow. Not safe for concurrent use. */
final class PartFigures {
    final List<Block> train = new ArrayList<>();
    final List<Block> dev = new ArrayList<>();
    final SortedMap<String, Long> rejected = new TreeMap<>();
    final SortedMap<Integer, Long> labels = new TreeMap<>();
    long rows;
    long tokens;
    private long uCount;
    private double uSquares;
    private long vCount;
    private double vSquares;
    private long numbers;
    private double sum;
    private double squares;

    /** Counts an example that is trained on. */
    void add(HeadTask task, Example example) {
        for (float value : example.input().u()) {
            uSquares += (double) value * value;
        }
        uCount += example.input().u().length;
        for (float value : example.input().v()) {
            vSquares += (double) value * value;
        }
        vCount += example.input().v().length;
        for (float target : example.targets()) {
            if (task == HeadTask.REGRESSION) {
                numbers++;
                sum += target;
                squares += (double) target * target;
            } else if (task.labels() && target >= 0) {
                labels.merge((int) target, 1L, Long::sum);
            }
        }
    }

    void add(PartFigures other) {
        train.addAll(other.train);
        dev.addAll(other.dev);
        other.rejected.forEach((code, count) -> rejected.merge(code, count, Long::sum));
        other.labels.forEach((label, count) -> labels.merge(label, count, Long::sum));
        rows += other.rows;
        tokens += other.tokens;
        uCount += other.uCount;
        uSquares += other.uSquares;
        vCount += other.vCount;
        vSquares += other.vSquares;
        numbers += other.numbers;
        sum += other.sum;
        squares += other.squares;
    }

    static long examples(List<Block> blocks) {
        return blocks.stream().mapToLong(Block::examples).sum();
    }

    /** By which first vectors are multiplied so that their components are about 1. Those of pairs, whose two vectors are compared, have one scale. */
    double uScale(TrainedHead head) {
        return head.task() == HeadTask.SPAN || !head.pair()
                ? scale(uCount, uSquares)
                : scale(uCount + vCount, uSquares + vSquares);
    }

    double vScale(TrainedHead head) {
        return head.task() == HeadTask.SPAN ? scale(vCount, vSquares) : uScale(head);
    }

    private static double scale(long count, double squares) {
        return count == 0 || squares == 0 ? 1 : (float) Math.sqrt(count / squares);
    }

    /** Of the numbers that are learnt. */
    double mean() {
        return numbers == 0 ? 0 : sum / numbers;
    }

    /** Their standard deviation; 1 where they are all the same. */
    double deviation() {
        double variance = numbers == 0 ? 0 : squares / numbers - mean() * mean();
        return variance > 1e-12 ? Math.sqrt(variance) : 1;
    }

    void write(DataOutputStream out) throws IOException {
        ExampleFile.write(out, train);
        ExampleFile.write(out, dev);
        out.writeInt(rejected.size());
        for (Map.Entry<String, Long> e : rejected.entrySet()) {
            out.writeUTF(e.getKey());
            out.writeLong(e.getValue());
        }
        out.writeInt(labels.size());
        for (Map.Entry<Integer, Long> e : labels.entrySet()) {
            out.writeInt(e.getKey());
            out.writeLong(e.getValue());
        }
        for (long count : new long[] {rows, tokens, uCount, vCount, numbers}) {
            out.writeLong(count);
        }
        for (double total : new double[] {uSquares, vSquares, sum, squares}) {
            out.writeDouble(total);
        }
    }

    static PartFigures read(DataInputStream in) throws IOException {
        PartFigures figures = new PartFigures();
        figures.train.addAll(ExampleFile.blocks(in));
        figures.dev.addAll(ExampleFile.blocks(in));
        for (int left = in.readInt(); left > 0; left--) {
            figures.rejected.put(in.readUTF(), in.readLong());
        }
        for (int left = in.readInt(); left > 0; left--) {
            figures.labels.put(in.readInt(), in.readLong());
        }
        figures.rows = in.readLong();
        figures.tokens = in.readLong();
        figures.uCount = in.readLong();
        figures.vCount = in.readLong();
        figures.numbers = in.readLong();
        figures.uSquares = in.readDouble();
        figures.vSquares = in.readDouble();
        figures.sum = in.readDouble();
        figures.squares = in.readDouble();
        return figures;
    }
}
