package io.textloom.runtime;

import io.textloom.model.Safetensors.FloatTensor;
import io.textloom.model.TinyBert;
import io.textloom.tensor.Pooling;
import java.util.Map;

/** BERT as the paper has it, one sequence at a time in double precision, to compare with. Source: Devlin et al. 2019; Vaswani et al. 2017. */
final class ReferenceBert {
    private final Map<String, FloatTensor> weights;
    private final boolean tanhGelu;

    ReferenceBert(Map<String, FloatTensor> weights, boolean tanhGelu) {
        this.weights = weights;
        this.tanhGelu = tanhGelu;
    }

    double[] embed(int[] ids, Pooling pooling, boolean normalize) {
        double[][] x = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            x[t] = new double[TinyBert.HIDDEN];
            for (int d = 0; d < TinyBert.HIDDEN; d++) {
                x[t][d] = at("embeddings.word_embeddings.weight", ids[t] * TinyBert.HIDDEN + d)
                        + at("embeddings.position_embeddings.weight", t * TinyBert.HIDDEN + d)
                        + at("embeddings.token_type_embeddings.weight", d);
            }
        }
        norm(x, "embeddings.LayerNorm");
        for (int layer = 0; layer < TinyBert.LAYERS; layer++) {
            String p = "encoder.layer." + layer + ".";
            double[][] attended = linear(attention(x, p + "attention.self."), p + "attention.output.dense");
            add(attended, x);
            norm(attended, p + "attention.output.LayerNorm");
            double[][] up = linear(attended, p + "intermediate.dense");
            for (double[] row : up) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = gelu(row[i]);
                }
            }
            x = linear(up, p + "output.dense");
            add(x, attended);
            norm(x, p + "output.LayerNorm");
        }
        return pool(x, pooling, normalize);
    }

    private double[][] attention(double[][] x, String p) {
        double[][] q = linear(x, p + "query");
        double[][] k = linear(x, p + "key");
        double[][] v = linear(x, p + "value");
        int size = TinyBert.HIDDEN / TinyBert.HEADS;
        double[][] context = new double[x.length][TinyBert.HIDDEN];
        for (int head = 0; head < TinyBert.HEADS; head++) {
            for (int t = 0; t < x.length; t++) {
                double[] p2 = new double[x.length];
                double sum = 0;
                for (int s = 0; s < x.length; s++) {
                    double dot = 0;
                    for (int d = head * size; d < (head + 1) * size; d++) {
                        dot += q[t][d] * k[s][d];
                    }
                    p2[s] = Math.exp(dot / Math.sqrt(size));
                    sum += p2[s];
                }
                for (int s = 0; s < x.length; s++) {
                    for (int d = head * size; d < (head + 1) * size; d++) {
                        context[t][d] += p2[s] / sum * v[s][d];
                    }
                }
            }
        }
        return context;
    }

    private double[][] linear(double[][] x, String name) {
        int out = weights.get(name + ".bias").values().length;
        double[][] y = new double[x.length][out];
        for (int t = 0; t < x.length; t++) {
            for (int o = 0; o < out; o++) {
                y[t][o] = at(name + ".bias", o);
                for (int i = 0; i < x[t].length; i++) {
                    y[t][o] += x[t][i] * at(name + ".weight", o * x[t].length + i);
                }
            }
        }
        return y;
    }

    private void norm(double[][] x, String name) {
        for (double[] row : x) {
            double mean = 0;
            for (double v : row) {
                mean += v / row.length;
            }
            double variance = 0;
            for (double v : row) {
                variance += (v - mean) * (v - mean) / row.length;
            }
            for (int i = 0; i < row.length; i++) {
                row[i] =
                        (row[i] - mean) / Math.sqrt(variance + 1e-12) * at(name + ".weight", i) + at(name + ".bias", i);
            }
        }
    }

    private double gelu(double v) {
        if (tanhGelu) {
            return 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)));
        }
        return 0.5 * v * (1 + erf(v / Math.sqrt(2)));
    }

    /** Maclaurin series; exact to double rounding for the small arguments here. */
    private static double erf(double v) {
        if (Math.abs(v) > 5) {
            return Math.signum(v);
        }
        double term = v;
        double sum = v;
        for (int n = 1; n < 200; n++) {
            term *= -v * v / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    private static void add(double[][] x, double[][] y) {
        for (int t = 0; t < x.length; t++) {
            for (int d = 0; d < x[t].length; d++) {
                x[t][d] += y[t][d];
            }
        }
    }

    private static double[] pool(double[][] x, Pooling pooling, boolean normalize) {
        double[] vector = new double[TinyBert.HIDDEN];
        double length = 0;
        for (int d = 0; d < vector.length; d++) {
            double sum = 0;
            double max = Double.NEGATIVE_INFINITY;
            for (double[] row : x) {
                sum += row[d];
                max = Math.max(max, row[d]);
            }
            vector[d] = switch (pooling) {
                case MEAN -> sum / x.length;
                case MEAN_SQRT_LEN -> sum / Math.sqrt(x.length);
                case MAX -> max;
                case CLS -> x[0][d];
                case LAST -> x[x.length - 1][d];
                case POOLER -> throw new IllegalArgumentException("no pooler here");
            };
            length += vector[d] * vector[d];
        }
        for (int d = 0; normalize && d < vector.length; d++) {
            vector[d] /= Math.sqrt(length);
        }
        return vector;
    }

    private double at(String name, int index) {
        return weights.get(name).values()[index];
    }
}
