import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const LONGEST = 1_000;
/** Statements that say a secret are not kept. */
const SECRET = /\b(PASSWORD|PASSHASH|KEY)\b|\bcrypto::|\bsign(in|up)\b/i;

/** What was asked in earlier sessions, the last one first; in a file that only its owner reads. */
export class History {
  readonly #file: string;

  constructor(file = historyFile()) {
    this.#file = file;
  }

  read(): string[] {
    try {
      return readFileSync(this.#file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map(unescaped)
        .reverse();
    } catch {
      return [];
    }
  }

  /** A history that cannot be kept spoils no session. */
  write(entries: readonly string[]): void {
    const kept = entries
      .filter((entry) => !SECRET.test(entry))
      .slice(0, LONGEST)
      .reverse();
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      writeFileSync(this.#file, kept.map((entry) => `${escaped(entry)}\n`).join(''), { mode: 0o600 });
    } catch {
      return;
    }
  }
}

/** As the XDG base directories say, or the platform's own place. */
function historyFile(): string {
  const { XDG_STATE_HOME: state, LOCALAPPDATA: local } = process.env;
  const base = state || (process.platform === 'win32' && local ? local : join(homedir(), '.local', 'state'));
  return join(base, 'reverie', 'query_history');
}

const escaped = (text: string): string => text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, code: string) => (code === 'n' ? '\n' : code));
