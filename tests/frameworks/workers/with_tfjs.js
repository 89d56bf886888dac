// TensorFlow.js on problems of tests.frameworks, on its plain backend "cpu".
const readline = require("readline");
const say = console.log;
console.log = console.warn = console.info = console.error;
const tf = require("@tensorflow/tfjs");

const pair = (value) => (Array.isArray(value) ? value : [value, value]);
const size = (shape) => shape.reduce((a, b) => a * b, 1);

function errors(problem, shape) {
  const cells = Array.from({ length: size(shape) }, (_, k) => problem.errors[k % problem.errors.length]);
  return tf.tensor(cells, shape);
}

function padding(problem) {
  const given = problem.padding;
  if (typeof given === "string") return given;
  return [[0, 0], ...given, [0, 0]];
}

function run(problem, names, made) {
  const inputs = names.map((name) => tf.tensor(problem[name]));
  const output = made(...inputs);
  const dZ = errors(problem, output.shape);
  const gradients = tf.grads(made)(inputs, dZ);
  const found = { dZ: dZ.arraySync() };
  names.forEach((name, k) => (found["d" + name] = gradients[k].arraySync()));
  return [found, output.arraySync()];
}

const rounding = (problem) => (problem.ceil_mode ? "ceil" : "floor");
const placed = (problem) => [
  pair(problem.window),
  pair(problem.stride),
  padding(problem),
  typeof problem.padding === "string" ? undefined : rounding(problem),
];

const LOSSES = {
  "mean-squared-error": (y, out) => tf.losses.meanSquaredError(y, out),
  "softmax-cross-entropy": (y, out) => tf.losses.softmaxCrossEntropy(tf.oneHot(y.toInt(), out.shape[1]), out),
  "binary-cross-entropy": (y, out) => tf.losses.sigmoidCrossEntropy(y, out),
};
const ACTIVATIONS = {
  identity: (z) => z.clone(),
  relu: (z) => tf.relu(z),
  "leaky-relu": (z) => tf.leakyRelu(z),
};

const KINDS = {
  conv(problem) {
    const [found, Z] = run(problem, ["A_prev", "W", "b"], (x, W, b) =>
      tf.conv2d(x, W, pair(problem.stride), padding(problem), "NHWC", pair(problem.dilation || 1),
        typeof problem.padding === "string" ? undefined : "floor").add(b));
    return { Z, ...found };
  },
  "max-pool"(problem) {
    const [found, A] = run(problem, ["A_prev"], (x) => tf.maxPool(x, ...placed(problem)));
    return { A, ...found };
  },
  "average-pool"(problem) {
    const [found, A] = run(problem, ["A_prev"], (x) => tf.avgPool(x, ...placed(problem)));
    return { A, ...found };
  },
  dense(problem) {
    const [found, Z] = run(problem, ["A_prev", "W", "b"], (x, W, b) => x.matMul(W).add(b));
    return { Z, ...found };
  },
  network(problem) {
    const inputs = ["A_prev", "W", "b"].map((name) => tf.tensor(problem[name]));
    const y = tf.tensor(problem.Y);
    const made = (x, W, b) => LOSSES[problem.loss](y, ACTIVATIONS[problem.activation](x.matMul(W).add(b)));
    const [dx, dW, db] = tf.grads(made)(inputs);
    return {
      loss: made(...inputs).arraySync(),
      dA_prev: dx.arraySync(),
      dW: dW.arraySync(),
      db: db.arraySync(),
    };
  },
};

(async () => {
  await tf.setBackend("cpu");
  say(JSON.stringify({ node: process.version, tfjs: tf.version.tfjs }));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const problem = JSON.parse(line);
    let answer;
    try {
      answer = tf.tidy(() => KINDS[problem.kind](problem));
    } catch (error) {
      answer = { refused: String(error).slice(0, 300) };
    }
    say(JSON.stringify(answer));
  }
})();
