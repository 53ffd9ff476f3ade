import { ReverieError, type ErrorDetails } from './reverie-error.js';

export interface ImportErrorDetails extends ErrorDetails {
  readonly line: number;
  readonly lastLine?: number;
}

/** A dump that cannot be read, or a part of it that the server refuses. What came before it is imported, and known to be. */
export class ImportError extends ReverieError {
  override readonly code: string = 'IMPORT';
  /** Where in the dump, from 1 on; the first line of what was sent together. */
  readonly line: number;
  readonly lastLine: number;

  constructor({ line, lastLine = line, ...details }: ImportErrorDetails) {
    super({ ...details, what: `${placeOf(line, lastLine)}: ${details.what}` });
    this.line = line;
    this.lastLine = lastLine;
  }
}

function placeOf(first: number, last: number): string {
  return first === last ? `Line ${first}` : `Lines ${first} to ${last}`;
}
