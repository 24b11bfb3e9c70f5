// Draws each figure[data-chart] from the table in it: bars lying down, beside each other or stacked, with their figures.
// The table stays: it is what screen readers, print and a browser without script have.

/* global Chart */

// Far apart in lightness as well as in hue, so that they differ in black and white
const FEW = ["#8c1d12", "#2f6fb5", "#9fc5a9"];
const MANY = ["#8c1d12", "#e0a030", "#6b4fa0", "#8fb7e0", "#1b5f7a", "#7fbf8f", "#c9ced6"];
const BAR = 22;
const LONGEST = 16;

/** Names of series, names of bars and figures of a table; the row of sums is in its foot. */
function readTable(table) {
  const series = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows];
  const bars = rows.map((row) => row.cells[0].textContent.trim());
  const links = rows.map((row) => [...row.cells].slice(1).map((cell) => cell.querySelector("a")?.href ?? ""));
  const values = series.map((_, place) => rows.map((row) => Number(row.cells[place + 1].textContent) || 0));
  return { series, bars, values, links };
}

/** Writes each figure at the end of its bar, and the sum at the end of a stack. */
const figures = {
  id: "figures",
  afterDatasetsDraw(chart) {
    const { ctx } = chart;
    const isStacked = chart.options.scales.x.stacked;
    ctx.save();
    ctx.font = `13px ${getComputedStyle(document.body).fontFamily}`;
    ctx.textBaseline = "middle";
    ctx.fillStyle = "#1b2430";
    if (isStacked) {
      chart.data.labels.forEach((_, place) => {
        const shown = chart.data.datasets.filter((_set, number) => chart.isDatasetVisible(number));
        const sum = shown.reduce((total, set) => total + set.data[place], 0);
        const y = chart.getDatasetMeta(0).data[place].y;
        ctx.fillText(String(sum), chart.scales.x.getPixelForValue(sum) + 6, y);
      });
    } else {
      chart.data.datasets.forEach((set, number) => {
        if (!chart.isDatasetVisible(number)) return;
        chart.getDatasetMeta(number).data.forEach((bar, place) => ctx.fillText(String(set.data[place]), bar.x + 6, bar.y));
      });
    }
    ctx.restore();
  },
};

function draw(figure) {
  const table = figure.querySelector("table");
  if (!table) return;
  const { series, bars, values, links } = readTable(table);
  const isStacked = figure.dataset.chart === "stacked";
  const tones = series.length > 3 ? MANY : FEW;
  const room = document.createElement("div");
  room.className = "chart-room";
  room.style.height = `${70 + bars.length * ((isStacked ? 1 : series.length) * BAR + 14)}px`;
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", table.caption?.textContent ?? figure.querySelector("figcaption").textContent);
  room.append(canvas);
  figure.querySelector(".chart-parts").prepend(room);
  figure.classList.add("is-drawn");
  new Chart(canvas, {
    type: "bar",
    data: {
      labels: bars.map((name) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name)),
      datasets: series.map((label, number) => ({
        label,
        data: values[number],
        backgroundColor: tones[number % tones.length],
        borderColor: "#fff",
        borderWidth: isStacked ? 1 : 0,
        maxBarThickness: BAR,
      })),
    },
    options: {
      indexAxis: "y",
      maintainAspectRatio: false,
      animation: false,
      layout: { padding: { right: 36 } },
      plugins: {
        legend: { position: "top", align: "start", labels: { boxWidth: 14, boxHeight: 14 } },
        tooltip: { callbacks: { title: (items) => bars[items[0].dataIndex] } },
      },
      scales: {
        x: { stacked: isStacked, beginAtZero: true, ticks: { precision: 0 }, grid: { color: "#e3e7ec" } },
        y: { stacked: isStacked, grid: { display: false } },
      },
      onClick: (_event, found) => {
        const address = found.length ? links[found[0].index][found[0].datasetIndex] : "";
        if (address) window.location.assign(address);
      },
    },
    plugins: [figures],
  });
}

if (typeof Chart !== "undefined") {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 13;
  Chart.defaults.color = "#1b2430";
  document.querySelectorAll("figure[data-chart]").forEach(draw);
}
