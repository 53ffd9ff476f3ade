/** What happens while migrations run, for whoever shows it. */
export type MigrationEvent =
  /** Another process holds the lease. */
  | { readonly type: 'waiting' }
  | { readonly type: 'start'; readonly name: string; readonly direction: 'up' | 'down' }
  /** Records that `m.batch` has written so far. */
  | { readonly type: 'batch'; readonly name: string; readonly direction: 'up' | 'down'; readonly count: number }
  | {
      readonly type: 'done';
      readonly name: string;
      readonly direction: 'up' | 'down';
      /** Milliseconds. */
      readonly duration: number;
    }
  | {
      readonly type: 'failed';
      readonly name: string;
      readonly direction: 'up' | 'down';
      /** Whether it is one transaction, of which nothing is kept then. */
      readonly isWhole: boolean;
    };
