import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import type { DatabaseObject } from '../../lib/functions/database-object.js';
import type { EntityClass } from '../../lib/metadata/index.js';
import { stagedOf } from '../../lib/metadata/staging.js';

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
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (file) => ts.sys.readFile(file));
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
    const files = this.#names.map((name) => join(this.folder, name));
    const program = ts.createProgram(files, {
      ...options,
      experimentalDecorators: dialect === 'legacy',
      emitDecoratorMetadata: dialect === 'legacy',
      incremental: false,
      tsBuildInfoFile: undefined,
      noEmit: true,
      declaration: false,
    });
    const own = files.flatMap((name) => {
      const file = program.getSourceFile(name);
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    });
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
