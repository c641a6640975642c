{
  const z = play.range(801, i => -4 + i / 100);
  // The alternating sum of Irwin and Hall, from the nearer end, where few terms cancel.
  const alternating = (x, n, power) => {
    let total = 0, choose = 1, factorial = 1;
    for (let k = 2; k <= power; k += 1) factorial *= k;
    for (let k = 0; k <= x && k <= n; choose *= -(n - k) / (k + 1), k += 1) total += choose * (x - k) ** power;
    return total / factorial;
  };
  const outside = (x, n) => x <= 0 || x >= n;
  const density = (x, n) => (outside(x, n) ? 0 : alternating(Math.min(x, n - x), n, n - 1));
  const below = (x, n) => {
    if (outside(x, n)) return x <= 0 ? 0 : 1;
    return x > n / 2 ? 1 - alternating(n - x, n, n) : alternating(x, n, n);
  };
  play.state = ({ n, beyond }) => {
    const sd = Math.sqrt(n / 12), at = z.map(one => n / 2 + sd * one);
    const difference = z.map((one, i) => below(at[i], n) - play.normal.below(one));
    return {
      z, difference, beyond, below: -beyond,
      density: at.map(x => sd * density(x, n)),
      gaussian: z.map(one => play.normal.density(one)),
      largest: Math.max(...difference.map(Math.abs)),
      tail: 2 * below(n / 2 - sd * beyond, n),
      gaussian_tail: 2 * play.normal.below(-beyond),
      kurtosis: -6 / (5 * n),
      range: Math.sqrt(3 * n),
    };
  };
}
