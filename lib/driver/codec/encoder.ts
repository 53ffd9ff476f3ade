import { ValidationError } from '../../errors/index.js';
import { adopt, bytesOf, decimalProblem, isTypedArray, kindOf, type Decimal } from '../../values/index.js';
import { isForeign } from '../../values/foreign.js';
import { ByteWriter } from './byte-writer.js';
import { TAG } from './tags.js';
import { writeValue } from './write-value.js';

/** The server refuses about 500 levels, its parser of records far fewer; real data stays below ten. */
const MAX_DEPTH = 120;
/** Longer paths are cut short in messages. */
const MAX_STEPS = 16;
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** Writes values as the CBOR that SurrealDB reads. One encoder a message. */
export class Encoder {
  readonly out = new ByteWriter();
  /** The objects around the one being written. */
  readonly #open: object[] = [];
  /** Where in the value the encoder is, for messages. */
  readonly #path: (string | number)[] = [];
  readonly #root: readonly (string | number)[];

  /** @param root the part of a path that messages leave out. */
  constructor(root: readonly (string | number)[] = []) {
    this.#root = root;
  }

  /** @throws ValidationError naming the path of a value that SurrealDB cannot hold. */
  value(value: unknown): void {
    switch (typeof value) {
      case 'string':
        return this.out.text(value);
      case 'number':
        return this.#number(value);
      case 'object':
        return value === null ? this.out.byte(0xf6) : this.#object(value);
      case 'boolean':
        return this.out.byte(value ? 0xf5 : 0xf4);
      case 'undefined':
        return this.none();
      case 'bigint':
        return this.#bigint(value);
      default:
        throw this.refused(`a ${typeof value}`, 'it is no data', 'Leave it out');
    }
  }

  none(): void {
    this.out.byte(0xc0 | TAG.NONE);
    this.out.byte(0xf6);
  }

  tag(tag: number): void {
    this.out.head(6, tag);
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      if (value >= 0) this.out.head(0, value);
      else this.out.head(1, -1 - value);
    } else {
      this.out.float(value);
    }
  }

  #bigint(value: bigint): void {
    if (value > INT64_MAX || value < INT64_MIN) {
      throw this.refused(`${value}n`, 'it does not fit a 64-bit int', 'Use a Decimal or a string');
    }
    if (value >= 0n) this.out.longHead(0, value);
    else this.out.longHead(1, -1n - value);
  }

  #object(value: object): void {
    if (Array.isArray(value)) return this.list(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#members(value);
    const kind = kindOf(value);
    if (kind === 'Decimal') return this.#decimal(value as Decimal);
    if (kind !== undefined) return writeValue(this, kind, value);
    return this.#builtIn(value);
  }

  #decimal(value: Decimal): void {
    const text = value.toFixed();
    const problem = decimalProblem(text);
    if (problem !== undefined) throw this.refused(`The decimal ${text}`, problem.why, problem.fix);
    this.tag(TAG.DECIMAL);
    this.out.text(text === '-0' ? '0' : text);
  }

  #builtIn(value: object): void {
    const bytes = bytesOf(value);
    if (bytes !== undefined) return this.#bytes(bytes);
    if (isTypedArray(value)) return this.#numbers(value);
    switch (Object.prototype.toString.call(value)) {
      case '[object Date]':
        return this.#date(value as Date);
      case '[object Set]':
        this.tag(TAG.SET);
        return this.list([...(value as ReadonlySet<unknown>)]);
      case '[object Map]':
        return this.#map(value as ReadonlyMap<unknown, unknown>);
      default:
        return this.#instance(value);
    }
  }

  /** An object of some class: the official client's value, or plain data in own properties. */
  #instance(value: object): void {
    const own = this.#adopted(value);
    if (own !== value) return this.value(own);
    if (isForeign(value))
      throw this.refused("a value of the official client's", 'SurrealDB 3 has no such value', 'Leave it out');
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    // A built-in or another library's value keeps its content out of sight: it would be stored as {}.
    if (tag !== 'Object' && Object.keys(value).length === 0) {
      throw this.refused(
        `a ${tag}`,
        'SurrealDB has no such value',
        tag === 'Promise' ? 'await it first' : 'Convert it to text or to plain data',
      );
    }
    return this.#members(value);
  }

  #adopted(value: object): unknown {
    try {
      return adopt(value);
    } catch (error) {
      if (!ValidationError.is(error)) throw error;
      throw this.refused("a value of the official client's", error.what, error.fix.join('; '));
    }
  }

  /** A value that lies below a name in the one being written. */
  member(name: string, value: unknown): void {
    this.#path.push(name);
    this.value(value);
    this.#path.pop();
  }

  list(list: readonly unknown[]): void {
    this.#enter(list);
    const length = list.length;
    this.out.head(4, length);
    const path = this.#path;
    const at = path.length;
    for (let index = 0; index < length; index++) {
      path[at] = index;
      this.value(list[index]);
    }
    path.length = at;
    this.#open.pop();
  }

  #members(value: object): void {
    this.#enter(value);
    const members = value as Readonly<Record<string, unknown>>;
    const keys = Object.keys(members);
    this.out.head(5, keys.length);
    const path = this.#path;
    const at = path.length;
    for (const key of keys) {
      path[at] = key;
      this.out.text(key);
      this.value(members[key]);
    }
    path.length = at;
    this.#open.pop();
  }

  #map(map: ReadonlyMap<unknown, unknown>): void {
    this.#enter(map);
    this.out.head(5, map.size);
    for (const [key, member] of map) {
      if (typeof key !== 'string')
        throw this.refused(
          'a Map whose keys are not all text',
          'objects have text keys',
          'Use text keys or a list of pairs',
        );
      this.out.text(key);
      this.member(key, member);
    }
    this.#open.pop();
  }

  #bytes(bytes: Uint8Array): void {
    this.out.head(2, bytes.length);
    this.out.raw(bytes);
  }

  /** The members of a float array are floats, whole ones too. */
  #numbers(numbers: ArrayLike<number> | ArrayLike<bigint>): void {
    const { length } = numbers;
    this.out.head(4, length);
    switch (Object.prototype.toString.call(numbers)) {
      case '[object Float32Array]':
        for (let index = 0; index < length; index++) this.out.single(numbers[index] as number);
        return;
      case '[object Float64Array]':
        for (let index = 0; index < length; index++) this.out.float(numbers[index] as number);
        return;
      default:
        for (let index = 0; index < length; index++) this.value(numbers[index]);
    }
  }

  #date(date: Date): void {
    const time = date.getTime();
    if (Number.isNaN(time)) throw this.refused('an invalid Date', 'it has no time', 'Check where it was parsed');
    const seconds = Math.floor(time / 1000);
    this.dateTime(seconds, (time - seconds * 1000) * 1e6);
  }

  dateTime(seconds: number, nanoseconds: number): void {
    this.tag(TAG.DATETIME);
    this.out.byte(0x82);
    this.#number(seconds);
    this.#number(nanoseconds);
  }

  #enter(value: object): void {
    const open = this.#open;
    for (let index = open.length - 1; index >= 0; index--) {
      if (open[index] === value)
        throw this.refused('a circular structure', 'it contains itself', 'Store a record id instead of the object');
    }
    if (open.length >= MAX_DEPTH)
      throw this.refused(`data nested deeper than ${MAX_DEPTH} levels`, 'the server would refuse it', 'Flatten it');
    open.push(value);
  }

  refused(what: string, why: string, fix: string): ValidationError {
    const path = pathText(this.#path, this.#root);
    const message = `${what} cannot be stored: ${why}`;
    return new ValidationError({
      what: path === '' ? `${what} cannot be sent to SurrealDB` : `${what} at ${path} cannot be sent to SurrealDB`,
      why,
      fix,
      errors: [{ path, message, rule: 'type' }],
    });
  }
}

/** The path below `root`, in the way of the source: `user.tags[1]`. */
function pathText(path: readonly (string | number)[], root: readonly (string | number)[]): string {
  const inside = root.every((step, index) => path[index] === step);
  const steps = inside ? path.slice(root.length) : path;
  const text = steps
    .slice(0, MAX_STEPS)
    .map((step, index) => stepText(step, index === 0))
    .join('');
  return steps.length > MAX_STEPS ? `${text}…` : text;
}

function stepText(step: string | number, first: boolean): string {
  if (typeof step === 'number') return `[${step}]`;
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(step)) return `[${JSON.stringify(step)}]`;
  return first ? step : `.${step}`;
}
