import { existsSync } from 'node:fs';
import { open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';

/** What is known of a file that is not complete. */
export interface PartialState {
  /** What was asked for; the work of another order is not gone on with. */
  readonly order: string;
  readonly position: string;
  readonly bytes: number;
  readonly records: number;
}

/**
 * A file that is written in parts and takes its name when it is complete. Beside it stands how far it is known to be right:
 * whatever cuts it off, the next run goes on from there.
 */
export class PartialFile {
  readonly #file: string;
  readonly #order: string;
  #handle: FileHandle | undefined;
  #bytes = 0;

  constructor(file: string, order: string) {
    this.#file = file;
    this.#order = order;
  }

  get #partial(): string {
    return `${this.#file}.partial`;
  }

  get #note(): string {
    return `${this.#file}.partial.json`;
  }

  /** Where an earlier run of the same order stopped. */
  async known(): Promise<PartialState | undefined> {
    if (!existsSync(this.#partial) || !existsSync(this.#note)) return undefined;
    try {
      const state = JSON.parse(await readFile(this.#note, 'utf8')) as PartialState;
      return state.order === this.#order ? state : undefined;
    } catch {
      return undefined;
    }
  }

  /** Opens it behind what is known, or empty. */
  async begin(known: PartialState | undefined): Promise<void> {
    this.#handle = await open(this.#partial, known === undefined ? 'w' : 'r+');
    this.#bytes = known?.bytes ?? 0;
    await this.#handle.truncate(this.#bytes);
  }

  /** Adds a part; with a position it is known from then on. */
  async add(text: string, position: string | undefined, records: number): Promise<void> {
    const bytes = Buffer.from(text);
    const handle = this.#handle as FileHandle;
    await handle.write(bytes, 0, bytes.length, this.#bytes);
    this.#bytes += bytes.length;
    if (position === undefined) return;
    await handle.datasync();
    const state: PartialState = { order: this.#order, position, bytes: this.#bytes, records };
    await writeFile(`${this.#note}.new`, JSON.stringify(state));
    await rename(`${this.#note}.new`, this.#note);
  }

  async complete(): Promise<void> {
    await this.#handle?.sync();
    await this.close();
    await rename(this.#partial, this.#file);
    await rm(this.#note, { force: true });
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }
}
