/** What every error of Reverie says: what happened, why, and the ways out. */
export interface ErrorDetails {
  readonly what: string;
  readonly why?: string;
  readonly fix?: string | readonly string[];
  readonly cause?: unknown;
}

const KIND = Symbol.for('reverie.error');

type ErrorClass<E> = abstract new (details: never) => E;

/**
 * The base of every error that Reverie throws. `code` is stable and meant for programs, `message` for people:
 * it joins `what`, `why` and the ways out.
 *
 * ```ts
 * try { await em.flush(); }
 * catch (error) { if (ReverieError.is(error)) logger.warn(error.code, error.what); else throw error; }
 * ```
 */
export class ReverieError extends Error {
  readonly code: string = 'REVERIE';
  readonly what: string;
  readonly why: string | undefined;
  readonly fix: readonly string[];

  constructor(details: ErrorDetails) {
    const fix = details.fix === undefined ? [] : typeof details.fix === 'string' ? [details.fix] : details.fix;
    super(
      messageOf(details.what, details.why, fix),
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.name = new.target.name;
    this.what = details.what;
    this.why = details.why;
    this.fix = fix;
    // The message has all three; a console that lists own properties need not say them again.
    for (const part of ['what', 'why', 'fix']) Object.defineProperty(this, part, { enumerable: false });
  }

  /** For logs and answers: what is enumerable, and the message with its parts. */
  toJSON(): Record<string, unknown> {
    const { cause: _, ...own } = { ...this } as Record<string, unknown>;
    return { name: this.name, ...own, message: this.message, what: this.what, why: this.why, fix: this.fix };
  }

  get [KIND](): true {
    return true;
  }

  /**
   * Tells an error of this class, or of one below it, from any other; also across two copies of the package, where `instanceof`
   * does not.
   *
   * ```ts
   * if (ValidationError.is(error)) for (const { path, message } of error.errors) console.log(path, message);
   * ```
   */
  static is<E extends ReverieError>(this: ErrorClass<E>, value: unknown): value is E {
    if (typeof value !== 'object' || value === null || (value as Record<symbol, unknown>)[KIND] !== true) return false;
    let prototype: unknown = Object.getPrototypeOf(value);
    while (prototype !== null) {
      if ((prototype as object).constructor.name === this.name) return true;
      prototype = Object.getPrototypeOf(prototype);
    }
    return false;
  }
}

function messageOf(what: string, why: string | undefined, fix: readonly string[]): string {
  const lines = [joined(what, why)];
  if (fix.length === 1) lines.push(`How to fix: ${fix[0]}`);
  if (fix.length > 1) lines.push('How to fix:', ...fix.map((way) => `  - ${way}`));
  return lines.join('\n');
}

/** `what: why`; as a sentence of its own where `what` already ends as one. */
export function joined(what: string, why: string | undefined): string {
  if (why === undefined) return what;
  return /[.?!]$/.test(what) ? `${what} ${why.charAt(0).toUpperCase()}${why.slice(1)}` : `${what}: ${why}`;
}
