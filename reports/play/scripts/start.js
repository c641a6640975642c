// Sliders to numbers and drawings; `play.state` is what the page's own script computes.
{
  const declared = JSON.parse(document.querySelector(".declared").content.textContent);
  const inputs = declared.knobs.map(({ key }) => document.getElementById(`knob-${key}`));
  const told = ({ key, decimals, unit, scale }, state) => {
    const text = (state[key] * scale).toFixed(decimals);
    return (/^-[0.]*$/.test(text) ? text.slice(1) : text.replace("-", "−")) + unit;
  };
  const show = () => {
    const at = declared.knobs.map(({ key, values }, i) => [key, values[inputs[i].value]]);
    const state = play.state(Object.fromEntries(at));
    declared.knobs.forEach(({ key, texts }, i) => {
      document.querySelector(`output[for=knob-${key}]`).textContent = texts[inputs[i].value];
      inputs[i].setAttribute("aria-valuetext", texts[inputs[i].value]);
    });
    for (const readout of declared.readouts) {
      const place = document.getElementById(`number-${readout.key}`), text = told(readout, state);
      if (place.textContent !== text) place.textContent = text; // else it would be read out again
    }
    document.querySelectorAll(".panel .drawing svg").forEach((svg, i) => play.draw(svg, declared.panels[i], state));
  };
  for (const input of inputs) input.addEventListener("input", show);
  document.querySelector(".sliders").hidden = false;
  document.querySelector(".still").hidden = true;
  show();
}
