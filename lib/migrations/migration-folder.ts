import { ValidationError } from '../errors/index.js';
import { EXTENSIONS, type Extension, type MigrationFile } from './migration-file.js';

const fs = () => process.getBuiltinModule('node:fs/promises');
const paths = () => process.getBuiltinModule('node:path');

/** The folder of migrations: its files in their order. */
export class MigrationFolder {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  get dir(): string {
    return paths().resolve(this.#dir);
  }

  /** Sorted by name; none where there is no folder. */
  async files(): Promise<readonly MigrationFile[]> {
    const names = await fs()
      .readdir(this.dir)
      .catch((error: unknown) => {
        if ((error as { readonly code?: string }).code === 'ENOENT') return [];
        throw error;
      });
    const found = names.flatMap((file) => {
      const extension = EXTENSIONS.find((each) => file.endsWith(`.${each}`));
      if (extension === undefined || file.endsWith('.d.ts')) return [];
      return [{ file, extension, name: file.slice(0, -extension.length - 1) }];
    });
    const files = await Promise.all(found.map((each) => this.#read(each)));
    const sorted = files.sort((a, b) => (a.name < b.name ? -1 : 1));
    sorted.forEach((each, index) => refuseTwin(each, sorted[index - 1]));
    return sorted;
  }

  /** Writes a new file; one that is there is never overwritten. Answers with its path. */
  async write(name: string, extension: Extension, source: string): Promise<string> {
    const path = paths().join(this.dir, `${name}.${extension}`);
    await fs().mkdir(this.dir, { recursive: true });
    await fs().writeFile(path, source, { flag: 'wx' });
    return path;
  }

  async remove(file: MigrationFile): Promise<void> {
    await fs().rm(file.path);
  }

  async #read({ file, ...known }: { file: string; name: string; extension: Extension }): Promise<MigrationFile> {
    const path = paths().join(this.dir, file);
    const source = await fs().readFile(path, 'utf8');
    const text = source.replaceAll('\r\n', '\n');
    const checksum = process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex');
    return Object.freeze({ ...known, path, source: text, checksum });
  }
}

function refuseTwin(file: MigrationFile, before: MigrationFile | undefined): void {
  if (before?.name !== file.name) return;
  throw new ValidationError({
    what: `The migration ${file.name} is there twice`,
    why: `${before.path} and ${file.path}`,
    fix: 'keep one of them',
  });
}
