package io.textloom.train.elmo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Both directions over shared embeddings and a shared softmax, and their optimiser. Each direction computes in a thread of its own if there is one; what comes out does not depend on it.
 */
final class Net implements AutoCloseable {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    final Parameters parameters;
    final LanguageModel forward;
    final LanguageModel backward;

    /** Adam's two moments of each parameter, [1, 2 * size]. */
    final INDArray moments;

    private final Adam adam = new Adam(0, BETA1, BETA2, EPSILON);
    private final GradientUpdater<?> updater;
    private final Parameters sum;
    private final float[] gradient;
    private final double maxNorm;
    private final @Nullable ExecutorService other;

    /** @param maxNorm longer gradients of all parameters together are scaled down to it */
    Net(Shape shape, float dropout, double maxNorm, int batch, int steps, int threads) {
        parameters = new Parameters(shape);
        this.maxNorm = maxNorm;
        forward = new LanguageModel(parameters, Shape.Direction.FORWARD, dropout, batch, steps);
        backward = new LanguageModel(parameters, Shape.Direction.BACKWARD, dropout, batch, steps);
        moments = Nd4j.zeros(DataType.FLOAT, 1, 2 * shape.size());
        sum = new Parameters(shape);
        updater = adam.instantiate(moments, true);
        gradient = new float[Math.toIntExact(shape.size())];
        other = threads > 1
                ? Executors.newSingleThreadExecutor(runnable -> {
                    Thread thread = new Thread(runnable, "textloom-elmo-backward");
                    thread.setDaemon(true);
                    return thread;
                })
                : null;
    }

    /**
     * One step.
     *
     * @param number of the step, from 0
     * @param seed of what is dropped in it
     */
    Losses learn(Chunk ahead, Chunk back, int number, double rate, long seed) {
        Losses loss = both(() -> forward.learn(ahead, seed), () -> backward.learn(back, seed + 1));
        INDArray step = sum.flat;
        step.assign(forward.gradients().flat).addi(backward.gradients().flat);
        sum.all().read(gradient, 0);
        double norm = norm(gradient);
        if (norm > maxNorm) {
            step.muli((float) (maxNorm / norm));
        }
        adam.setLearningRate(rate);
        updater.applyUpdater(step, number, 0);
        parameters.flat.subi(step);
        return loss;
    }

    Losses loss(Chunk ahead, Chunk back) {
        return both(() -> forward.loss(ahead), () -> backward.loss(back));
    }

    /** What is carried from chunk to chunk; live. */
    List<float[]> states() {
        List<float[]> states = new ArrayList<>(forward.states());
        states.addAll(backward.states());
        return states;
    }

    void reset() {
        forward.reset();
        backward.reset();
    }

    /** All that a training goes on from: parameters, moments and states. */
    List<float[]> values() {
        int size = Math.toIntExact(parameters.shape.size());
        float[] weights = new float[size];
        float[] moment = new float[2 * size];
        parameters.all().read(weights, 0);
        Matrix.over(moments, 0, 1, 2 * size).read(moment, 0);
        List<float[]> values = new ArrayList<>(List.of(weights, moment));
        values.addAll(states());
        return values;
    }

    /** Puts {@link #values} in their places. */
    void take(List<float[]> values) {
        parameters.all().write(values.get(0), 0);
        Matrix.over(moments, 0, 1, values.get(1).length).write(values.get(1), 0);
        List<float[]> states = states();
        for (int i = 0; i < states.size(); i++) {
            System.arraycopy(values.get(i + 2), 0, states.get(i), 0, states.get(i).length);
        }
    }

    private Losses both(Callable<LossSum> ahead, Callable<LossSum> back) {
        ExecutorService thread = other;
        Future<LossSum> second = thread == null ? null : thread.submit(back);
        try {
            LossSum first = ahead.call();
            return new Losses(first, second == null ? back.call() : second.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The training was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A step of the training failed", e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException("A step of the training failed", e);
        }
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    @Override
    public void close() {
        if (other != null) {
            other.shutdown();
        }
    }
}
