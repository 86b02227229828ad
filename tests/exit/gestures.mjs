// What hands do with a mouse: on the way to the tabs, to the page's own menu, and elsewhere. Each is played by real
// pointer events in Chromium, on the page of `tests/browser/exit.test.mjs`, 1,000 px wide and 700 high.

/** @import { Hand } from "./hand.mjs" */

/**
 * @typedef {object} Gesture
 * @property {string} name
 * @property {"tabs" | "menu" | "page"} aim What the visitor wants.
 * @property {readonly string[]} signs Those of the pointer that the engine finds.
 * @property {(hand: Hand) => Promise<void>} play
 */

const BOTH = ["cursor", "trajectory"];
const CURSOR = ["cursor"];
/** @type {readonly string[]} */
const NONE = [];

/** @type {readonly Gesture[]} */
export const gestures = [
  // Towards the tabs.
  {
    name: "straight up from the middle, in 400 ms",
    aim: "tabs",
    signs: BOTH,
    play: (hand) => hand.stroke([500, 400], [500, -30], 400),
  },
  {
    name: "to the first tab, from the lower right",
    aim: "tabs",
    signs: BOTH,
    play: (hand) => hand.stroke([850, 600], [120, -25], 600),
  },
  {
    name: "to the button that closes the window, from the lower left",
    aim: "tabs",
    signs: BOTH,
    play: (hand) => hand.stroke([150, 620], [960, -20], 650),
  },
  {
    name: "to the address bar, from the end of a text",
    aim: "tabs",
    signs: BOTH,
    play: (hand) => hand.stroke([420, 520], [300, -45], 520),
  },
  {
    name: "a short way, from below the menu",
    aim: "tabs",
    signs: BOTH,
    play: (hand) => hand.stroke([500, 180], [520, -40], 260),
  },
  {
    name: "the whole page in 900 ms",
    aim: "tabs",
    signs: BOTH,
    play: (hand) => hand.stroke([500, 690], [480, -60], 900),
  },
  {
    name: "a flick of three events",
    aim: "tabs",
    signs: BOTH,
    play: async (hand) => {
      await hand.at(500, 560, 8);
      await hand.at(500, 300, 16);
      await hand.at(500, 40, 16);
      await hand.at(500, -80, 16);
    },
  },
  {
    name: "slow at first, then fast",
    aim: "tabs",
    signs: BOTH,
    play: async (hand) => {
      await hand.line([500, 500], [500, 420], 800);
      await hand.line([500, 420], [500, -20], 260);
    },
  },
  {
    name: "in an arc over the picture",
    aim: "tabs",
    signs: BOTH,
    play: async (hand) => {
      await hand.line([700, 600], [640, 480], 140);
      await hand.line([640, 480], [560, 250], 160);
      await hand.line([560, 250], [500, -20], 170);
    },
  },
  {
    name: "after a pause halfway",
    aim: "tabs",
    signs: BOTH,
    play: async (hand) => {
      await hand.line([500, 600], [500, 350], 250);
      await hand.rest(300);
      await hand.stroke([500, 350], [540, -30], 380);
    },
  },
  {
    name: "after a click in the text",
    aim: "tabs",
    signs: BOTH,
    play: async (hand) => {
      await hand.at(400, 500, 16);
      await hand.press();
      await hand.release();
      await hand.rest(150);
      await hand.stroke([400, 500], [380, -30], 420);
    },
  },
  {
    name: "after a turn of the wheel",
    aim: "tabs",
    signs: BOTH,
    play: async (hand) => {
      await hand.at(500, 400, 16);
      await hand.wheel(300);
      await hand.stroke([500, 400], [460, -30], 400);
    },
  },
  {
    name: "across the menu, without a stop",
    aim: "tabs",
    signs: BOTH,
    play: (hand) => hand.line([300, 450], [300, -40], 300),
  },
  {
    name: "with a mouse that reports 1,000 times a second",
    aim: "tabs",
    signs: BOTH,
    play: (hand) => hand.stroke([500, 450], [500, -30], 380, 1_000),
  },
  {
    name: "with a mouse that reports 60 times a second",
    aim: "tabs",
    signs: BOTH,
    play: (hand) => hand.stroke([500, 450], [500, -30], 380, 60),
  },
  {
    name: "down a little first, then up",
    aim: "tabs",
    signs: BOTH,
    play: async (hand) => {
      await hand.line([500, 300], [500, 360], 120);
      await hand.stroke([500, 360], [500, -30], 380);
    },
  },
  {
    name: "out, and back after half a second in the tabs",
    aim: "tabs",
    signs: BOTH,
    play: async (hand) => {
      await hand.stroke([500, 400], [500, -30], 400);
      await hand.rest(500);
      await hand.line([500, 5], [500, 200], 200);
    },
  },
  {
    name: "to the very edge, where the tabs of a maximized window begin",
    aim: "tabs",
    signs: BOTH,
    play: (hand) => hand.line([500, 400], [500, -1], 280),
  },
  {
    name: "slowly, all the way",
    aim: "tabs",
    signs: CURSOR,
    play: (hand) => hand.line([500, 300], [500, -20], 1_600),
  },
  {
    name: "from the menu, where the pointer rested",
    aim: "tabs",
    signs: CURSOR,
    play: async (hand) => {
      await hand.at(300, 40, 16);
      await hand.rest(200);
      await hand.line([300, 40], [300, -20], 120);
    },
  },
  {
    name: "out of a frame, whose events the page does not get",
    aim: "tabs",
    signs: CURSOR,
    play: async (hand) => {
      await hand.over("iframe");
      await hand.rest(200);
      await hand.jump(-20);
    },
  },
  // To the menu of the page, whose words are 15 to 70 px from the edge.
  {
    name: "to a word of the menu, and rest there",
    aim: "menu",
    signs: NONE,
    play: async (hand) => {
      await hand.stroke([500, 500], [300, 30], 480);
      await hand.rest(250);
    },
  },
  {
    name: "to the upper words of the menu, fast",
    aim: "menu",
    signs: NONE,
    play: async (hand) => {
      await hand.stroke([600, 650], [200, 15], 380);
      await hand.rest(250);
    },
  },
  {
    name: "to the menu, and press",
    aim: "menu",
    signs: NONE,
    play: async (hand) => {
      await hand.stroke([500, 500], [300, 30], 480);
      await hand.press();
      await hand.release();
    },
  },
  {
    name: "along the menu",
    aim: "menu",
    signs: NONE,
    play: (hand) => hand.line([100, 30], [800, 25], 500),
  },
  {
    name: "beyond the edge and back within 100 ms",
    aim: "menu",
    signs: NONE,
    play: async (hand) => {
      await hand.line([300, 400], [300, 2], 300);
      await hand.at(300, -4, 8);
      await hand.at(300, 6, 40);
      await hand.line([300, 6], [300, 28], 60);
      await hand.rest(250);
    },
  },
  {
    name: "up the menu to its last pixel",
    aim: "menu",
    signs: NONE,
    play: async (hand) => {
      await hand.stroke([300, 300], [300, 0], 420);
      await hand.rest(250);
    },
  },
  {
    name: "down again from the menu",
    aim: "menu",
    signs: NONE,
    play: async (hand) => {
      await hand.stroke([300, 300], [300, 40], 350);
      await hand.stroke([300, 40], [300, 400], 350);
    },
  },
  {
    name: "to the menu in three moves",
    aim: "menu",
    signs: NONE,
    play: async (hand) => {
      await hand.at(420, 500, 16);
      await hand.at(360, 250, 16);
      await hand.at(300, 30, 16);
      await hand.rest(250);
    },
  },
  // Elsewhere.
  {
    name: "out to the left",
    aim: "page",
    signs: NONE,
    play: (hand) => hand.stroke([500, 400], [-40, 380], 400),
  },
  {
    name: "out to the right, as to a second screen",
    aim: "page",
    signs: NONE,
    play: (hand) => hand.stroke([500, 300], [1_060, 260], 400),
  },
  {
    name: "out below, as to the task bar",
    aim: "page",
    signs: NONE,
    play: (hand) => hand.stroke([500, 300], [520, 740], 400),
  },
  {
    name: "up the scroll bar, and out",
    aim: "page",
    signs: NONE,
    play: (hand) => hand.line([994, 500], [994, -20], 350),
  },
  {
    name: "beyond the upper left corner",
    aim: "page",
    signs: NONE,
    play: (hand) => hand.stroke([400, 400], [-30, -20], 450),
  },
  {
    name: "into a frame",
    aim: "page",
    signs: NONE,
    play: async (hand) => {
      await hand.at(500, 200, 16);
      await hand.over("iframe");
      await hand.rest(250);
    },
  },
  {
    name: "out of a list that was opened",
    aim: "page",
    signs: NONE,
    play: async (hand) => {
      await hand.focus("select");
      await hand.stroke([500, 400], [500, -30], 400);
    },
  },
  {
    name: "out over the suggestions of a field",
    aim: "page",
    signs: NONE,
    play: async (hand) => {
      await hand.focus("input");
      await hand.stroke([500, 300], [500, -30], 350);
    },
  },
  {
    name: "out, a moment after a key",
    aim: "page",
    signs: NONE,
    play: async (hand) => {
      await hand.key("ArrowDown");
      await hand.stroke([500, 400], [500, -30], 400);
    },
  },
  {
    name: "a selection that is drawn out of the page",
    aim: "page",
    signs: NONE,
    play: async (hand) => {
      await hand.at(400, 400, 16);
      await hand.press();
      await hand.stroke([400, 400], [420, -30], 400);
      await hand.release();
    },
  },
  {
    name: "out, while a dialog of the page is open",
    aim: "page",
    signs: NONE,
    play: async (hand) => {
      await hand.dialog(true);
      await hand.stroke([500, 400], [500, -30], 400);
    },
  },
  {
    name: "out, a moment after Alt and Tab have led to another window and back",
    aim: "page",
    signs: NONE,
    play: async (hand) => {
      await hand.key("Alt");
      await hand.focused(false);
      await hand.rest(100);
      await hand.focused(true);
      await hand.stroke([500, 400], [500, -30], 400);
    },
  },
  {
    name: "the wheel, with a pointer at rest",
    aim: "page",
    signs: NONE,
    play: async (hand) => {
      await hand.at(500, 300, 16);
      for (let turn = 0; turn < 4; turn += 1) await hand.wheel(-200);
      await hand.rest(250);
    },
  },
  {
    name: "reading: to and fro",
    aim: "page",
    signs: NONE,
    play: async (hand) => {
      for (const y of [300, 340, 380]) {
        await hand.line([200, y], [700, y], 300);
        await hand.line([700, y], [200, y + 40], 200);
      }
    },
  },
  {
    name: "to a heading below the menu",
    aim: "page",
    signs: NONE,
    play: async (hand) => {
      await hand.stroke([500, 600], [400, 110], 420);
      await hand.rest(250);
    },
  },
  {
    name: "a finger that swipes up and is lifted",
    aim: "page",
    signs: NONE,
    play: (hand) => hand.swipe([500, 500], [500, 20], 200),
  },
];
