{
  const x = play.range(801, i => -10 + i / 40), units = play.range(2001, i => -10 + i / 100);
  const { density, logDensity } = play.normal;
  const closed = (a, s, b, t) => Math.log(t / s) + (s ** 2 + (a - b) ** 2) / (2 * t ** 2) - 0.5;
  const summed = (a, s, b, t) => {
    const terms = units.map(u => a + s * u).map(v => density(v, a, s) * (logDensity(v, a, s) - logDensity(v, b, t)));
    return (play.sum(terms) - (terms[0] + terms.at(-1)) / 2) * s * (units[1] - units[0]);
  };
  play.state = ({ mean, sd }) => {
    const ratio = x.map(v => logDensity(v) - logDensity(v, mean, sd));
    const p = x.map(v => density(v)), q = x.map(v => density(v, mean, sd));
    return {
      x, p, q,
      p_log: p.map((one, i) => one * ratio[i]),
      q_log: q.map((one, i) => -one * ratio[i]),
      forward: closed(0, 1, mean, sd),
      forward_grid: summed(0, 1, mean, sd),
      backward: closed(mean, sd, 0, 1),
      backward_grid: summed(mean, sd, 0, 1),
    };
  };
}
