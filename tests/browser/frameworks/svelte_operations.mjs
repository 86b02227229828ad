// What Svelte's compiler writes for the same component: nodes that are kept in variables, inserted
// before an anchor and taken from whatever parent they have.

const element = (name, attributes = {}) => Object.assign(document.createElement(name), attributes);
const text = (data) => document.createTextNode(data);
const insert = (target, node, anchor) => target.insertBefore(node, anchor ?? null);
const detach = (node) => node.parentNode.removeChild(node);

export const mount = (root, state) => {
  const section = element("section", { className: "hero" });
  section.setAttribute("data-tb-slot", "hero");
  const h1 = element("h1");
  const [before, after] = [text("Gear for "), text(" trail")];
  const a = element("a", { title: "Everything" });
  a.setAttribute("href", "#all");
  const [see, seeEnd] = [text("See all "), text("")];
  const p = element("p", { id: "text" });
  const pText = text(state.text);
  const label = element("label");
  const ul = element("ul");
  let em = null;
  let badge = null;
  let list = new Map();

  insert(root, section);
  insert(section, h1);
  insert(h1, before);
  insert(h1, after);
  insert(section, a);
  insert(a, see);
  insert(a, seeEnd);
  insert(section, p);
  insert(p, pText);
  insert(section, label);
  insert(label, text("Your size "));
  insert(label, element("input", { name: "size" }));
  insert(section, ul);
  a.addEventListener("click", (event) => {
    event.preventDefault();
    window.app.clicks += 1;
  });

  const update = (next) => {
    if (next.every && !em) {
      em = element("em");
      insert(em, text("every"));
      insert(h1, em, after);
    } else if (!next.every && em) {
      detach(em);
      em = null;
    }
    if (next.badge === null) {
      if (badge) detach(badge);
      badge = null;
    } else if (badge) {
      badge.firstChild.data = next.badge;
    } else {
      badge = element("span", { className: "badge" });
      insert(badge, text(next.badge));
      insert(a, badge, seeEnd);
    }
    if (pText.data !== next.text) pText.data = next.text;
    const items = new Map(
      next.items.map((item) => [item, list.get(item) ?? insert(element("li"), text(item)).parentNode]),
    );
    for (const [item, li] of list) if (!items.has(item)) detach(li);
    for (const li of items.values()) insert(ul, li);
    list = items;
  };
  update(state);
  return update;
};
