const MAX_CHILDREN = 16;
const MAX_SHAPES = 2048;

interface Message {
  readonly bytes: Uint8Array;
  /** How many shapes may still be made. */
  left: number;
}

/**
 * The keys of maps read so far, as a tree: a shape is its parent's keys and one more. Rows repeat their keys, so a key is
 * recognised by its bytes without building a string, and an object of a known shape is made from a template at once.
 *
 * Objects built key by key would turn into slow dictionaries beyond 16 members (six times the time and memory).
 */
export class Shape {
  /** The last key of the shape. */
  readonly key: string;
  readonly #message: Message;
  /** Where the key stands in the message. */
  readonly #start: number;
  readonly #length: number;
  readonly #parent: Shape | undefined;
  /** The child met last, the likeliest to come again. */
  #likely: Shape | undefined = undefined;
  #others: Shape[] | undefined = undefined;
  #keys: readonly string[] | undefined = undefined;
  #template: Readonly<Record<string, unknown>> | undefined = undefined;

  private constructor(message: Message, key: string, start: number, length: number, parent: Shape | undefined) {
    this.key = key;
    this.#message = message;
    this.#start = start;
    this.#length = length;
    this.#parent = parent;
  }

  /** The shape without keys, for one message. */
  static root(bytes: Uint8Array): Shape {
    return new Shape({ bytes, left: MAX_SHAPES }, '', 0, 0, undefined);
  }

  /** The shape with the key at `start` added, if it was met before. */
  next(start: number, length: number): Shape | undefined {
    const likely = this.#likely;
    if (likely === undefined) return undefined;
    return likely.#endsWith(start, length) ? likely : this.#search(start, length);
  }

  /** Remembers the key at `start`; undefined when there are too many to be worth remembering. */
  add(start: number, length: number, key: string): Shape | undefined {
    const message = this.#message;
    if (key === '__proto__' || message.left === 0) return undefined;
    if (this.#others !== undefined && this.#others.length >= MAX_CHILDREN) return undefined;
    message.left -= 1;
    const child = new Shape(message, key, start, length, this);
    this.#prefer(child);
    return child;
  }

  /** The object with this shape's keys and the values from `values[base]` on. */
  build(values: readonly unknown[], base: number): Record<string, unknown> {
    const keys = this.#keys;
    if (keys === undefined) return this.#buildFirst(values, base);
    if (this.#template === undefined) this.#template = templateOf(keys);
    const object: Record<string, unknown> = { ...this.#template };
    for (let index = 0; index < keys.length; index++) object[keys[index] as string] = values[base + index];
    return object;
  }

  /** A template costs more than one object: the first of a shape is built key by key. */
  #buildFirst(values: readonly unknown[], base: number): Record<string, unknown> {
    const keys = this.path();
    this.#keys = keys;
    const object: Record<string, unknown> = {};
    keys.forEach((key, index) => {
      object[key] = values[base + index];
    });
    return object;
  }

  /** All keys, the first one first. */
  path(): string[] {
    const keys: string[] = [];
    for (let shape: Shape | undefined = this; shape !== undefined && shape.#parent !== undefined; shape = shape.#parent)
      keys.push(shape.key);
    return keys.reverse();
  }

  #endsWith(start: number, length: number): boolean {
    if (this.#length !== length) return false;
    const bytes = this.#message.bytes;
    const own = this.#start;
    for (let index = 0; index < length; index++) {
      if (bytes[own + index] !== bytes[start + index]) return false;
    }
    return true;
  }

  #search(start: number, length: number): Shape | undefined {
    const others = this.#others;
    if (others === undefined) return undefined;
    for (let index = 0; index < others.length; index++) {
      const other = others[index] as Shape;
      if (!other.#endsWith(start, length)) continue;
      others[index] = this.#likely as Shape;
      this.#likely = other;
      return other;
    }
    return undefined;
  }

  #prefer(child: Shape): void {
    if (this.#likely !== undefined) {
      if (this.#others === undefined) this.#others = [];
      this.#others.push(this.#likely);
    }
    this.#likely = child;
  }
}

/**
 * An object of which `{ ...template }` makes fast copies with all members inside the object: JSON.parse knows the number of
 * members beforehand. The members have held an integer, nothing and an object, so that storing any kind of value later does
 * not change the copies' hidden class.
 */
function templateOf(keys: readonly string[]): Readonly<Record<string, unknown>> {
  const template = JSON.parse(`{${keys.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`) as Record<
    string,
    unknown
  >;
  for (const key of keys) {
    template[key] = template;
    template[key] = undefined;
  }
  return template;
}
