/** The plot of what training takes: `docs/training.svg`. */

const WIDTH = 720;
const HEIGHT = 300;
/** Of each of both parts: where its axes are. */
const PARTS = [
  { left: 60, right: 310 },
  { left: 415, right: 665 },
];
const TOP = 70;
const BOTTOM = 250;

const STYLE = `
svg { background: #fff; color: #1b1f24; font: 13px system-ui, sans-serif }
text { fill: currentColor }
line { stroke: currentColor; stroke-opacity: .25 }
polyline { fill: none; stroke: #0a66c2; stroke-width: 2 }
polyline.limited { stroke-dasharray: 6 4 }
circle { fill: #0a66c2 }
@media (prefers-color-scheme: dark) {
  svg { background: #12161b; color: #e6e9ec }
  polyline { stroke: #6cb6ff }
  circle { fill: #6cb6ff }
}
`;

/** @param {number} value */
const number = (value) => value.toLocaleString("en-GB", { maximumFractionDigits: 2 });

/**
 * A place between two ends, on a scale of powers of ten.
 *
 * @param {number} value
 * @param {{ least: number, most: number }} decades
 * @param {number} from
 * @param {number} to
 */
const place = (value, { least, most }, from, to) => from + ((Math.log10(value) - least) / (most - least)) * (to - from);

/**
 * The powers of ten around values; what is a little less than one, as 99,644 events are, stands at it.
 *
 * @param {readonly number[]} values
 */
const decades = (values) => {
  const least = Math.floor(Math.log10(1.01 * Math.min(...values)));
  return { least, most: Math.max(least + 1, Math.ceil(Math.log10(Math.max(...values)))) };
};

/** @param {{ least: number, most: number }} decades */
const powers = ({ least, most }) => Array.from({ length: most - least + 1 }, (_, at) => 10 ** (least + at));

/** @typedef {{ events: number, memory: string, user: number, system: number, engineBytes: number, toolBytes: number }} Figure */

/**
 * One part: a line without a limit of memory, and one for each limit.
 *
 * @param {string} title
 * @param {readonly Figure[]} figures
 * @param {(figure: Figure) => number} value
 * @param {{ left: number, right: number }} part
 */
const part = (title, figures, value, { left, right }) => {
  const across = decades(figures.map(({ events }) => events));
  const up = decades(figures.map(value));
  const x = (/** @type {number} */ events) => place(events, across, left, right).toFixed(1);
  const y = (/** @type {number} */ height) => place(height, up, BOTTOM, TOP).toFixed(1);
  const lines = [...new Set(figures.map(({ memory }) => memory))].map((memory) => {
    const own = figures.filter((figure) => figure.memory === memory);
    const points = own.map((figure) => `${x(figure.events)},${y(value(figure))}`);
    const dots = own.map((figure) => `<circle cx="${x(figure.events)}" cy="${y(value(figure))}" r="3"/>`);
    return `<polyline class="${memory ? "limited" : "free"}" points="${points.join(" ")}"/>\n${dots.join("\n")}`;
  });
  return [
    `<text x="${(left + right) / 2}" y="50" text-anchor="middle">${title}</text>`,
    ...powers(up).map(
      (power) => `<line x1="${left}" x2="${right}" y1="${y(power)}" y2="${y(power)}"/>
<text x="${left - 8}" y="${y(power)}" dy="0.35em" text-anchor="end">${number(power)}</text>`,
    ),
    ...powers(across).map(
      (power) => `<text x="${x(power)}" y="${BOTTOM + 20}" text-anchor="middle">${number(power)}</text>`,
    ),
    ...lines,
  ].join("\n");
};

/**
 * Processor time and memory over the number of events, all on scales of powers of ten.
 *
 * @param {readonly Figure[]} figures
 */
export const plot = (figures) =>
  `<svg width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>What training takes: processor time and memory over the number of events</title>
<style>${STYLE}</style>
<text x="${WIDTH / 2}" y="22" text-anchor="middle">What training takes, by the number of events; dashed with --memory 1GB</text>
${part("CPU-seconds", figures, ({ user, system }) => user + system, PARTS[0])}
${part("Most memory, MB", figures, ({ engineBytes, toolBytes }) => (engineBytes + toolBytes) / 1e6, PARTS[1])}
</svg>
`;
