import { MetadataError, ReverieError } from '../errors/index.js';

/** Gathers what is wrong with all entities, so that it is reported at once. */
export class Problems {
  readonly #texts: string[] = [];

  /**
   * @param path `User.email`, or `User`
   * @param text what is wrong
   * @param write the code to write instead
   */
  add(path: string, text: string, write?: string): void {
    const problem = write === undefined ? `${path}: ${text}` : `${path}: ${text}\n    write: ${write}`;
    if (!this.#texts.includes(problem)) this.#texts.push(problem);
  }

  /** Runs `work`; an error it throws becomes a problem and the answer is undefined. */
  catching<R>(path: string, work: () => R, write?: string): R | undefined {
    try {
      return work();
    } catch (error) {
      this.add(
        path,
        ReverieError.is(error) ? error.what : error instanceof Error ? error.message : String(error),
        write,
      );
      return undefined;
    }
  }

  get count(): number {
    return this.#texts.length;
  }

  /** Throws one MetadataError that lists everything, if anything is wrong. */
  throwIfAny(): void {
    if (this.#texts.length === 0) return;
    const count = this.#texts.length === 1 ? 'One problem' : `${this.#texts.length} problems`;
    throw new MetadataError({
      what: `${count} in the entity classes\n${this.#texts.map((text) => `  - ${text}`).join('\n')}`,
      problems: Object.freeze([...this.#texts]),
    });
  }
}
