/**
 * Chance that is the same whenever it is seeded with the same words.
 *
 * The generator is sfc32 of Chris Doty-Humphrey's PractRand, seeded by FNV-1a over the words.
 */

/**
 * @param {string} text
 * @param {number} start
 */
const fnv = (text, start) => {
  let hash = start;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
};

export class Chance {
  #a;
  #b;
  #c;
  #count = 1;

  /**
   * Every word counts, and where one ends: ("a", "bc") is not ("ab", "c").
   *
   * @param {(string | number)[]} words
   */
  constructor(...words) {
    const text = words.join("\u0000");
    this.#a = fnv(text, 0x811c9dc5);
    this.#b = fnv(text, 0x01234567);
    this.#c = words.length;
    for (let round = 0; round < 15; round += 1) this.share();
  }

  /** From 0 up to 1, without 1. */
  share() {
    const sum = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  /**
   * True in this share of all times.
   *
   * @param {number} share
   */
  is(share) {
    return this.share() < share;
  }

  /**
   * A whole number, both ends included.
   *
   * @param {number} from
   * @param {number} to
   */
  whole(from, to) {
    return from + Math.floor(this.share() * (to - from + 1));
  }

  /**
   * One of these.
   *
   * @template It
   * @param {readonly It[]} list
   * @returns {It}
   */
  of(list) {
    return list[this.whole(0, list.length - 1)];
  }

  /**
   * One of these, each `[weight, it]`.
   *
   * @template {readonly (readonly [weight: number, it: unknown])[]} List
   * @param {List} list
   * @returns {List[number][1]}
   */
  weighed(list) {
    let left = this.share() * list.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, it] of list) {
      left -= weight;
      if (left < 0) return it;
    }
    return list[list.length - 1][1];
  }

  /**
   * As many as asked, made one by one.
   *
   * @template It
   * @param {number} from
   * @param {number} to
   * @param {(index: number) => It} make
   */
  list(from, to, make) {
    return Array.from({ length: this.whole(from, to) }, (_, index) => make(index));
  }

  /**
   * The same in another order.
   *
   * @template It
   * @param {readonly It[]} list
   */
  shuffled(list) {
    const left = [...list];
    return list.map(() => left.splice(this.whole(0, left.length - 1), 1)[0]);
  }

  /**
   * Some of these, at least one, in another order.
   *
   * @template It
   * @param {readonly It[]} list
   * @param {number} most
   */
  some(list, most = list.length) {
    return this.shuffled(list).slice(0, this.whole(1, Math.min(most, list.length)));
  }
}
