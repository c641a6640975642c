"use strict";
(() => {
  // Which rows are shown: by how they ended, and by a text that they have.
  const rows = [...document.querySelectorAll("#sets tbody tr")];
  const box = document.getElementById("filter");
  if (!box || rows.length < 2) return;
  const kinds = {
    "all": () => true,
    "answered": row => row.dataset.kind === "answered",
    "answered, without warnings": row => row.dataset.kind === "answered" && row.dataset.warnings === "0",
    "with warnings": row => row.dataset.warnings !== "0",
    "withheld": row => row.dataset.kind === "withheld",
    "without a result": row => row.dataset.kind === "without a result",
  };
  const labelled = (text, control) => {
    const label = document.createElement("label");
    label.append(`${text} `, control);
    return label;
  };
  const choice = document.createElement("select");
  for (const [name, test] of Object.entries(kinds)) {
    const n = rows.filter(test).length;
    choice.append(new Option(`${name} (${n.toLocaleString("en")})`, name));
  }
  const search = Object.assign(document.createElement("input"), { type: "search" });
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const texts = rows.map(row => row.textContent.toLowerCase());
  const show = () => {
    const test = kinds[choice.value], text = search.value.trim().toLowerCase();
    let n = 0;
    rows.forEach((row, i) => {
      row.hidden = !(test(row) && texts[i].includes(text));
      n += !row.hidden;
    });
    said.textContent = `${n.toLocaleString("en")} shown`;
  };
  choice.addEventListener("change", show);
  search.addEventListener("input", show);
  box.append(labelled("Show", choice), " ", labelled("with the text", search), " ", said);
  show();
})();
