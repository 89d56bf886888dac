// ConvNetJS on problems of tests.frameworks: one sample at a time, gradients accumulate.
const readline = require("readline");
const convnetjs = require("convnetjs");
const { version } = require("convnetjs/package.json");

// Arrays are [y][x][d], as Vol.get(x, y, d) reads them.
function vol(image) {
  const made = new convnetjs.Vol(image[0].length, image.length, image[0][0].length, 0);
  image.forEach((row, y) => row.forEach((cell, x) => cell.forEach((value, d) => made.set(x, y, d, value))));
  return made;
}

function nested(v, get) {
  return Array.from({ length: v.sy }, (_, y) =>
    Array.from({ length: v.sx }, (_, x) => Array.from({ length: v.depth }, (_, d) => v[get](x, y, d))));
}

function errors(problem, v, from) {
  const cells = Array.from({ length: v.w.length }, (_, k) => problem.errors[(from + k) % problem.errors.length]);
  let k = 0;
  for (let y = 0; y < v.sy; y++)
    for (let x = 0; x < v.sx; x++) for (let d = 0; d < v.depth; d++) v.set_grad(x, y, d, cells[k++]);
}

function pad(problem) {
  return problem.padding === undefined ? {} : { pad: problem.padding[0][0] };
}

function back(problem, layer) {
  const found = { out: [], dZ: [], dA_prev: [] };
  let from = 0;
  for (const image of problem.A_prev) {
    const input = vol(image);
    const output = layer.forward(input, true);
    errors(problem, output, from);
    from += output.w.length;
    layer.backward();
    found.out.push(nested(output, "get"));
    found.dZ.push(nested(output, "get_grad"));
    found.dA_prev.push(nested(input, "get_grad"));
  }
  return found;
}

const shape = (problem) => ({
  in_sx: problem.A_prev[0][0].length,
  in_sy: problem.A_prev[0].length,
  in_depth: problem.A_prev[0][0][0].length,
});

const KINDS = {
  conv(problem) {
    const kernel = problem.W[0];
    const layer = new convnetjs.ConvLayer({
      ...shape(problem),
      sx: kernel[0].length,
      sy: kernel.length,
      filters: problem.W.length,
      ...(problem.stride === undefined ? {} : { stride: problem.stride }),
      ...pad(problem),
    });
    problem.W.forEach((filter, o) => (layer.filters[o] = vol(filter)));
    problem.b.forEach((bias, o) => (layer.biases.w[o] = bias));
    const { out, ...found } = back(problem, layer);
    return {
      Z: out,
      ...found,
      dW: layer.filters.map((filter) => nested(filter, "get_grad")),
      db: Array.from(layer.biases.dw),
    };
  },
  "max-pool"(problem) {
    const [height, width] = problem.window;
    const layer = new convnetjs.PoolLayer({
      ...shape(problem),
      sx: width,
      sy: height,
      ...(problem.stride === undefined ? {} : { stride: problem.stride }),
      ...pad(problem),
    });
    const { out, ...found } = back(problem, layer);
    return { A: out, ...found };
  },
};

console.log(JSON.stringify({ node: process.version, convnetjs: version }));
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const problem = JSON.parse(line);
  let answer;
  try {
    answer = KINDS[problem.kind](problem);
  } catch (error) {
    answer = { refused: String(error).slice(0, 300) };
  }
  console.log(JSON.stringify(answer));
});
