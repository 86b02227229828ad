import { html, LitElement, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

/** @import { State } from "./state.mjs" */

class Hero extends LitElement {
  /** @override */
  static properties = { state: { attribute: false } };

  /**
   * In the page's own tree, where slots are.
   *
   * @override
   */
  createRenderRoot() {
    return this;
  }

  /** @override */
  render() {
    const { every, text, items, badge } = /** @type {{ state: State }} */ (/** @type {unknown} */ (this)).state;
    return html`<section data-tb-slot="hero" class="hero">
      <h1>Gear for ${every ? html`<em>every</em>` : nothing} trail</h1>
      <a href="#all" title="Everything" @click=${this.pressed}
        >See all ${badge === null ? nothing : html`<span class="badge">${badge}</span>`}</a
      >
      <p id="text">${text}</p>
      <label>Your size <input name="size" /></label>
      <ul>
        ${repeat(
          items,
          (item) => item,
          (item) => html`<li>${item}</li>`,
        )}
      </ul>
    </section>`;
  }

  /** @param {Event} event */
  pressed(event) {
    event.preventDefault();
    window.app.clicks += 1;
  }
}
customElements.define("shop-hero", Hero);

/**
 * @param {Element} root
 * @param {State} state
 */
export const mount = async (root, state) => {
  const element = /** @type {Hero & { state: State }} */ (document.createElement("shop-hero"));
  element.state = state;
  root.append(element);
  await element.updateComplete;
  return (/** @type {State} */ next) => {
    element.state = next;
    return element.updateComplete;
  };
};
