{
  const x = play.range(601, i => -6 + i / 50), shapes = play.range(191, i => 10 ** (-0.2 + i / 100));
  const scale = (p, sd) => sd * Math.exp((play.logGamma(1 / p) - play.logGamma(3 / p)) / 2);
  const logTotal = (p, a) => Math.log((2 * a) / p) + play.logGamma(1 / p);
  const entropy = (p, sd) => 1 / p + logTotal(p, scale(p, sd));
  play.state = ({ shape, sd }) => {
    const a = scale(shape, sd), own = entropy(shape, sd);
    const gaussian = Math.log(2 * Math.PI * Math.E * sd ** 2) / 2;
    return {
      x, shapes, shape, gaussian,
      density: x.map(one => Math.exp(-(Math.abs(one / a) ** shape) - logTotal(shape, a))),
      gaussian_density: x.map(one => play.normal.density(one, 0, sd)),
      along: shapes.map(p => entropy(p, sd) - gaussian),
      entropy: own,
      difference: own - gaussian,
      laplace: 1 + Math.log(sd * Math.SQRT2),
      logistic: 2 + Math.log((sd * Math.sqrt(3)) / Math.PI),
      uniform: Math.log(sd * Math.sqrt(12)),
    };
  };
}
