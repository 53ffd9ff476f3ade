import { buildCli, RunningCommand } from '../server/support/cli.js';
import { eventually } from '../server/support/eventually.js';

/** Milliseconds; a machine that is busy may take a minute to start a process. */
const PATIENCE = 120_000;

type Cli = Awaited<ReturnType<typeof buildCli>>;

/** A server in a process of its own, which can be killed as power failures do it. It keeps its port and its store. */
export class ServerProcess {
  readonly #cli: Cli;
  readonly #args: readonly string[];
  #command: RunningCommand;

  private constructor(
    cli: Cli,
    readonly port: number,
    args: readonly string[],
    command: RunningCommand,
  ) {
    this.#cli = cli;
    this.#args = args;
    this.#command = command;
  }

  static async start(url: string, { username, password }: { username: string; password: string }) {
    const cli = await buildCli();
    const args = ['--open-timeout', `${PATIENCE / 1_000}s`, '--user', username, '--pass', password, url];
    const command = new RunningCommand(cli.file, ['serve', '--port', '0', ...args]);
    const port = await command.port();
    return new ServerProcess(cli, port, args, command);
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** Ends by the signal, and comes back: SIGTERM lets it finish its work, SIGKILL does not. */
  async restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#end(signal);
    this.#command = new RunningCommand(this.#cli.file, ['serve', '--port', String(this.port), ...this.#args]);
    await eventually(async () => {
      if (this.#command.child.exitCode !== null) throw new Error(`the server ended: ${this.#command.errors}`);
      expect((await fetch(`http://127.0.0.1:${this.port}/health`)).ok).toBe(true);
    }, PATIENCE);
  }

  /** For good. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    await this.#cli.remove();
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#command.child.kill(signal);
    const { code } = await this.#command.ended;
    if (signal === 'SIGTERM' && code !== 0) throw new Error(`the server ended with ${code}: ${this.#command.errors}`);
  }
}
