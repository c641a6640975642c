"use strict";
// Special functions in double precision; tests/browser/test_play.py compares each with scipy.
const play = {};

play.range = (n, f) => Array.from({ length: n }, (_, i) => f(i));
play.sum = values => values.reduce((total, one) => total + one, 0);

// The logarithm of the gamma function, x > 0: Stirling's series from 12 on, by recurrence below.
play.logGamma = x => {
  let shift = 0;
  for (; x < 12; x += 1) shift += Math.log(x);
  const t = 1 / (x * x);
  const series = (1 / 12 - t * (1 / 360 - t * (1 / 1260 - t * (1 / 1680 - t * (1 / 1188 - (t * 691) / 360360))))) / x;
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series - shift;
};

// The complement of the error function: a series of positive terms in the middle, else a continued fraction.
play.erfc = x => {
  if (x < 0) return 2 - play.erfc(-x);
  const front = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (x < 2) {
    let term = 2 * x, total = term;
    for (let k = 1; term > total * 1e-17; k += 1) total += term *= (2 * x * x) / (2 * k + 1);
    return 1 - front * total;
  }
  let below = x;
  for (let k = 120; k > 0; k -= 1) below = x + k / 2 / below;
  return front / below;
};
play.normal = {
  logDensity: (x, mean = 0, sd = 1) => -(((x - mean) / sd) ** 2) / 2 - Math.log(sd * Math.sqrt(2 * Math.PI)),
  density: (x, mean = 0, sd = 1) => Math.exp(play.normal.logDensity(x, mean, sd)),
  below: z => play.erfc(-z / Math.SQRT2) / 2,
};

// Where an increasing function of [low, high] has a value, by halving.
play.inverse = (rises, value, low, high) => {
  for (let i = 0; i < 80; i += 1) {
    const middle = (low + high) / 2;
    if (rises(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};
play.normal.quantile = p => play.inverse(play.normal.below, p, -40, 40);

const logBeta = (a, b) => play.logGamma(a) + play.logGamma(b) - play.logGamma(a + b);
play.beta = {
  density: (x, a, b) => Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta(a, b)),
  // The regularised incomplete beta function: its continued fraction, from the side where that is short.
  below: (x, a, b) => {
    if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
    if (x > (a + 1) / (a + b + 2)) return 1 - play.beta.below(1 - x, b, a);
    const tiny = 1e-300, away = value => (Math.abs(value) < tiny ? tiny : value);
    let above = 1, under = 1 / away(1 - ((a + b) * x) / (a + 1)), found = under;
    for (let m = 1, change = 0; m < 5000 && Math.abs(change - 1) > 1e-16; m += 1) {
      const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
      under = 1 / away(1 + even * under);
      above = away(1 + even / above);
      found *= under * above;
      const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
      under = 1 / away(1 + odd * under);
      above = away(1 + odd / above);
      change = under * above;
      found *= change;
    }
    return (Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a) * found;
  },
  quantile: (p, a, b) => play.inverse(x => play.beta.below(x, a, b), p, 0, 1),
};

play.logChoose = (n, k) => play.logGamma(n + 1) - play.logGamma(k + 1) - play.logGamma(n - k + 1);
play.binomial = (k, n, p) =>
  Math.exp(play.logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));

// The numbers of workflow/play/randoms.py.
play.uniforms = n => {
  let state = 2026;
  const next = () => (state = (state * 48271) % 2147483647) / 2147483647;
  for (let i = 0; i < 10; i += 1) next();
  return play.range(n, next);
};
