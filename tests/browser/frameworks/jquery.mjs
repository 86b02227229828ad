// A page of the years before frameworks: handlers bound to elements and delegated, data kept on
// elements, and parts of the page written anew.
import $ from "jquery";

/** @type {import("./state.mjs").Mount} */
export const mount = (root, state) => {
  $(root).append(
    $("<section>")
      .attr("data-tb-slot", "hero")
      .addClass("hero")
      .append(
        $("<h1>").append("Gear for ", " trail"),
        $("<a>").attr({ href: "#all", title: "Everything" }).text("See all "),
        $("<p>").attr("id", "text"),
        $("<label>").append("Your size ", $("<input>").attr("name", "size")),
        $("<ul>"),
      ),
  );
  const hero = $(root).find(".hero");
  const link = hero.find("a").data("kept", { by: "jQuery" });
  link.on("click", (event) => event.preventDefault());
  // Delegated, and only while the element still has its data.
  hero.on("click", "a", (event) => {
    if ($(event.currentTarget).data("kept")?.by === "jQuery") window.app.clicks += 1;
  });
  let em = $();
  /** @param {import("./state.mjs").State} state */
  const update = ({ every, text, items, badge }) => {
    if (every && em.length === 0) em = $("<em>").text("every").insertAfter(hero.find("h1").contents().first());
    else if (!every) em = (em.remove(), $());
    hero.find(".badge").remove();
    if (badge !== null) link.append($("<span>").addClass("badge").text(badge));
    const paragraph = hero.find("#text");
    if (paragraph.text() !== text) paragraph.text(text);
    hero
      .find("ul")
      .empty()
      .append(items.map((item) => $("<li>").text(item)));
  };
  update(state);
  return update;
};
