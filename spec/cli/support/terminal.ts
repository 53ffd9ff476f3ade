import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Project } from './project.js';

/** Whether there is a program that gives a child a terminal: `script` of util-linux, which Debian's smallest images have too. */
export const hasTerminal = spawnSync('script', ['--version']).stdout?.toString().includes('util-linux') === true;

export interface TerminalOptions {
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** What ends the output of the command itself. */
const ENDED = /<ended (\d+)>([^]*)<tty/;
const ESCAPE = String.fromCharCode(27);
const STYLE = new RegExp(`${ESCAPE}\\[[\\d;?]*[A-Za-z]`, 'g');

/** A command in a terminal of its own, typed into as a person would. */
export class Terminal {
  readonly #child: ChildProcessWithoutNullStreams;
  /** All that came, escapes included. */
  raw = '';
  #seen = 0;

  constructor(project: Project, args: readonly string[], { columns = 80, env = {} }: TerminalOptions = {}) {
    const command = [process.execPath, project.cli, ...args].map((word) => `'${word}'`).join(' ');
    // Ctrl-C reaches the shell as well, which is to tell how the command ended.
    const line = `trap : INT; stty cols ${columns} rows 40; ${command}; echo "<ended $?>"; stty -a; echo "<tty>"`;
    const { NO_COLOR: _colour, FORCE_COLOR: _forced, ...inherited } = process.env;
    this.#child = spawn('script', ['-qfec', line, '/dev/null'], {
      cwd: project.folder,
      env: {
        ...inherited,
        TERM: 'xterm-256color',
        SHELL: '/bin/sh',
        XDG_STATE_HOME: `${project.folder}/state`,
        ...env,
      },
    });
    this.#child.stdout.on('data', (chunk: Buffer) => (this.raw += chunk.toString()));
  }

  /** What can be read, without colours. */
  get text(): string {
    return this.raw.replace(STYLE, '');
  }

  type(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Waits until something new appears. */
  async shows(expected: string | RegExp, milliseconds = 40_000): Promise<string> {
    const until = Date.now() + milliseconds;
    for (;;) {
      const fresh = this.text.slice(this.#seen);
      const at = typeof expected === 'string' ? fresh.indexOf(expected) : fresh.search(expected);
      if (at >= 0) {
        this.#seen += at + 1;
        return fresh;
      }
      if (Date.now() > until) throw new Error(`never shown: ${String(expected)}\n${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The command's exit code, and what `stty` says of the terminal that it leaves. */
  async ended(): Promise<{ readonly code: number; readonly stty: string }> {
    await this.shows('<tty>');
    this.#child.stdin.end();
    const [, code, stty] = ENDED.exec(this.text) ?? [];
    return { code: Number(code), stty: stty ?? '' };
  }

  /** Whatever became of it. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** The widest line of what was shown so far. */
  get widest(): number {
    return Math.max(...this.text.split(/[\r\n]+/).map((line) => line.length));
  }
}
