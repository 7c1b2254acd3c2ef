import { estimateHeight } from "./card.js";

/** Where the cards of one column lie: measured where they have been drawn, estimated elsewhere. */
export class Geometry {
  items = [];
  tops = new Float64Array(1);
  measured = new WeakMap();

  constructor() {
    this.width = 0;
  }

  get height() {
    return this.tops[this.items.length];
  }

  setItems(items) {
    this.items = items;
    this.lay();
  }

  /** Another width wraps titles elsewhere: what was measured no longer holds. */
  setWidth(width) {
    if (width === this.width) return;
    this.width = width;
    this.measured = new WeakMap();
    this.lay();
  }

  heightOf(ticket) {
    return this.measured.get(ticket) ?? estimateHeight(ticket, this.width);
  }

  lay() {
    const { items } = this;
    const tops = new Float64Array(items.length + 1);
    for (let index = 0; index < items.length; index += 1) tops[index + 1] = tops[index] + this.heightOf(items[index]);
    this.tops = tops;
  }

  /** Notes measured heights ([ticket, height]); answers whether any differs from what was laid. */
  measure(heights) {
    let differs = false;
    for (const [ticket, height] of heights) {
      if (Math.abs(this.heightOf(ticket) - height) > 0.4) differs = true;
      this.measured.set(ticket, height);
    }
    if (differs) this.lay();
    return differs;
  }

  /** The card at a distance from the top; the last one for anything below. */
  indexAt(y) {
    let low = 0;
    let high = this.items.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tops[middle] <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The gap a pointer is in, from 0 to the number of cards: above or below the middle of the card it is on. */
  gapAt(y) {
    if (!this.items.length) return 0;
    const index = this.indexAt(y);
    return y > (this.tops[index] + this.tops[index + 1]) / 2 ? index + 1 : index;
  }

  /** Indices to draw for a stretch of the column, and those that must stay whatever is scrolled. */
  indices(top, bottom, kept) {
    const wanted = [];
    if (this.items.length && bottom > top) {
      const last = this.indexAt(bottom);
      for (let index = this.indexAt(Math.max(0, top)); index <= last; index += 1) wanted.push(index);
    }
    for (const index of kept) if (index >= 0 && !wanted.includes(index)) wanted.push(index);
    return wanted.sort((a, b) => a - b);
  }
}
