// What a reader would see wrong on a page as it is laid out now. Every function returns sentences;
// .ci/browser.py calls them by name.

const room = () => document.documentElement.clientWidth;
const about = (element) =>
  `<${element.tagName.toLowerCase()}> "${element.textContent.trim().slice(0, 40)}"`;
const block = (element) =>
  getComputedStyle(element).display.startsWith("inline") ? block(element.parentElement) : element;

// Every line of text as the block it belongs to and the part of the line that its letters fill.
function* lines() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || parent.closest(".skip")) continue;
    range.selectNodeContents(walker.currentNode);
    for (const { left, right, top, bottom } of range.getClientRects()) {
      const spare = (bottom - top) * 0.2;
      if (right > left) yield { left, right, top: top + spare, bottom: bottom - spare, in: block(parent) };
    }
  }
}

function sideways() {
  const { scrollWidth } = document.scrollingElement;
  return scrollWidth > room() ? [`the page is ${scrollWidth} wide in ${room()}`] : [];
}

function outside() {
  const scrollable = ".scroll, pre";
  const boxes = [...document.querySelectorAll(scrollable)].map((element) => {
    const { left, right } = element.getBoundingClientRect();
    return { left, right, in: element };
  });
  const loose = [...lines()].filter((line) => !line.in.closest(scrollable));
  return [...boxes, ...loose]
    .filter(({ left, right }) => left < -1 || right > room() + 1)
    .map((box) => `beyond the edge: ${about(box.in)}`);
}

function clipped() {
  return [...document.body.querySelectorAll("*")]
    .filter((element) => /hidden|clip/.test(getComputedStyle(element).overflow))
    .filter((e) => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)
    .map((element) => `cut off: ${about(element)}`);
}

function spilt() {
  return [...lines()].flatMap((line) => {
    const cell = line.in.closest("td, th, dd, dt");
    const edge = cell && cell.getBoundingClientRect();
    return edge && (line.right > edge.right + 1 || line.bottom > edge.bottom + 1)
      ? [`out of its cell: ${about(cell)}`]
      : [];
  });
}

function overlapping() {
  const found = [];
  const open = [];
  for (const line of [...lines()].sort((one, other) => one.top - other.top)) {
    for (let n = open.length - 1; n >= 0; n--) {
      const above = open[n];
      if (above.bottom <= line.top) open.splice(n, 1);
      else if (above.in !== line.in && above.left < line.right - 1 && line.left < above.right - 1)
        found.push(`over each other: ${about(above.in)}, ${about(line.in)}`);
    }
    open.push(line);
  }
  return found;
}

function layout() {
  return [sideways, outside, clipped, spilt, overlapping].flatMap((check) => check());
}

// A sheet made by a script is what the page's policy lets a reader's tool do.
function style(rules) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets.push(sheet);
}

// WCAG 1.4.12
function space() {
  style(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
}

function stops() {
  scrollTo(0, 0);
  return document.querySelectorAll("a[href], [tabindex='0']").length;
}

// Whether whoever uses the keyboard sees where they are, after a press of Tab.
function focus() {
  const element = document.activeElement;
  if (element === document.body) return ["nothing has the focus"];
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const seen = right > 0 && left < room() && bottom > 0 && top < innerHeight;
  const ringed = outlineStyle === "solid" && parseFloat(outlineWidth) >= 2;
  return [
    ...(ringed ? [] : [`no ring around the focus: ${about(element)}`]),
    ...(seen ? [] : [`the focus is out of sight: ${about(element)}`]),
  ];
}

// What the policy has to refuse: a script, a style, and anything from elsewhere.
async function intrude() {
  const refused = [];
  addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
  const script = document.createElement("script");
  script.textContent = "window.intruded = true";
  const image = document.createElement("img");
  image.src = "https://example.org/";
  document.body.append(script, image);
  document.body.setAttribute("style", "color: red");
  await new Promise((resolve) => setTimeout(resolve, 100));
  return ["script-src-elem", "style-src-attr", "img-src"]
    .filter((directive) => window.intruded || !refused.includes(directive))
    .map((directive) => `the policy does not refuse: ${directive}`);
}

// https://github.com/dequelabs/axe-core/blob/develop/doc/API.md
async function axes(tags) {
  const resultTypes = ["violations", "incomplete"];
  const options = (runOnly, enabled) =>
    ({ runOnly, rules: { "color-contrast": { enabled } }, resultTypes });
  const found = [await axe.run(options({ type: "tag", values: tags }, false))];
  // Of cells that are scrolled out of sight axe can't tell the contrast; colours are the same at
  // any width.
  if (room() > 1000) {
    style("body { max-width: none } .scroll { overflow: visible } caption { position: static }");
    found.push(await axe.run(options(["color-contrast"], true)));
  }
  const told = (kind) =>
    found.flatMap((results) => results[kind]).flatMap(({ id, help, nodes }) =>
      nodes.map(({ target }) => `${id}: ${help}: ${target.join(" ")}`),
    );
  return { violations: told("violations"), unsure: told("incomplete") };
}
