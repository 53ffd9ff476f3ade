import { hasKind, VALUE_KIND } from './kind.js';

/**
 * A pointer to a file in a bucket. https://surrealdb.com/docs/surrealql/datamodel/files
 *
 * ```ts
 * user.avatar = new FileRef('images', 'users/tobie.png'); // images:/users/tobie.png
 * ```
 */
export class FileRef {
  readonly bucket: string;
  /** Starts with a slash, as the server keeps it. */
  readonly key: string;

  constructor(bucket: string, key: string) {
    this.bucket = bucket;
    this.key = key.startsWith('/') ? key : `/${key}`;
  }

  static is(value: unknown): value is FileRef {
    return hasKind(value, 'FileRef');
  }

  get [VALUE_KIND](): 'FileRef' {
    return 'FileRef';
  }

  equals(other: unknown): boolean {
    return FileRef.is(other) && other.bucket === this.bucket && other.key === this.key;
  }

  /** `bucket:/key`, special characters escaped as inside SurrealQL's `f"…"`. */
  toString(): string {
    return `${escaped(this.bucket)}:${escaped(this.key)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9_\-./]/g, (character) => `\\${character}`);
}
