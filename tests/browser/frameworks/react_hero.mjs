import { createElement as h } from "react";

/** @type {import("react").ComponentProps<"a">} */
const link = {
  href: "#all",
  title: "Everything",
  onClick: (event) => {
    event.preventDefault();
    window.app.clicks += 1;
  },
};

/**
 * The section of the page, as the server and the browser render it.
 *
 * @param {import("./state.mjs").State} state
 */
export const Hero = ({ every, text, items, badge }) =>
  h(
    "section",
    { "data-tb-slot": "hero", className: "hero" },
    h("h1", null, "Gear for ", every ? h("em", null, "every") : null, " trail"),
    h("a", link, "See all ", badge === null ? null : h("span", { className: "badge" }, badge)),
    h("p", { id: "text" }, text),
    h("label", null, "Your size ", h("input", { name: "size" })),
    h(
      "ul",
      null,
      items.map((item) => h("li", { key: item }, item)),
    ),
  );
