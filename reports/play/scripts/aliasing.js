{
  const SECONDS = 2, time = play.range(601, i => (SECONDS * i) / 600);
  const frequencies = play.range(241, i => i / 20);
  const wave = (f, times) => times.map(t => Math.cos(2 * Math.PI * f * t));
  const seen = (f, rate) => Math.abs(f - rate * Math.round(f / rate));
  play.state = ({ frequency, rate }) => {
    const apparent = seen(frequency, rate), sampled = play.range(SECONDS * rate + 1, i => i / rate);
    const samples = wave(frequency, sampled);
    return {
      time, frequencies, sampled, samples, frequency, apparent, half: rate / 2,
      wave: wave(frequency, time),
      alias: wave(apparent, time),
      apparent_along: frequencies.map(f => seen(f, rate)),
      difference: Math.max(...wave(apparent, sampled).map((value, i) => Math.abs(value - samples[i]))),
    };
  };
}
