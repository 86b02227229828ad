/** The problems of the config below the editor, each with a way to its place. */

import type { Place } from "./problem_places.js";

export interface ProblemList {
  /** `more` are problems without a place of their own. */
  show(places: readonly Place[], more: number): void;
}

/** `title` gets the count, `list` an item a problem; `reveal` is called where one is pressed. */
export const createProblemList = (
  title: HTMLElement,
  list: HTMLElement,
  reveal: (place: Place) => void,
): ProblemList => ({
  show: (places, more) => {
    const count = places.length;
    title.textContent = `${count || "No"} problem${count == 1 ? "" : "s"}${more > 0 ? ", and more" : ""}`;
    title.classList.toggle("wrong", count > 0);
    list.replaceChildren(
      ...places.map((place) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = place.message;
        button.addEventListener("click", () => reveal(place));
        item.append(button);
        return item;
      }),
    );
  },
});
