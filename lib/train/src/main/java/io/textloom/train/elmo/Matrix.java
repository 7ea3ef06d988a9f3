package io.textloom.train.elmo;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Float32 numbers in ND4J's memory, row-major, that its matrix products take; a view of rows or a whole. Its array is kept by all views. */
final class Matrix {
    private static final int ROW_MAJOR = 101;
    private static final int PLAIN = 111;
    private static final int TRANSPOSED = 112;

    final int rows;
    final int columns;
    private final INDArray array;
    private final FloatPointer pointer;
    private final FloatBuffer buffer;

    static {
        // the two directions run in threads of their own, and a product's bits must not depend on how many threads
        // there are
        Nd4j.create(DataType.FLOAT, 1);
        openblas_nolapack.blas_set_num_threads(1);
    }

    private Matrix(INDArray array, FloatPointer pointer, int rows, int columns) {
        this.array = array;
        this.pointer = pointer;
        this.rows = rows;
        this.columns = columns;
        FloatPointer all = new FloatPointer(pointer);
        all.limit(pointer.position() + (long) rows * columns);
        this.buffer = all.asBuffer();
    }

    /** Zeros. */
    static Matrix of(int rows, int columns) {
        return over(Nd4j.zeros(DataType.FLOAT, (long) rows * columns), 0, rows, columns);
    }

    /** Numbers from {@code offset} of a flat array. */
    static Matrix over(INDArray flat, long offset, int rows, int columns) {
        FloatPointer start = new FloatPointer(flat.data().addressPointer());
        start.capacity(flat.length()).position(offset);
        return new Matrix(flat, start, rows, columns);
    }

    /** The rows {@code [from, from + count)}; the same memory. */
    Matrix rows(int from, int count) {
        FloatPointer start = new FloatPointer(pointer);
        start.position(pointer.position() + (long) from * columns);
        return new Matrix(array, start, count, columns);
    }

    void read(float[] into, int at) {
        buffer.duplicate().get(into, at, rows * columns);
    }

    void write(float[] from, int at) {
        buffer.duplicate().put(from, at, rows * columns);
    }

    void readRow(int row, float[] into, int at) {
        buffer.get(row * columns, into, at, columns);
    }

    void copy(Matrix from) {
        buffer.duplicate().put(from.buffer.duplicate());
    }

    /** {@code this = beta * this + a * b}. */
    void product(Matrix a, Matrix b, float beta) {
        multiply(a, PLAIN, b, PLAIN, a.columns, beta);
    }

    /** {@code this = beta * this + a * transposed b}. */
    void productTransposed(Matrix a, Matrix b, float beta) {
        multiply(a, PLAIN, b, TRANSPOSED, a.columns, beta);
    }

    /** {@code this = beta * this + transposed a * b}. */
    void transposedProduct(Matrix a, Matrix b, float beta) {
        multiply(a, TRANSPOSED, b, PLAIN, a.rows, beta);
    }

    private void multiply(Matrix a, int ofA, Matrix b, int ofB, int inner, float beta) {
        openblas_nolapack.cblas_sgemm(
                ROW_MAJOR, ofA, ofB, rows, columns, inner, 1f, a.pointer, a.columns, b.pointer, b.columns, beta,
                pointer, columns);
    }
}
