import { SingleBar } from 'cli-progress';

export interface Progress {
  update(progress: { readonly done: number; readonly total: number }): void;
  stop(): void;
}

/** A bar where there is a terminal, one line where there is none. */
export function progressBar(label: string): Progress {
  const bar = new SingleBar({
    format: `  ${label.padEnd(8)} {bar} {percentage}%  {value}/{total}`,
    hideCursor: true,
    barsize: 30,
  });
  let started = false;
  return {
    update({ done, total }) {
      if (!started) bar.start(total, 0);
      started = true;
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}

/** No bar at all, for tests. */
export function silent(): Progress {
  return { update: () => undefined, stop: () => undefined };
}
