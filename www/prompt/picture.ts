/** The picture of a prompt. */

import type { PromptForm, PromptImage } from "../page/boundary.js";
import { make, row } from "./elements.js";
import { addListener } from "../loader/record.js";

/** Screens on which a form has room for a picture, beside the words or above them. */
const ROOM = new Map<PromptForm, string>([
  ["modal", "(min-width: 34em), (min-height: 40em)"],
  ["slide-in", "(min-width: 40em) and (min-height: 30em)"],
  ["inline", "all"],
]);

export const hasRoom = (form: PromptForm): boolean => matchMedia(ROOM.get(form) ?? "not all").matches;

/**
 * Its size is known before it has loaded, so nothing moves when it does. The frame has it, because in WebKit an `<img>`
 * that could not be loaded is a square.
 */
export const makePicture = ({ src, srcset, sizes, alt, width, height }: PromptImage): HTMLElement => {
  const picture = make("img", "image");
  const frame = row("frame", picture);
  frame.style.aspectRatio = `${width} / ${height}`;
  picture.alt = alt;
  picture.width = width;
  picture.height = height;
  addListener(picture, "error", () => {
    const card = frame.closest("section");
    // A card keeps its place: what stands below it must not move.
    if (card) card.style.minBlockSize = `${card.getBoundingClientRect().height}px`;
    frame.remove();
  });
  if (sizes) picture.sizes = sizes;
  if (srcset) picture.srcset = srcset;
  picture.src = src;
  return frame;
};
