const WIDEST_LEGEND = 4, LETTER = 6.2, SYMBOL = 26;
// On a phone, as the style sheet has it, rows are so low that several charts fit the screen.
const phone = matchMedia("(max-width: 40rem)"), LOW_ROW = 16;

// Light or dark: as the system has it until the button is pressed.
const themes = ["auto", "light", "dark"];
const button = document.getElementById("theme");
function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  button.textContent = `Colours: ${theme}`;
}
button.addEventListener("click", () => {
  const now = themes.indexOf(document.documentElement.dataset.theme);
  setTheme(themes[(now + 1) % themes.length]);
});
setTheme(themes[0]);
button.hidden = false;

// Pages: one is shown at a time, by the address, so that links and the browser's buttons lead to
// them. Those that aren't shown can still be searched, and keep their width, which charts take.
const pages = Array.from(document.querySelectorAll(".page"));
const tabs = pages.map((page) => document.getElementById(page.id.replace("page-", "tab-")));
function show(page) {
  document.documentElement.dataset.page = page.id.replace("page-", "");
  pages.forEach((other, i) => {
    const shown = other === page;
    if (shown) other.removeAttribute("hidden");
    else other.setAttribute("hidden", "until-found");
    tabs[i].setAttribute("aria-selected", shown);
    tabs[i].tabIndex = shown ? 0 : -1;
  });
}
function showTarget() {
  const target = document.getElementById(location.hash.slice(1)) ?? document.querySelector(":target");
  const page = target?.closest(".page") ?? pages[0];
  show(page);
  if (target?.matches("details")) target.open = true;
  // A page begins with the heading that all share, above it.
  if (target && target !== page) target.scrollIntoView();
  else scrollTo(0, 0);
}
function moveBetweenTabs(event) {
  const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -tabs.indexOf(event.target), End: -1 - tabs.indexOf(event.target) };
  if (!(event.key in steps)) return;
  event.preventDefault();
  const next = tabs.at((tabs.indexOf(event.target) + steps[event.key]) % tabs.length);
  // The way to a place on the page takes the focus away.
  addEventListener("hashchange", () => next.focus(), { once: true });
  next.click();
}
if (pages.length) {
  document.getElementById("tabs").setAttribute("role", "tablist");
  pages.forEach((page, i) => {
    page.setAttribute("role", "tabpanel");
    page.setAttribute("aria-labelledby", tabs[i].id);
    page.addEventListener("beforematch", () => show(page));
    tabs[i].setAttribute("role", "tab");
    tabs[i].setAttribute("aria-controls", page.id);
    tabs[i].addEventListener("keydown", moveBetweenTabs);
  });
  addEventListener("hashchange", showTarget);
  showTarget();
}

// Commands: a button copies each; where that isn't allowed it selects it.
for (const command of document.querySelectorAll("pre")) {
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "copy";
  copy.textContent = "Copy";
  copy.addEventListener("click", async () => {
    getSelection().selectAllChildren(command);
    await navigator.clipboard?.writeText(command.textContent).then(() => { copy.textContent = "Copied"; }, () => {});
  });
  const line = document.createElement("div");
  line.className = "command";
  command.replaceWith(line);
  line.append(command, copy);
}

// Tables: a click on a column's name sorts by it, the next one turns the order round. Where there
// is no number the row stays at the end.
const words = new Intl.Collator("en", { numeric: true });
function keyOf(row, column, numeric) {
  const cell = row.cells[column];
  if (!numeric) return cell.textContent;
  const text = cell.dataset.value ?? cell.textContent;
  return text.trim() === "" ? NaN : Number(text);
}
function compare(a, b, numeric, sign) {
  if (!numeric) return sign * words.compare(a, b);
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);
  return sign * (a - b);
}
function sortBy(header) {
  const body = header.closest("table").tBodies[0];
  const descending = header.getAttribute("aria-sort") === "ascending";
  const numeric = "numeric" in header.dataset;
  const rows = Array.from(body.rows, (row) => [keyOf(row, header.cellIndex, numeric), row]);
  rows.sort(([a], [b]) => compare(a, b, numeric, descending ? -1 : 1));
  body.append(...rows.map(([, row]) => row));
  for (const other of header.parentElement.cells) other.setAttribute("aria-sort", "none");
  header.setAttribute("aria-sort", descending ? "descending" : "ascending");
}
for (const table of document.querySelectorAll(".scroll table")) {
  if (table.tBodies[0].rows.length < 2) continue;
  for (const header of table.tHead.rows[0].cells) {
    const sort = document.createElement("button");
    sort.type = "button";
    sort.append(...header.childNodes);
    sort.addEventListener("click", () => sortBy(header));
    header.append(sort);
    header.setAttribute("aria-sort", "none");
  }
}

// Charts.
async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}
// As many names beside each other as there is room for; one alone that is still too long is cut.
function fitLegends(part, width) {
  for (const channel of Object.values(part.encoding ?? {})) {
    const names = channel?.scale?.domain;
    if (!channel?.legend || !Array.isArray(names)) continue;
    const longest = Math.max(...names.map((name) => String(name).length)) * LETTER + SYMBOL;
    const columns = Math.max(1, Math.min(WIDEST_LEGEND, Math.floor(width / longest)));
    Object.assign(channel.legend, { columns, labelLimit: width / columns - SYMBOL });
  }
  for (const layer of part.layer ?? []) fitLegends(layer, width);
}
const axis = {
  labelColor: "var(--quiet)", titleColor: "var(--quiet)", titleFontWeight: "normal",
  gridColor: "var(--line)", domainColor: "var(--line)", tickColor: "var(--line)",
};
async function draw(element) {
  const specification = await unpack(element.dataset.chart);
  const width = element.clientWidth;
  fitLegends(specification, width - 70);
  const rows = specification.usermeta?.rows;
  if (rows && phone.matches) specification.height = Math.min(specification.height, rows * LOW_ROW);
  const config = {
    background: "transparent",
    font: getComputedStyle(document.documentElement).getPropertyValue("--font"),
    view: { stroke: "var(--line)" },
    title: { color: "var(--ink)", anchor: "start", limit: width - 70 },
    axis: { ...axis, titleLimit: specification.height },
    text: { color: "var(--ink)" },
    rule: { color: "var(--ink)" },
    axisX: { titleLimit: width - 70 },
    legend: { labelColor: "var(--ink)", titleColor: "var(--quiet)", titleLimit: width - 70, orient: "bottom" },
  };
  // Expressions are interpreted rather than compiled, which the page's policy would not allow.
  await vegaEmbed(element, specification, { actions: false, renderer: "svg", ast: true, config });
  // A layer without marks has no name, and is no picture.
  for (const layer of element.querySelectorAll("[role=graphics-symbol]:not([aria-label])")) layer.removeAttribute("role");
}
// Those that have no room are drawn once they get it, where a browser lays out only what is shown.
async function drawAll() {
  for (const element of document.querySelectorAll("[data-chart]:not([data-done])")) {
    if (!element.clientWidth) continue;
    element.dataset.done = "";
    await draw(element).catch((error) => {
      element.textContent = "This browser cannot draw the chart.";
      console.error(error);
    });
  }
  document.documentElement.dataset.drawn = "";
}
addEventListener("hashchange", drawAll);
addEventListener("toggle", drawAll, true);
drawAll();
