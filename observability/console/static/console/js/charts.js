import { h } from "../../js/dom.js";

/** Under the pointer, or by the arrow keys: the point's time and its numbers, which are the server's. */
let shown = null;

export function startCharts() {
  document.addEventListener("pointermove", (event) => {
    const plot = event.target.closest?.("[data-chart]");
    if (!plot) return hide();
    const box = plot.getBoundingClientRect();
    show(plot, nearest(pointsOf(plot), ((event.clientX - box.left) / box.width) * 100));
  });
  document.addEventListener("keydown", (event) => {
    const plot = event.target.closest?.("[data-chart]");
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape") return hide();
    if (!plot || !step) return;
    event.preventDefault();
    const last = pointsOf(plot).x.length - 1;
    const from = shown?.plot === plot ? shown.index : step > 0 ? -1 : last + 1;
    show(plot, Math.max(0, Math.min(last, from + step)), { spoken: true });
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("scroll", hide, { passive: true, capture: true });
}

const pointsOf = (plot) => JSON.parse(document.getElementById(plot.dataset.chart).textContent);

function nearest(points, x) {
  let best = 0;
  for (let index = 1; index < points.x.length; index += 1) {
    if (Math.abs(points.x[index] - x) < Math.abs(points.x[best] - x)) best = index;
  }
  return best;
}

function show(plot, index, { spoken = false } = {}) {
  if (shown?.plot === plot && shown.index === index) return;
  hide();
  const points = pointsOf(plot);
  const lines = points.labels.map((label, number) =>
    h("li", {}, h("span", { class: `tip-key tone-${points.tones[number]}`, "aria-hidden": "true" }), `${label} `, h("strong", {}, points.values[number][index])),
  );
  const tip = h("div", { class: "tip", role: spoken ? "status" : null }, h("div", { class: "tip-time" }, points.times[index]), h("ul", {}, lines));
  const rule = h("div", { class: "tip-rule" });
  plot.append(rule);
  document.body.append(tip);
  rule.style.left = `${points.x[index]}%`;
  place(tip, plot.getBoundingClientRect(), points.x[index]);
  shown = { plot, index, tip, rule };
}

/** Beside the line, on the side where there is room. */
function place(tip, box, x) {
  const at = box.left + (box.width * x) / 100;
  const width = tip.offsetWidth;
  const left = at + 12 + width > innerWidth - 8 ? at - 12 - width : at + 12;
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${Math.max(8, Math.min(box.top + 8, innerHeight - tip.offsetHeight - 8))}px`;
}

function hide() {
  shown?.tip.remove();
  shown?.rule.remove();
  shown = null;
}
