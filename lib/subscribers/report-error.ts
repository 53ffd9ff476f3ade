/** Takes an error that nobody waits for; `where` names the hook or the stream it comes from. */
export type ErrorReporter = (error: unknown, where: string) => void;

interface Host {
  readonly process?: { readonly emitWarning?: (warning: string, options: { type: string; detail?: string }) => void };
  readonly reportError?: (error: unknown) => void;
}

/** A warning of the process, or the browser's `reportError`: seen, but never the end of the process. */
export const reportError: ErrorReporter = (error, where) => {
  const host = globalThis as Host;
  if (typeof host.process?.emitWarning === 'function') {
    const text = error instanceof Error ? error.message : String(error);
    const detail = error instanceof Error ? error.stack : undefined;
    host.process.emitWarning(`${where}: ${text}`, { type: 'ReverieWarning', ...(detail !== undefined && { detail }) });
  } else host.reportError?.(error);
};
