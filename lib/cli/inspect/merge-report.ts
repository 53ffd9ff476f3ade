/** What became of the files, for the terminal and for `--json`. Files as they are named on the command line. */
export interface MergeReport {
  /** New files. */
  readonly written: readonly string[];
  /** Files that got something added. */
  readonly merged: readonly { readonly file: string; readonly added: readonly string[] }[];
  /** Files that say all of it already. */
  readonly kept: readonly string[];
  /** What is declared and no longer in the database. */
  readonly removed: readonly string[];
  /** Fields whose type is another one in the database. */
  readonly changed: readonly string[];
  /** What could not be looked at. */
  readonly notes: readonly string[];
  /** Definitions that no decorator says. */
  readonly remainder: readonly string[];
}

/** A report that is being made. Lines are counted in the end, when all has been added that stands above them. */
export class ReportDraft {
  readonly #added = new Map<string, string[]>();
  readonly removed: (() => string)[] = [];
  readonly changed: (() => string)[] = [];
  readonly notes: (() => string)[] = [];

  add(path: string, what: string): void {
    this.#added.set(path, [...(this.#added.get(path) ?? []), what]);
  }

  addedTo(path: string): readonly string[] {
    return this.#added.get(path) ?? [];
  }
}
