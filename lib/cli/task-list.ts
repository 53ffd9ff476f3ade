import pc from 'picocolors';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const ERASE_LINE = `${String.fromCharCode(27)}[2K\r`;

/** Work in named steps: a line for each, which turns while it runs where a terminal can show it. */
export class TaskList {
  readonly #animated: boolean;
  readonly #write: (text: string) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #frame = 0;
  #label = '';

  constructor(animated: boolean, write: (text: string) => void) {
    this.#animated = animated;
    this.#write = write;
  }

  /** Begins a step, or says more of the one under way. */
  show(label: string): void {
    this.#label = label;
    if (!this.#animated || this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#draw(), 80);
    this.#draw();
  }

  done(label: string): void {
    this.#end(`${pc.green('✓')} ${label}`);
  }

  failed(label: string): void {
    this.#end(`${pc.red('✗')} ${label}`);
  }

  /** Stops turning without a word. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#write(ERASE_LINE);
  }

  #draw(): void {
    this.#frame = (this.#frame + 1) % FRAMES.length;
    this.#write(`${ERASE_LINE}${pc.cyan(FRAMES[this.#frame] as string)} ${this.#label}`);
  }

  #end(line: string): void {
    this.stop();
    this.#write(`${line}\n`);
  }
}
