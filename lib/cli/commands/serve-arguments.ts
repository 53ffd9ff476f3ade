import { InvalidArgumentError } from 'commander';

export interface Address {
  readonly host: string;
  readonly port: number;
  /** All addresses were asked for, and it is this machine's own that are served. */
  readonly narrowed: boolean;
}

const EVERY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** A TCP port. */
export function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('a number from 0 to 65535 is needed');
  return port;
}

/** `127.0.0.1:8000`, `[::1]:8000`; what stands for every address, as in the files of containers, means this machine here. */
export function addressOf(text: string): Address {
  const [, host, port] = /^(.*):(\d+)$/.exec(text) ?? [];
  if (host === undefined || host === '' || port === undefined) {
    throw new InvalidArgumentError('an address and a port are needed, as in 127.0.0.1:8000');
  }
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const narrowed = EVERY_ADDRESS.has(bare);
  return { host: narrowed ? '127.0.0.1' : bare, port: portOf(port), narrowed };
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60 };

/** `30s` or `2m`; the engine counts whole seconds. */
export function wholeSeconds(text: string): number {
  const [, count, unit = ''] = /^(\d+)(s|m)$/.exec(text) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? NaN);
  if (!(seconds >= 1 && seconds <= 255)) throw new InvalidArgumentError('1s to 255s is needed, as in 30s or 2m');
  return seconds;
}

/** Whether a switch is on: its flag was given, or its variable says so. */
export function isOn(flag: boolean | undefined, variable: string): boolean {
  return flag === true || /^(1|true|yes|on)$/i.test(process.env[variable] ?? '');
}
