package io.textloom.train.heads;

import io.textloom.classify.HeadNet;
import io.textloom.model.TrainedHead;
import io.textloom.model.TrainedHeads;
import io.textloom.tensor.HeadFeatures;
import io.textloom.tensor.HeadTask;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** A head with its trunk as a graph of Deeplearning4j. Not safe for concurrent use. */
final class Dl4jNet implements HeadNet.Source {
    private static final String OUTPUT = "output";

    private final TrainedHeads heads;
    private final TrainedHead head;
    private final ComputationGraph graph;

    private Dl4jNet(TrainedHeads heads, TrainedHead head, ComputationGraph graph) {
        this.heads = heads;
        this.head = head;
        this.graph = graph;
    }

    /**
     * What a head's net learns by.
     *
     * @param weights of the labels in the loss; empty for equal ones
     */
    record Learning(double rate, double dropout, List<Double> weights, long seed) {}

    static Dl4jNet of(TrainedHeads heads, TrainedHead head, Learning learning) {
        ComputationGraph graph = new ComputationGraph(configuration(heads, head, learning));
        graph.init();
        return new Dl4jNet(heads, head, graph);
    }

    private static ComputationGraphConfiguration configuration(
            TrainedHeads heads, TrainedHead head, Learning learning) {
        Activation activation =
                heads.activation() == io.textloom.model.Activation.RELU ? Activation.RELU : Activation.TANH;
        ComputationGraphConfiguration.GraphBuilder g = new NeuralNetConfiguration.Builder()
                .seed(learning.seed())
                .updater(new Adam(learning.rate()))
                .weightInit(WeightInit.XAVIER)
                .graphBuilder();
        String at;
        if (head.pair()) {
            g.addInputs("u", "v");
            g.addVertex("both", new StackVertex(), "u", "v");
            at = "both";
        } else {
            g.addInputs("u");
            at = "u";
        }
        int in = heads.dimensions();
        for (int i = 0; i < heads.trunk().size(); i++) {
            String name = layer(TrainedHeads.trunkLayer(i));
            int out = heads.trunk().get(i);
            g.addLayer(
                    name,
                    new DenseLayer.Builder()
                            .nIn(in)
                            .nOut(out)
                            .activation(activation)
                            .build(),
                    at);
            at = name;
            in = out;
        }
        if (head.features() != HeadFeatures.ALONE) {
            g.addVertex("first", new UnstackVertex(0, 2), at);
            g.addVertex("second", new UnstackVertex(1, 2), at);
            g.addVertex("features", new Dl4jFeatures(head.features()), "first", "second");
            at = "features";
            in *= head.features().parts();
        }
        double kept = 1 - learning.dropout();
        for (int i = 0; i < head.hidden().size(); i++) {
            DenseLayer.Builder dense =
                    new DenseLayer.Builder().nIn(in).nOut(head.hidden().get(i)).activation(activation);
            if (kept < 1) {
                dense.dropOut(kept);
            }
            g.addLayer("hidden" + i, dense.build(), at);
            at = "hidden" + i;
            in = head.hidden().get(i);
        }
        boolean labels = head.task().labels();
        OutputLayer.Builder output = new OutputLayer.Builder(loss(head.task(), learning.weights()))
                .nIn(in)
                .nOut(head.outputs())
                .activation(labels ? Activation.SOFTMAX : Activation.IDENTITY);
        if (kept < 1) {
            output.dropOut(kept);
        }
        return g.addLayer(OUTPUT, output.build(), at).setOutputs(OUTPUT).build();
    }

    private static ILossFunction loss(HeadTask task, List<Double> weights) {
        return switch (task) {
            case SEQUENCE, PAIR, TOKEN ->
                weights.isEmpty()
                        ? new LossMCXENT()
                        : new LossMCXENT(Nd4j.createFromArray(
                                weights.stream().mapToDouble(w -> w).toArray()));
            case REGRESSION -> new LossMSE();
            case SPAN, CHOICE -> new Dl4jPointerLoss();
        };
    }

    private static String layer(String name) {
        return name.replace('.', '-');
    }

    ComputationGraph graph() {
        return graph;
    }

    static MultiDataSet data(TrainedHead head, int dimensions, HeadBatch batch) {
        INDArray u = matrix(batch.u(), batch.rows(), dimensions);
        INDArray labels = matrix(batch.labels(), batch.rows(), head.outputs());
        INDArray[] inputs =
                head.pair() ? new INDArray[] {u, matrix(batch.v(), batch.rows(), dimensions)} : new INDArray[] {u};
        return new MultiDataSet(inputs, new INDArray[] {labels});
    }

    private static INDArray matrix(float[] values, int rows, int columns) {
        return Nd4j.createFromArray(values).reshape('c', rows, columns);
    }

    /** One step. @return the batch's loss before it */
    double fit(HeadBatch batch) {
        graph.fit(data(head, heads.dimensions(), batch));
        return graph.score();
    }

    /** A batch's loss, nothing learnt. */
    double loss(HeadBatch batch) {
        return graph.score(data(head, heads.dimensions(), batch), true);
    }

    /** Outputs of a batch before they become probabilities are not told; these are. */
    float[] outputs(HeadBatch batch) {
        INDArray[] inputs = data(head, heads.dimensions(), batch).getFeatures();
        return graph.output(inputs)[0].dup('c').data().asFloat();
    }

    @Override
    public float[] weight(String layer, int out, int in) {
        return graph.getLayer(vertex(layer))
                .getParam("W")
                .transpose()
                .dup('c')
                .data()
                .asFloat();
    }

    @Override
    public float[] bias(String layer, int out) {
        return graph.getLayer(vertex(layer)).getParam("b").dup('c').data().asFloat();
    }

    /** @param weight float[out * in] */
    void set(String layer, float[] weight, float[] bias) {
        INDArray w = graph.getLayer(vertex(layer)).getParam("W");
        w.assign(matrix(weight, bias.length, weight.length / bias.length).transpose());
        INDArray b = graph.getLayer(vertex(layer)).getParam("b");
        b.assign(Nd4j.createFromArray(bias).reshape(b.shape()));
    }

    /** Takes over another net's trunk. */
    void takeTrunk(Dl4jNet other) {
        for (int i = 0; i < heads.trunk().size(); i++) {
            String name = vertex(TrainedHeads.trunkLayer(i));
            graph.getLayer(name).params().assign(other.graph.getLayer(name).params());
        }
    }

    private String vertex(String layer) {
        if (layer.startsWith("trunk.")) {
            return layer(layer);
        }
        int number = Integer.parseInt(layer.substring(layer.lastIndexOf('.') + 1));
        return number == head.hidden().size() ? OUTPUT : "hidden" + number;
    }

    /** Takes over parameters and updater of a graph that was trained in this one's place. */
    void take(ComputationGraph trained) {
        if (trained != graph) {
            graph.params().assign(trained.params());
            graph.getUpdater().getStateViewArray().assign(trained.getUpdater().getStateViewArray());
            graph.getConfiguration()
                    .setIterationCount(trained.getConfiguration().getIterationCount());
            graph.getConfiguration().setEpochCount(trained.getConfiguration().getEpochCount());
        }
    }

    /** All that a further step depends on. */
    HeadState state() {
        return new HeadState(
                graph.params().dup('c').data().asFloat(),
                graph.getUpdater().getStateViewArray().dup('c').data().asFloat(),
                graph.getConfiguration().getIterationCount(),
                graph.getConfiguration().getEpochCount());
    }

    void load(HeadState state) {
        graph.params()
                .assign(Nd4j.createFromArray(state.parameters())
                        .reshape(graph.params().shape()));
        INDArray updater = graph.getUpdater().getStateViewArray();
        updater.assign(Nd4j.createFromArray(state.updater()).reshape(updater.shape()));
        graph.getConfiguration().setIterationCount(state.steps());
        graph.getConfiguration().setEpochCount(state.epochs());
    }
}
