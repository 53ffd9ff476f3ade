/** A queue that takes from the front in constant time. */
export class Queue<V> {
  #items: V[] = [];
  #start = 0;

  get size(): number {
    return this.#items.length - this.#start;
  }

  push(item: V): void {
    this.#items.push(item);
  }

  shift(): V | undefined {
    if (this.size === 0) return undefined;
    const item = this.#items[this.#start];
    this.#start += 1;
    // The taken half is given back at once, at an average cost of one move an item.
    if (this.#start * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#start);
      this.#start = 0;
    }
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#start = 0;
  }
}
