{
  const MEANS = { low: 0.2, middle: 0.5, high: 0.8 }, SHARE = 0.6, NEAR = 0.01;
  const APART = MEANS.high - MEANS.low;
  const share = play.range(400, i => (i + 0.5) / 400), seen = play.range(201, i => 5 * i);
  play.state = ({ n, strength }) => {
    const weight = strength / (strength + n), found = { share, seen, n, weight, apart: APART * weight };
    for (const [name, mean] of Object.entries(MEANS)) {
      const a = mean * strength + SHARE * n, b = (1 - mean) * strength + (1 - SHARE) * n;
      found[name] = a / (a + b);
      found[`${name}_density`] = share.map(x => play.beta.density(x, a, b));
    }
    found.apart_along = seen.map(n => (APART * strength) / (strength + n));
    found.enough = strength * (APART / NEAR - 1);
    return found;
  };
}
