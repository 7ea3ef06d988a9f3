"""Tests textloom_ml.py against the built jar and a real PySpark; needs Java 17 and no network.

    mvn -DskipTests package
    "$(scripts/python-env)" scripts/python/test_textloom_ml.py
"""

import subprocess
import tempfile
import unittest
from pathlib import Path

from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import LogisticRegression
from pyspark.sql import SparkSession

from textloom_ml import BertEmbedder, GptGenerator, TextClassifier

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "lib" / "core" / "src" / "test" / "resources" / "golden" / "classify"
CORPUS = ROOT / "scripts" / "sample" / "corpus.jsonl"

BLAME = [
    "a cold and dreadful film",
    "I hated every minute of it",
    "boring, stupid and dull",
    "the worst meal we ever had",
    "awful service and rude people",
]
STORIES = ["king", "fox", "miller's son", "princess", "wolf", "poor woodcutter"]
PRAISE = [
    "a warm and wonderful film",
    "I loved every minute of it",
    "brilliant, funny and moving",
    "the best meal we ever had",
    "great service and lovely people",
]


def built_jar() -> Path:
    jars = sorted((ROOT / "jobs" / "target").glob("textloom-[0-9]*.jar"))
    if not jars:
        raise SystemExit("test_textloom_ml: jobs/target has no textloom jar; run mvn -DskipTests package")
    return jars[-1]


class TextloomMlTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory()
        cls.spark = (
            SparkSession.builder.master("local[2]")
            .appName("textloom_ml")
            .config("spark.jars", str(built_jar()))
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.driver.memory", "2g")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate()
        )
        cls.spark.sparkContext.setLogLevel("ERROR")

    @classmethod
    def tearDownClass(cls) -> None:
        cls.spark.stop()
        cls.folder.cleanup()

    def path(self, name: str) -> str:
        return str(Path(self.folder.name) / f"{self._testMethodName}-{name}")

    def reviews(self):
        rows = [(text, 0.0) for text in BLAME] + [(text, 1.0) for text in PRAISE]
        return self.spark.createDataFrame(rows, "text string, label double")

    def test_vectors_equal_those_of_the_embed_job(self) -> None:
        out = self.path("job")
        command = [ROOT / "scripts" / "textloom", "embed", "--input", CORPUS, "--output", out]
        command += ["--id-column", "id", "--combine", "weighted-mean", "--max-error-ratio", "0.1"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        of_job = {row.id: row.embedding for row in self.spark.read.parquet(out).collect()}
        corpus = self.spark.read.json(str(CORPUS)).repartition(3)
        embedded = BertEmbedder(tokensCol="n_tokens", errorCol="error").transform(corpus)
        self.assertEqual(embedded.columns, [*corpus.columns, "embedding", "n_tokens", "error"])
        self.assertEqual(embedded.count(), corpus.count())
        rows = [row for row in embedded.collect() if row.error is None and row.id is not None]
        self.assertEqual({row.id for row in rows}, of_job.keys())
        worst = max(abs(a - b) for row in rows for a, b in zip(row.embedding, of_job[row.id], strict=True))
        self.assertLessEqual(worst, 1e-6)

    def test_a_pipeline_is_fitted_saved_loaded_and_used(self) -> None:
        reviews = self.reviews()
        embedder = BertEmbedder(outputCol="features", outputType="vector")
        pipeline = Pipeline(stages=[embedder, LogisticRegression(regParam=0.01)])
        pipeline.save(self.path("pipeline"))
        loaded = Pipeline.load(self.path("pipeline"))
        self.assertIsInstance(loaded.getStages()[0], BertEmbedder)
        model = loaded.fit(reviews)
        model.save(self.path("model"))
        again = PipelineModel.load(self.path("model"))
        self.assertIsInstance(again.stages[0], BertEmbedder)
        self.assertEqual(again.stages[0].uid, embedder.uid)
        expected = model.transform(reviews).select("text", "label", "probability", "prediction").collect()
        got = again.transform(reviews).select("text", "label", "probability", "prediction").collect()
        self.assertEqual(got, expected)
        self.assertTrue(all(row.label == row.prediction for row in got))
        unseen = self.spark.createDataFrame([("an awful evening",), ("a wonderful evening",)], "text string")
        self.assertEqual([row.prediction for row in again.transform(unseen).collect()], [0.0, 1.0])

    def test_every_param_survives_saving(self) -> None:
        embedder = BertEmbedder(
            inputCol="body",
            outputCol="vector",
            model="bge-small-zh-v1.5",
            modelSha256="0" * 64,
            pooling="cls",
            layers=[-2, -1],
            normalize=False,
            maxTokens=99,
            stride=7,
            longDocuments="truncate",
            combine="mean",
            dimensions=64,
            prompt="query: ",
            precision="int8",
            vectorType="int8",
            outputType="array",
            scaleCol="scale",
            batchTokens=256,
            device="cpu",
            providerLibrary="/opt/provider.so",
            tokensCol="n",
            truncatedCol="cut",
            errorCol="why",
        )
        embedder.save(self.path("embedder"))
        loaded = BertEmbedder.load(self.path("embedder"))
        for param in embedder.params:
            self.assertEqual(loaded.getOrDefault(param.name), embedder.getOrDefault(param), param.name)
        self.assertEqual(len(embedder.params), 23)
        self.assertEqual(loaded.getOrDefault("normalize"), "false")
        self.assertEqual(embedder.copy({embedder.stride: 9}).getOrDefault("stride"), 9)

    def test_params_and_defaults_are_those_of_the_jvm(self) -> None:
        for stage in (BertEmbedder(), TextClassifier(), GptGenerator()):
            java = stage._java_obj
            self.assertEqual({p.name() for p in java.params()}, {p.name for p in stage.params})
            for param in stage.params:
                of_java = java.getParam(param.name)
                self.assertEqual(java.hasDefault(of_java), stage.hasDefault(param), param.name)
                if stage.hasDefault(param):
                    value = java.getOrDefault(of_java)
                    of_python = stage.getOrDefault(param)
                    value = list(value) if isinstance(of_python, list) else value
                    self.assertEqual(value, of_python, param.name)

    def test_texts_are_classified_as_by_transformers(self) -> None:
        folder = GOLDEN / "sequence"
        golden = self.spark.read.json(str(folder / "expected.jsonl")).filter("length(trim(text)) > 0")
        classifier = TextClassifier(model=str(folder), outputPrefix="our_", longDocuments="truncate")
        Pipeline(stages=[classifier]).fit(golden).save(self.path("model"))
        loaded = PipelineModel.load(self.path("model"))
        self.assertIsInstance(loaded.stages[0], TextClassifier)
        rows = loaded.transform(golden).collect()
        self.assertGreater(len(rows), 20)
        for row in rows:
            self.assertEqual(row.our_label, row.scores[0][0])
            for label, score in row.scores:
                self.assertAlmostEqual(row.our_scores[label], float(score), delta=1e-4)

    def test_questions_are_answered(self) -> None:
        folder = GOLDEN / "qa"
        golden = self.spark.read.json(str(folder / "expected.jsonl")).filter("length(trim(context)) > 0")
        classifier = TextClassifier(model=str(folder), inputCol="context", questionCol="question", outputPrefix="our_")
        rows = classifier.transform(golden).collect()
        self.assertEqual([row.our_spans[0].text for row in rows], [row.pipeline.answer for row in rows])

    def test_completions_equal_those_of_the_generate_job(self) -> None:
        prompts = [(f"row-{i}", f"Once upon a time there was a {who}") for i, who in enumerate(STORIES)]
        frame = self.spark.createDataFrame(prompts, "id string, text string").repartition(3)
        frame.write.parquet(self.path("in"))
        out = self.path("job")
        command = [ROOT / "scripts" / "textloom", "generate", "--input", self.path("in"), "--output", out]
        command += ["--id-column", "id", "--max-new-tokens", "16", "--temperature", "1", "--seed", "3", "--samples", "2"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        job = {(row.id, row.sample_index): (row.completion, row.logprob) for row in self.spark.read.parquet(out).collect()}
        generator = GptGenerator(
            idCol="id", maxNewTokens=16, temperature=1.0, seed=3, samples=2, logprobCol="logprob", errorCol="error"
        )
        generated = generator.transform(frame)
        self.assertEqual(generated.columns, ["id", "text", "completion", "logprob", "error"])
        rows = generated.selectExpr("id", "posexplode(arrays_zip(completion, logprob)) as (sample, said)").collect()
        self.assertEqual({(row.id, row.sample): (row.said.completion, row.said.logprob) for row in rows}, job)
        self.assertEqual(len(rows), 2 * len(STORIES))

    def test_a_generator_makes_prompts_of_columns_and_is_saved_and_loaded(self) -> None:
        rows = self.spark.createDataFrame([(1, "a king"), (2, None), (3, "")], "n int, who string").coalesce(1)
        generator = GptGenerator(
            template="Once there was {{ who | default('nobody') }} with {{ n }} coins. Was he rich?",
            promptCol="prompt",
            finishReasonCol="finish",
            errorCol="error",
            choices=["yes", "no"],
            stop=["\n"],
            chat=False,
            precision="int8",
            slots=4,
        )
        Pipeline(stages=[generator]).fit(rows).save(self.path("model"))
        loaded = PipelineModel.load(self.path("model"))
        self.assertIsInstance(loaded.stages[0], GptGenerator)
        for param in generator.params:
            if generator.isDefined(param):
                self.assertEqual(loaded.stages[0].getOrDefault(param.name), generator.getOrDefault(param), param.name)
        got = loaded.transform(rows).collect()
        self.assertEqual(got, generator.transform(rows).collect())
        self.assertEqual(got[0].prompt, "Once there was a king with 1 coins. Was he rich?")
        self.assertTrue(got[1].error.startswith("TEMPLATE_FAILED"))
        self.assertTrue(all(row.completion in ("yes", "no") for row in (got[0], got[2])))

    def test_bad_rows_are_kept_with_their_reasons(self) -> None:
        texts = self.spark.createDataFrame([(1, "a"), (2, None), (3, " ")], "id int, text string").coalesce(1)
        rows = BertEmbedder(errorCol="error", dimensions=16).transform(texts).collect()
        self.assertEqual([row.id for row in rows], [1, 2, 3])
        self.assertEqual([row.embedding is None for row in rows], [False, True, True])
        self.assertEqual(len(rows[0].embedding), 16)
        self.assertTrue(rows[1].error.startswith("MISSING_TEXT"))
        self.assertTrue(rows[2].error.startswith("EMPTY_TEXT"))

    def test_wrong_settings_are_refused(self) -> None:
        with self.assertRaisesRegex(Exception, "pooling is meen; expected one of model, mean"):
            BertEmbedder(pooling="meen").transform(self.reviews())
        with self.assertRaisesRegex(Exception, "no column body among text, label"):
            BertEmbedder().setParams(inputCol="body").transform(self.reviews())
        with self.assertRaisesRegex(Exception, "maxNewTokens is 1000000 but the model storyteller has a context"):
            GptGenerator(maxNewTokens=1_000_000).transform(self.reviews())


if __name__ == "__main__":
    unittest.main(verbosity=2)
