import type { KnownNames } from './source.js';

/** A class that stands for a table already. */
export interface KnownClass {
  readonly className: string;
  /** Its file below the folder, `/` between folders, without an extension. */
  readonly file: string;
  /** What it and the classes around it call their members. */
  readonly members?: ReadonlySet<string>;
}

/** The classes that a folder has already. */
export interface KnownCode {
  readonly classes: ReadonlyMap<string, KnownClass>;
  /** What a file declares and imports; nothing where there is no such file. */
  namesIn(file: string): KnownNames;
  /** What imports of other files end with: `''`, or `'.js'` for ES modules. */
  readonly extension: string;
}

export const NO_CODE: KnownCode = Object.freeze({
  classes: new Map(),
  namesIn: () => new Map(),
  extension: '',
});

/** How one file imports another. */
export function moduleBetween(from: string, to: string, extension: string): string {
  const around = from.split('/').slice(0, -1);
  const target = to.split('/');
  let shared = 0;
  while (shared < around.length && around[shared] === target[shared] && shared < target.length - 1) shared += 1;
  const up = around.slice(shared).map(() => '..');
  const steps = [...(up.length === 0 ? ['.'] : up), ...target.slice(shared)];
  return `${steps.join('/')}${extension}`;
}
