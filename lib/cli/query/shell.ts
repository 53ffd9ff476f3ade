import { createInterface, type Interface } from 'node:readline';
import pc from 'picocolors';
import { StatementSplitter } from '../../data/statement-splitter.js';
import { EXIT } from '../exit-codes.js';
import type { Output } from '../output.js';
import { History } from './history.js';
import type { QuerySession } from './session.js';

/** `reverie query` on a terminal: statements over several lines until a semicolon, and what was asked before by the arrow keys. */
export async function runShell(session: QuerySession, output: Output): Promise<void> {
  const history = new History();
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: true,
    history: history.read(),
    historySize: 1_000,
    removeHistoryDuplicates: true,
  });
  const say = (text: string): void => void process.stdout.write(`${output.redactor.hide(text)}\n`);
  say(pc.dim('A semicolon ends a statement; .help tells more.'));
  const end = (): void => {
    history.write((terminal as Interface & { readonly history?: readonly string[] }).history ?? []);
    terminal.close();
  };
  const leave = (): never => {
    end();
    process.exit(EXIT.interrupted);
  };
  try {
    await new Conversation(terminal, session, say, leave).untilEnd();
  } finally {
    end();
  }
}

class Conversation {
  readonly #terminal: Interface;
  readonly #session: QuerySession;
  readonly #say: (text: string) => void;
  readonly #leave: () => void;
  #lines: string[] = [];
  /** Lines whose answers are not there yet. */
  #waiting = 0;
  /** That the statement goes on was said. */
  #told = false;

  constructor(terminal: Interface, session: QuerySession, say: (text: string) => void, leave: () => void) {
    this.#terminal = terminal;
    this.#leave = leave;
    this.#session = session;
    this.#say = say;
  }

  /** One line after the other; what is typed while a statement runs waits for its answer. */
  untilEnd(): Promise<void> {
    return new Promise((resolve) => {
      let last = Promise.resolve();
      this.#terminal.on('line', (line) => {
        this.#waiting += 1;
        last = last.then(() => this.#line(line)).then((ends) => this.#answered(ends));
      });
      this.#terminal.on('SIGINT', () => (this.#waiting > 0 ? this.#interruptAnswer() : this.#dropLine()));
      this.#terminal.once('close', () => {
        process.stdout.write('\n');
        void last.then(resolve);
      });
      this.#prompt();
    });
  }

  #answered(ends: boolean): void {
    this.#waiting -= 1;
    this.#told = false;
    if (ends) this.#terminal.close();
    else if (this.#waiting === 0) this.#prompt();
  }

  #dropLine(): void {
    this.#lines = [];
    this.#terminal.write('', { ctrl: true, name: 'e' });
    this.#terminal.write('', { ctrl: true, name: 'u' });
    process.stdout.write('^C\n');
    this.#prompt();
  }

  /** The protocol has no word to stop a statement with: one waits, or leaves. */
  #interruptAnswer(): void {
    process.stdout.write('^C\n');
    if (this.#told) return this.#leave();
    this.#told = true;
    this.#say(pc.dim('The statement still runs: wait for its answer, or leave by Ctrl-C once more.'));
  }

  #prompt(): void {
    const open = this.#lines.length > 0;
    this.#terminal.setPrompt(open ? pc.dim('…> ') : `${pc.cyan(this.#session.place)}> `);
    this.#terminal.prompt();
  }

  /** True when it ends the session. */
  async #line(line: string): Promise<boolean> {
    if (this.#lines.length === 0 && line.trim() === '') return false;
    if (this.#lines.length === 0 && /^\.(quit|exit|q)\s*$/.test(line.trim())) return true;
    this.#lines.push(line);
    const text = this.#lines.join('\n').trim();
    if (!text.startsWith('.') && !isComplete(text)) return false;
    if (this.#lines.length > 1) this.#remember(text);
    this.#lines = [];
    this.#say(await this.#session.answer(text));
    return false;
  }

  /** Lines of one statement are one entry, to be had again as a whole. */
  #remember(text: string): void {
    const entries = (this.#terminal as Interface & { history?: string[] }).history;
    entries?.splice(0, this.#lines.length, text.replace(/\n/g, ' '));
  }
}

/** Whether nothing is open, and a semicolon ends it. */
function isComplete(text: string): boolean {
  const splitter = new StatementSplitter();
  const complete = splitter.push(text);
  return complete.length > 0 && splitter.end().length === 0;
}
