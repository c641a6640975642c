{
  const SHARE = 0.7, MOST = 1000;
  const share = play.range(400, i => (i + 0.5) / 400);
  const seen = [...play.range(50, i => i + 1), ...play.range(95, i => 60 + 10 * i)];
  let count = 0;
  const heads = play.uniforms(MOST).map(u => (count += u < SHARE ? 1 : 0));
  play.state = ({ n, prior: a }) => {
    const estimates = {
      mle: n => heads[n - 1] / n,
      map: n => (heads[n - 1] + a - 1) / (n + 2 * a - 2),
      mean: n => (heads[n - 1] + a) / (n + 2 * a),
    };
    const h = heads[n - 1], found = { share, seen, n, heads: h, truth: SHARE };
    for (const [name, f] of Object.entries(estimates)) {
      found[name] = f(n);
      found[`${name}_along`] = seen.map(f);
    }
    found.density = share.map(x => play.beta.density(x, h + a, n - h + a));
    found.sd = Math.sqrt((found.mean * (1 - found.mean)) / (n + 2 * a + 1));
    return found;
  };
}
