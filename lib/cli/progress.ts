import { Presets, SingleBar, type Params } from 'cli-progress';
import type { Output } from './output.js';

/** Milliseconds between the lines that tell of progress where nothing can be drawn. */
const LINE_EVERY = 2_000;
/** What stands beside the bar. */
const BESIDE = 46;

export interface ProgressOptions {
  /** Of which the bar shows a part, such as records or bytes; undefined where nobody knows. */
  readonly total: number | undefined;
  /** Said after the bar, such as `12,000 records`. */
  readonly text: (done: number) => string;
  /** Nothing is said at all: the result itself goes to the same terminal. */
  readonly isSilent?: boolean;
}

/** How far long work has come: a bar on a terminal, now and then a line elsewhere. stdout stays free for the result. */
export class Progress {
  readonly #output: Output;
  readonly #options: ProgressOptions;
  readonly #bar: SingleBar | undefined;
  #told = Date.now();

  constructor(output: Output, options: ProgressOptions) {
    this.#output = output;
    this.#options = options;
    if (!output.animated || !options.total || options.isSilent === true) return;
    const room = Math.max(8, Math.min(40, (process.stderr.columns || 80) - BESIDE));
    const style = {
      format: (_: unknown, state: Params, { text }: { readonly text: string }) => line(state, text, room),
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
      linewrap: false,
      etaBuffer: 50,
      gracefulExit: false,
    };
    this.#bar = new SingleBar(style, Presets.shades_classic);
    this.#bar.start(options.total, 0, { text: options.text(0) });
  }

  update(done: number): void {
    if (this.#options.isSilent === true) return;
    const text = this.#options.text(done);
    if (this.#bar !== undefined) this.#bar.update(Math.min(done, this.#options.total ?? done), { text });
    else if (!this.#output.json && Date.now() - this.#told >= LINE_EVERY) {
      this.#told = Date.now();
      this.#output.info(this.#share(done) + text);
    }
  }

  /** Takes the bar away and gives the cursor back. */
  stop(): void {
    this.#bar?.stop();
  }

  #share(done: number): string {
    const { total } = this.#options;
    return total ? `${Math.floor((100 * done) / total)}% · ` : '';
  }
}

/** The time that is left is told once it can be told. */
function line({ progress, eta }: Params, text: string, room: number): string {
  const full = Math.round(progress * room);
  const bar = '█'.repeat(full) + '░'.repeat(room - full);
  const left = Number.isFinite(eta) && eta > 0 ? ` · ${duration(Math.round(eta))} left` : '';
  return `${bar} ${Math.floor(progress * 100)}% · ${text}${left}`;
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3_600 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
