// Draws the shop's pictures. Every product stands on the same ground line (y = 318) of a 400 by 400
// sheet, lit from the left; the sheet behind it is what tells the categories apart.

/** @import { Product } from "./products.mjs" */

/** @param {number} n */
const at = (n) => Math.round(n * 10) / 10;

/**
 * `color` moved towards black (below 0) or white (above 0).
 *
 * @param {string} color
 * @param {number} by
 */
const shade = (color, by) => {
  /** @param {number} start */
  const mix = (start) => {
    const part = parseInt(color.slice(start, start + 2), 16);
    return Math.round(by < 0 ? part * (1 + by) : part + (255 - part) * by)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${mix(1)}${mix(3)}${mix(5)}`;
};

/** @type {(d: string, color: string, more?: string) => string} */
const fill = (d, color, more = "") => `<path d="${d}" fill="${color}"${more && ` ${more}`}/>`;
/** @type {(d: string, color: string, width: number, more?: string) => string} */
const line = (d, color, width, more = "") =>
  `<path d="${d}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"${more && ` ${more}`}/>`;
/** @type {(d: string, color: string) => string} */
const stitch = (d, color) => line(d, color, 1.6, 'stroke-dasharray="4 4"');
/** @type {(x: number, y: number, width: number, height: number, radius: number, color: string, more?: string) => string} */
const box = (x, y, width, height, radius, color, more = "") =>
  `<rect x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" rx="${radius}" fill="${color}"${more && ` ${more}`}/>`;
/** @type {(x: number, y: number, radius: number, color: string) => string} */
const dot = (x, y, radius, color) => `<circle cx="${at(x)}" cy="${at(y)}" r="${radius}" fill="${color}"/>`;
/** @type {(x: number, y: number, width: number, height: number, color: string, more?: string) => string} */
const oval = (x, y, width, height, color, more = "") =>
  `<ellipse cx="${x}" cy="${y}" rx="${width}" ry="${height}" fill="${color}"${more && ` ${more}`}/>`;
/** @type {(x: number, width: number) => string} */
const shadow = (x, width) => oval(x, 321, width, 9, "#1d241f", 'opacity=".22"');
/** @type {(drawing: string, x: number, y: number, scale?: number) => string} */
const moved = (drawing, x, y, scale = 1) => `<g transform="translate(${x} ${y}) scale(${scale})">${drawing}</g>`;
/** @type {(drawing: string, axis: number) => string} */
const mirrored = (drawing, axis) => `<g transform="translate(${axis * 2} 0) scale(-1 1)">${drawing}</g>`;

// ── Sheets ──────────────────────────────────────────────────────────────────────────────────────

/** @param {string} color */
const contours = (color) =>
  [0, 1, 2, 3, 4, 5]
    .map((n) =>
      line(
        `M-10 ${70 + n * 30} C70 ${30 + n * 34} 130 ${120 + n * 22} 215 ${78 + n * 30} S340 ${20 + n * 42} 410 ${66 + n * 34}`,
        color,
        2,
      ),
    )
    .join("");

/** @type {{ [Category in Product["category"]]: (paper: string) => string }} */
const sheets = {
  boots: (paper) =>
    box(0, 0, 400, 400, 0, paper) + contours(shade(paper, -0.07)) + fill("M0 318 H400 V400 H0 Z", shade(paper, -0.1)),
  tents: (paper) =>
    box(0, 0, 400, 400, 0, paper) +
    dot(308, 96, 38, shade(paper, 0.55)) +
    fill("M0 250 L70 176 L118 222 L196 128 L272 214 L318 178 L400 250 V400 H0 Z", shade(paper, -0.09)) +
    fill("M0 288 C80 252 150 282 220 266 S350 250 400 272 V400 H0 Z", shade(paper, -0.17)) +
    fill("M0 314 C120 300 280 304 400 314 V400 H0 Z", shade(paper, -0.27)),
  packs: (paper) =>
    box(0, 0, 400, 400, 0, paper) +
    dot(200, 204, 150, shade(paper, 0.3)) +
    fill("M0 318 H400 V400 H0 Z", shade(paper, -0.1)),
  stoves: (paper) =>
    box(0, 0, 400, 400, 0, paper) +
    oval(200, 330, 250, 170, shade(paper, 0.22)) +
    fill("M0 312 H400 V400 H0 Z", shade(paper, -0.24)) +
    fill("M0 312 H400 V319 H0 Z", shade(paper, -0.14)),
};

// ── Boots ───────────────────────────────────────────────────────────────────────────────────────

/** @type {(color: string, middle: string) => string} */
const sole = (color, middle) =>
  fill("M92 282 C92 276 100 274 108 276 H332 C344 276 350 284 347 294 L342 304 H96 C91 298 91 290 92 282 Z", middle) +
  fill(
    "M93 294 H346 C345 302 341 308 334 309 L322 318 H308 L304 312 H292 L288 318 H272 L268 312 H256 L252 318 H236 L232 312 H206 L200 308 H176 L172 318 H154 L150 312 H140 L136 318 H118 L114 312 H106 L102 318 H96 C91 310 91 302 93 294 Z",
    color,
  ) +
  line("M100 286 H338", shade(middle, 0.25), 2, 'opacity=".6"');

/**
 * Laces from the top eyelet down the instep; `places` are their right-hand ends.
 *
 * @param {readonly number[][]} places
 * @param {string} color
 * @param {string} metal
 * @param {number} [reach]
 */
const laces = (places, color, metal, reach = 30) =>
  places
    .map(([x, y], n) => {
      const [nextX, nextY] = places[n + 1] ?? [x + 8, y + 8];
      const cross =
        n < places.length - 1 ? line(`M${x} ${y} L${at(nextX - reach)} ${at(nextY + 8)}`, shade(color, -0.22), 4) : "";
      return (
        cross +
        line(`M${at(x - reach)} ${y + 8} L${x} ${y}`, color, 4.5) +
        dot(x - reach, y + 8, 4, metal) +
        dot(x - reach, y + 8, 1.7, shade(metal, -0.6))
      );
    })
    .join("") +
  line(
    `M${places[0][0] - 8} ${places[0][1] + 2} c14 -20 30 -14 20 0 M${places[0][0] - 8} ${places[0][1] + 2} c22 0 26 22 12 26`,
    color,
    4,
  );

const bootShapes = {
  high: {
    upper:
      "M112 92 C108 140 108 180 100 224 C97 244 96 262 97 282 H340 C345 258 330 244 302 236 C262 224 236 196 232 150 C230 126 232 110 230 92 C190 102 150 102 112 92 Z",
    tongue: "M184 100 C188 70 226 58 246 70 C240 88 238 104 236 124 L206 130 Z",
    loop: "M114 96 C98 76 106 58 122 62 C132 66 130 82 126 96",
    heel: "M97 282 C96 250 100 226 106 196 C140 206 156 240 154 282 Z",
    collar: "M112 92 C150 102 190 102 230 92 L231 112 C190 122 150 122 111 112 Z",
    places: [
      [234, 112],
      [233, 134],
      [235, 158],
      [242, 182],
      [256, 204],
      [278, 222],
    ],
    seam: "M186 104 C186 180 214 232 262 262 C272 268 280 274 284 282",
  },
  mid: {
    upper:
      "M110 140 C110 172 104 200 100 228 C97 246 96 264 97 282 H340 C345 258 330 244 302 236 C264 225 240 200 228 138 C190 152 150 152 110 140 Z",
    tongue: "M182 150 C184 116 222 100 246 114 C238 132 238 148 240 166 L206 176 Z",
    loop: "M112 144 C96 124 104 106 120 110 C130 114 128 130 124 144",
    heel: "M97 282 C96 250 100 230 105 204 C138 212 156 242 154 282 Z",
    collar: "M110 140 C150 152 190 152 228 138 L233 158 C190 174 150 172 109 161 Z",
    places: [
      [234, 160],
      [239, 180],
      [250, 202],
      [268, 218],
      [290, 230],
    ],
    seam: "M188 152 C190 206 220 244 262 264 C272 270 280 276 284 282",
  },
  low: {
    upper:
      "M100 198 C114 188 124 196 134 208 C152 226 176 216 196 186 C212 208 252 226 302 236 C330 244 345 258 340 282 H97 C94 254 92 226 100 198 Z",
    tongue: "M170 214 C176 186 194 160 218 164 C220 178 216 188 224 202 L204 224 Z",
    loop: "M102 204 C84 190 88 170 104 172 C114 176 114 190 112 202",
    heel: "M97 282 C94 252 94 232 99 208 C132 216 152 244 150 282 Z",
    collar:
      "M100 198 C114 188 124 196 134 208 C152 226 176 216 196 186 L206 200 C186 232 152 244 128 224 C118 214 108 208 98 214 Z",
    places: [
      [218, 204],
      [238, 216],
      [260, 226],
      [282, 233],
    ],
    seam: "M178 222 C196 250 236 260 262 266 C272 270 280 276 284 282",
  },
};

const TOE = "M340 282 C345 258 330 244 302 236 C288 250 281 266 283 282 Z";

/**
 * @param {keyof typeof bootShapes} shape
 * @param {{ upper: string, trim: string, tongue: string, rubber: string, middle: string, lace: string, metal?: string, extra?: string }} look
 */
const boot = (shape, { upper, trim, tongue, rubber, middle, lace, metal = "#d9d4c5", extra = "" }) => {
  const s = bootShapes[shape];
  return (
    shadow(220, 140) +
    line(s.loop, trim, 8) +
    fill(s.tongue, tongue) +
    fill(s.upper, upper) +
    fill(s.heel, trim) +
    fill(TOE, trim) +
    fill(s.collar, shade(upper, -0.25)) +
    stitch(s.seam, shade(upper, 0.45)) +
    extra +
    laces(s.places, lace, metal) +
    sole(rubber, middle)
  );
};

/** @type {(y: number, color: string) => string} */
const shearling = (y, color) =>
  Array.from({ length: 9 }, (_, n) =>
    dot(108 + n * 15.5, y + Math.sin(n * 2.1) * 4 + (n > 6 ? -4 : 0), 15, n % 2 ? color : shade(color, -0.06)),
  ).join("");

const boots = {
  harrowMid: () =>
    boot("mid", {
      upper: "#2f6f6a",
      trim: "#1f4a4a",
      tongue: "#d98b3a",
      rubber: "#26302e",
      middle: "#d9d0bb",
      lace: "#f0b35a",
      extra:
        line("M112 226 C150 214 176 236 206 262", "#57a39a", 9) +
        line("M104 252 C140 240 164 258 186 276", "#57a39a", 5),
    }),
  kirkstone: () =>
    boot("high", {
      upper: "#7a4a2b",
      trim: "#5d3620",
      tongue: "#93603a",
      rubber: "#2b2420",
      middle: "#3d2d24",
      lace: "#b4342b",
      metal: "#c9a24b",
      extra:
        stitch("M112 200 C150 206 170 236 168 282", "#c79a6b") +
        stitch("M300 240 C290 252 285 266 287 280", "#c79a6b") +
        fill("M118 124 C116 150 116 170 112 190 C128 176 132 150 132 128 Z", "#94603c", 'opacity=".7"'),
    }),
  gillfoot: () =>
    boot("low", {
      upper: "#d9a92f",
      trim: "#39424e",
      tongue: "#39424e",
      rubber: "#39424e",
      middle: "#f3efe2",
      lace: "#f7f2e4",
      metal: "#39424e",
      extra:
        [0, 1, 2]
          .map((n) => line(`M${150 + n * 30} ${272 - n * 2} L${188 + n * 26} ${236 + n * 7}`, "#a87b13", 6))
          .join("") + fill("M300 276 C300 258 308 248 318 244 C336 250 343 264 340 282 H300 Z", "#2a323c"),
    }),
  snowhope: () =>
    boot("high", {
      upper: "#31466b",
      trim: "#22324f",
      tongue: "#e9e1cf",
      rubber: "#3b3a3d",
      middle: "#c0a27a",
      lace: "#d8c9a8",
      metal: "#a7b0bd",
      extra:
        shearling(90, "#f0e8d8") +
        [
          [150, 160],
          [176, 190],
          [140, 214],
          [200, 244],
        ]
          .map(([x, y]) =>
            line(
              `M${x - 7} ${y} H${x + 7} M${x - 4} ${y - 6} L${x + 4} ${y + 6} M${x + 4} ${y - 6} L${x - 4} ${y + 6}`,
              "#7f94b8",
              2,
            ),
          )
          .join(""),
    }),
  brant: () =>
    boot("low", {
      upper: "#8b8f86",
      trim: "#3f6b45",
      tongue: "#5f645c",
      rubber: "#2c332d",
      middle: "#3f6b45",
      lace: "#e2683c",
      metal: "#d9d4c5",
      extra:
        line("M262 256 L296 262 M270 246 L304 252", "#e2683c", 4.5) +
        stitch("M112 262 C160 240 190 268 250 274", "#c9ccc4"),
    }),
  hutling: () =>
    shadow(214, 128) +
    fill(
      "M118 128 C104 170 94 226 98 290 C98 304 106 308 118 308 H318 C342 308 350 292 344 274 C336 248 300 246 268 232 C240 218 232 176 236 128 Z",
      "#b5542f",
    ) +
    [
      "M108 166 C150 178 196 178 234 164",
      "M102 204 C150 218 206 216 242 196",
      "M97 246 C150 260 214 258 266 230",
      "M98 282 C170 294 260 290 344 280",
    ]
      .map((d) => line(d, "#8f3e20", 4))
      .join("") +
    ["M122 150 C124 144 126 140 128 138", "M116 190 C118 184 119 180 121 176", "M110 232 C111 226 112 220 114 214"]
      .map((d) => line(d, "#dc8a63", 6))
      .join("") +
    fill("M112 116 C112 104 240 104 242 116 L238 142 C200 154 154 154 114 142 Z", "#e8d9bd") +
    stitch("M118 134 C160 146 200 146 234 134", "#b59a6c") +
    line("M236 138 c20 4 26 18 22 34", "#3a332c", 4) +
    dot(258, 176, 7, "#3a332c") +
    fill("M98 292 H346 C346 310 336 318 320 318 H116 C104 318 97 308 98 292 Z", "#3a332c"),
};

// ── Tents ───────────────────────────────────────────────────────────────────────────────────────

/** @param {number} x */
const peg = (x) => line(`M${x} 318 l-4 -12`, "#3d3a33", 4);
/** @param {readonly number[][]} pairs */
const guys = (pairs) => pairs.map(([x, y, to]) => line(`M${x} ${y} L${to} 316`, "#f3ead6", 2) + peg(to)).join("");

const tents = {
  wren: () =>
    guys([
      [200, 104, 36],
      [200, 104, 366],
    ]) +
    shadow(200, 140) +
    fill("M200 98 L72 318 H200 Z", "#d9803b") +
    fill("M200 98 L330 318 H200 Z", "#b96427") +
    fill("M200 98 L146 318 H214 Z", "#4a2c19") +
    fill("M200 98 L214 318 L262 318 C240 260 214 176 200 98 Z", "#e59a58") +
    line("M204 112 L208 314", "#d5d2c8", 4) +
    line("M262 318 C240 260 214 176 200 98", "#8d4a1b", 2) +
    stitch("M186 130 L84 312", "#f0b583") +
    line("M200 98 V84", "#d5d2c8", 4) +
    fill("M200 84 l22 7 l-22 7 Z", "#2f5a4a"),
  linnet: () =>
    guys([
      [70, 262, 26],
      [330, 262, 376],
    ]) +
    shadow(200, 158) +
    fill("M48 318 C62 190 124 118 200 118 C276 118 338 190 352 318 Z", "#3f7a5d") +
    fill("M200 118 C276 118 338 190 352 318 H270 C270 220 240 150 200 118 Z", "#2f614a") +
    fill("M200 118 C160 150 132 220 130 318 H48 C62 190 124 118 200 118 Z", "#56946f") +
    fill("M148 318 C148 246 168 196 200 196 C232 196 252 246 252 318 Z", "#1d3429") +
    fill("M148 318 C148 246 168 196 200 196 C180 226 176 276 186 318 Z", "#e3c27a") +
    line("M48 318 C84 190 150 120 214 118 M352 318 C316 190 250 120 186 118", "#f1e6c8", 5) +
    line("M148 318 C148 246 168 196 200 196 C232 196 252 246 252 318", "#f1e6c8", 2.5) +
    oval(200, 142, 13, 7, "#1d3429"),
  siskin: () =>
    guys([
      [60, 236, 20],
      [352, 250, 388],
    ]) +
    shadow(206, 170) +
    fill("M40 318 C42 232 78 172 132 168 L276 172 C330 180 356 236 364 318 Z", "#a8392f") +
    fill("M132 168 C178 172 204 240 208 318 H40 C42 232 78 172 132 168 Z", "#c4523f") +
    fill("M40 318 C42 232 78 172 132 168 C104 190 84 250 84 318 Z", "#d96d55") +
    fill("M64 318 C68 250 92 208 128 206 C162 208 182 256 184 318 Z", "#3a1a17") +
    fill("M64 318 C68 250 92 208 128 206 C108 226 98 270 100 318 Z", "#efd9b0") +
    line(
      "M132 168 C178 172 204 240 208 318 M206 170 C252 178 274 240 282 318 M276 172 C330 180 356 236 364 318",
      "#f5e2bd",
      5,
    ) +
    line("M40 318 C42 232 78 172 132 168", "#f5e2bd", 5) +
    fill("M228 206 C244 214 254 234 258 252 L236 252 C234 234 230 218 228 206 Z", "#7c231d", 'opacity=".7"'),
  rookery: () =>
    guys([
      [44, 186, 16],
      [356, 186, 386],
    ]) +
    shadow(206, 172) +
    fill("M70 190 L122 124 H304 L350 190 V318 H70 Z", "#d9c9a0") +
    fill("M122 124 H304 L350 190 H70 Z", "#35618a") +
    fill("M122 124 H178 L150 190 H70 Z", "#477aa6") +
    fill("M196 190 H350 V318 H196 Z", "#c6b385") +
    box(214, 212, 50, 44, 6, "#8fb4c4") +
    box(282, 212, 50, 44, 6, "#8fb4c4") +
    line("M239 212 V256 M214 234 H264 M307 212 V256 M282 234 H332", "#f4ecd6", 3) +
    fill("M92 318 V222 C92 208 172 208 172 222 V318 Z", "#4d4331") +
    fill("M92 318 V222 C92 214 112 210 126 211 C116 244 114 284 118 318 Z", "#eadcb6") +
    fill("M70 190 L28 210 H178 L196 190 Z", "#2b5074") +
    line("M30 211 V318 M176 211 V318", "#8b7a55", 4) +
    line("M70 190 H350", "#23435f", 3) +
    line("M122 124 H304", "#e9edf0", 4) +
    [0, 1, 2, 3, 4, 5].map((n) => fill(`M${36 + n * 24} 210 l12 12 l12 -12 Z`, n % 2 ? "#e4b04a" : "#c4523f")).join(""),
  plover: () =>
    guys([
      [86, 150, 28],
      [314, 150, 374],
    ]) +
    shadow(204, 120) +
    box(140, 302, 124, 12, 6, "#c4523f") +
    box(140, 302, 124, 5, 2.5, "#dc7a62") +
    dot(146, 306, 9, "#8f3328") +
    line("M104 134 V318 M300 142 V318", "#6b5a41", 5) +
    fill("M96 136 C150 160 244 166 308 142 L366 250 C290 222 190 224 128 256 Z", "#6c7f3e") +
    fill("M96 136 C150 160 244 166 308 142 C280 134 170 126 96 136 Z", "#51612c") +
    fill("M96 136 L38 244 C66 238 100 240 128 256 Z", "#879a52") +
    line("M128 256 C190 224 290 222 366 250 M38 244 C66 238 100 240 128 256", "#44522a", 3) +
    stitch("M112 166 C170 186 250 186 318 166", "#b9c78c") +
    guys([
      [128, 256, 116],
      [366, 250, 384],
      [38, 244, 22],
    ]) +
    line("M196 172 V214", "#3d3a33", 2) +
    box(187, 214, 18, 24, 5, "#f2c14e") +
    box(185, 211, 22, 5, 2, "#3d3a33"),
  merlin: () =>
    guys([
      [84, 226, 22],
      [316, 226, 380],
    ]) +
    shadow(200, 156) +
    fill("M200 76 C178 140 128 198 66 236 L74 318 H326 L334 236 C272 198 222 140 200 76 Z", "#eadfc6") +
    fill("M200 76 C222 140 272 198 334 236 L326 318 H264 C262 230 232 150 200 76 Z", "#d3c4a1") +
    fill(
      "M66 236 C80 232 96 240 112 238 C140 236 170 244 200 240 C240 236 300 242 334 236 L333 250 C290 254 240 250 200 254 C160 256 110 250 67 250 Z",
      "#c1ae84",
    ) +
    fill("M200 120 C184 190 168 250 162 318 H238 C232 250 216 190 200 120 Z", "#5a4630") +
    fill("M200 120 C184 190 168 250 162 318 H138 C146 280 172 240 182 210 Z", "#f8f0dc") +
    fill("M200 120 C216 190 232 250 238 318 H262 C254 280 228 240 218 210 Z", "#e0d2b0") +
    line("M200 124 V318", "#8b6a41", 5) +
    fill("M186 318 C184 290 216 290 214 318 Z", "#d98b3a") +
    line("M274 196 V120", "#55524b", 9) +
    box(265, 112, 18, 9, 2, "#3d3a33") +
    line("M274 100 c-8 -12 8 -18 0 -32", "#f8f0dc", 5, 'opacity=".7"') +
    line("M200 76 V62", "#8b6a41", 5) +
    fill("M200 62 l-20 6 l20 6 Z", "#b5482a"),
};

// ── Packs ───────────────────────────────────────────────────────────────────────────────────────

/** @type {(x: number, y: number, color?: string) => string} */
const buckle = (x, y, color = "#22282a") =>
  box(x - 8, y - 6, 16, 12, 3, color) + box(x - 4, y - 2.5, 8, 5, 1.5, shade(color, 0.4));
/** @param {string} color */
const straps = (color) =>
  line("M150 140 C112 170 108 250 132 306", color, 14) + line("M250 140 C288 170 292 250 268 306", color, 14);

const packs = {
  daybreak: () =>
    shadow(200, 92) +
    line("M178 106 C178 76 222 76 222 106", "#27433c", 9) +
    straps("#27433c") +
    fill(
      "M128 162 C128 116 160 98 200 98 C240 98 272 116 272 162 V290 C272 308 262 318 244 318 H156 C138 318 128 308 128 290 Z",
      "#3f7a6a",
    ) +
    fill("M200 98 C240 98 272 116 272 162 V290 C272 308 262 318 244 318 H228 C246 300 246 150 200 98 Z", "#316254") +
    line("M142 172 C144 134 166 118 200 118 C234 118 256 134 258 172", "#1f3a33", 4) +
    box(252, 168, 8, 22, 4, "#e9b44c") +
    fill(
      "M146 222 C146 212 152 208 162 208 H238 C248 208 254 212 254 222 V286 C254 298 246 304 236 304 H164 C154 304 146 298 146 286 Z",
      "#e9dcc0",
    ) +
    line("M156 222 H244", "#a8966b", 4) +
    box(160, 218, 8, 20, 4, "#b5482a") +
    stitch("M154 294 H246", "#b5a276") +
    box(176, 250, 48, 30, 5, "#d8c9a6") +
    box(186, 150, 28, 34, 3, "#1f3a33") +
    line("M192 160 H208 M192 168 H208 M192 176 H208", "#5fa08e", 2.5),
  longmile: () =>
    shadow(200, 100) +
    straps("#22303f") +
    line("M134 282 C96 282 92 300 108 306 M266 282 C304 282 308 300 292 306", "#22303f", 15) +
    fill(
      "M132 142 C130 118 270 118 268 142 L274 296 C274 310 264 318 250 318 H150 C136 318 126 310 126 296 Z",
      "#3d5f86",
    ) +
    fill(
      "M236 126 C262 130 268 136 268 142 L274 296 C274 310 264 318 250 318 H232 C244 260 244 180 236 126 Z",
      "#2f4c6e",
    ) +
    fill("M126 96 C126 82 142 76 200 76 C258 76 274 82 274 96 L270 132 C266 142 134 142 130 132 Z", "#4f77a4") +
    line("M146 112 H254", "#22303f", 4) +
    box(246, 108, 8, 18, 4, "#e2683c") +
    line("M166 136 V196 M234 136 V196", "#1b2733", 6) +
    buckle(166, 172) +
    buckle(234, 172) +
    fill("M148 206 H252 L256 296 C256 304 250 306 244 306 H156 C150 306 144 304 144 296 Z", "#48709c") +
    line("M148 208 H252", "#1b2733", 4) +
    stitch("M156 222 H244", "#a9c2de") +
    fill("M126 232 L106 240 V300 C106 308 116 312 126 310 Z", "#2f4c6e") +
    box(106, 178, 22, 66, 8, "#d9d4c5") +
    box(110, 166, 14, 14, 3, "#e2683c") +
    line("M106 214 H128", "#8d8a7f", 3) +
    line("M274 240 C294 244 294 300 276 308", "#2f4c6e", 9) +
    line("M262 176 l20 6", "#e2683c", 5),
  tinker: () =>
    shadow(200, 88) +
    straps("#3a3f3b") +
    fill("M130 150 H270 L274 300 C274 312 266 318 254 318 H146 C134 318 126 312 126 300 Z", "#c99a2e") +
    fill("M232 150 H270 L274 300 C274 312 266 318 254 318 H228 C240 270 240 200 232 150 Z", "#a97e1c") +
    fill(
      "M118 104 C118 94 124 90 134 90 H266 C276 90 282 94 282 104 V116 C282 126 276 130 266 130 H134 C124 130 118 126 118 116 Z",
      "#deb24b",
    ) +
    line("M126 110 H274", "#8f6a14", 4) +
    line("M128 120 H272", "#8f6a14", 2) +
    fill("M128 130 H272 L270 152 H130 Z", "#b58824") +
    line("M122 110 C108 140 112 176 130 204 M278 110 C292 140 288 176 270 204", "#3a3f3b", 7) +
    buckle(121, 150) +
    buckle(279, 150) +
    line("M200 92 V214", "#3a3f3b", 8) +
    buckle(200, 176) +
    box(150, 216, 100, 82, 10, "#b58824") +
    fill("M150 226 C150 220 154 216 160 216 H240 C246 216 250 220 250 226 V240 L200 252 L150 240 Z", "#e3bd60") +
    box(163, 268, 74, 5, 2.5, "#f6ecd0") +
    box(163, 279, 46, 5, 2.5, "#f6ecd0"),
  pilgrim: () =>
    shadow(200, 108) +
    straps("#2c2a2f") +
    fill("M126 128 H274 L280 280 H120 Z", "#7a3140") +
    fill("M238 128 H274 L280 280 H236 C246 230 246 180 238 128 Z", "#5f2431") +
    fill("M120 84 C120 66 140 60 200 60 C260 60 280 66 280 84 L274 124 C270 134 130 134 126 124 Z", "#94404f") +
    line("M140 100 H260", "#3c1620", 4) +
    box(142, 97, 8, 20, 4, "#e4b04a") +
    line("M160 128 V250 M240 128 V250", "#2a1016", 7) +
    buckle(160, 156) +
    buckle(240, 156) +
    box(152, 196, 96, 68, 8, "#8a3949") +
    line("M158 208 H242", "#3c1620", 4) +
    stitch("M160 250 H240", "#d59aa4") +
    line("M120 180 H280 M120 262 H280", "#2a1016", 5) +
    fill("M122 206 L100 214 V268 C100 276 110 280 120 278 Z", "#5f2431") +
    fill("M278 206 L300 214 V268 C300 276 290 280 280 278 Z", "#4c1b27") +
    box(106, 284, 188, 34, 17, "#3f7a6a") +
    dot(123, 301, 17, "#56946f") +
    line("M123 301 m-9 0 a9 9 0 1 1 9 9 M123 301 m-4 0 a4 4 0 1 1 4 4", "#27433c", 2.5) +
    line("M160 282 V320 M240 282 V320", "#2a1016", 7) +
    line("M300 96 L292 268", "#b98d55", 6) +
    line("M284 98 C296 88 314 90 322 102", "#c9ced0", 7),
  thimble: () =>
    shadow(200, 96) +
    line("M96 236 C60 214 66 150 120 132 C170 116 232 116 282 132 C334 150 340 214 304 236", "#2d3a34", 15) +
    line("M120 132 C170 116 232 116 282 132", "#48594f", 5) +
    buckle(200, 121) +
    fill("M92 222 C110 196 290 196 308 222 C316 258 300 318 262 318 H138 C100 318 84 258 92 222 Z", "#c4523f") +
    fill("M264 206 C290 210 302 214 308 222 C316 258 300 318 262 318 H238 C264 290 272 244 264 206 Z", "#a23f2f") +
    line("M108 228 C150 212 250 212 292 228", "#6d2419", 5) +
    box(282, 226, 8, 26, 4, "#f3e3bf") +
    fill("M116 252 C160 242 240 242 284 252 C284 284 272 304 254 304 H146 C128 304 116 284 116 252 Z", "#d5674f") +
    line("M124 260 C170 252 230 252 276 260", "#6d2419", 3.5) +
    box(126, 258, 7, 20, 3.5, "#f3e3bf") +
    box(180, 274, 40, 18, 4, "#f3e3bf"),
  haulier: () =>
    shadow(200, 156) +
    line("M130 190 C136 120 264 120 270 190", "#24292b", 10) +
    fill("M78 190 C100 176 300 176 322 190 C342 214 342 300 322 318 H78 C58 300 58 214 78 190 Z", "#d6792c") +
    fill("M58 252 C58 224 64 204 78 190 C96 210 96 300 78 318 C64 304 58 280 58 252 Z", "#b65f1a") +
    fill("M322 190 C342 214 342 300 322 318 C304 300 304 210 322 190 Z", "#b65f1a") +
    line("M106 204 H294", "#5f3009", 5) +
    line("M106 211 H294", "#f0ac70", 2) +
    box(284, 202, 9, 24, 4, "#24292b") +
    line("M130 188 V318 M270 188 V318", "#24292b", 12) +
    line("M130 190 C136 138 264 138 270 190", "#3c4447", 7) +
    box(180, 140, 40, 16, 8, "#24292b") +
    box(160, 238, 80, 46, 5, "#f4e8d2") +
    line("M172 254 H228 M172 266 H210", "#b65f1a", 4) +
    line("M66 240 C50 246 50 266 66 272 M334 240 C350 246 350 266 334 272", "#24292b", 7),
};

// ── Stoves ──────────────────────────────────────────────────────────────────────────────────────

/** @type {(x: number, y: number) => string} */
const steam = (x, y) =>
  line(
    `M${x} ${y} c-14 -18 12 -26 0 -46 M${x + 24} ${y - 6} c-14 -18 12 -26 0 -46 M${x - 24} ${y - 6} c-12 -14 10 -22 0 -38`,
    "#fffaf0",
    5,
    'opacity=".65"',
  );
/** @type {(x: number, y: number, size: number, color: string) => string} */
const flame = (x, y, size, color) =>
  fill(
    `M${x} ${y} c${-size} 0 ${-size} ${-size} 0 ${-size * 2.1} c${size} ${size * 1.1} ${size} ${size * 2.1} 0 ${size * 2.1} Z`,
    color,
  );

const stoves = {
  firefly: () =>
    shadow(200, 84) +
    fill(
      "M134 262 C134 248 160 244 200 244 C240 244 266 248 266 262 V304 C266 314 250 318 200 318 C150 318 134 314 134 304 Z",
      "#2f7d86",
    ) +
    fill("M226 246 C252 248 266 252 266 262 V304 C266 314 250 318 222 318 C232 296 232 270 226 246 Z", "#23626a") +
    box(134, 272, 132, 24, 0, "#f3e3bf") +
    flame(200, 294, 8, "#e2683c") +
    oval(200, 246, 40, 8, "#d5d8d6") +
    box(189, 206, 22, 42, 4, "#b9bfbd") +
    box(189, 218, 22, 5, 0, "#7f8785") +
    line("M212 226 H246", "#b9bfbd", 5) +
    line("M246 218 V234", "#e2683c", 6) +
    line("M200 208 C160 204 140 186 132 166 M200 208 C240 204 260 186 268 166 M200 208 V170", "#9aa3a1", 8) +
    line("M120 164 H146 M254 164 H280", "#7f8785", 8) +
    fill("M176 206 L184 190 H216 L224 206 Z", "#7f8785") +
    [184, 200, 216].map((x) => flame(x, 192, 9, "#4f9fd1") + flame(x, 191, 4, "#cfeaf7")).join("") +
    fill("M122 92 H278 V148 C278 158 270 162 260 162 H140 C130 162 122 158 122 148 Z", "#4a5350") +
    fill("M240 92 H278 V148 C278 158 270 162 260 162 H236 Z", "#383f3d") +
    box(116, 84, 168, 12, 6, "#6a7571") +
    line("M280 112 C318 112 322 118 330 132", "#2a2f2d", 9) +
    steam(196, 74),
  twigbox: () =>
    shadow(200, 96) +
    line("M112 300 L70 318 M284 300 L338 316", "#6b4a2b", 9) +
    flame(172, 178, 24, "#e2683c") +
    flame(226, 178, 28, "#d9803b") +
    flame(200, 180, 34, "#f2b33d") +
    flame(200, 176, 16, "#fff0bd") +
    line("M164 190 L150 136 M236 190 L258 130 M206 190 L214 144", "#7a5533", 9) +
    dot(150, 134, 5, "#d9b98a") +
    dot(258, 128, 5, "#d9b98a") +
    fill("M128 172 H272 L286 318 H114 Z", "#9aa3a6") +
    fill("M224 172 H272 L286 318 H232 Z", "#7d878a") +
    fill("M128 172 H146 L140 186 H150 L156 172 H244 L250 186 H260 L254 172 H272 L273 190 H127 Z", "#b8c0c2") +
    [0, 1, 2]
      .map((row) =>
        [0, 1, 2, 3].map((n) => dot(152 + n * 32, 214 + row * 20, 5.5, row === 2 ? "#e2683c" : "#3b4345")).join(""),
      )
      .join("") +
    fill("M164 318 V290 C164 270 236 270 236 290 V318 Z", "#2b1a12") +
    flame(190, 316, 12, "#e2683c") +
    flame(212, 316, 10, "#f2b33d") +
    line("M236 306 L304 296", "#6b4a2b", 10) +
    dot(306, 296, 6, "#d9b98a"),
  beck: () =>
    shadow(200, 112) +
    line("M136 190 C132 92 268 92 264 190", "#2c3330", 9) +
    line("M168 124 C182 108 218 108 232 124", "#b5482a", 15) +
    fill("M272 236 C306 232 318 200 340 190 L352 200 C340 222 330 262 286 274 Z", "#6d8f93") +
    fill(
      "M128 206 C140 186 260 186 272 206 C300 244 312 284 306 304 C302 314 292 318 276 318 H124 C108 318 98 314 94 304 C88 284 100 244 128 206 Z",
      "#84a7aa",
    ) +
    fill(
      "M236 192 C256 194 266 198 272 206 C300 244 312 284 306 304 C302 314 292 318 276 318 H240 C270 290 262 230 236 192 Z",
      "#6d8f93",
    ) +
    fill("M134 214 C118 240 110 264 110 286 C122 262 130 240 150 212 Z", "#b5cfd0") +
    oval(200, 196, 58, 11, "#5d7d81") +
    fill("M150 194 C152 172 248 172 250 194 Z", "#94b5b7") +
    line("M200 176 V168", "#2c3330", 6) +
    dot(200, 163, 8, "#b5482a") +
    line("M96 300 H304", "#55757a", 4) +
    line("M352 178 c-8 -14 10 -20 2 -36 M366 172 c-6 -10 8 -16 2 -28", "#fffaf0", 5, 'opacity=".7"'),
  nest: () =>
    shadow(204, 120) +
    fill("M104 232 H296 V302 C296 312 288 318 276 318 H124 C112 318 104 312 104 302 Z", "#59615f") +
    fill("M250 232 H296 V302 C296 312 288 318 276 318 H246 C256 290 256 260 250 232 Z", "#454c4a") +
    box(98, 224, 204, 13, 6.5, "#7c8683") +
    line("M118 262 V292", "#8d9794", 6) +
    line("M302 250 C334 248 338 278 304 280", "#b5482a", 8) +
    line("M98 250 C66 248 62 278 96 280", "#b5482a", 8) +
    fill("M126 164 H274 V224 H126 Z", "#8e9895") +
    fill("M238 164 H274 V224 H236 Z", "#747e7b") +
    box(120, 156, 160, 12, 6, "#aab3b0") +
    line("M140 184 V210", "#c3cac8", 6) +
    line("M280 180 C306 178 310 202 282 206", "#b5482a", 7) +
    fill("M132 132 H268 C266 150 252 156 236 156 H164 C148 156 134 150 132 132 Z", "#2d3230") +
    box(126, 124, 148, 10, 5, "#454c4a") +
    line("M270 130 L352 112", "#2d3230", 11) +
    line("M304 122 L350 112", "#b98d55", 11) +
    line("M170 118 C184 106 216 106 230 118", "#e7c06a", 0) +
    oval(200, 124, 50, 6, "#1d2120") +
    oval(196, 123, 28, 5, "#fff7e2") +
    oval(198, 121, 10, 5, "#f2b33d"),
  moka: () =>
    shadow(206, 82) +
    line("M262 160 C316 152 316 200 296 244", "#26211e", 16) +
    line("M262 160 C300 154 306 166 304 186", "#4b423c", 4) +
    fill("M146 236 H254 L268 306 C268 314 262 318 254 318 H146 C138 318 132 314 132 306 Z", "#c2c5c3") +
    fill("M182 236 H218 L222 318 H178 Z", "#dcdedc") +
    fill("M254 236 L268 306 C268 314 262 318 254 318 H222 L218 236 Z", "#9fa4a2") +
    box(140, 222, 120, 16, 4, "#858b89") +
    line("M148 230 H252", "#b9bebc", 3) +
    fill("M132 136 L156 222 H244 L268 136 Z", "#cfd2d0") +
    fill("M180 136 L186 222 H214 L220 136 Z", "#e9ebe9") +
    fill("M220 136 L214 222 H244 L268 136 Z", "#a9aeac") +
    fill("M132 136 L112 126 L140 168 Z", "#b9bdbb") +
    fill("M130 136 H270 L244 112 H156 Z", "#b3b8b6") +
    fill("M178 136 H222 L216 112 H184 Z", "#d5d8d6") +
    box(190, 96, 20, 18, 5, "#26211e") +
    dot(238, 276, 6, "#8b6a2c") +
    steam(118, 104),
  enamel: () => {
    /** @type {(body: string, rim: string) => string} */
    const mug = (body, rim) =>
      line("M262 226 C312 222 312 288 258 286", body, 15) +
      fill("M146 204 H264 L260 302 C259 312 252 318 242 318 H168 C158 318 151 312 150 302 Z", body) +
      fill("M232 204 H264 L260 302 C259 312 252 318 242 318 H224 C236 290 238 240 232 204 Z", shade(body, -0.12)) +
      oval(205, 204, 60, 11, rim) +
      oval(205, 205, 52, 7.5, "#4a2a17") +
      line("M164 226 L167 284", shade(body, 0.5), 5) +
      [
        [190, 246],
        [222, 270],
        [182, 290],
        [214, 236],
        [240, 244],
      ]
        .map(([x, y]) => dot(x, y, 2.2, shade(rim, -0.1)))
        .join("");
    return (
      shadow(206, 128) +
      moved(mirrored(mug("#2f4f78", "#e9eef2"), 205), -62, 0) +
      moved(mug("#f2ead8", "#2f4f78"), 66, 0) +
      steam(134, 184) +
      steam(272, 184)
    );
  },
};

/** @typedef {keyof typeof drawings} Drawing */

const drawings = { ...boots, ...tents, ...packs, ...stoves };

const papers = {
  harrowMid: "#e6d3b3",
  kirkstone: "#c9d3c0",
  gillfoot: "#bfd3d6",
  snowhope: "#d5dbe3",
  brant: "#ead9c4",
  hutling: "#cfd8cf",
  wren: "#a9c3c9",
  linnet: "#e3c9a0",
  siskin: "#b9c7bd",
  rookery: "#c7d9c4",
  plover: "#e2cdb4",
  merlin: "#93aebb",
  daybreak: "#d9c3a3",
  longmile: "#dcd0bd",
  tinker: "#b7c7c9",
  pilgrim: "#d8cdb2",
  thimble: "#bccdbf",
  haulier: "#b9c8d2",
  firefly: "#cdbfae",
  twigbox: "#a8b59f",
  beck: "#dcc3a0",
  nest: "#d9b99a",
  moka: "#b5703f",
  enamel: "#a3b8a4",
};

/** @type {(width: number, height: number, title: string, inside: string) => string} */
const sheet = (width, height, title, inside) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"><title>${title}</title>${inside}</svg>\n`;

/**
 * One product on its sheet.
 *
 * @param {Product} product
 */
export const productArt = (product) =>
  sheet(400, 400, product.name, sheets[product.category](papers[product.drawing]) + drawings[product.drawing]());

// ── Advice: pictures of no product ──────────────────────────────────────────────────────────────

/** @type {(x: number, y: number, turn: number) => string} */
const footprint = (x, y, turn) =>
  `<g transform="translate(${x} ${y}) rotate(${turn})" fill="#7d5a33">${oval(0, -20, 17, 27, "#7d5a33")}${oval(0, 27, 13, 14, "#7d5a33")}</g>`;
const ridge = fill("M0 290 L70 214 L128 262 L214 168 L300 250 L346 214 L400 262 V400 H0 Z", "#2c4652");

export const adviceArt = {
  start: () =>
    sheet(
      400,
      400,
      "A signpost",
      box(0, 0, 400, 400, 0, "#c9d6c4") +
        fill("M0 300 C90 262 190 292 270 274 S370 262 400 270 V400 H0 Z", "#7f9a76") +
        box(193, 96, 14, 232, 4, "#5b4128") +
        fill("M120 112 H286 L312 138 L286 164 H120 Z", "#e9dcc0") +
        fill("M280 184 H136 L110 210 L136 236 H280 Z", "#e0a24a"),
    ),
  boots: () =>
    sheet(
      400,
      400,
      "Footprints",
      box(0, 0, 400, 400, 0, "#dcc396") +
        contours("#cfb27d") +
        footprint(126, 318, 18) +
        footprint(206, 262, 26) +
        footprint(196, 160, 20) +
        footprint(282, 104, 28),
    ),
  tents: () =>
    sheet(
      400,
      400,
      "A moon over the fells",
      box(0, 0, 400, 400, 0, "#40606d") +
        dot(268, 112, 44, "#f2e3b8") +
        dot(286, 102, 40, "#40606d") +
        [
          [66, 80],
          [130, 128],
          [178, 62],
          [338, 184],
          [54, 168],
        ]
          .map(([x, y], n) => dot(x, y, n % 2 ? 2.5 : 4, "#f6ecd4"))
          .join("") +
        ridge +
        fill("M0 340 C110 300 240 352 400 316 V400 H0 Z", "#1f343d"),
    ),
  packs: () =>
    sheet(
      400,
      400,
      "A piece of string, with knots",
      box(0, 0, 400, 400, 0, "#d8cfae") +
        line("M84 70 C250 40 330 110 250 170 S60 214 116 280 S300 300 318 348", "#8d3145", 9) +
        [
          [84, 70],
          [282, 122],
          [122, 226],
          [214, 298],
          [318, 348],
        ]
          .map(([x, y]) => dot(x, y, 13, "#6d2233"))
          .join(""),
    ),
  stoves: () =>
    sheet(
      400,
      400,
      "A match",
      box(0, 0, 400, 400, 0, "#8f4a33") +
        dot(232, 132, 96, "#a65f41") +
        line("M112 340 L222 168", "#e6cf9f", 14) +
        dot(224, 164, 15, "#5b1f18") +
        fill("M226 172 C178 150 204 112 232 62 C246 104 284 126 258 164 C250 176 236 178 226 172 Z", "#f0b04a") +
        fill("M230 168 C206 152 222 132 234 106 C242 130 258 142 246 162 C242 170 236 172 230 168 Z", "#fbe3a2"),
    ),
};

// ── Wide pictures for the home page ─────────────────────────────────────────────────────────────

/** @type {(x: number, y: number, size: number, color: string) => string} */
const pine = (x, y, size, color) =>
  fill(
    `M${x} ${at(y - size)} L${at(x + size * 0.3)} ${at(y - size * 0.45)} H${at(x + size * 0.16)} L${at(x + size * 0.42)} ${y} H${at(x - size * 0.42)} L${at(x - size * 0.16)} ${at(y - size * 0.45)} H${at(x - size * 0.3)} Z`,
    color,
  );
/** @type {(places: readonly number[][], color: string) => string} */
const pines = (places, color) => places.map(([x, y, size]) => pine(x, y, size, color)).join("");

/**
 * @typedef {object} Scenery colors of a landscape
 * @property {string} sky
 * @property {string} glow
 * @property {readonly [x: number, y: number, radius: number, color: string]} sun
 * @property {string} far
 * @property {string} middle
 * @property {string} near
 * @property {string} ground
 * @property {string} tree
 */

/** @param {Scenery} colors */
const fells = ({ sky, glow, sun, far, middle, near, ground, tree }) =>
  `<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${sky}"/><stop offset="1" stop-color="${glow}"/></linearGradient></defs>` +
  `<rect width="1200" height="900" fill="url(#sky)"/>` +
  dot(sun[0], sun[1], sun[2], sun[3]) +
  fill("M0 470 L150 340 L236 404 L400 236 L520 360 L600 310 L760 190 L900 330 L980 290 L1200 440 V900 H0 Z", far) +
  fill("M760 190 L900 330 L980 290 L1200 440 V900 H820 C880 640 820 420 760 190 Z", shade(far, -0.06)) +
  fill("M0 560 C140 470 260 500 380 520 C560 450 660 430 800 500 C940 450 1060 470 1200 540 V900 H0 Z", middle) +
  pines(
    [
      [70, 600, 90],
      [120, 612, 70],
      [1080, 590, 100],
      [1140, 600, 76],
      [1020, 596, 64],
    ],
    shade(middle, -0.22),
  ) +
  fill("M0 660 C200 590 380 640 560 650 C760 600 980 600 1200 660 V900 H0 Z", near) +
  pines(
    [
      [40, 740, 170],
      [140, 724, 110],
      [1150, 730, 180],
      [1060, 716, 110],
    ],
    tree,
  ) +
  fill("M0 770 C260 720 520 760 760 744 C940 732 1080 744 1200 770 V900 H0 Z", ground);

/** @param {string} color */
const path = (color) =>
  fill(
    "M470 900 C560 800 760 780 700 700 C670 660 560 660 590 620 C600 604 640 596 650 590 C630 604 616 616 626 636 C660 676 770 680 760 740 C750 800 700 830 690 900 Z",
    color,
  );

/** @type {Scenery} */
const morning = {
  sky: "#a9c8cf",
  glow: "#f4e0bd",
  sun: [880, 250, 62, "#fbeecb"],
  far: "#8fabad",
  middle: "#6d8f7c",
  near: "#4d7560",
  ground: "#37604d",
  tree: "#274a3c",
};
/** @type {Scenery} */
const heath = {
  sky: "#d8c3a2",
  glow: "#f6e3c4",
  sun: [250, 210, 70, "#fff4d8"],
  far: "#b58f76",
  middle: "#9a6f58",
  near: "#7a5a3f",
  ground: "#5b4632",
  tree: "#4a3a2b",
};
/** @type {Scenery} */
const dusk = {
  sky: "#1c2c48",
  glow: "#d7896b",
  sun: [300, 180, 40, "#f6ecd4"],
  far: "#4a5678",
  middle: "#33466a",
  near: "#233753",
  ground: "#182a40",
  tree: "#101f31",
};
/** @type {Scenery} */
const noon = {
  sky: "#7fb0c4",
  glow: "#dfe9dc",
  sun: [960, 160, 54, "#fff7df"],
  far: "#7f9aa6",
  middle: "#7c9a6b",
  near: "#5f8350",
  ground: "#4a6d41",
  tree: "#325333",
};
/** @type {Scenery} */
const ember = {
  sky: "#54636a",
  glow: "#f0c08a",
  sun: [560, 262, 84, "#fbe3b0"],
  far: "#8a8178",
  middle: "#6f7564",
  near: "#55614f",
  ground: "#414d3f",
  tree: "#2f3a30",
};

const stars = [
  [90, 80],
  [210, 130],
  [430, 70],
  [560, 150],
  [700, 60],
  [860, 110],
  [1010, 70],
  [1120, 150],
  [500, 240],
  [140, 250],
]
  .map(([x, y], n) => dot(x, y, n % 3 ? 2.5 : 4, "#f6ecd4"))
  .join("");
/** @type {(x: number, y: number, size: number) => string} */
const walker = (x, y, size) =>
  moved(
    line("M0 0 L-12 44 M2 0 L18 42", "#24312b", 11) +
      fill("M-14 -62 C-14 -76 16 -76 16 -62 L14 4 H-12 Z", "#b5482a") +
      dot(4, -88, 14, "#e9c7a4") +
      fill("M-12 -92 C-10 -110 18 -110 20 -92 Z", "#24312b") +
      fill("M-44 -74 C-44 -86 -12 -86 -12 -74 V-16 C-12 -6 -44 -6 -44 -16 Z", "#e9b44c") +
      line("M10 -54 L34 -26", "#b5482a", 9) +
      line("M36 -30 L46 44", "#d9d4c5", 4),
    x,
    y,
    size,
  );

export const wideArt = {
  hills: () =>
    sheet(1200, 900, "A path into the fells in the morning", fells(morning) + path("#d9c49a") + walker(640, 720, 0.9)),
  boots: () =>
    sheet(
      1200,
      900,
      "A pair of boots on the heath",
      fells(heath) +
        path("#cfb48a") +
        moved(boots.harrowMid(), 300, 236, 1.6) +
        moved(boots.harrowMid(), 190, 268, 1.7),
    ),
  tents: () =>
    sheet(
      1200,
      900,
      "A lit tent under the stars",
      fells(dusk) +
        stars +
        `<defs><radialGradient id="lit"><stop offset="0" stop-color="#f7d489" stop-opacity=".75"/><stop offset="1" stop-color="#f7d489" stop-opacity="0"/></radialGradient></defs><ellipse cx="620" cy="690" rx="460" ry="260" fill="url(#lit)"/>` +
        moved(
          tents
            .linnet()
            .replace(/#1d3429/g, "#f3cf86")
            .replace("#e3c27a", "#b98d4a"),
          270,
          250,
          1.75,
        ),
    ),
  packs: () =>
    sheet(
      1200,
      900,
      "Two packs on a summer ridge",
      fells(noon) + path("#d9c9a0") + moved(packs.longmile(), 180, 150, 2) + moved(packs.daybreak(), 540, 300, 1.55),
    ),
  stoves: () =>
    sheet(
      1200,
      900,
      "A pot on a small stove at sunset",
      fells(ember) + moved(stoves.firefly(), 90, 166, 1.9) + moved(stoves.enamel(), 530, 320, 1.5),
    ),
};

/** The mark beside the name: a lark over a fell. */
export const mark = () =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64" role="img"><title>Larkfell</title>${box(0, 0, 64, 64, 32, "#23483a")}${fill("M8 48 L24 28 L32 37 L42 24 L57 46 C52 56 42 62 32 62 C22 62 13 57 8 48 Z", "#e9dcc0")}${fill("M14 22 C22 14 28 16 32 21 C36 13 45 11 52 13 C45 16 41 20 37 26 C33 30 24 28 14 22 Z", "#e0a24a")}</svg>\n`;
