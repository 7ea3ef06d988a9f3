package io.textloom.runtime;

import io.textloom.model.Safetensors.FloatTensor;
import java.util.Map;

/** GPT-2 written for reading, in double precision, one whole sequence at a time. Source: Radford et al. 2019; GELU by its tanh form. */
final class ReferenceGpt2 {
    private final RandomGpt2 model;
    private final Map<String, FloatTensor> tensors;

    ReferenceGpt2(RandomGpt2 model) {
        this.model = model;
        this.tensors = model.tensors();
    }

    /** Logits after the last of {@code ids}. */
    double[] logits(int... ids) {
        int n = ids.length;
        int d = model.hidden();
        double[][] x = new double[n][d];
        for (int t = 0; t < n; t++) {
            for (int j = 0; j < d; j++) {
                x[t][j] = w("wte.weight")[ids[t] * d + j] + w("wpe.weight")[t * d + j];
            }
        }
        for (int layer = 0; layer < model.layers(); layer++) {
            String h = "h." + layer + ".";
            add(x, linear(attention(linear(norm(x, h + "ln_1"), h + "attn.c_attn")), h + "attn.c_proj"));
            add(x, linear(gelu(linear(norm(x, h + "ln_2"), h + "mlp.c_fc")), h + "mlp.c_proj"));
        }
        double[] last = norm(x, "ln_f")[n - 1];
        float[] head = w(model.tied() ? "wte.weight" : "lm_head.weight");
        double[] logits = new double[model.vocabulary()];
        for (int v = 0; v < logits.length; v++) {
            for (int j = 0; j < d; j++) {
                logits[v] += last[j] * head[v * d + j];
            }
        }
        return logits;
    }

    private double[][] attention(double[][] qkv) {
        int n = qkv.length;
        int d = model.hidden();
        int size = d / model.heads();
        double[][] out = new double[n][d];
        for (int head = 0; head < model.heads(); head++) {
            int q = head * size;
            int k = d + q;
            int v = 2 * d + q;
            for (int t = 0; t < n; t++) {
                double[] weight = new double[t + 1];
                double sum = 0;
                for (int s = 0; s <= t; s++) {
                    double dot = 0;
                    for (int j = 0; j < size; j++) {
                        dot += qkv[t][q + j] * qkv[s][k + j];
                    }
                    weight[s] = Math.exp(dot / Math.sqrt(size));
                    sum += weight[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int j = 0; j < size; j++) {
                        out[t][q + j] += weight[s] / sum * qkv[s][v + j];
                    }
                }
            }
        }
        return out;
    }

    private double[][] linear(double[][] x, String name) {
        float[] weight = w(name + ".weight");
        float[] bias = w(name + ".bias");
        double[][] y = new double[x.length][bias.length];
        for (int t = 0; t < x.length; t++) {
            for (int o = 0; o < bias.length; o++) {
                y[t][o] = bias[o];
                for (int i = 0; i < x[t].length; i++) {
                    y[t][o] += x[t][i] * weight[i * bias.length + o];
                }
            }
        }
        return y;
    }

    private double[][] norm(double[][] x, String name) {
        float[] weight = w(name + ".weight");
        float[] bias = w(name + ".bias");
        double[][] y = new double[x.length][weight.length];
        for (int t = 0; t < x.length; t++) {
            double mean = 0;
            double variance = 0;
            for (double v : x[t]) {
                mean += v / weight.length;
            }
            for (double v : x[t]) {
                variance += (v - mean) * (v - mean) / weight.length;
            }
            for (int j = 0; j < weight.length; j++) {
                y[t][j] = (x[t][j] - mean) / Math.sqrt(variance + 1e-5) * weight[j] + bias[j];
            }
        }
        return y;
    }

    private static double[][] gelu(double[][] x) {
        for (double[] row : x) {
            for (int j = 0; j < row.length; j++) {
                double v = row[j];
                row[j] = 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)));
            }
        }
        return x;
    }

    private static void add(double[][] x, double[][] y) {
        for (int t = 0; t < x.length; t++) {
            for (int j = 0; j < x[t].length; j++) {
                x[t][j] += y[t][j];
            }
        }
    }

    private float[] w(String name) {
        return tensors.get(name).values();
    }
}
