import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import type { DatabaseObject } from '../../lib/functions/database-object.js';
import type { EntityClass } from '../../lib/metadata/index.js';
import { stagedOf } from '../../lib/metadata/staging.js';
import { diagnosticsOf, programOf, repositoryOptions } from './type-check.js';

const ROOT = join(__dirname, '..', '..');
let folders = 0;

/** Generated files on a disk: checked under `strict`, and loaded. */
export class GeneratedFiles {
  readonly folder = join(ROOT, '.cache', `generated-${process.pid}-${(folders += 1)}`);
  readonly #names: readonly string[];

  constructor(files: readonly { readonly name: string; readonly source: string }[]) {
    mkdirSync(this.folder, { recursive: true });
    for (const { name, source } of files) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), source);
    }
    this.#names = files.map(({ name }) => name);
  }

  /** What the compiler has to say, under `strict`. */
  errors(dialect: 'legacy' | 'standard' = 'legacy'): readonly string[] {
    const files = this.#names.map((name) => join(this.folder, name));
    const legacy = dialect === 'legacy';
    const program = programOf(
      files,
      repositoryOptions({ experimentalDecorators: legacy, emitDecoratorMetadata: legacy }),
    );
    const own = files.flatMap((name) => diagnosticsOf(program, name));
    return own.map(({ messageText, file, start }) => {
      const line = file === undefined || start === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
      return `${file?.fileName.slice(this.folder.length + 1) ?? ''}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  }

  load(): readonly EntityClass[] {
    return this.#names.flatMap((name) => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const exported = Object.values(require(join(this.folder, name)) as Record<string, EntityClass>);
      return exported.filter((each) => stagedOf(each)?.table !== undefined);
    });
  }

  /** What the file of the database's own objects lists. */
  definitions(): readonly DatabaseObject[] {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return (require(join(this.folder, 'database.ts')) as { readonly definitions: readonly DatabaseObject[] })
      .definitions;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
