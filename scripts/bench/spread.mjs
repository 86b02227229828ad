/** How far measurements of one thing lie apart. */

/**
 * Smallest, middle and largest of some numbers; of an even number of them the larger of the two in the middle.
 *
 * @typedef {{ min: number, median: number, max: number }} Extremes
 * @param {readonly number[]} numbers
 * @returns {Extremes}
 */
export const extremes = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return { min: sorted[0], median: sorted[sorted.length >> 1], max: sorted[sorted.length - 1] };
};

/**
 * Smallest, quartiles and largest of some numbers, rounded. Between two numbers quartiles are interpolated.
 *
 * @typedef {{ median: number, min: number, lower: number, upper: number, max: number }} Quartiles
 * @param {readonly number[]} numbers
 * @param {number} digits after the point
 * @returns {Quartiles}
 */
export const quartiles = (numbers, digits) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const unit = 10 ** digits;
  /** @param {number} share */
  const at = (share) => {
    const place = share * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return Math.round((low + (high - low) * (place % 1)) * unit) / unit;
  };
  return { median: at(0.5), min: at(0), lower: at(0.25), upper: at(0.75), max: at(1) };
};
