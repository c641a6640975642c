"use strict";
(() => {
  // Which rows are shown: by how they ended, and by a text that they have. Of thousands the first
  // ones, in the order of the table: a browser takes seconds to lay out all of them.
  const MOST = 500;
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
  const more = Object.assign(document.createElement("button"), { type: "button", textContent: "show all" });
  const texts = new Map(rows.map(row => [row, row.textContent.toLowerCase()]));
  const body = rows[0].parentElement;
  let most = MOST;
  const show = () => {
    const test = kinds[choice.value], text = search.value.trim().toLowerCase();
    let n = 0;
    for (const row of body.rows) {
      const fits = test(row) && texts.get(row).includes(text);
      n += fits;
      row.hidden = !fits || n > most;
    }
    const some = n > most ? `${most.toLocaleString("en")} of ` : "";
    said.textContent = `${some}${n.toLocaleString("en")} shown`;
    more.hidden = n <= most;
  };
  more.addEventListener("click", () => {
    most = Infinity;
    show();
  });
  body.parentElement.tHead.addEventListener("click", show);  // after rows were sorted
  choice.addEventListener("change", show);
  search.addEventListener("input", show);
  box.append(labelled("Show", choice), " ", labelled("with the text", search), " ", said, " ", more);
  show();
})();
