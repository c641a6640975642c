{
  const [SX, SY] = [1, 0.6], POINTS = 300, degrees = play.range(181, i => i);
  const u = play.uniforms(2 * POINTS);
  const standard = play.range(POINTS, i => {
    const radius = Math.sqrt(-2 * Math.log(u[i])), angle = 2 * Math.PI * u[POINTS + i];
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  play.state = ({ correlation, inside }) => {
    const both = correlation * SX * SY, middle = (SX ** 2 + SY ** 2) / 2;
    const half = Math.hypot((SX ** 2 - SY ** 2) / 2, both), large = middle + half, small = middle - half;
    const q = -2 * Math.log1p(-inside / 100), long = Math.sqrt(q * large), short = Math.sqrt(q * small);
    const angle = Math.atan2(2 * both, SX ** 2 - SY ** 2) / 2, cos = Math.cos(angle), sin = Math.sin(angle);
    const turn = degrees.map(i => (2 * Math.PI * i) / 180), rest = Math.sqrt(1 - correlation ** 2);
    const looks = degrees.map(i => (Math.PI * i) / 180);
    const variance = a => (SX * Math.cos(a)) ** 2 + 2 * both * Math.cos(a) * Math.sin(a) + (SY * Math.sin(a)) ** 2;
    return {
      edge_x: turn.map(t => cos * long * Math.cos(t) - sin * short * Math.sin(t)),
      edge_y: turn.map(t => sin * long * Math.cos(t) + cos * short * Math.sin(t)),
      long_x: [-long * cos, long * cos],
      long_y: [-long * sin, long * sin],
      short_x: [short * sin, -short * sin],
      short_y: [-short * cos, short * cos],
      points_x: standard.map(([a]) => SX * a),
      points_y: standard.map(([a, b]) => SY * (correlation * a + rest * b)),
      degrees, large, small, long, short,
      sds: looks.map(a => Math.sqrt(variance(a))),
      longest: ((angle * 180) / Math.PI + 180) % 180,
      angle: (angle * 180) / Math.PI,
      area: Math.PI * long * short,
      held: standard.filter(([a, b]) => a ** 2 + b ** 2 <= q).length / POINTS,
      sum_sd: Math.sqrt(SX ** 2 + SY ** 2 + 2 * both),
      difference_sd: Math.sqrt(SX ** 2 + SY ** 2 - 2 * both),
    };
  };
}
