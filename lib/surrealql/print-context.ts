import { ValidationError } from '../errors/index.js';
import type { ApartNode, Expression, LocalNode } from './nodes/expressions.js';
import type { Statement } from './nodes/statements.js';
import { formatLiteral } from '../values/index.js';

export type Node = Expression | Statement;

export interface PrintOptions {
  /** The table of an entity class that stands in a `surql` text; undefined when it is none. */
  readonly tableOf?: (target: unknown) => string | undefined;
  /** Where a property of an entity class stands in its rows. */
  readonly columnsOf?: (target: unknown, dotted: string) => Expression;
  /** Throws for a function that the connected server does not have. */
  readonly checkCall?: (name: string) => void;
  /** Values as text instead of parameters, as DEFINE needs them. */
  readonly literals?: boolean;
  /** LET may stand before the statement, for what is to be read once. */
  readonly mayPrecede?: boolean;
}

/** The parser gives up beyond 20 levels: of brackets, blocks, and statements within statements. */
const MAX_NESTING = 20;

/** One run of the printer: the values bound so far, how deep the brackets are, which names are taken. */
export class PrintContext {
  readonly #visit: (node: Node, context: PrintContext) => string;
  readonly #options: PrintOptions;
  readonly #prefix: string;
  readonly #bindings: Record<string, unknown> = {};
  readonly #names = new Map<unknown, string>();
  #count = 0;
  #depth = 0;
  #deepest = 0;
  #literals: boolean;
  #clash = false;
  /** Names of the lists that stand apart, and the LETs that nobody has printed yet. */
  #apart = new Map<ApartNode, string>();
  #preceding: string[] = [];
  #hangsOnRow = false;

  constructor(visit: (node: Node, context: PrintContext) => string, options: PrintOptions, prefix: string) {
    this.#visit = visit;
    this.#options = options;
    this.#prefix = prefix;
    this.#literals = options.literals === true;
  }

  get bindings(): Readonly<Record<string, unknown>> {
    return this.#bindings;
  }

  /** True when the text uses a variable that a bound value would shadow: print again with another prefix. */
  get clash(): boolean {
    return this.#clash;
  }

  print(node: Node): string {
    return this.#visit(node, this);
  }

  list(nodes: readonly Node[], separator = ', '): string {
    return nodes.map((node) => this.print(node)).join(separator);
  }

  /** A value as a parameter; inside DEFINE as a literal. The same object is bound once. */
  value(value: unknown): string {
    if (this.#literals) return formatLiteral(value);
    const shared = typeof value === 'object' && value !== null;
    const known = shared ? this.#names.get(value) : undefined;
    if (known !== undefined) return known;
    const name = `${this.#prefix}${++this.#count}`;
    this.#bindings[name] = value;
    if (shared) this.#names.set(value, `$${name}`);
    return `$${name}`;
  }

  tableOf(target: unknown): string | undefined {
    return this.#options.tableOf?.(target);
  }

  columnsOf(target: unknown, dotted: string): Expression {
    const columns = this.#options.columnsOf?.(target, dotted);
    if (columns !== undefined) return columns;
    throw new ValidationError({
      what: `The property ${dotted} cannot be named here`,
      why: 'what is printed belongs to no ORM, so the columns of its entities are not known',
      fix: 'surql.id(column)',
    });
  }

  checkCall(name: string): void {
    this.#options.checkCall?.(name);
  }

  /** The name of a closure's parameter. */
  local(node: LocalNode): string {
    const known = this.#names.get(node);
    if (known !== undefined) return known;
    const name = `$${this.#prefix}${++this.#count}`;
    this.#names.set(node, name);
    return name;
  }

  /** Notes a variable of the script, so that no bound value gets its name. */
  variable(name: string): void {
    if (name.startsWith(this.#prefix) && /^\d+$/.test(name.slice(this.#prefix.length))) this.#clash = true;
  }

  /** The same for what a user wrote: with `$parent` it hangs on the row around it. */
  userVariable(name: string): void {
    this.variable(name);
    if (name === 'parent') this.#hangsOnRow = true;
  }

  /** The name under which a list is read before the statement; its own text where that cannot be. */
  apart(node: ApartNode): string {
    const known = this.#apart.get(node);
    if (known !== undefined) return known;
    const outer = this.#hangsOnRow;
    this.#hangsOnRow = false;
    const text = `(${this.nested(() => this.print(node.statement))})`;
    const staysHere = this.#options.mayPrecede !== true || this.#literals || this.#hangsOnRow;
    this.#hangsOnRow ||= outer;
    if (staysHere) return text;
    const name = `$${this.#prefix}${++this.#count}`;
    this.#preceding.push(`LET ${name} = ${text}`);
    this.#apart.set(node, name);
    return name;
  }

  /** The LETs that have to stand before what has been printed. */
  takePreceding(): readonly string[] {
    const preceding = this.#preceding;
    this.#preceding = [];
    return preceding;
  }

  /** True where no statement stands around this one but those of a transaction. */
  get isOutermost(): boolean {
    return this.#depth <= 1;
  }

  /** The statements of a block: what is read apart for them is read at its beginning, and known within it alone. */
  scoped(inner: () => string): string {
    const [preceding, apart] = [this.#preceding, this.#apart];
    this.#preceding = [];
    this.#apart = new Map(apart);
    const text = inner();
    const own = this.takePreceding();
    this.#preceding = [...preceding];
    this.#apart = apart;
    return [...own, text].join('; ');
  }

  /** Notes that all that has been printed stands so many levels deeper. */
  deepen(levels: number): void {
    if (this.#deepest + levels > MAX_NESTING) throw tooDeep();
  }

  /** Prints what stands a level deeper for the parser. */
  nested(inner: () => string, levels = 1): string {
    this.#depth += levels;
    if (this.#depth > MAX_NESTING) throw tooDeep();
    this.#deepest = Math.max(this.#deepest, this.#depth);
    const text = inner();
    this.#depth -= levels;
    return text;
  }

  /** Prints with values as literals, as the server wants them inside DEFINE. */
  withLiterals(inner: () => string): string {
    const before = this.#literals;
    this.#literals = true;
    const text = inner();
    this.#literals = before;
    return text;
  }
}

function tooDeep(): ValidationError {
  return new ValidationError({
    what: 'The query is nested too deeply',
    why: `SurrealDB's parser takes ${MAX_NESTING} levels of brackets and statements, and this one needs more`,
    fix: ['flatten nested $and, $or and $not', 'fetch fewer levels at once and load the rest with a second find'],
    errors: [{ path: 'query', message: 'it is nested too deeply', rule: 'nesting' }],
  });
}
