// A hand on a mouse, in Chromium: events with the times that a hand would take, however long the machine does.

/** @import { CDPSession } from "puppeteer-core" */
/** @import { Tab } from "../browser/rig/types.js" */

/** @typedef {readonly [x: number, y: number]} Point */

/** How often the mouse reports its position, in Hz. */
const RATE = 125;
/** How long a frame of the screen lasts, in ms. */
const FRAME = 1_000 / 60;

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Hand {
  #tab;
  #protocol;
  /** The time of the last event, in seconds. */
  #time = Date.now() / 1_000;
  /** @type {Point} */
  #position = [500, 350];
  #buttons = 0;

  #other;

  /**
   * @param {Tab} tab
   * @param {Tab} other another tab of the same window
   * @param {CDPSession} protocol of the first one
   */
  constructor(tab, other, protocol) {
    this.#tab = tab;
    this.#other = other;
    this.#protocol = protocol;
  }

  /**
   * @param {string} type
   * @param {object} [more]
   */
  async #send(type, more = {}) {
    const [x, y] = this.#position;
    const parameters = { type, x, y, timestamp: this.#time, buttons: this.#buttons, ...more };
    await this.#protocol.send("Input.dispatchMouseEvent", /** @type {never} */ (parameters));
  }

  /**
   * The pointer is here, `ms` later.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} ms
   */
  async at(x, y, ms) {
    this.#time += ms / 1_000;
    this.#position = [x, y];
    await this.#send("mouseMoved", { button: this.#buttons ? "left" : "none" });
  }

  /**
   * As a hand moves that knows where it goes: with minimum jerk.
   *
   * @param {Point} from
   * @param {Point} to
   * @param {number} ms
   * @param {number} [hz] how often the mouse reports its position
   */
  stroke(from, to, ms, hz = RATE) {
    return this.#way(from, to, ms, hz, (time) => time ** 3 * (10 + time * (6 * time - 15)));
  }

  /**
   * At one speed.
   *
   * @param {Point} from
   * @param {Point} to
   * @param {number} ms
   */
  line(from, to, ms) {
    return this.#way(from, to, ms, RATE, (time) => time);
  }

  /**
   * @param {Point} from
   * @param {Point} to
   * @param {number} ms
   * @param {number} hz
   * @param {(time: number) => number} way
   */
  async #way(from, to, ms, hz, way) {
    const steps = Math.max(1, Math.round((ms * hz) / 1_000));
    const sent = [];
    let frames = 1;
    for (let step = 0; step <= steps; step += 1) {
      const share = way(step / steps);
      const [x, y] = [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
      sent.push(this.at(Math.round(x), Math.round(y), ms / steps));
      // Those of one frame together: the browser makes one event of them.
      if ((step * ms) / steps >= FRAME * frames) {
        await Promise.all(sent);
        frames += 1;
      }
    }
    await Promise.all(sent);
  }

  /**
   * Straight to this height.
   *
   * @param {number} y
   */
  jump(y) {
    return this.at(this.#position[0], y, 16);
  }

  /** @param {number} ms */
  async rest(ms) {
    this.#time += ms / 1_000;
    await pause(ms);
  }

  /** @param {string} selector */
  async over(selector) {
    const [x, y] = await this.#tab.evaluate((wanted) => {
      const box = /** @type {Element} */ (document.querySelector(wanted)).getBoundingClientRect();
      return /** @type {const} */ ([box.x + box.width / 2, box.y + box.height / 2]);
    }, selector);
    await this.at(Math.round(x), Math.round(y), 100);
  }

  async press() {
    this.#buttons = 1;
    await this.#send("mousePressed", { button: "left", clickCount: 1 });
  }

  async release() {
    this.#buttons = 0;
    await this.#send("mouseReleased", { button: "left", clickCount: 1 });
  }

  /** @param {number} deltaY */
  async wheel(deltaY) {
    this.#time += 0.016;
    await this.#send("mouseWheel", { deltaX: 0, deltaY });
  }

  /** @param {string} name */
  key(name) {
    return this.#tab.key(name);
  }

  /** @param {string} selector */
  async focus(selector) {
    await this.#tab.evaluate(
      (wanted) => /** @type {HTMLElement} */ (document.querySelector(wanted)).focus({ preventScroll: true }),
      selector,
    );
  }

  /** @param {boolean} isOpen */
  async dialog(isOpen) {
    await this.#tab.evaluate((open) => {
      const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("dialog"));
      if (open) dialog.show();
      else dialog.close();
    }, isOpen);
  }

  /**
   * Whether the window is in front of others.
   *
   * @param {boolean} isFocused
   */
  async focused(isFocused) {
    // Puppeteer emulates that every tab has the focus.
    await this.#protocol.send("Emulation.setFocusEmulationEnabled", { enabled: isFocused });
    await (isFocused ? this.#tab : this.#other).front();
  }

  /**
   * A finger, in real time: the page scrolls as it does.
   *
   * @param {Point} from
   * @param {Point} to
   * @param {number} ms
   */
  async swipe(from, to, ms) {
    const steps = Math.max(1, Math.round(ms / FRAME));
    const touch = (/** @type {string} */ type, /** @type {object[]} */ touchPoints) => {
      const parameters = { type, touchPoints, timestamp: this.#time };
      return this.#protocol.send("Input.dispatchTouchEvent", /** @type {never} */ (parameters));
    };
    await touch("touchStart", [{ x: from[0], y: from[1] }]);
    for (let step = 1; step <= steps; step += 1) {
      this.#time += ms / steps / 1_000;
      await pause(FRAME);
      const share = step / steps;
      await touch("touchMove", [{ x: from[0] + (to[0] - from[0]) * share, y: from[1] + (to[1] - from[1]) * share }]);
    }
    await touch("touchEnd", []);
  }

  /** Rests in the middle of the page, with nothing pressed, focused or open. */
  async settle() {
    this.#time = Math.max(this.#time, Date.now() / 1_000);
    if (this.#buttons) await this.release();
    await this.#tab.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      document.querySelector("dialog")?.close();
      getSelection()?.removeAllRanges();
      scrollTo(0, 0);
    });
    await this.focused(true);
    await this.at(500, 350, 16);
    await pause(20);
  }
}
