import pc from 'picocolors';
import { ReverieError } from '../errors/index.js';
import { Redactor } from './redactor.js';
import { toJson } from './to-json.js';

export interface OutputOptions {
  readonly json: boolean;
  readonly verbose: boolean;
}

/**
 * Where a command speaks. Results go to stdout, alone, so that they can be piped; notes, progress and errors go to stderr.
 * With `--json` stdout is one JSON document. Nothing passes that the redactor knows as a secret.
 */
export class Output {
  readonly redactor = new Redactor();
  readonly json: boolean;
  readonly #verbose: boolean;

  constructor({ json, verbose }: OutputOptions) {
    this.json = json;
    this.#verbose = verbose;
  }

  /** The result: `value` with `--json`, else the text. */
  result(value: unknown, text: () => string): void {
    const shown = this.json ? toJson(value, 2) : text();
    if (shown !== '') process.stdout.write(`${this.redactor.hide(shown)}\n`);
  }

  /** Something done on the way. */
  done(text: string): void {
    this.#note(`${pc.green('✓')} ${text}`);
  }

  /** Of a list of things that are done one after the other, the one that stops it; the error follows. */
  failed(text: string): void {
    this.#note(`${pc.red('✗')} ${text}`);
  }

  warn(text: string): void {
    this.#note(`${pc.yellow('!')} ${text}`);
  }

  info(text: string): void {
    this.#note(text);
  }

  /** Only with `--verbose`. */
  detail(text: string): void {
    if (this.#verbose) this.#note(pc.dim(text));
  }

  error(error: unknown): void {
    if (this.json) process.stdout.write(`${this.redactor.hide(toJson({ error: described(error) }, 2))}\n`);
    this.#note(`${pc.red('✗')} ${messageOf(error)}`);
    if (this.#verbose && error instanceof Error && error.stack !== undefined) this.#note(pc.dim(error.stack));
  }

  /** Whether progress may be drawn over and over on stderr. */
  get animated(): boolean {
    return process.stderr.isTTY === true && !this.json;
  }

  #note(text: string): void {
    process.stderr.write(`${this.redactor.hide(text)}\n`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error || ReverieError.is(error) ? error.message : String(error);
}

function described(error: unknown): unknown {
  if (ReverieError.is(error)) return { code: error.code, message: error.message, what: error.what, fix: error.fix };
  return { message: messageOf(error) };
}
