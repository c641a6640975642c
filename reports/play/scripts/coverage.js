{
  const TAIL = 0.025, EXPERIMENTS = 1000, DRAWN = 40;
  const shares = play.range(199, i => (i + 1) / 200), uniform = play.uniforms(EXPERIMENTS);
  const z = play.normal.quantile(1 - TAIL);
  const methods = {
    wald: (k, n) => {
      const p = k / n, half = z * Math.sqrt((p * (1 - p)) / n);
      return [p - half, p + half];
    },
    exact: (k, n) => [
      k > 0 ? play.beta.quantile(TAIL, k, n - k + 1) : 0,
      k < n ? play.beta.quantile(1 - TAIL, k + 1, n - k) : 1,
    ],
    credible: (k, n) => [TAIL, 1 - TAIL].map(p => play.beta.quantile(p, k + 1, n - k + 1)),
  };
  const holds = ([low, high], share) => low <= share && share <= high;
  const probabilities = (n, share) => play.range(n + 1, k => play.binomial(k, n, share));
  const covered = (intervals, share, p) => play.sum(p.filter((_, k) => holds(intervals[k], share)));

  // What does not depend on the share is computed once for each n.
  const known = new Map();
  const of = n => {
    if (known.has(n)) return known.get(n);
    const intervals = {}, along = {}, p = shares.map(share => probabilities(n, share));
    for (const [name, interval] of Object.entries(methods)) {
      intervals[name] = play.range(n + 1, k => interval(k, n));
      along[name] = shares.map((share, i) => covered(intervals[name], share, p[i]));
    }
    known.set(n, { intervals, along });
    return known.get(n);
  };
  play.state = ({ share, n }) => {
    const { intervals, along } = of(n), p = probabilities(n, share);
    let total = 0;
    const below = p.map(one => (total += one));
    const drawn = uniform.map(u => Math.min(n, below.filter(one => one < u).length));
    const found = { shares, share, level: 1 - 2 * TAIL };
    for (const name of Object.keys(methods)) {
      found[name] = covered(intervals[name], share, p);
      found[`${name}_simulated`] = drawn.filter(k => holds(intervals[name][k], share)).length / EXPERIMENTS;
      found[`${name}_along`] = along[name];
    }
    const first = drawn.slice(0, DRAWN).map((k, i) => [...intervals.credible[k], i + 1]);
    for (const [name, hit] of [["hit", true], ["miss", false]]) {
      const which = first.filter(one => holds(one, share) === hit);
      ["low", "high", "rank"].forEach((end, i) => (found[`${name}_${end}`] = which.map(one => one[i])));
    }
    return found;
  };
}
